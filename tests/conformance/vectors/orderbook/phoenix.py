"""Rows of Phoenix v1's matching engine. A lot is one token here, so its lots are our amounts.

A trader who has posted before has an open-orders account, as it would have a seat; others take
without one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane.programs.library.orderbook import OrderResult
from sealane.programs.library.orderbook.events import OrderEvicted, OrderExpired, OrderReduced
from sealane.testing import Vm

from ....programs.library.orderbook.exchange import Answer
from ..rows import CannotPlay, Played, Row
from .phoenix_steps import Stage, side_of

_RESPONSE: Final[dict[str, str]] = {
    "base_lots_in": "base_in",
    "quote_lots_in": "quote_in",
    "base_lots_out": "base_out",
    "quote_lots_out": "quote_out",
    "base_lots_posted": "base_posted",
    "quote_lots_posted": "quote_posted",
    "free_base_lots_used": "base_free_used",
    "free_quote_lots_used": "quote_free_used",
}
_EVENTS: Final[dict[str, type[OrderEvicted | OrderExpired | OrderReduced]]] = {
    "evicted": OrderEvicted,
    "expired_order_removed": OrderExpired,
    "expired": OrderExpired,
    "reduced": OrderReduced,
}


def play(row: Row, vm: Vm) -> Played:
    """Play the steps of one test."""
    stage = Stage(row.inputs["market"], vm)
    expected: dict[int, Mapping[str, Any]] = {e["step"]: e for e in row.expect["after"]}
    after: list[dict[str, Any]] = []
    for index, step in enumerate(row.inputs["steps"]):
        answer = stage.play(step, index)
        wanted = expected.get(index, {})
        if not answer.ok and not _may_fail(wanted):
            return Played({"error": f"step {index}: {answer.error}"})
        if wanted:
            after.append({name: _figure(stage, name, wanted[name], answer) for name in wanted})
    return Played({"after": after})


def _may_fail(expected: Mapping[str, Any]) -> bool:
    return bool(expected.get("rejected")) or expected.get("ok") is False or "error" in expected


def _figure(stage: Stage, name: str, value: Any, answer: Answer) -> Any:
    exchange = stage.exchange
    if name in _OUTCOMES:
        return _OUTCOMES[name](answer, value)
    if name == "response":
        return _response(stage, answer, value)
    if name in ("bids", "asks"):
        return exchange.levels(side_of(name[:-1]))[: len(value) or 1]
    if name in ("best_bid", "best_ask"):
        levels = exchange.levels(side_of(name[5:]))
        return levels[0][0] if levels else None
    if name in _EVENTS:
        return _event(stage, answer, _EVENTS[name])
    if name.endswith(("_free", "_locked")):
        return _funds(stage, *name.rsplit("_", 1))
    if name.startswith(("unclaimed", "uncollected")):
        return exchange.fees.available - exchange.fees.swept
    if "collected" in name:
        return exchange.fees.swept
    raise CannotPlay(f"the row expects {name!r}")


def _response(stage: Stage, answer: Answer, value: Any) -> Any:
    """The figures that the row names; all that are not 0 if it says that nothing happened."""
    result = answer.result if answer.ok and answer.receipt.return_data else OrderResult()
    found = {name: getattr(result, field) for name, field in _RESPONSE.items()} | stage.claimed
    if value == {} and any(found.values()):
        return str(found)
    return found


def _event(
    stage: Stage, answer: Answer, kind: type[OrderEvicted | OrderExpired | OrderReduced]
) -> dict[str, Any]:
    exchange = stage.exchange
    names = {stage.vm.key(exchange.join(trader)): trader for trader in exchange.traders()}
    for log in answer.receipt.logs:
        raw = base64.b64decode(log.removeprefix("Program data: "))
        if raw[:8] == kind.discriminator:
            event = kind.decode(raw)
            found = {"trader": names[event.account], "price_ticks": event.price}
            found |= {"base_lots": event.lots, "base_lots_removed": event.lots}
            return found | {"base_lots_remaining": getattr(event, "left", 0)}
    return {}


def _funds(stage: Stage, trader: str, what: str) -> dict[str, int]:
    position = stage.exchange.position(trader)
    if what == "free":
        return {"base_lots": position.base_free, "quote_lots": position.quote_free}
    return {"base_lots": position.asks_base_lots, "quote_lots": position.bids_quote_lots}


def _filled(answer: Answer, value: Any) -> bool:
    del value
    return answer.ok and answer.result.base_in + answer.result.base_out > 0


def _order_id(answer: Answer, value: Any) -> Any:
    del value
    return answer.result.sequence if answer.ok and answer.result.sequence else None


_OUTCOMES: Final[dict[str, Callable[[Answer, Any], Any]]] = {
    "step": lambda _, step: step,
    "ok": lambda answer, _: answer.ok,
    "rejected": lambda answer, _: not answer.ok,
    "error": lambda answer, _: answer.error,
    "filled": _filled,
    "order_id": _order_id,
}
