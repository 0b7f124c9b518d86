"""What rows of Phoenix v1 do to a market, by our own instructions.

Rows name the parameters of an order in short; a parameter is found by a word that it alone has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sealane.programs.library.orderbook import OrderType, Rules, SelfTrade, Side, orderbook
from sealane.testing import Vm

from ....programs.library.orderbook.exchange import Answer, Exchange
from ..rows import CannotPlay

CAPACITY: Final = 64
_BASIS_POINT: Final = 100  # in millionths
_UNLIMITED: Final = 2**64 - 1
_UNIT: Final = "base_lots_per_base_unit"
_SELF_TRADE: Final[dict[str, SelfTrade]] = {
    "Abort": SelfTrade.AbortTransaction,
    "CancelProvide": SelfTrade.CancelProvide,
    "DecrementTake": SelfTrade.DecrementTake,
}
Step = Mapping[str, Any]


class Stage:
    """A market of a row, where a lot is one token.

    `seated`: traders with an account. `placed`: sequence numbers of orders, by the step's label or
    position. `claimed`: what the last step released and paid out.
    """

    def __init__(self, market: Step, vm: Vm) -> None:
        tick, unit = int(market["tick_size_quote_lots_per_base_unit"]), int(market[_UNIT])
        self.vm = vm
        self.exchange = Exchange(
            vm,
            capacity=CAPACITY,
            events=0,
            rules=Rules.Phoenix,
            tick=tick // unit,
            taker_fee=int(market.get("taker_fee_bps", 0)) * _BASIS_POINT,
        )
        self.seated: set[str] = set()
        self.placed: dict[str, int] = {}
        self.claimed: dict[str, int] = {}

    def play(self, step: Step, index: int) -> Answer:
        """Do a step; a repeated order counts as its last one."""
        op = step["op"]
        self._set_clock(step)
        self.claimed = {}
        if op == "repeat":
            times = CAPACITY - 1 if step["times"] == "capacity-1" else int(step["times"])
            return [self.play(step["order"], index) for _ in range(times)][-1]
        if op not in _OPS:
            raise CannotPlay(f"there is no step {op!r}")
        return _OPS[op](self, step, index)

    def order(self, step: Step, index: int, kind: OrderType, **more: Any) -> Answer:
        """Send an order of a step; its makers are all others with an account."""
        trader = trader_of(step)
        if kind.posts:
            self.seated.add(trader)
        self.exchange.makers = [name for name in sorted(self.seated) if name != trader]
        answer = self.exchange.try_order(
            trader,
            side_of(step["side"]),
            int(step.get("price_ticks") or 0),
            order_type=kind,
            self_trade=_SELF_TRADE[step.get("self_trade") or "CancelProvide"],
            client_id=int(step.get("client_order_id") or 0),
            valid_until=_named(step, "valid", but="slot"),
            valid_until_slot=int(step.get("last_valid_slot") or 0),
            matches_max=_named(step, "match") or 0xFFFF,
            how=self._how(step, trader),
            **more,
        )
        if answer.ok and answer.result.sequence:
            self.placed[str(step.get("label", index))] = answer.result.sequence
        return answer

    def claim(self, trader: str) -> Answer:
        """Pay out what is free, and remember it as the step's response."""
        position = self.exchange.position(trader)
        self.claimed = {
            "base_lots_out": position.base_free,
            "quote_lots_out": position.quote_free,
        }
        return Answer(self.exchange.settle(trader))

    def _how(self, step: Step, trader: str) -> str:
        if _named(step, "deposited") or _named(step, "free"):
            return "place_with_free_funds"
        return "place_and_withdraw" if trader in self.seated else "take_order"

    def _set_clock(self, step: Step) -> None:
        clock = self.vm.clock
        for name in ("unix_timestamp", "timestamp", "unix_time", "unix", "time", "now"):
            if name in step:
                clock = replace(clock, unix_timestamp=int(step[name]))
        self.vm.clock = replace(clock, slot=int(step.get("slot", clock.slot)))


def trader_of(step: Step) -> str:
    return str(step.get("trader") or "trader")


