"""The market on which a row of OpenBook v2 is played, and what its steps need to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sealane import Instruction
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.orderbook import NOBODY
from sealane.testing import Vm

from ....programs.library.orderbook.exchange import Answer, Exchange
from ..rows import Row
from .expressions import number
from .openbook_gaps import AT_PAR, DELEGATED, QUOTE_LOTS, SETTLERS, SIGNED_LATER, VARIABLES

EVENTS_MAX: Final = 600
_ORDERS_MAX: Final = 24
_STALE_S: Final = 100


class Stage:
    """A market of a row. `prices`: `price_lots` as the row has it, and as its test has it."""

    def __init__(self, row: Row, vm: Vm) -> None:
        market = row.inputs["market"]
        vm.advance(seconds=1_000)
        self.name = row.case.rpartition(":")[2]
        self.vm = vm
        self.exchange = _exchange(vm, self.name, market, row.inputs["steps"])
        self.prices = _prices(self.name, market)
        self.variables = VARIABLES | {
            "price_lots": self.prices[0],
            "price_lots_2": self.prices[0] - 100,
            "max_quote_lots_including_fees": QUOTE_LOTS.get(self.name, 10_000),
        }
        self.settlers = iter(SETTLERS.get(self.name, []))
        self.sent: list[str] = []
        self.signer = "payer" if self.name in DELEGATED else None
        if self.name in SETTLERS or self.signer is not None:
            self.exchange.delegate = "payer"

    def number(self, value: Any) -> int:
        """A number of a step, which may name the test's variables."""
        return number(value, **self.variables, now_ts=self.vm.clock.unix_timestamp)

    def send(self, *calls: Instruction, payer: str = "payer") -> str | None:
        """Run one transaction; the name of the error, if it fails."""
        return Answer(self.vm.try_send(*calls, payer=payer)).error

    def trader(self, step: Mapping[str, Any]) -> str:
        return str(step.get("open_orders_account", "account_1"))


def publish(vm: Vm, price: str) -> None:
    """Let the market's oracle have this price now."""
    whole, _, part = price.replace("_", "").partition(".")
    feed = Feed(
        price=int(whole + part),
        exponent=-len(part),
        published_at=vm.clock.unix_timestamp,
        status=FeedStatus.Trading,
    )
    vm.set_account("feed", owner="oracle", data=feed)


def _exchange(
    vm: Vm, name: str, market: Mapping[str, Any], steps: list[Mapping[str, Any]]
) -> Exchange:
    oracle = market.get("with_oracle", True)
    orders_admin = market.get("open_orders_admin_bool", _named(steps, "open_orders_admin"))
    events_admin = market.get("consume_events_admin_bool", _named(steps, "consume_events_admin"))
    if name in SIGNED_LATER:
        orders_admin |= SIGNED_LATER[name] == "PlaceOrder"
        events_admin |= SIGNED_LATER[name] == "ConsumeEvents"
    exchange = Exchange(
        vm,
        capacity=64,
        events=EVENTS_MAX,
        decimals=6,
        quote_lot=int(market["quote_lot_size"]),
        base_lot=int(market["base_lot_size"]),
        maker_fee=int(market["maker_fee"]),
        taker_fee=int(market["taker_fee"]),
        orders_max=_ORDERS_MAX,
        expires_at=int(market.get("time_expiry", 0)),
        peg_capacity=8,
        oracle="feed",
        oracle_age_max_s=_STALE_S,
        admin="admin",
        orders_admin="orders_admin" if orders_admin else NOBODY,
        events_admin="events_admin" if events_admin else NOBODY,
    )
    if oracle:
        exchange.oracle = "feed"
        publish(vm, "1.0")
    return exchange


def _named(steps: list[Mapping[str, Any]], admin: str) -> bool:
    return any(step.get(admin) for step in steps if step["op"] != "CreateMarket")


def _prices(name: str, market: Mapping[str, Any]) -> tuple[int, int]:
    """`price_lots` as rows have it, and as the test has it."""
    base_lot, quote_lot = int(market["base_lot_size"]), int(market["quote_lot_size"])
    usual = 1_000 * base_lot // quote_lot
    return usual, base_lot // quote_lot if name in AT_PAR else usual
