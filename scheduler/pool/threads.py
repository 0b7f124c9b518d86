"""The threads that a scheduler sends batches to: what is in the making, and what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Batch(NamedTuple):
    """Transactions that a thread is sent at once, by rank, in the order in which they run."""

    thread: int
    ranks: tuple[int, ...]
    cost: int


class Pass(NamedTuple):
    """What one scheduling pass did: `batches` in the order in which they were sent.

    `unschedulable_conflicts`: how many transactions it looked at that no thread could lock.
    `unschedulable_threads`: how many that a thread could lock which had enough to do.
    """

    batches: tuple[Batch, ...] = ()
    unschedulable_conflicts: int = 0
    unschedulable_threads: int = 0

    @property
    def scheduled(self) -> int:
        """How many transactions were sent."""
        return sum(len(batch.ranks) for batch in self.batches)


class Threads:
    """`costs` and `counts` by thread: of the batch in the making and all batches under way."""

    def __init__(self, count: int, pool_costs: Sequence[int]) -> None:
        self.costs = [0] * count
        self.counts = [0] * count
        self._pool_costs = pool_costs
        self._making: dict[int, list[int]] = {}
        self._sent: list[Batch] = []

    def add(self, thread: int, rank: int) -> int:
        """Add to the batch in the making; how long that is now."""
        self.costs[thread] += self._pool_costs[rank]
        self.counts[thread] += 1
        batch = self._making.setdefault(thread, [])
        batch.append(rank)
        return len(batch)

    def send(self, thread: int) -> None:
        """Send what is in the making, if anything is."""
        ranks = tuple(self._making.pop(thread, ()))
        if ranks:
            cost = sum(map(self._pool_costs.__getitem__, ranks))
            self._sent.append(Batch(thread, ranks, cost))

    def send_all(self) -> None:
        """Send to every thread, the lowest first."""
        for thread in sorted(self._making):
            self.send(thread)

    def take_sent(self) -> tuple[Batch, ...]:
        """What was sent since the last call, in order."""
        sent, self._sent = tuple(self._sent), []
        return sent

    def complete(self, batch: Batch) -> None:
        """A batch is done."""
        self.costs[batch.thread] -= batch.cost
        self.counts[batch.thread] -= len(batch.ranks)

    def below(self, cost: int) -> int:
        """The threads with less than this to do; as everywhere, a bit for each."""
        return sum(1 << thread for thread, has in enumerate(self.costs) if has < cost)


def least_loaded(threads: int, costs: Sequence[int], counts: Sequence[int]) -> int:
    """Of some threads, the one with least to do by cost, then by count; the lowest of equals."""
    best = threads.bit_length() - 1
    cost, count = costs[best], counts[best]
    for thread in range(best - 1, -1, -1):
        if threads >> thread & 1 and (costs[thread], counts[thread]) <= (cost, count):
            best, cost, count = thread, costs[thread], counts[thread]
    return best
