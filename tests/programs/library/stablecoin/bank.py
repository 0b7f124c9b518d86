"""A stablecoin made by its instructions alone, as its users would make it.

Gold has 6 decimals and costs 10; a position must be covered by 200%. The coin has 6 decimals, too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sealane import Account, Instruction, Pubkey
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    BidHouse,
    BidTerms,
    CoinBalance,
    CollateralBalance,
    CollateralType,
    Curve,
    DebtShard,
    Engine,
    LiquidationLimit,
    Permission,
    Position,
    PriceHouse,
    PriceTerms,
    Redemptions,
    SavingsAccount,
    SavingsPot,
    SavingsShard,
    stablecoin,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

from .calls import KIND, Calls

START_S: Final = 1_000_000
TOKEN: Final = 10**6
PRICE_TERMS: Final[dict[str, Any]] = {
    "penalty": WAD * 11 // 10,
    "limit": 10_000 * RAD,
    "markup": RAY * 5 // 4,
    "duration_max_s": 3_600,
    "price_ratio_min": RAY * 3 // 10,
    "keeper_fee": RAD,
    "keeper_share": WAD // 100,
    "curve": Curve.Stairstep,
    "cut": RAY * 99 // 100,
    "step_s": 1,
    "stopped": 0,
}
BID_TERMS: Final[dict[str, Any]] = {
    "penalty": WAD * 11 // 10,
    "debt_max": 10_000 * RAD,
    "step_min": WAD * 105 // 100,
    "bid_s": 10_800,
    "auction_s": 172_800,
}
_NEW: Final[dict[str, Any]] = {
    "engine": Engine,
    "vow": CoinBalance,
    "gold": CollateralType,
    "pot": SavingsPot,
    "limits": LiquidationLimit,
    "house": PriceHouse,
    "bid_house": BidHouse,
    "redemptions": Redemptions,
}
MADE: Final = ("savings_0", "admin_gem", "vault", "gold_mint", "coin_mint", "feed")
OF_A_USER: Final = ("gold", "coin", "urn", "gem", "dai", "pie")


class Bank(Calls):
    """The engine `engine` with the type `gold`, shards `shard_0`, `shard_1`, a pot and houses.

    Of a user `u`: `u` itself, tokens `u_gold` and `u_coin`, balances `u_gem` and `u_dai`, the
    position `u_urn` and, in a shard of the pot, `u_pie`.
    """

    def __init__(self, vm: Vm, shards: int = 2) -> None:
        self.vm = vm
        self.shards = shards
        self.users: list[str] = []
        self.auctions: list[str] = []
        self.set_time(START_S)
        for name, layout in _NEW.items():
            self.new(name, layout)
        authority, _ = Pubkey.find_program_address([b"authority", vm.key("engine")], stablecoin.id)
        self.authority = vm.label(authority, "authority")
        self._mints()
        self._initialize()
        for number in range(shards):
            self._shard(number)
        self.set_price(10)

    def send(self, *calls: Instruction) -> Any:
        return self.vm.send(*calls, payer="payer")

    def add(self, user: str, gold: int = 1_000, shard: int | None = None) -> str:
        """A user with `gold` tokens, and empty accounts for the rest."""
        number = len(self.users) % self.shards if shard is None else shard
        self.users.append(user)
        self.tokens(f"{user}_gold", "gold_mint", user, gold * TOKEN)
        self.tokens(f"{user}_coin", "coin_mint", user, 0)
        self.new(f"{user}_urn", Position)
        self.new(f"{user}_gem", CollateralBalance)
        self.new(f"{user}_dai", CoinBalance)
        self.new(f"{user}_pie", SavingsAccount)
        opened = {"collateral_type": "gold", "holder": user}
        self.send(
            stablecoin.open_position(shard=f"shard_{number}", position=f"{user}_urn", **opened),
            stablecoin.open_collateral_balance(balance=f"{user}_gem", **opened),
            stablecoin.open_coin_balance(engine="engine", balance=f"{user}_dai", holder=user),
            stablecoin.open_savings(shard="savings_0", account=f"{user}_pie", holder=user),
        )
        return user

    def tokens(self, name: str, mint: str, owner: str | Pubkey, amount: int) -> None:
        state = AccountState.Initialized
        held = TokenAccount(mint=mint, token_owner=owner, amount=amount, state=state)
        self.vm.set_account(name, data=held)

    def fund(self, user: str, collateral: int, debt: int) -> None:
        """Deposit, lock and draw, in whole tokens."""
        change = self.adjust(user, collateral * WAD, debt * WAD)
        self.send(self.deposit(user, collateral * TOKEN), change)

    def drip(self) -> None:
        self.send(
            stablecoin.drip(**KIND),
            stablecoin.drip_savings(engine="engine", pot="pot"),
        )

    def settle(self) -> None:
        """Collect all fees and settle all savings and auctions."""
        for number in range(self.shards):
            shard = f"shard_{number}"
            self.send(stablecoin.collect_fees(**KIND, shard=shard, treasury="vow"))
        self.send(
            stablecoin.settle_savings(engine="engine", pot="pot", shard="savings_0", treasury="vow")
        )
        for auction in self.auctions:
            self.send(
                stablecoin.settle_auction(
                    engine="engine",
                    limits="limits",
                    house="house",
                    auction=auction,
                    treasury="vow",
                )
            )

    def permit(self, grantor: str, grantee: str) -> str:
        name = self.new(f"{grantor}_permits_{grantee}", Permission)
        self.send(
            stablecoin.permit(engine="engine", permission=name, grantor=grantor, grantee=grantee)
        )
        return name

    # What the admin does, and time

    def set_time(self, now: int) -> None:
        self.vm.clock = replace(self.vm.clock, unix_timestamp=now)

    def pass_time(self, seconds: int) -> None:
        self.set_time(self.vm.clock.unix_timestamp + seconds)

    def set_price(self, price: int, exponent: int = 0) -> None:
        """Post a price and take it over."""
        now = self.vm.clock.unix_timestamp
        feed = Feed(price=price, exponent=exponent, published_at=now, status=FeedStatus.Trading)
        self.vm.set_account("feed", data=feed)
        self.send(stablecoin.update_price(collateral_type="gold", feed="feed"))

    def set_fee(self, fee: int) -> None:
        self.drip()
        self.send(stablecoin.set_fee(**KIND, admin="admin", fee=fee))

    def set_savings_rate(self, rate: int) -> None:
        self.drip()
        self.send(stablecoin.set_savings_rate(engine="engine", pot="pot", admin="admin", rate=rate))

    # What there is

    def placed(self) -> dict[Pubkey, Account]:
        """All accounts that were put in place, as they are now."""
        names = [*_NEW, *MADE, *(f"shard_{k}" for k in range(self.shards)), *self.auctions]
        names += [f"{user}_{what}" for user in self.users for what in OF_A_USER]
        return {self.vm.key(name): self.vm.account(name) for name in names}

    def gems(self, user: str) -> int:
        return self.vm.read(f"{user}_gem", CollateralBalance).amount

    def coins(self, user: str) -> int:
        return self.vm.read(f"{user}_dai", CoinBalance).coins

    def held(self, tokens: str) -> int:
        return self.vm.read(tokens, TokenAccount).amount

    @property
    def treasury(self) -> CoinBalance:
        return self.vm.read("vow", CoinBalance)

    def _mints(self) -> None:
        minter = {"mint_authority": self.authority, "is_initialized": True}
        self.vm.set_account("coin_mint", data=Mint(decimals=6, **minter))
        self.vm.set_account("gold_mint", data=Mint(decimals=6, is_initialized=True))
        self.tokens("vault", "gold_mint", self.authority, 0)

    def _initialize(self) -> None:
        admin: dict[str, Any] = {"admin": "admin"}
        both: dict[str, Any] = KIND | admin
        self.send(
            stablecoin.initialize_engine(
                engine="engine",
                treasury="vow",
                coin_mint="coin_mint",
                ceiling=100_000 * RAD,
                **admin,
            )
        )
        self.send(
            stablecoin.initialize_collateral_type(
                **both,
                collateral_mint="gold_mint",
                feed="feed",
                ratio=2 * RAY,
                floor=10 * RAD,
                feed_age_max_s=60,
            ),
            stablecoin.initialize_savings(engine="engine", pot="pot", **admin),
            stablecoin.initialize_limit(
                engine="engine", limits="limits", limit=10_000 * RAD, **admin
            ),
        )
        self.new("savings_0", SavingsShard)
        self.new("admin_gem", CollateralBalance)
        houses: dict[str, Any] = both | {"limits": "limits"}
        self.send(
            stablecoin.initialize_savings_shard(pot="pot", shard="savings_0"),
            stablecoin.open_collateral_balance(
                collateral_type="gold", balance="admin_gem", holder="admin"
            ),
            stablecoin.initialize_price_house(
                **houses, house="house", terms=PriceTerms(**PRICE_TERMS)
            ),
            stablecoin.initialize_bid_house(
                **houses, house="bid_house", terms=BidTerms(**BID_TERMS)
            ),
            stablecoin.initialize_redemptions(
                **both,
                redemptions="redemptions",
                minute_factor=999_037_758_833_783_000,
                floor=WAD // 200,
                ratio_max=5 * RAY,
            ),
        )

    def _shard(self, number: int) -> None:
        shard = self.new(f"shard_{number}", DebtShard)
        placed: dict[str, Any] = KIND | {"shard": shard, "admin": "admin"}
        self.send(
            stablecoin.initialize_shard(**placed),
            stablecoin.set_ceiling(**placed, ceiling=10_000 * RAD),
        )
