"""Optimistic execution, as in Block-STM: run first, and again if the input was not the last word.

A free worker takes the first transaction in the file that waits to be executed, whatever it
conflicts with. When an execution ends, all conflicting later ones that began before that are
aborted and repeated, and so are those that built on them. What was aborted is expected to write the
same accounts again (an ESTIMATE): whatever conflicts with it waits until it has been repeated.

Source: R. Gelashvili et al., Block-STM, PPoPP 2023 (arXiv 2203.06871).
More pessimistic than Block-STM: every edge of the DAG is a conflict, while Block-STM keeps
versions, so that a write after a read, or after a write, aborts nothing. More optimistic: to
validate takes no time, and an execution is aborted when its input changes rather than when it ends.
So the first unfinished transaction is always running, and a block never takes longer than its
transactions one by one.
"""

from __future__ import annotations

from enum import Enum, auto
from heapq import heappop, heappush

from ..timeline import Run, Timeline
from ..workload import Workload
from .conflicts_ahead import Begun, Estimates


def block_stm(block: Workload, workers: int) -> Timeline:
    """Everything at once, in file order, and again what came too early."""
    return _Optimists(block, workers).run()


class _State(Enum):
    WAITING = auto()
    RUNNING = auto()
    EXECUTED = auto()


class _Optimists:
    """The workers, and how far each transaction has come."""

    def __init__(self, block: Workload, workers: int) -> None:
        count = len(block)
        self._costs = block.costs
        self._begun = Begun(block.dag.order)
        self._estimates = Estimates(block.dag.order)
        self._timeline = Timeline.unstarted(count)
        self._states = [_State.WAITING] * count
        self._attempts = [0] * count  # tells the end of an aborted execution from that of the next
        self._waiting = list(range(count))  # a heap; those behind an estimate drop out when met
        self._free = list(range(min(workers, count)))
        self._running: list[tuple[int, int, int]] = []  # (end, position, attempt)

    def run(self) -> Timeline:
        now = 0
        while True:
            self._start(now)
            if not self._running:
                return self._timeline
            now = self._running[0][0]
            while self._running and self._running[0][0] == now:
                _, position, attempt = heappop(self._running)
                if self._attempts[position] == attempt:
                    self._end(position, now)

    def _start(self, now: int) -> None:
        while self._free and self._waiting:
            position = heappop(self._waiting)
            if self._states[position] is _State.WAITING and not self._estimates.before[position]:
                end = now + self._costs[position]
                self._timeline.put(Run(position, heappop(self._free), now, end))
                self._begun.begin(position, now)
                self._states[position] = _State.RUNNING
                heappush(self._running, (end, position, self._attempts[position]))

    def _end(self, position: int, now: int) -> None:
        self._states[position] = _State.EXECUTED
        heappush(self._free, self._timeline.workers[position])
        for later in self._estimates.settle(position):
            self._queue(later)
        for later in self._begun.behind(position, now):
            if self._states[later] is not _State.WAITING and self._timeline.starts[later] < now:
                self._abort(later, now)

    def _abort(self, position: int, now: int) -> None:
        """Abort an execution, and all that built on it."""
        doomed = [position]
        while doomed:
            each = doomed.pop()
            if self._states[each] is _State.WAITING:
                continue
            self._give_up(each, now)
            if self._estimates.expect(each):
                doomed += self._begun.behind(each, now + 1)
            self._queue(each)

    def _give_up(self, position: int, now: int) -> None:
        timeline = self._timeline
        worker, start = timeline.workers[position], timeline.starts[position]
        if self._states[position] is _State.RUNNING:
            heappush(self._free, worker)
        timeline.aborted.append(Run(position, worker, start, min(now, timeline.ends[position])))
        self._states[position] = _State.WAITING
        self._attempts[position] += 1

    def _queue(self, position: int) -> None:
        if not self._estimates.before[position]:
            heappush(self._waiting, position)
