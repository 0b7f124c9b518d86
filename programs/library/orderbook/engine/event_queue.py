"""A queue of events in a fixed number of slots, inside an account's bytes.

An event keeps its slot until it is deleted, so events can be consumed out of order. Used slots are
a ring of `next` and `previous`, oldest first; deleted slots are reused, the last deleted first.
After OpenBook v2's `EventHeap`.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

HEADER: Final = Struct("<HHHH")  # count, first, free, fresh
EVENT: Final = Struct("<BBBBHH32sQQQQ")
NONE: Final = 0xFFFF
SLOTS_MAX: Final = NONE - 1
EMPTY: Final = HEADER.pack(0, NONE, NONE, 0)

_LINKS: Final = Struct("<HH")
_LINKS_AT: Final = 4


class QueuedEvent(NamedTuple):
    """What a maker is still to be credited with.

    `fill`: `lots` were traded at `price`, with the account itself if `own`; else `lots` left the
    book. `left` is what remained of the order, `locked_price` where it was locked.
    """

    maker: bytes
    fill: bool
    bid: bool  # the maker's side
    own: bool
    lots: int
    left: int
    price: int
    locked_price: int


class EventSlots:
    """The queue in `data`: its header at `start`, then `capacity` slots.

    >>> from sealane.programs.library.orderbook.engine import EventSlots, QueuedEvent
    >>> slots = EventSlots(memoryview(bytearray(EventSlots.space(2))), 0, 2)
    >>> slots.clear()
    >>> event = QueuedEvent(bytes(32), True, True, False, 5, 0, 100, 100)
    >>> slots.push(event), slots.push(event), slots.push(event)
    (True, True, False)
    >>> list(slots), slots.delete(0), list(slots), slots.get(1) == event
    ([0, 1], None, [1], True)
    """

    __slots__ = ("_data", "_first_slot", "_start", "capacity")

    def __init__(self, data: memoryview, start: int, capacity: int) -> None:
        self._data = data
        self._start = start
        self._first_slot = start + HEADER.size
        self.capacity = capacity

    @staticmethod
    def space(capacity: int) -> int:
        """Bytes of the header and `capacity` slots."""
        return HEADER.size + capacity * EVENT.size

    def clear(self) -> None:
        """Make the queue empty."""
        self._data[self._start : self._first_slot] = EMPTY

    def __len__(self) -> int:
        return self._header()[0]

    def __iter__(self) -> Iterator[int]:
        """The used slots, oldest first."""
        count, slot, _, _ = self._header()
        for _ in range(count):
            yield slot
            slot = self._links(slot)[0]

    def get(self, slot: int) -> QueuedEvent | None:
        """The event in a slot, or None."""
        if slot >= self.capacity:
            return None
        kind, bid, own, _, _, _, maker, *figures = EVENT.unpack_from(self._data, self._at(slot))
        if kind == 0:
            return None
        return QueuedEvent(maker, kind == 1, bool(bid), bool(own), *figures)

    def push(self, event: QueuedEvent) -> bool:
        """Append an event; False if the queue is full."""
        count, first, free, fresh = self._header()
        if count == self.capacity:
            return False
        if free != NONE:
            slot, free = free, self._links(free)[0]
        else:
            slot, fresh = fresh, fresh + 1
        first = slot if count == 0 else first
        last = slot if count == 0 else self._links(first)[1]
        kind = 1 if event.fill else 2
        packed = (kind, event.bid, event.own, 0, first, last, event.maker, *event[4:])
        EVENT.pack_into(self._data, self._at(slot), *packed)
        self._link(last, following=slot)
        self._link(first, previous=slot)
        HEADER.pack_into(self._data, self._start, count + 1, first, free, fresh)
        return True

    def delete(self, slot: int) -> None:
        """Free a used slot."""
        count, first, free, fresh = self._header()
        following, previous = self._links(slot)
        self._link(previous, following=following)
        self._link(following, previous=previous)
        first = following if slot == first else first
        empty = (0, 0, 0, 0, free, NONE, bytes(32), 0, 0, 0, 0)
        EVENT.pack_into(self._data, self._at(slot), *empty)
        first = NONE if count == 1 else first
        HEADER.pack_into(self._data, self._start, count - 1, first, slot, fresh)

    def _header(self) -> tuple[int, int, int, int]:
        count, first, free, fresh = HEADER.unpack_from(self._data, self._start)
        return count, first, free, fresh

    def _at(self, slot: int) -> int:
        return self._first_slot + slot * EVENT.size

    def _links(self, slot: int) -> tuple[int, int]:
        following, previous = _LINKS.unpack_from(self._data, self._at(slot) + _LINKS_AT)
        return following, previous

    def _link(
        self, slot: int, *, following: int | None = None, previous: int | None = None
    ) -> None:
        now_following, now_previous = self._links(slot)
        new = (
            now_following if following is None else following,
            now_previous if previous is None else previous,
        )
        _LINKS.pack_into(self._data, self._at(slot) + _LINKS_AT, *new)
