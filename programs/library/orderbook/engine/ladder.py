"""The resting orders of one side, sorted, inside an account's bytes.

The best order is the last, so that matching takes from the end and moves nothing; a new order is
inserted behind all that are as good or better, which keeps price-time order. Holds a memoryview:
drop it before the instruction ends.

    >>> from sealane.programs.library.orderbook.engine import Ladder, RestingOrder, Side
    >>> asks = Ladder(memoryview(bytearray(Ladder.space(4))), 0, 4, Side.Ask)
    >>> for sequence, price in enumerate([101, 100, 101]):
    ...     asks.insert(RestingOrder(price, sequence, 5, 0, bytes(32), 0, price, 0, 0))
    >>> [(order.price, order.sequence) for order in asks]
    [(100, 1), (101, 0), (101, 2)]
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final

from .order import RECORD, RECORD_LEN, RestingOrder, Side

_HEADER: Final = Struct("<II")  # orders, and how many of them expire
_PRICE: Final = Struct("<q")
_QUANTITY: Final = Struct("<Q")
_QUANTITY_AT: Final = 16
_OWNER: Final = slice(32, 64)
_NEVER: Final = 2**64
_EXPIRIES: Final = Struct("<80xQQ")  # of a record: the last two fields


class Ladder:
    """`capacity` orders at `start` in `data`; position 0 is the best."""

    __slots__ = ("_data", "_first", "_sign", "_start", "capacity", "side")

    def __init__(self, data: memoryview, start: int, capacity: int, side: Side) -> None:
        self._data = data
        self._start = start
        self._first = start + _HEADER.size
        self._sign = side.sign
        self.capacity = capacity
        self.side = side

    @staticmethod
    def space(capacity: int) -> int:
        """Bytes that `capacity` orders take."""
        return _HEADER.size + capacity * RECORD_LEN

    def __len__(self) -> int:
        return _HEADER.unpack_from(self._data, self._start)[0]

    def __iter__(self) -> Iterator[RestingOrder]:
        """All orders, best first. Do not change the ladder meanwhile."""
        for position in range(len(self)):
            yield self.at(position)

    @property
    def full(self) -> bool:
        return len(self) == self.capacity

    def at(self, position: int) -> RestingOrder:
        """The order at this position; 0 is the best."""
        return RestingOrder._make(RECORD.unpack_from(self._data, self._offset(position)))

    def worst(self) -> RestingOrder:
        """The last order in price-time order. There must be one."""
        return self.at(len(self) - 1)

    def insert(self, order: RestingOrder) -> None:
        """Put the order behind all that are as good or better. There must be room."""
        count = len(self)
        place = self._first + self._better_from(order.price, count) * RECORD_LEN
        end = self._first + count * RECORD_LEN
        data = self._data
        data[place + RECORD_LEN : end + RECORD_LEN] = data[place:end]
        RECORD.pack_into(data, place, *order)
        self._count(1, order.expires)

    def remove(self, position: int) -> None:
        """Take the order at this position off the book."""
        expires = self.at(position).expires
        place = self._offset(position)
        end = self._first + len(self) * RECORD_LEN
        data = self._data
        data[place : end - RECORD_LEN] = data[place + RECORD_LEN : end]
        data[end - RECORD_LEN : end] = bytes(RECORD_LEN)  # equal books have equal bytes
        self._count(-1, -expires)

    def resize(self, position: int, quantity: int) -> None:
        """Give the order at this position another quantity; it keeps its place."""
        _QUANTITY.pack_into(self._data, self._offset(position) + _QUANTITY_AT, quantity)

    def find(self, price: int, sequence: int) -> int | None:
        """The position of the order with this price and sequence number."""
        count = len(self)
        index = self._better_from(price, count)
        while index < count:
            found = self.at(count - 1 - index)
            if found.price != price:
                return None
            if found.sequence == sequence:
                return count - 1 - index
            index += 1
        return None

    def first_expired(self, now: int, slot: int) -> int | None:
        """The position of the order that expired first; None, and quickly so, if none did."""
        count, expiring = _HEADER.unpack_from(self._data, self._start)
        if expiring == 0:
            return None
        used = self._data[self._first : self._first + count * RECORD_LEN]
        expired = [
            (until or _NEVER, index)
            for index, (until, until_slot) in enumerate(_EXPIRIES.iter_unpack(used))
            if (until and until < now) or (until_slot and until_slot < slot)
        ]
        return count - 1 - min(expired)[1] if expired else None

    def owned_by(self, owner: bytes) -> list[RestingOrder]:
        """The orders of an open-orders account, best first."""
        raw = bytes(self._data[self._first : self._first + len(self) * RECORD_LEN])
        found: list[RestingOrder] = []
        at = raw.rfind(owner)
        while at >= 0:
            start = at - at % RECORD_LEN
            if raw[start + _OWNER.start : start + _OWNER.stop] == owner:
                found.append(RestingOrder._make(RECORD.unpack_from(raw, start)))
            at = raw.rfind(owner, 0, start)  # a record holds its owner once
        return found

    def _count(self, more: int, expiring: int) -> None:
        count, expire = _HEADER.unpack_from(self._data, self._start)
        _HEADER.pack_into(self._data, self._start, count + more, expire + expiring)

    def _offset(self, position: int) -> int:
        return self._first + (len(self) - 1 - position) * RECORD_LEN

    def _better_from(self, price: int, count: int) -> int:
        """How many orders are worse than `price`, counted from the worst (binary search)."""
        rank, low, high = price * self._sign, 0, count
        while low < high:
            middle = (low + high) // 2
            (found,) = _PRICE.unpack_from(self._data, self._first + middle * RECORD_LEN)
            if found * self._sign < rank:
                low = middle + 1
            else:
                high = middle
        return low
