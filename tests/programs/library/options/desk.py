"""A product on weth at strikes in usdc, its series, and those who write and hold its options.

Everybody's collateral is in `NAME_money`, options of a strike in `NAME_200`. The product keeps its
collateral in `pool0` and `pool1`, and the options of a strike in `stock0_200` and `stock1_200`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.options import (
    BOUNDS_MAX,
    Expiry,
    MarginParams,
    Product,
    Series,
    Vault,
    options,
)
from sealane.programs.library.options.rules.fixed_point import ONE
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

PEOPLE: Final = ("ann", "ben", "cat")
STRIKES: Final = (200, 250)
STARTING: Final = 10_000_000_000
OPTION: Final = 10**8
USD: Final = 10**6
START_S: Final = 1_000
EXPIRES_AT: Final = 10_000
WINDOW_S: Final = 600


def derived(account: str) -> Pubkey:
    """The authority of a product or of a series."""
    return Pubkey.find_program_address([b"authority", Pubkey.of(account)], options.id)[0]


AUTHORITY: Final = derived("product")


def margin_params(**changes: Any) -> MarginParams:
    """A shock to 75%, a bound of 16.78% for up to 20,000 s, dust of one."""
    none = [0] * (BOUNDS_MAX - 1)
    values: dict[str, Any] = {
        "spot_shock": 75 * ONE // 100,
        "deviation": 5 * ONE // 100,
        "dust": USD,
        "times_s": [20_000, *none],
        "bounds": [1678 * ONE // 10_000, *none],
    }
    return MarginParams(**values | changes)


class Desk:
    """Sends what people do with the product. Puts by default."""

    def __init__(
        self, vm: Vm, *, is_put: bool = True, margined: bool = False, collateral: str | None = None
    ) -> None:
        self.vm = vm
        self.is_put = is_put
        self.collateral = collateral or ("usdc" if is_put else "weth")
        vm.label(AUTHORITY, "authority")
        vm.advance(seconds=START_S)
        for mint, decimals in (("usdc", 6), ("weth", 9), ("cusdc", 8)):
            data = Mint(is_initialized=True, decimals=decimals)
            vm.set_account(mint, owner="token", data=data)
        self.set_price(150)
        self.set_price(1, "usdc_feed")
        for name in PEOPLE:
            vm.airdrop(name, 1)
            self.put_tokens(f"{name}_money", name, STARTING)
        for pool in ("pool0", "pool1"):
            self.put_tokens(pool, AUTHORITY)
        self.allot("product", Product)
        vm.send(self.initialization(margined=margined))
        self.allot("expiry", Expiry)
        vm.send(options.open_expiry(product="product", expiry="expiry", at=EXPIRES_AT))
        for strike in STRIKES:
            self.open_series(strike)

    def initialization(self, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "underlying": "weth",
            "strike_asset": "usdc",
            "collateral": self.collateral,
            "underlying_feed": "weth_feed",
            "strike_feed": "usdc_feed",
            "collateral_feed": f"{self.collateral}_feed",
            "admin": "admin",
            "is_put": self.is_put,
            "margined": False,
            "price_age_max_s": 100,
            "window_s": WINDOW_S,
        }
        return options.initialize_product(**values | changes)

    def configure(self, **changes: Any) -> None:
        params = margin_params(**changes)
        self.vm.send(options.configure_margin(product="product", admin="admin", params=params))

    def open_series(self, strike: int, expiry: str = "expiry", name: str | None = None) -> None:
        """A series with options in stock, and an account for them for everybody."""
        series = name or f"series_{strike}"
        suffix = series.removeprefix("series")
        self.put_option_mint(f"option{suffix}", series)
        self.allot(series, Series)
        self.vm.send(
            options.open_series(
                product="product",
                expiry=expiry,
                series=series,
                mint=f"option{suffix}",
                strike=strike * OPTION,
            )
        )
        for stock in ("stock0", "stock1"):
            self.put_tokens(f"{stock}{suffix}", AUTHORITY, mint=f"option{suffix}")
            self.vm.send(self.mint_stock(f"{stock}{suffix}", 10**12, suffix))
        for name in PEOPLE:
            self.put_tokens(f"{name}{suffix}", name, mint=f"option{suffix}")

    def put_option_mint(self, mint: str, series: str, **changes: Any) -> None:
        values = {"is_initialized": True, "decimals": 8, "mint_authority": derived(series)}
        self.vm.set_account(mint, owner="token", data=Mint(**values | changes))

    def mint_stock(self, stock: str, amount: int, suffix: str = "_200") -> Instruction:
        return options.mint_stock(
            product="product",
            series=f"series{suffix}",
            mint=f"option{suffix}",
            stock=stock,
            minter=derived(f"series{suffix}"),
            amount=amount,
        )

    def allot(self, name: str, layout: Any) -> None:
        self.vm.set_account(name, owner=options, data=bytes(layout.layout_size))

    def put_tokens(
        self, name: str, owner: str | Pubkey, amount: int = 0, mint: str | None = None
    ) -> None:
        data = TokenAccount(
            mint=mint or self.collateral,
            owner=owner,
            amount=amount,
            state=AccountState.Initialized,
        )
        self.vm.set_account(name, owner="token", data=data)

    def set_price(self, price: int, feed: str = "weth_feed", **changes: Any) -> None:
        """Post a price now."""
        values: dict[str, Any] = {
            "price": price * 10**6,
            "exponent": -6,
            "published_at": self.vm.clock.unix_timestamp,
            "status": FeedStatus.Trading,
        }
        self.vm.set_account(feed, data=Feed(**values | changes))

    def held(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def vault(self, name: str) -> Vault:
        return self.vm.read(f"{name}_vault", Vault)

    def open_vault(self, name: str, *, margined: bool = False) -> None:
        self.allot(f"{name}_vault", Vault)
        self.vm.send(
            options.open_vault(
                product="product", vault=f"{name}_vault", writer=name, margined=margined
            )
        )

    def write(
        self, name: str, amount: int, collateral: int, strike: int = 200, **changes: Any
    ) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "series": f"series_{strike}",
            "vault": f"{name}_vault",
            "source": f"{name}_money",
            "pool": "pool0",
            "stock": f"stock0_{strike}",
            "destination": f"{name}_{strike}",
            "authority": AUTHORITY,
            "writer": name,
            "related": [],
            "collateral": collateral,
            "amount": amount,
        }
        return options.write(**values | changes)

    def buy_back(self, name: str, amount: int, strike: int = 200, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "series": f"series_{strike}",
            "vault": f"{name}_vault",
            "source": f"{name}_{strike}",
            "stock": f"stock1_{strike}",
            "writer": name,
            "amount": amount,
        }
        return options.buy_back(**values | changes)

    def deposit(self, name: str, amount: int) -> Instruction:
        return options.deposit_collateral(
            product="product",
            vault=f"{name}_vault",
            source=f"{name}_money",
            pool="pool1",
            payer=name,
            amount=amount,
        )

    def withdraw(
        self, name: str, amount: int, related: Sequence[str] = (), strike: int = 200, **changes: Any
    ) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "series": f"series_{strike}",
            "vault": f"{name}_vault",
            "pool": "pool0",
            "destination": f"{name}_money",
            "authority": AUTHORITY,
            "writer": name,
            "related": list(related),
            "amount": amount,
        }
        return options.withdraw_collateral(**values | changes)

    def deposit_long(
        self, name: str, amount: int, long: int, related: Sequence[str] = (), **changes: Any
    ) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "long": f"series_{long}",
            "vault": f"{name}_vault",
            "source": f"{name}_{long}",
            "stock": f"stock0_{long}",
            "writer": name,
            "related": list(related),
            "amount": amount,
        }
        return options.deposit_long(**values | changes)

    def withdraw_long(
        self, name: str, amount: int, long: int, short: int, related: Sequence[str] = ()
    ) -> Instruction:
        return options.withdraw_long(
            product="product",
            series=f"series_{short}",
            long=f"series_{long}",
            vault=f"{name}_vault",
            stock=f"stock0_{long}",
            destination=f"{name}_{long}",
            authority=AUTHORITY,
            writer=name,
            related=list(related),
            amount=amount,
        )

    def expire(self, price: int) -> None:
        """Go to the expiry, and set the prices then."""
        self.vm.advance(seconds=EXPIRES_AT - self.vm.clock.unix_timestamp)
        self.set_price(price)
        self.set_price(1, "usdc_feed")
        self.vm.send(self.set_prices())

    def set_prices(self, caller: str = "ann", **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "expiry": "expiry",
            "underlying_feed": "weth_feed",
            "strike_feed": "usdc_feed",
            "collateral_feed": f"{self.collateral}_feed",
            "caller": caller,
        }
        return options.set_prices(**values | changes)

    def redeem(self, name: str, amount: int, strike: int = 200, **changes: Any) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "expiry": "expiry",
            "series": f"series_{strike}",
            "source": f"{name}_{strike}",
            "stock": f"stock1_{strike}",
            "pool": "pool0",
            "destination": f"{name}_money",
            "authority": AUTHORITY,
            "holder": name,
            "amount": amount,
        }
        return options.redeem(**values | changes)

    def settle(
        self, name: str, strike: int = 200, related: Sequence[str] = (), **changes: Any
    ) -> Instruction:
        values: dict[str, Any] = {
            "product": "product",
            "expiry": "expiry",
            "series": f"series_{strike}",
            "vault": f"{name}_vault",
            "pool": "pool0",
            "destination": f"{name}_money",
            "authority": AUTHORITY,
            "writer": name,
            "related": list(related),
        }
        return options.settle_vault(**values | changes)

    def gather(self) -> None:
        """Bring all collateral into one pool."""
        amount = self.held("pool1")
        self.vm.send(
            options.move_collateral(
                product="product",
                source="pool1",
                destination="pool0",
                authority=AUTHORITY,
                amount=amount,
            )
        )

    def give(self, source: str, destination: str, amount: int, strike: int = 200) -> None:
        """Move options from one person to another."""
        for name, sign in ((source, -1), (destination, 1)):
            held = self.held(f"{name}_{strike}") + sign * amount
            self.put_tokens(f"{name}_{strike}", name, held, f"option_{strike}")
