"""Rows of OpenBook v2. Its open-orders accounts are traders of ours, with a wallet each.

What rows leave out is in `openbook_gaps.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sealane.programs.library.orderbook import Market, Side
from sealane.testing import Vm

from ....programs.library.orderbook.exchange import Exchange
from ..rows import CannotPlay, Played, Row
from .openbook_gaps import CLOCK, account_of
from .openbook_stage import Stage
from .openbook_steps import OPS, SETTING

_POSITION: Final[dict[str, str]] = {
    "bids_base_lots": "bids_base_lots",
    "asks_base_lots": "asks_base_lots",
    "bids_quote_lots": "bids_quote_lots",
    "base_free_native": "base_free",
    "quote_free_native": "quote_free",
    "locked_maker_fees": "locked_maker_fees",
    "referrer_rebates_available": "referrer_rebates",
    "maker_volume": "maker_volume",
    "taker_volume": "taker_volume",
}
_ERRORS: Final[dict[str, str]] = {
    "WouldExecutePartially": "WouldExecutePartially",
    "WouldSelfTrade": "WouldSelfTrade",
    "MarketExpired": "MarketHasExpired",
    "NoEventSlot": "InvalidInputHeapSlots",
    "OrderNotFound": "OpenOrdersOrderNotFound",
    "TooManyOrders": "OpenOrdersFull",
    "PriceTooLow": "InvalidInputPriceLots",
    "InvalidQuantity": "InvalidInputLotsSize",
    "NoOraclePrice": "DisabledOraclePeg",
    "AdminRequired": "MissingOpenOrdersAdmin",
    "MarketNotExpired": "MarketHasNotExpired",
}


def play(row: Row, vm: Vm) -> Played:
    """Play the steps of one test."""
    if "reduce_only" in str(row.inputs["steps"]):
        raise CannotPlay(
            "cases/mod.rs leaves this test out, so the reference never runs it: it places orders "
            "with fields, and expects figures, that the program no longer has"
        )
    return Test(row, vm).play()


class Test:
    """One test: a market, its steps, and what it expects after some of them."""

    def __init__(self, row: Row, vm: Vm) -> None:
        self.steps: list[Mapping[str, Any]] = list(row.inputs["steps"])
        self.expected: dict[int, Mapping[str, Any]] = {e["step"]: e for e in row.expect["after"]}
        self.stage = Stage(row, vm)
        self.exchange = self.stage.exchange
        self._clock = CLOCK.get(self.stage.name)

    def play(self) -> Played:
        after: list[dict[str, Any]] = []
        for index, step in enumerate(self.steps):
            self._pass_time("before", step)
            error = self._step(step)
            self._pass_time("after", step)
            expected = self.expected.get(index)
            fails = expected is not None and "error" in expected
            if error is not None and not fails:
                return Played({"error": f"step {index}: {error}"})
            if expected is not None:
                after.append(self._found(index, expected, error))
        return Played({"after": after})

    def _found(self, index: int, expected: Mapping[str, Any], error: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {"step": index}
        if error is not None:
            found["error"] = _ERRORS.get(error, error)
        if "state" in expected:
            found["state"] = {key: self._figure(key) for key in expected["state"]}
        return found

    def _pass_time(self, when: str, step: Mapping[str, Any]) -> None:
        if self._clock is None or self._clock[0] != when:
            return
        expiring = str(step.get("expiry_timestamp", "0")).startswith("now_ts")
        if self._clock[1] == ("expiring" if expiring else step["op"]):
            self.stage.vm.advance(seconds=self._clock[2])
            self._clock = None

    def _step(self, step: Mapping[str, Any]) -> str | None:
        op = step["op"]
        if op in SETTING:
            return None
        if op not in OPS:
            raise CannotPlay(f"there is no step {op!r}")
        error = OPS[op](self.stage, step)
        self.stage.sent.append(op)
        return error

    def _figure(self, key: str) -> Any:
        head, _, tail = key.partition(".")
        tail = tail.removeprefix("position.")
        if head == "market":
            return _of_market(self.exchange, tail)
        if key == "balance_quote":
            return self.exchange.tokens("quote_vault")
        if head == "event_heap":
            return self.exchange.waiting()
        sides = re.fullmatch(r"(bids|asks)\w*\.roots\[(\d)\]\.leaf_count", key)
        if sides is not None:
            side = Side.Bid if sides[1] == "bids" else Side.Ask
            return len(self.exchange.orders(side, pegged=sides[2] == "1"))
        if tail not in _POSITION:
            raise CannotPlay(f"the row expects {key!r}, which the reference does not have")
        account = account_of(self.stage.name, head)
        return getattr(self.exchange.position(account), _POSITION[tail])


def _of_market(exchange: Exchange, name: str) -> int:
    fees = exchange.fees
    figures = {
        "fees_available": fees.available - fees.swept,
        "fees_accrued": fees.accrued,
        "fees_to_referrers": fees.to_referrers,
        "referrer_rebates_accrued": fees.rebates_credited - fees.rebates_settled,
        "maker_volume": fees.maker_volume,
        "base_deposit_total": exchange.tokens("base_vault"),
        "quote_deposit_total": exchange.tokens("quote_vault"),
        "time_expiry": exchange.vm.read("market", Market).expires_at,
    }
    if name not in figures:
        raise CannotPlay(f"the row expects the market's {name!r}")
    return figures[name]
