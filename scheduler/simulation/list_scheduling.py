"""List scheduling: whenever a worker is free and something is ready, the most urgent one starts.

A discrete-event simulation: time jumps from one end of a transaction to the next. No worker is
left idle while something is ready, so Graham's bound holds for any order of urgency:
makespan ≤ total / workers + (1 - 1 / workers) × critical path cost.
Source: R. L. Graham, Bounds on Multiprocessing Timing Anomalies, 1969.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from ..dag import Dag
from ..ready_queue import ReadyQueue
from .timeline import Run, Timeline


def run_by_urgency(
    dag: Dag, costs: Sequence[int], urgency: Sequence[int], workers: int
) -> Timeline:
    """Of what is ready, the highest urgency first, then file order; on the lowest free worker."""
    queue = ReadyQueue(dag)
    timeline = Timeline.unstarted(len(costs))
    free = list(range(min(workers, len(costs))))
    running: list[tuple[int, int, int]] = []  # (end, position, worker)
    waiting = [(-urgency[position], position) for position in queue.ready()]
    heapify(waiting)
    now = 0
    while waiting or running:
        while waiting and free:
            position = heappop(waiting)[1]
            run = Run(position, heappop(free), now, now + costs[position])
            timeline.put(run)
            heappush(running, (run.end, position, run.worker))
        now = running[0][0]
        while running and running[0][0] == now:
            _, position, worker = heappop(running)
            queue.done(position)
            heappush(free, worker)
        for position in queue.ready():
            heappush(waiting, (-urgency[position], position))
    return timeline


def run_in_waves(waves: Iterable[Sequence[int]], costs: Sequence[int], workers: int) -> Timeline:
    """Each wave begins only once the whole wave before it has ended.

    Within a wave, the costliest first, then file order.
    """
    timeline = Timeline.unstarted(len(costs))
    now = 0
    for wave in waves:
        free = [(now, worker) for worker in range(min(workers, len(wave)))]
        for position in sorted(wave, key=lambda position: (-costs[position], position)):
            start, worker = heappop(free)
            timeline.put(Run(position, worker, start, start + costs[position]))
            heappush(free, (start + costs[position], worker))
        now = max(end for end, _ in free)
    return timeline
