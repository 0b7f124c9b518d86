"""Both sides of a book, each with its fixed and its pegged orders, and a walk over one side.

A fixed order has its own price, a pegged one stands at an offset from the oracle's, so the two are
sorted apart and merged while walking: the better price first, then the lower sequence number.
Without a price from the oracle, pegged orders are not seen at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from .ladder import Ladder
from .order import NO_PEG, RestingOrder, Side

PRICE_MAX: Final = 2**63 - 1


class Moment(NamedTuple):
    """What decides whether an order is still good: the time, and the oracle's price in ticks."""

    now: int
    slot: int
    oracle_price: int | None = None


class Candidate(NamedTuple):
    """An order where it rests, at today's price. Not `valid`: expired, or beyond its peg limit."""

    ladder: Ladder
    position: int
    order: RestingOrder
    price: int
    valid: bool

    def remove(self) -> None:
        self.ladder.remove(self.position)

    def resize(self, quantity: int) -> None:
        self.ladder.resize(self.position, quantity)


class OrderBook:
    """The orders in `data` from `start`: bids, asks, pegged bids, pegged asks.

    >>> from sealane.programs.library.orderbook.engine import OrderBook
    >>> book = OrderBook(memoryview(bytearray(OrderBook.space(4, 2))), 0, 4, 2)
    >>> book.best_price(Side.Bid, Moment(now=0, slot=0)) is None
    True
    """

    __slots__ = ("fixed", "pegged")

    def __init__(self, data: memoryview, start: int, capacity: int, peg_capacity: int) -> None:
        step, peg_step = Ladder.space(capacity), Ladder.space(peg_capacity)
        pegs = start + 2 * step
        self.fixed: Final = {
            Side.Bid: Ladder(data, start, capacity, Side.Bid),
            Side.Ask: Ladder(data, start + step, capacity, Side.Ask),
        }
        self.pegged: Final = {
            Side.Bid: Ladder(data, pegs, peg_capacity, Side.Bid),
            Side.Ask: Ladder(data, pegs + peg_step, peg_capacity, Side.Ask),
        }

    @staticmethod
    def space(capacity: int, peg_capacity: int) -> int:
        """Bytes for this many fixed and pegged orders a side."""
        return 2 * (Ladder.space(capacity) + Ladder.space(peg_capacity))

    def ladder(self, side: Side, pegged: bool) -> Ladder:
        """Where orders of this kind rest."""
        return (self.pegged if pegged else self.fixed)[side]

    def ladders(self) -> Iterator[tuple[Ladder, bool]]:
        """All four: bids before asks, fixed before pegged. With each, whether it is pegged."""
        for side in Side:
            yield self.fixed[side], False
            yield self.pegged[side], True

    def walk(self, side: Side, moment: Moment) -> Walk:
        """The orders of a side from the best on."""
        return Walk(self.fixed[side], self.pegged[side], moment)

    def best_price(self, side: Side, moment: Moment) -> int | None:
        """The price of the best order that is still good."""
        walk = self.walk(side, moment)
        while (found := walk.peek()) is not None:
            if found.valid:
                return found.price
            walk.skip()
        return None


class Walk:
    """A position in both ladders of a side. Removing the order that it shows moves it on."""

    __slots__ = ("_fixed", "_moment", "_pegged", "_positions")

    def __init__(self, fixed: Ladder, pegged: Ladder, moment: Moment) -> None:
        self._fixed = fixed
        self._pegged = pegged
        self._moment = moment
        self._positions = [0, 0]

    def peek(self) -> Candidate | None:
        """The next order, or None at the end."""
        fixed, pegged = self._next_fixed(), self._next_pegged()
        if fixed is None or pegged is None:
            return fixed or pegged
        if fixed.price == pegged.price:
            return min(fixed, pegged, key=lambda found: found.order.sequence)
        return fixed if self._fixed.side.better(fixed.price, pegged.price) else pegged

    def skip(self) -> None:
        """Leave the order where it is, and go on."""
        found = self.peek()
        if found is not None:
            self._positions[found.ladder is self._pegged] += 1

    def _next_fixed(self) -> Candidate | None:
        position = self._positions[False]
        if position >= len(self._fixed):
            return None
        order = self._fixed.at(position)
        valid = not order.expired(self._moment.now, self._moment.slot)
        return Candidate(self._fixed, position, order, order.price, valid)

    def _next_pegged(self) -> Candidate | None:
        oracle = self._moment.oracle_price
        if oracle is None:
            return None
        while (position := self._positions[True]) < len(self._pegged):
            order = self._pegged.at(position)
            price = oracle + order.price
            if 1 <= price < PRICE_MAX:
                return Candidate(self._pegged, position, order, price, self._holds(order, price))
            self._positions[True] += 1  # out of range today, perhaps not tomorrow
        return None

    def _holds(self, order: RestingOrder, price: int) -> bool:
        beyond = self._fixed.side.better(price, order.peg_limit) and order.peg_limit != NO_PEG
        return not beyond and not order.expired(self._moment.now, self._moment.slot)
