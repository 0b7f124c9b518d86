"""The lowest of those that wait, found in O(log n) though others leave from the middle.

Whatever leaves stays in the heap until it comes up, or until half of the heap has left; then the
next `push` builds the heap anew. So an operation takes O(log n) on average, and after a `push` the
heap holds no more than twice as many as wait, and SPARE more.
"""

from __future__ import annotations

from collections.abc import Container, Sized
from heapq import heapify, heappop, heappush
from typing import Final, Protocol

SPARE: Final = 64


class Waiting(Container[int], Sized, Protocol):
    """The tickets that wait."""


class LazyHeap:
    """Tickets by a value, the lowest first, and of equals the lowest key.

    A key is a ticket or its negative, so that of equals the latest can come first.
    """

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._heap: list[tuple[int, int]] = []

    def __len__(self) -> int:
        """With those that have left and have not come up yet."""
        return len(self._heap)

    def push(self, value: int, key: int) -> None:
        """Add a ticket that waits and is not here."""
        heappush(self._heap, (value, key))
        if len(self._heap) > 2 * len(self._waiting) + SPARE:
            self._heap = [each for each in self._heap if abs(each[1]) in self._waiting]
            heapify(self._heap)

    def pop_below(self, bound: int) -> int | None:
        """Take the lowest ticket that waits, if its value is below the bound."""
        while self._heap and self._heap[0][0] < bound:
            ticket = abs(heappop(self._heap)[1])
            if ticket in self._waiting:
                return ticket
        return None
