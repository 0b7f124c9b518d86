"""Agave's schedulers in simulated time: threads run the batches that they are sent, in order.

The whole block is in the pool from the begin, the highest priority first; of equals the earlier in
the file, while Agave takes the later. A pass takes no time. It is made at the begin and whenever a
batch ends, until it schedules nothing more. The locks of a batch are held until all of it has run.
Agave knows 64 threads at most: more workers have nothing to do.

Left out: what a pass costs, retries, what arrives while a block is built, and Agave's filters.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from ...pool import GreedyScheduler, Pool, PrioGraphScheduler
from ...pool.batch_scheduler import BatchScheduler
from ...pool.limits import THREADS_MAX
from ...pool.sleepers import GraphSleepers, GreedySleepers
from ...pool.threads import Batch
from ..timeline import Run, Timeline
from ..workload import Workload


def greedy(block: Workload, workers: int) -> Timeline:
    """By priority, whatever can be locked, on the thread with least to do."""
    pool, threads = block.pool, min(workers, THREADS_MAX)
    return run_batches(GreedyScheduler(pool, threads, hands=GreedySleepers), pool, threads)


def prio_graph(block: Workload, workers: int) -> Timeline:
    """By priority, level by level; nothing overtakes what it conflicts with."""
    pool, threads = block.pool, min(workers, THREADS_MAX)
    return run_batches(PrioGraphScheduler(pool, threads, hands=GraphSleepers), pool, threads)


def run_batches(scheduler: BatchScheduler, pool: Pool, threads: int) -> Timeline:
    """The timeline of a pool that a scheduler hands out to threads."""
    timeline = Timeline.unstarted(len(pool))
    queues: list[deque[Batch]] = [deque() for _ in range(threads)]
    running: list[tuple[int, int]] = []  # (end, thread); what runs is first in its queue
    now = 0
    while True:
        while found := scheduler.schedule().batches:
            for batch in found:
                queues[batch.thread].append(batch)
                if len(queues[batch.thread]) == 1:
                    heappush(running, (_run(batch, pool, now, timeline), batch.thread))
        if not running:
            return timeline
        now = running[0][0]
        while running and running[0][0] == now:
            _, thread = heappop(running)
            scheduler.complete(queues[thread].popleft())
            if queues[thread]:
                heappush(running, (_run(queues[thread][0], pool, now, timeline), thread))


def _run(batch: Batch, pool: Pool, now: int, timeline: Timeline) -> int:
    """Enter a batch that begins now; when it ends."""
    for rank in batch.ranks:
        end = now + pool.costs[rank]
        timeline.put(Run(pool.positions[rank], batch.thread, now, end))
        now = end
    return now
