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


def run_by_urgency(
    dag: Dag, costs: Sequence[int], urgency: Sequence[int], workers: int
) -> list[int]:
    """When each transaction ends. Of what is ready, the highest urgency first, then file order."""
    queue = ReadyQueue(dag)
    ends = [0] * len(costs)
    running: list[tuple[int, int]] = []  # (end, position)
    waiting = [(-urgency[position], position) for position in queue.ready()]
    heapify(waiting)
    now = 0
    while waiting or running:
        while waiting and len(running) < workers:
            position = heappop(waiting)[1]
            ends[position] = now + costs[position]
            heappush(running, (ends[position], position))
        now = running[0][0]
        while running and running[0][0] == now:
            queue.done(heappop(running)[1])
        for position in queue.ready():
            heappush(waiting, (-urgency[position], position))
    return ends


def run_in_waves(waves: Iterable[Sequence[int]], costs: Sequence[int], workers: int) -> list[int]:
    """When each transaction ends, if a wave begins only once the whole wave before it has ended.

    Within a wave, the costliest first, then file order.
    """
    ends = [0] * len(costs)
    now = 0
    for wave in waves:
        free = [now] * min(workers, len(wave))
        for position in sorted(wave, key=lambda position: (-costs[position], position)):
            ends[position] = heappop(free) + costs[position]
            heappush(free, ends[position])
        now = max(free)
    return ends
