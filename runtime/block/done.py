"""How far a block is, for who is told while it is executed."""

from __future__ import annotations

from typing import NamedTuple, Self


class LaneDone(NamedTuple):
    """How many of a lane's transactions are done, and whether it is executing one, not waiting."""

    done: int
    total: int
    busy: bool


class Done(int):
    """The number of transactions done, lane by lane as well: worker 1, worker 2, …

    >>> done = Done.of([LaneDone(3, 5, busy=True), LaneDone(4, 4, busy=False)])
    >>> done, done.lanes[1].total
    (7, 4)
    """

    lanes: tuple[LaneDone, ...] = ()

    @classmethod
    def of(cls, lanes: list[LaneDone]) -> Self:
        """The sum of all lanes."""
        found = cls(sum(lane.done for lane in lanes))
        found.lanes = tuple(lanes)
        return found
