"""Agave's former scheduler: a graph of what conflicts, popped level by level, with priority guard.

A pass looks ahead at a window of transactions and pops the graph's top level by priority, a batch
for each thread; then the window slides on, and the next level is on top. Whatever cannot be locked
blocks all later ones that conflict with it, so nothing overtakes what it conflicts with.

Source: anza-xyz/agave@13d46bbb, core/src/banking_stage/transaction_scheduler/
prio_graph_scheduler.rs. As there, a thread that has enough to do is not spared in a pass that has
begun; the pass only ends its level when all have.
"""

from __future__ import annotations

from .account_set import AccountSet
from .batch_scheduler import BatchScheduler, Hands
from .graph_levels import GraphLevels
from .limits import PrioGraphLimits
from .pool import Pool
from .threads import Pass, least_loaded
from .waiting import Waiting


class PrioGraphScheduler(BatchScheduler):
    """Schedules a pool in passes. Between them, tell it which batches are done."""

    def __init__(
        self,
        pool: Pool,
        threads: int,
        limits: PrioGraphLimits | None = None,
        hands: Hands = Waiting,
    ) -> None:
        self._limits = limits or PrioGraphLimits()
        super().__init__(pool, threads, self._limits.queued_cost, hands)
        self._every_thread = self._locks.every_thread
        self._room = 0
        self._graph = GraphLevels(pool.locks)
        self._guard = AccountSet(pool)
        self._left: list[int] = []

    def schedule(self) -> Pass:
        """One pass over those that wait."""
        self._room = self._threads.below(self._cost_of_thread)
        if not self._room:
            return Pass()
        self._guard.clear()
        self._left.clear()
        scheduled = 0
        budget = self._look_ahead(self._limits.window)
        while scheduled < self._limits.scheduled_max and self._graph:
            level, taken = self._pop_level(self._limits.scheduled_max - scheduled)
            scheduled += taken
            self._threads.send_all()
            budget = self._look_ahead(budget + len(level))
            for rank in level:
                self._graph.unblock(rank)
        self._waiting.put_back([*self._left, *self._graph.drain()], self._every_thread)
        return Pass(self._threads.take_sent(), len(self._left))

    def _look_ahead(self, budget: int) -> int:
        """Put so many more into the graph, if they are there. Returns the rest of the budget."""
        while budget > 0:
            rank = self._waiting.pop(self._every_thread)
            if rank is None:
                break
            self._graph.insert(rank)
            budget -= 1
        return budget

    def _pop_level(self, taken_max: int) -> tuple[list[int], int]:
        """Schedule what is on top of the graph: what was popped, and how many of it scheduled."""
        level: list[int] = []
        taken = 0
        graph, threads, locks = self._graph, self._threads, self._pool.locks
        while taken < taken_max and (rank := graph.pop()) is not None:
            level.append(rank)
            free = not self._left or self._guard.allows(rank)
            allowed = self._locks.threads_for(locks[rank]) if free else 0
            if not allowed:
                self._guard.take(rank)
                self._left.append(rank)
                continue
            taken += 1
            thread = least_loaded(allowed, threads.costs, threads.counts)
            if self._give(rank, thread) >= self._limits.batch_len_max:
                threads.send(thread)
            if self._is_full(thread):
                self._room &= ~(1 << thread)
                if not self._room:
                    break
        return level, taken
