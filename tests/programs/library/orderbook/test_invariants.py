"""Random sequences by several traders: nothing is lost, nothing is made, the book stays sorted."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.orderbook import OrderType, Rules, SelfTrade, Side
from sealane.testing import Vm

from .exchange import RICH, Exchange
from .solvency import assert_sound

TRADERS: Final = ("ann", "bob", "cat")
MARKETS: Final[dict[str, dict[str, Any]]] = {
    "rebates": {"base_lot": 100, "quote_lot": 10, "maker_fee": -137, "taker_fee": 411},
    "maker fees": {"base_lot": 7, "quote_lot": 3, "maker_fee": 353, "taker_fee": 777},
    "pegs": {"maker_fee": 353, "taker_fee": 777, "peg_capacity": 3, "oracle": "feed"},
    "phoenix": {"events": 0, "rules": Rules.Phoenix, "tick": 7, "taker_fee": 500},
}

orders = st.tuples(
    st.sampled_from(TRADERS),
    st.sampled_from(list(Side)),
    st.integers(95, 105),
    st.integers(1, 9),
    st.sampled_from(list(OrderType)),
    st.sampled_from([SelfTrade.DecrementTake, SelfTrade.CancelProvide]),
    st.booleans(),
    st.sampled_from([0, 0, 3, 9]),
)
others = st.tuples(
    st.sampled_from(["cancel", "reduce", "consume", "settle", "deposit", "wait"]),
    st.sampled_from(TRADERS),
    st.integers(0, 5),
)


@pytest.mark.parametrize("name", MARKETS)
@settings(max_examples=5, derandomize=True, deadline=None)
@given(steps=st.lists(st.one_of(orders, orders, others), min_size=12, max_size=24))
def test_claims_are_covered_and_leaving_empties_the_vaults(name: str, steps: list[Any]) -> None:
    with Vm() as vm:
        exchange = Exchange(vm, capacity=8, **MARKETS[name])
        if "oracle" in MARKETS[name]:
            exchange.oracle = "feed"
            publish(vm, 100)
        for trader in TRADERS:
            exchange.join(trader)
        for step in steps:
            act(exchange, step)
            assert_sound(exchange)
        leave(exchange)
        assert (exchange.tokens("base_vault"), exchange.tokens("quote_vault")) == (0, 0)
        assert sum(exchange.tokens(f"{t}'s base") for t in TRADERS) == 3 * RICH


def act(exchange: Exchange, step: tuple[Any, ...]) -> None:
    if len(step) == 3:
        other(exchange, *step)
        return
    trader, side, price, lots, kind, self_trade, passes, lives_s = step
    exchange.makers = []
    if passes or not exchange.has_events:
        exchange.makers = [name for name in TRADERS if name != trader]
    if exchange.oracle is not None and kind.posts and lots % 2:
        more_than = 2 if side is Side.Bid else -2
        pegged = {"offset": price - 100, "peg_limit": price + more_than}
    else:
        pegged = {}
    until = exchange.vm.clock.unix_timestamp + lives_s if lives_s else 0
    more = {"order_type": kind, "self_trade": self_trade, "valid_until": until} | pegged
    answer = exchange.try_order(trader, side, price, lots, **more)
    refused = {"WouldExecutePartially", "WouldCross", "BookFull", "PriceTooLow", "InvalidQuantity"}
    assert answer.ok or answer.error in refused


def other(exchange: Exchange, what: str, trader: str, number: int) -> None:
    if what == "cancel":
        exchange.cancel(trader, side=None, cancels_max=number)
    elif what == "settle":
        exchange.settle(trader)
    elif what == "wait" and exchange.oracle is not None:
        publish(exchange.vm, 98 + number)
    elif what == "wait":
        exchange.vm.advance(seconds=number + 1)
    elif what == "deposit":
        exchange.deposit(trader, number * 50, number * 500)
    elif what == "consume" and exchange.has_events:
        exchange.consume(trader)
    elif what == "reduce":
        own = exchange.vm.key(exchange.join(trader))
        mine = [o for side in Side for o in exchange.orders(side) if o.owner == own]
        if mine:
            sequence = mine[number % len(mine)].sequence
            exchange.cancel(trader, "reduce_order", sequence=sequence, base_lots=number)


def publish(vm: Vm, price: int) -> None:
    now = vm.clock.unix_timestamp
    feed = Feed(price=price, published_at=now, status=FeedStatus.Trading)
    vm.set_account("feed", owner="oracle", data=feed, lamports=1)


def leave(exchange: Exchange) -> None:
    for trader in TRADERS:
        exchange.cancel(trader, side=None)
    while exchange.has_events and exchange.waiting():
        exchange.consume(*TRADERS)
    for trader in TRADERS:
        exchange.settle(trader)
    exchange.sweep()
