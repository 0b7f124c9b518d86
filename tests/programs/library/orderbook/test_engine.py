"""The ladders and the event queue beside plain lists, and the arithmetic of fees."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.programs.library.orderbook.engine import (
    UNLIMITED,
    EventSlots,
    Ladder,
    Moment,
    OrderBook,
    QueuedEvent,
    RestingOrder,
    Rules,
    Side,
    Terms,
)

CAPACITY: Final = 8
OWNERS: Final = [bytes([k]) * 32 for k in (1, 2)]


def resting(price: int, sequence: int, owner: bytes = OWNERS[0], **more: Any) -> RestingOrder:
    order = RestingOrder(price, sequence, 5, 0, owner, 0, max(0, price), 0, 0)
    return order._replace(**more)


@pytest.mark.parametrize("side", Side)
@settings(max_examples=25, derandomize=True, deadline=None)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 9)), max_size=30))
def test_a_ladder_is_a_sorted_list(side: Side, steps: list[tuple[bool, int, int]]) -> None:
    ladder = Ladder(memoryview(bytearray(Ladder.space(CAPACITY))), 0, CAPACITY, side)
    model: list[RestingOrder] = []
    for sequence, (adds, price, pick) in enumerate(steps):
        if adds and not ladder.full:
            order = resting(price, sequence, OWNERS[pick % 2])
            ladder.insert(order)
            model.append(order)
            model.sort(key=lambda order: (-order.price * side.sign, order.sequence))
        elif model:
            gone = model.pop(pick % len(model))
            position = ladder.find(gone.price, gone.sequence)
            assert position is not None
            ladder.remove(position)
        assert list(ladder) == model
        assert ladder.owned_by(OWNERS[0]) == [o for o in model if o.owner == OWNERS[0]]
        assert ladder.full == (len(model) == CAPACITY)


@pytest.mark.parametrize("side", Side)
def test_the_first_to_have_expired_is_found(side: Side) -> None:
    ladder = Ladder(memoryview(bytearray(Ladder.space(CAPACITY))), 0, CAPACITY, side)
    ladder.insert(resting(5, 1))
    assert ladder.first_expired(100, 100) is None
    expiries = [(9, 0), (7, 0), (0, 8), (20, 0)]
    for sequence, (until, slot) in enumerate(expiries, 2):
        ladder.insert(resting(sequence, sequence, valid_until=until, valid_until_slot=slot))
    found: list[int] = []
    while (position := ladder.first_expired(10, 10)) is not None:
        found.append(ladder.at(position).sequence)
        ladder.remove(position)
    assert found == [3, 2, 4]
    assert ladder.first_expired(20, 0) is None
    assert len(ladder) == 2


def test_an_empty_place_leaves_no_bytes_behind() -> None:
    data = bytearray(Ladder.space(2))
    ladder = Ladder(memoryview(data), 0, 2, Side.Bid)
    ladder.insert(resting(5, 1))
    ladder.remove(0)
    assert not any(data)
    assert ladder.find(5, 1) is None


@settings(max_examples=25, derandomize=True, deadline=None)
@given(steps=st.lists(st.integers(-6, 3), max_size=30))
def test_events_are_consumed_in_any_order(steps: list[int]) -> None:
    slots = EventSlots(memoryview(bytearray(EventSlots.space(4))), 0, 4)
    slots.clear()
    model: list[tuple[int, QueuedEvent]] = []
    for number, step in enumerate(steps):
        if step < 0:
            event = QueuedEvent(OWNERS[0], True, True, False, number, 0, 1, 1)
            assert slots.push(event) == (len(model) < 4)
            if len(model) < 4:
                free = next(slot for slot in slots if slots.get(slot) == event)
                model.append((free, event))
        elif model:
            slot, _ = model.pop(step % len(model))
            slots.delete(slot)
            assert slots.get(slot) is None
        assert [(slot, slots.get(slot)) for slot in slots] == model


def test_pegged_orders_are_merged_by_the_price_of_the_moment() -> None:
    book = OrderBook(memoryview(bytearray(OrderBook.space(4, 4))), 0, 4, 4)
    book.fixed[Side.Bid].insert(resting(100, 1))
    for offset, limit in ((-2, 0), (0, 0), (3, 102), (-200, 0)):
        book.pegged[Side.Bid].insert(resting(offset, 2, peg_limit=limit))
    shown: list[tuple[int, bool]] = []
    walk = book.walk(Side.Bid, Moment(0, 0, oracle_price=100))
    while (found := walk.peek()) is not None:
        shown.append((found.price, found.valid))
        walk.skip()
    assert shown == [(103, False), (100, True), (100, True), (98, True)]
    assert book.best_price(Side.Bid, Moment(0, 0, oracle_price=100)) == 100
    assert book.best_price(Side.Bid, Moment(0, 0)) == 100
    assert book.best_price(Side.Ask, Moment(0, 0)) is None


@pytest.mark.parametrize("pegged_first", [False, True])
def test_of_a_fixed_and_a_pegged_order_at_one_price_the_earlier_is_first(
    pegged_first: bool,
) -> None:
    book = OrderBook(memoryview(bytearray(OrderBook.space(2, 2))), 0, 2, 2)
    book.fixed[Side.Ask].insert(resting(100, 5))
    book.pegged[Side.Ask].insert(resting(0, 4 if pegged_first else 6))
    first = book.walk(Side.Ask, Moment(0, 0, oracle_price=100)).peek()
    assert first is not None
    assert (first.ladder is book.pegged[Side.Ask]) == pegged_first


def terms(rules: Rules, maker_fee: int, taker_fee: int, fee_unit: int = 1) -> Terms:
    return Terms(rules, 1, 10, 1, maker_fee, taker_fee, fee_unit)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    parts=st.lists(st.integers(0, 2**50), min_size=1, max_size=6),
    maker_fee=st.integers(-1_000, 999_999),
)
def test_what_is_locked_covers_every_fee_that_falls_due(parts: list[int], maker_fee: int) -> None:
    market = terms(Rules.OpenBook, maker_fee, 1_000)
    due = sum(map(market.maker_fees_due, parts))
    assert due <= market.maker_fees_locked(sum(parts))
    assert sum(map(market.maker_rebate, parts)) <= market.taker_fees(sum(parts))


def test_fees_are_rounded_up_to_their_unit() -> None:
    assert terms(Rules.OpenBook, 0, 500).taker_fees(1_001) == 1
    assert terms(Rules.Phoenix, 0, 500, fee_unit=10).taker_fees(1_001) == 10
    assert terms(Rules.Phoenix, 0, 0, fee_unit=10).taker_fees(1_001) == 0


@settings(max_examples=100, derandomize=True, deadline=None)
@given(budget=st.integers(0, 2**60), fee=st.integers(0, 99_999), rules=st.sampled_from(Rules))
def test_a_budget_covers_the_fee(budget: int, fee: int, rules: Rules) -> None:
    market = Terms(rules, 1, 1, 1, 0, fee, 1)
    lots = market.matchable(Side.Bid, budget)
    assert lots + market.taker_fees(lots) <= budget + 1
    assert market.matchable(Side.Ask, budget) >= budget
    assert market.matchable(Side.Ask, UNLIMITED) <= UNLIMITED
