"""Rows of Phoenix v1's matching engine. A lot is one token here, so its lots are our amounts.

A trader who has posted before has an open-orders account, as it would have a seat; others take
without one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sealane.programs.library.orderbook import (
    OrderResult,
    OrderType,
    Rules,
    SelfTrade,
    Side,
    orderbook,
)
from sealane.programs.library.orderbook.events import OrderEvicted, OrderExpired
from sealane.testing import Vm

from ....programs.library.orderbook.exchange import Answer, Exchange
from ..rows import CannotPlay, Played, Row

_CAPACITY: Final = 64
_BASIS_POINT: Final = 100  # in millionths
_UNLIMITED: Final = 2**64 - 1

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
_SELF_TRADE: Final[dict[str, SelfTrade]] = {
    "Abort": SelfTrade.AbortTransaction,
    "CancelProvide": SelfTrade.CancelProvide,
    "DecrementTake": SelfTrade.DecrementTake,
}
_TIMES: Final = ("unix_timestamp", "timestamp", "unix", "now", "time")


def play(row: Row, vm: Vm) -> Played:
    """Play the steps of one test."""
    return Test(row, vm).play()


class Test:
    """One test: a market, its steps, and what it expects after some of them."""

    def __init__(self, row: Row, vm: Vm) -> None:
        market = row.inputs["market"]
        tick, unit = int(market["tick_size_quote_lots_per_base_unit"]), market[_UNIT]
        self.steps: list[Mapping[str, Any]] = list(row.inputs["steps"])
        self.expected: dict[int, Mapping[str, Any]] = {e["step"]: e for e in row.expect["after"]}
        self.vm = vm
        self.exchange = Exchange(
            vm,
            capacity=_CAPACITY,
            events=0,
            rules=Rules.Phoenix,
            tick=tick // int(unit),
            taker_fee=int(market.get("taker_fee_bps", 0)) * _BASIS_POINT,
        )
        self.seated: set[str] = set()
        self.labels: dict[str, int] = {}

    def play(self) -> Played:
        after: list[dict[str, Any]] = []
        for index, step in enumerate(self.steps):
            answer = self._step(step, index)
            expected = self.expected.get(index, {})
            if not answer.ok and not _may_fail(expected):
                return Played({"error": f"step {index}: {answer.error}"})
            if expected:
                after.append(self._found(expected, answer))
        return Played({"after": after})

    def _step(self, step: Mapping[str, Any], index: int) -> Answer:
        op = step["op"]
        self._set_clock(step)
        if op == "repeat":
            times = step["times"]
            count = _CAPACITY - 1 if times == "capacity-1" else int(times)
            return [self._step(step["order"], index) for _ in range(count)][-1]
        if op not in _OPS:
            raise CannotPlay(f"there is no step {op!r}")
        return _OPS[op](self, step, index)

    def _set_clock(self, step: Mapping[str, Any]) -> None:
        times = [int(step[name]) for name in _TIMES if name in step]
        if times:
            self.vm.clock = replace(self.vm.clock, unix_timestamp=times[0])
        if "slot" in step:
            self.vm.clock = replace(self.vm.clock, slot=int(step["slot"]))

    def _found(self, expected: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
        return {
            name: expected["step"] if name == "step" else self._figure(name, value, answer)
            for name, value in expected.items()
        }

    def _figure(self, name: str, value: Any, answer: Answer) -> Any:
        if name in _OUTCOMES:
            return _OUTCOMES[name](answer, value)
        if name in ("bids", "asks"):
            return self.exchange.levels(_side(name[:-1]))[: len(value)]
        if name in ("best_bid", "best_ask"):
            levels = self.exchange.levels(_side(name[5:]))
            return levels[0][0] if levels else None
        if name == "evicted":
            return self._event(answer, OrderEvicted)
        if name == "expired_order_removed":
            return self._event(answer, OrderExpired)
        if name.endswith(("_free", "_locked")):
            return self._funds(*name.rsplit("_", 1))
        if name in ("unclaimed_fees", "uncollected_fees", "uncollected_quote_lots"):
            return self.exchange.fees.available - self.exchange.fees.swept
        raise CannotPlay(f"the row expects {name!r}")

    def _event(self, answer: Answer, kind: type[OrderEvicted | OrderExpired]) -> dict[str, Any]:
        names = {self.vm.key(self.exchange.join(t)): t for t in self.exchange.traders()}
        for log in answer.receipt.logs:
            raw = base64.b64decode(log.removeprefix("Program data: "))
            if raw[:8] == kind.discriminator:
                event = kind.decode(raw)
                trader = names[event.account]
                return {"trader": trader, "price_ticks": event.price, "base_lots": event.lots}
        return {}

    def _funds(self, trader: str, what: str) -> dict[str, int]:
        position = self.exchange.position(trader)
        if what == "free":
            return {"base_lots": position.base_free, "quote_lots": position.quote_free}
        return {"base_lots": position.asks_base_lots, "quote_lots": position.bids_quote_lots}

    def trader(self, step: Mapping[str, Any]) -> str:
        return str(step.get("trader") or "trader")

    def order(self, step: Mapping[str, Any], index: int, kind: OrderType, **more: Any) -> Answer:
        """Send an order of a step; makers are all others with an account."""
        trader = self.trader(step)
        only_free = bool(step.get("use_only_deposited_funds") or step.get("only_free_funds"))
        if kind.posts:
            self.seated.add(trader)
        how = "take_order" if trader not in self.seated else "place_and_withdraw"
        exchange = self.exchange
        exchange.makers = [name for name in sorted(self.seated) if name != trader]
        fields: dict[str, Any] = {
            "order_type": kind,
            "self_trade": _SELF_TRADE[step.get("self_trade") or "CancelProvide"],
            "client_id": int(step.get("client_order_id", 0)),
            "valid_until": int(step.get("last_valid_unix_timestamp") or 0),
            "valid_until_slot": int(step.get("last_valid_slot") or 0),
            "matches_max": int(step.get("match_limit") or 0xFFFF),
            "how": "place_with_free_funds" if only_free else how,
        }
        for name in step:
            if name.startswith("last_valid_unix"):
                fields["valid_until"] = int(step[name] or 0)
        side, price = _side(step["side"]), int(step.get("price_ticks") or 0)
        answer = exchange.try_order(trader, side, price, **(fields | more))
        if answer.ok and answer.result.sequence:
            self.labels[str(step.get("label", index))] = answer.result.sequence
        return answer


def _may_fail(expected: Mapping[str, Any]) -> bool:
    return bool(expected.get("rejected")) or expected.get("ok") is False or "error" in expected


def _side(name: str) -> Side:
    return Side[name.capitalize()]


def _response(answer: Answer, value: Any) -> Any:
    """The figures that the row names; all that are not 0 if it says that nothing happened."""
    result = answer.result if answer.ok and answer.receipt.return_data else OrderResult()
    found = {name: getattr(result, field) for name, field in _RESPONSE.items()}
    if value == {} and any(found.values()):
        return str(found)
    return found


def _filled(answer: Answer, value: Any) -> bool:
    del value
    return answer.ok and answer.result.base_in + answer.result.base_out > 0


def _order_id(answer: Answer, value: Any) -> Any:
    del value
    return answer.result.sequence if answer.ok and answer.result.sequence else None


_OUTCOMES: Final[dict[str, Callable[[Answer, Any], Any]]] = {
    "ok": lambda answer, _: answer.ok,
    "rejected": lambda answer, _: not answer.ok,
    "error": lambda answer, _: answer.error,
    "response": _response,
    "filled": _filled,
    "order_id": _order_id,
}


def _post_only(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    slides = step.get("reject", True) is False
    kind = OrderType.PostOnlySlide if slides else OrderType.PostOnly
    return test.order(step, index, kind, lots=int(step["base_lots"]))


def _limit(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    return test.order(step, index, OrderType.Limit, lots=int(step["base_lots"]))


def _ioc(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    base, quote = int(step.get("base_lots") or 0), int(step.get("quote_lots") or 0)
    least = {"min_base_lots": base, "min_quote_lots": quote} if step.get("fok") else {}
    for name in ("min_base_lots", "min_quote_lots"):
        given = step.get(f"{name}_to_fill", step.get(f"{name}_out", step.get(name)))
        if given is not None:
            least[name] = int(given)
    at_any_price = step.get("price_ticks") is None
    kind = OrderType.Market if at_any_price else OrderType.ImmediateOrCancel
    budget = {"lots": base or _UNLIMITED, "quote_lots": quote or _UNLIMITED}
    return test.order(step, index, kind, **budget, **least)


def _cancel_all(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    del index
    trader = test.trader(step)
    answer = Answer(test.exchange.cancel(trader, side=None))
    if step.get("claim_funds", True):
        test.exchange.settle(trader)
    return answer


def _cancel_up_to(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    del index
    limit = step.get("tick_limit", step.get("price_ticks"))
    return Answer(
        test.exchange.cancel(
            test.trader(step),
            "cancel_up_to",
            side=_side(step["side"]),
            price=None if limit is None else int(limit),
            cancels_max=int(step.get("num_orders_to_cancel") or 0xFFFF),
            search_max=int(step.get("num_orders_to_search") or 0xFFFF),
        )
    )


def _reduce(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    del index
    named = step.get("order", step.get("order_id", step.get("order_step")))
    sequence = test.labels.get(str(named), 0)
    if named is None:
        sequence = next(iter(test.labels.values()), 0)
    lots = step.get("base_lots", step.get("size"))
    base_lots = _UNLIMITED if lots is None else int(lots)
    call = orderbook.reduce_order(
        market="market",
        book="book",
        open_orders=test.exchange.join(test.trader(step)),
        owner=test.trader(step),
        sequence=sequence,
        base_lots=base_lots,
    )
    return Answer(test.vm.try_send(call))


def _free_funds(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    del index
    trader = test.trader(step)
    test.seated.add(trader)
    base, quote = int(step.get("base_lots") or 0), int(step.get("quote_lots") or 0)
    return Answer(test.exchange.deposit(trader, base, quote))


def _collect(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    del step, index
    return Answer(test.exchange.sweep())


def _claim(test: Test, step: Mapping[str, Any], index: int) -> Answer:
    del index
    return Answer(test.exchange.settle(test.trader(step)))


_UNIT: Final = "base_lots_per_base_unit"
_OPS: Final[dict[str, Callable[[Test, Mapping[str, Any], int], Answer]]] = {
    "post_only": _post_only,
    "limit": _limit,
    "ioc": _ioc,
    "cancel_all": _cancel_all,
    "cancel_up_to": _cancel_up_to,
    "reduce": _reduce,
    "deposit": _free_funds,
    "free_funds": _free_funds,
    "collect_fees": _collect,
    "claim": _claim,
    "claim_funds": _claim,
}
