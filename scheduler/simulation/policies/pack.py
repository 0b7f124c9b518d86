"""Firedancer's pack in simulated time: each bank runs one transaction at a time.

The whole block is in the pool from the begin, inserted in file order. Of equal scores the earlier
in the file comes first, while Firedancer takes the later. A block that costs more than a block may
is built as several, one after another. There are 62 banks at most: more workers have nothing to do.
"""

from __future__ import annotations

from heapq import heappop, heappush

from ...pool.limits import BANK_TILES_MAX, BLOCK_COST_MAX, PackLimits
from ...pool.pack import PackScheduler
from ...pool.pool import Pool
from ..timeline import Run, Timeline
from ..workload import Workload


def pack(block: Workload, workers: int) -> Timeline:
    """The transaction that pays best for its cost, of those that conflict with nothing running."""
    pool = block.paying_pool
    # Upstream refuses what no block has room for; here it gets one of its own.
    limits = PackLimits(block_cost=max(BLOCK_COST_MAX, *block.costs, 0))
    banks = min(workers, BANK_TILES_MAX)
    scheduler = PackScheduler(pool, banks, limits)
    rank_of = {position: rank for rank, position in enumerate(pool.positions)}
    for position in range(len(block)):
        scheduler.insert(rank_of[position])
    return _run(scheduler, pool, banks)


def _run(scheduler: PackScheduler, pool: Pool, banks: int) -> Timeline:
    timeline = Timeline.unstarted(len(pool))
    free = list(range(banks))
    running: list[tuple[int, int]] = []  # (end, bank)
    now, left = 0, len(pool)
    while left or running:
        while free and (ranks := scheduler.schedule(free[0]).ranks):
            bank, begin = heappop(free), now
            for rank in ranks:
                end = begin + pool.costs[rank]
                timeline.put(Run(pool.positions[rank], bank, begin, end))
                begin = end
            left -= len(ranks)
            heappush(running, (begin, bank))
        if not running:
            scheduler.begin_block()
            continue
        now = running[0][0]
        while running and running[0][0] == now:
            _, bank = heappop(running)
            scheduler.complete(bank)
            heappush(free, bank)
    return timeline