def side_of(name: str) -> Side:
    return Side[name.capitalize()]


def _named(step: Step, word: str, *, but: str = "\n") -> int:
    """The number of the parameter whose name has this word; 0 without one."""
    found = (step[name] for name in step if word in name and but not in name)
    return int(next(found, 0) or 0)


def _post_only(stage: Stage, step: Step, index: int) -> Answer:
    slides = step.get("reject", step.get("reject_post_only", True)) is False
    kind = OrderType.PostOnlySlide if slides else OrderType.PostOnly
    return stage.order(step, index, kind, lots=int(step["base_lots"]))


def _limit(stage: Stage, step: Step, index: int) -> Answer:
    return stage.order(step, index, OrderType.Limit, lots=int(step["base_lots"]))


def _ioc(stage: Stage, step: Step, index: int) -> Answer:
    base, quote = int(step.get("base_lots") or 0), int(step.get("quote_lots") or 0)
    whole = bool(step.get("fok")) or step["op"] == "fok"
    at_any_price = step.get("price_ticks") is None
    return stage.order(
        step,
        index,
        OrderType.Market if at_any_price else OrderType.ImmediateOrCancel,
        lots=base or _UNLIMITED,
        quote_lots=quote or _UNLIMITED,
        min_base_lots=base if whole else _named(step, "min_base"),
        min_quote_lots=quote if whole else _named(step, "min_quote"),
    )


def _cancel_all(stage: Stage, step: Step, index: int) -> Answer:
    del index
    trader = trader_of(step)
    answer = Answer(stage.exchange.cancel(trader, side=None))
    stage.claim(trader)
    return answer


def _cancel_up_to(stage: Stage, step: Step, index: int) -> Answer:
    del index
    trader = trader_of(step)
    limit = step.get("tick_limit", step.get("price_ticks"))
    receipt = stage.exchange.cancel(
        trader,
        "cancel_up_to",
        side=side_of(step["side"]),
        price=None if limit is None else int(limit),
        cancels_max=_named(step, "to_cancel") or 0xFFFF,
        search_max=_named(step, "to_search") or 0xFFFF,
    )
    stage.claim(trader)
    return Answer(receipt)


def _reduce(stage: Stage, step: Step, index: int) -> Answer:
    """Reduces the order that a step placed; the first one, if it does not say which."""
    del index
    trader = trader_of(step)
    named = [step[key] for key in ("order", "order_id", "order_step", "of", "ref") if key in step]
    first = next(iter(stage.placed.values()), 0)
    sequence = stage.placed.get(str(named[0]), 2**63) if named else first
    lots = step.get("base_lots", step.get("size"))
    call = orderbook.reduce_order(
        market="market",
        book="book",
        open_orders=stage.exchange.join(trader),
        owner=trader,
        sequence=sequence,
        base_lots=_UNLIMITED if lots is None else int(lots),
    )
    answer = Answer(stage.vm.try_send(call))
    if answer.ok:
        stage.claim(trader)
    return answer


def _deposit(stage: Stage, step: Step, index: int) -> Answer:
    del index
    trader = trader_of(step)
    stage.seated.add(trader)
    base, quote = int(step.get("base_lots") or 0), int(step.get("quote_lots") or 0)
    return Answer(stage.exchange.deposit(trader, base, quote))


def _collect(stage: Stage, step: Step, index: int) -> Answer:
    del step, index
    return Answer(stage.exchange.sweep())


def _claim(stage: Stage, step: Step, index: int) -> Answer:
    del index
    return stage.claim(trader_of(step))


_OPS: Final[dict[str, Callable[[Stage, Step, int], Answer]]] = {
    "post_only": _post_only,
    "limit": _limit,
    "ioc": _ioc,
    "fok": _ioc,
    "cancel_all": _cancel_all,
    "cancel_up_to": _cancel_up_to,
    "reduce": _reduce,
    "reduce_order": _reduce,
    "deposit": _deposit,
    "free_funds": _deposit,
    "collect_fees": _collect,
    "claim": _claim,
    "claim_funds": _claim,
}
