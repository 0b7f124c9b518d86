"""A DAG handed out transaction by transaction, for a pool of one's own."""

from __future__ import annotations

from .countdown import Countdown
from .dag import Dag, checked_dag


class ReadyQueue:
    """Which transactions may run now: those whose predecessors are all done.

    Works as `graphlib.TopologicalSorter` does once it is prepared: take what is `ready`, run it
    anywhere and in any order, and say when it is `done`. O(transactions + edges) over its life.
    Not thread-safe: call it from the one thread that hands out the work. Raises TypeError for
    anything but a Dag: that of a Schedule is `schedule.dag`.

    >>> from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
    >>> from sealane.scheduler import AccessLists, ReadyQueue, build_dag
    >>> balances = {"alice": 5, "bob": 0, "carol": 0}
    >>> transfers = [("alice", "bob", 3), ("bob", "carol", 2), ("alice", "carol", 1)]
    >>> def pay(source, destination, amount):
    ...     balances[source] -= amount
    ...     balances[destination] += amount
    >>> access, _ = AccessLists.from_sets([([], ends[:2]) for ends in transfers])
    >>> queue = ReadyQueue(build_dag(access))
    >>> with ThreadPoolExecutor() as pool:
    ...     running = {}
    ...     while queue.is_active():
    ...         running |= {pool.submit(pay, *transfers[p]): p for p in queue.ready()}
    ...         for finished in wait(running, return_when=FIRST_COMPLETED).done:
    ...             queue.done(running.pop(finished))
    >>> balances
    {'alice': 1, 'bob': 1, 'carol': 3}
    """

    def __init__(self, dag: Dag) -> None:
        self._countdown = Countdown(checked_dag(dag).order)
        self._ready = self._countdown.free()
        self._running: set[int] = set()
        self._total = self._remaining = len(dag)

    def ready(self) -> tuple[int, ...]:
        """The positions that became ready since the last call: each is given out once.

        Those ready from the start ascend; later ones come in the order in which they became so.
        """
        ready, self._ready = tuple(self._ready), []
        self._running.update(ready)
        return ready

    def done(self, *positions: int) -> None:
        """Mark transactions as done, so that those waiting only for them become ready.

        Raises ValueError, before anything is marked, for one that `ready` has not given out, or
        that is done already.
        """
        seen: set[int] = set()
        for position in positions:
            self._require_running(position, again=position in seen)
            seen.add(position)
        for position in positions:
            self._running.remove(position)
            self._remaining -= 1
            self._countdown.done(position, self._ready)

    def is_active(self) -> bool:
        """Whether there is more to come: something to give out, or something given out."""
        return self._remaining > 0

    def __bool__(self) -> bool:
        return self.is_active()

    def __repr__(self) -> str:
        return (
            f"<ReadyQueue: {self._total - self._remaining:,} of {self._total:,} transactions done, "
            f"{len(self._running):,} running, {len(self._ready):,} ready>"
        )

    def _require_running(self, position: int, *, again: bool) -> None:
        if position in self._running and not again:
            return
        if not (isinstance(position, int) and 0 <= position < self._total):  # pyright: ignore[reportUnnecessaryIsInstance] - callers need not check types
            raise ValueError(f"no transaction {position!r} among {self._total:,}")
        if again or self._is_done(position):
            raise ValueError(f"transaction {position} is done already")
        raise ValueError(f"transaction {position} was not given out by ready() yet")

    def _is_done(self, position: int) -> bool:
        return not self._countdown.waits[position] and position not in self._ready
