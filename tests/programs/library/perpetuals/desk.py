"""A market in a chain of one process, with accounts put straight into it.

The market itself is made by instructions; accounts may be given any margin and position, with which
the market's sums then agree.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.perpetuals import (
    NOBODY,
    WAD,
    Market,
    MarketParams,
    Totals,
    Trader,
    perpetuals,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

EXPONENT: Final = -12
RATE_MAX: Final = 2**63 - 1
START_S: Final = 1_000


def wad(value: str | int | Fraction) -> int:
    """A number with 18 decimals; it must not have more."""
    scaled = Fraction(value) * WAD
    assert scaled.denominator == 1, f"{value} has more than 18 decimals"
    return scaled.numerator


def params(**changes: Any) -> MarketParams:
    """Collateral of 110%, rates without bounds, weights of one."""
    values: dict[str, Any] = {
        "funding_provider": "provider",
        "liquidator": "operator",
        "deleverager": "deleverager",
        "min_collateral": wad("1.1"),
        "taker_fee_bps": 0,
        "liquidation_fee_bps": 0,
        "price_age_max_s": 60,
        "funding_rate_max": RATE_MAX,
        "funding_step_max": RATE_MAX,
        "stable_price": 0,
        "init_asset_weight": WAD,
        "init_liab_weight": WAD,
        "maint_asset_weight": WAD,
        "maint_liab_weight": WAD,
        "init_overall_weight": WAD,
        "maint_overall_weight": WAD,
    }
    return MarketParams(**values | changes)


class Desk:
    """The market `btc`, whose margin is `usd` in the vault `vault`."""

    def __init__(self, vm: Vm, price: str | int = 100, **changes: Any) -> None:
        self.vm = vm
        vm.advance(seconds=START_S)
        vm.set_account("usd", owner="token", data=Mint(is_initialized=True, decimals=6))
        self.set_price(price)
        for name, layout in (("btc", Market), ("sums", Totals), ("fund", Trader)):
            vm.set_account(name, owner=perpetuals, data=bytes(layout.layout_size))
        vm.send(self.initialization(params(**changes)))
        self.authority = self.market.authority
        self.tokens("vault", self.authority)
        vm.advance(seconds=1)  # a rate may move by so much a second
        self.reprice()
        self.unbacked = 0  # owed by accounts that were put in place so far

    def initialization(self, chosen: MarketParams) -> Instruction:
        return perpetuals.initialize_market(
            market="btc",
            totals="sums",
            insurance="fund",
            mint="usd",
            feed="btc_feed",
            admin="admin",
            params=chosen,
        )

    @property
    def market(self) -> Market:
        return self.vm.read("btc", Market)

    @property
    def totals(self) -> Totals:
        return self.vm.read("sums", Totals)

    def set_price(self, price: str | int, feed: str = "btc_feed") -> None:
        """Post a price now."""
        value = Fraction(price) / Fraction(10) ** EXPONENT
        assert value.denominator == 1, f"a price of {price} has too many decimals"
        data = Feed(
            authority="publisher",
            price=value.numerator,
            exponent=EXPONENT,
            published_at=self.vm.clock.unix_timestamp,
            status=FeedStatus.Trading,
        )
        self.vm.set_account(feed, data=data)

    def reprice(self) -> None:
        """Post the present price again, so that it is fresh."""
        feed = self.vm.read("btc_feed", Feed)
        feed.published_at = self.vm.clock.unix_timestamp
        self.vm.set_account("btc_feed", data=feed)

    def tokens(self, name: str, owner: str | Pubkey, amount: int = 0, mint: str = "usd") -> Pubkey:
        """Put a token account in place."""
        data = TokenAccount(mint=mint, owner=owner, amount=amount, state=AccountState.Initialized)
        return self.vm.set_account(name, owner="token", data=data)

    def held(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def open(self, name: str, margin: int = 0, position: int = 0) -> None:
        """Put an account of the user of that name in place, with what it has backed by tokens."""
        market = self.market
        self.vm.set_account(
            f"{name}_btc",
            data=Trader(
                market="btc",
                user=name,
                operator=NOBODY,
                group=NOBODY,
                margin=margin,
                position=position,
                index=market.index,
                loss_index=market.loss_index,
            ),
        )
        backing = self.held("vault") + self.unbacked + margin
        self.unbacked = min(backing, 0)
        self.tokens("vault", self.authority, max(backing, 0))
        totals = self.totals
        totals.opened += abs(position)
        self.vm.set_account("sums", data=totals)

    def trader(self, name: str) -> Trader:
        return self.vm.read(f"{name}_btc", Trader)

    def balance(self, name: str) -> tuple[int, int]:
        trader = self.trader(name)
        return trader.margin, trader.position

    def trade(self, taker: str, maker: str, size: int, cost: int) -> Instruction:
        """The taker buys `size` from the maker for `cost`."""
        return perpetuals.trade(
            market="btc",
            feed="btc_feed",
            totals="sums",
            maker=f"{maker}_btc",
            taker=f"{taker}_btc",
            maker_authority=maker,
            taker_authority=taker,
            size=size,
            cost=cost,
        )

    def deposit(self, name: str, amount: int) -> Instruction:
        """A deposit from an account that holds just that."""
        self.tokens(f"{name}_usd", name, amount)
        return perpetuals.deposit(
            market="btc",
            trader=f"{name}_btc",
            source=f"{name}_usd",
            vault="vault",
            payer=name,
            amount=amount,
        )

    def withdraw(self, name: str, amount: int) -> Instruction:
        self.tokens(f"{name}_usd", name)
        return perpetuals.withdraw(
            market="btc",
            feed="btc_feed",
            trader=f"{name}_btc",
            vault="vault",
            destination=f"{name}_usd",
            authority=self.authority,
            owner=name,
            amount=amount,
        )

    def liquidate(self, maker: str, taker: str, amount: int, **flags: Any) -> Instruction:
        """By default of the side that the maker is on, and by the market's operator."""
        long = self.trader(maker).position > 0
        return perpetuals.liquidate(
            market="btc",
            feed="btc_feed",
            totals="sums",
            maker=f"{maker}_btc",
            taker=f"{taker}_btc",
            taker_authority=taker,
            liquidator=flags.get("sender", "operator"),
            amount=amount,
            is_buy=flags.get("is_buy", long),
            all_or_nothing=flags.get("all_or_nothing", False),
        )

    def deleverage(self, maker: str, taker: str, amount: int, **flags: Any) -> Instruction:
        """By default of the side that the maker is on, and by the market's deleverager."""
        long = self.trader(maker).position > 0
        return perpetuals.deleverage(
            market="btc",
            feed="btc_feed",
            totals="sums",
            maker=f"{maker}_btc",
            taker=f"{taker}_btc",
            sender=flags.get("sender", "deleverager"),
            amount=amount,
            is_buy=flags.get("is_buy", long),
            all_or_nothing=flags.get("all_or_nothing", False),
        )

    def settle(self, name: str) -> Instruction:
        return perpetuals.settle(market="btc", trader=f"{name}_btc")

    def accrue(self, rate: int, seconds: int) -> None:
        """Let funding of this rate run from now on for some time, at the present price."""
        self.vm.send(
            perpetuals.set_funding_rate(
                market="btc", feed="btc_feed", provider="provider", rate=rate
            )
        )
        self.vm.advance(seconds=seconds)
        self.reprice()
