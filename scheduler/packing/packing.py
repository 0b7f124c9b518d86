"""Packing a block: by priority, under its limits, in an order that a policy makes.

    Pending ──▶ Pool, by priority ──▶ scheduler, pass by pass ──▶ batches ──▶ fits? ──▶ Packed
                                          ▲                                     │
                                          └── hands out only what may still fit ┘

Guarantees: the same pending transactions give the same block; equal priorities go by arrival; the
block exceeds no limit. Two that conflict are in the block in the order in which the policy
scheduled them. Does not: look at all that waits, see fitting.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from ...primitives import UsageError
from ..pool import Batch, Pool
from ..pool.limits import THREADS_MAX
from .block_costs import BlockCosts, Limit
from .block_limits import BlockLimits
from .fitting import Filling, Fitting, LookAhead
from .pending import Pending
from .policies import Policy

# Who executes a block by its DAG, as the runtime does, gains nothing from a division among threads.
THREADS: Final = 1


class Packed(NamedTuple):
    """`positions` in the order of the block. `costs`: what it uses of its limits.

    `refused`: how many were looked at and did not fit, by the limit that kept them out. Whatever is
    in neither was not looked at.
    """

    positions: list[int]
    costs: BlockCosts
    refused: dict[Limit, int]


def pack(
    pending: Pending,
    limits: BlockLimits,
    policy: Policy = Policy.GREEDY,
    *,
    threads: int = THREADS,
    count_expected: bool = False,
    look_ahead: LookAhead | None = None,
) -> Packed:
    """Choose a block of those that wait.

    `threads`: that the policy divides the block among. For one, greedy goes by priority alone, and
    prio-graph by levels of what does not conflict. `count_expected`: limits are counted by
    `expected_costs`, so that more goes in than may be executed if all used what they declare; by
    default those only divide the block among threads. Raises UsageError for threads out of range.

    >>> from sealane.scheduler import AccessLists
    >>> from sealane.scheduler.packing import AGAVE_4_3
    >>> access, _ = AccessLists.from_sets([([], ["a"]), ([], ["a"]), ([], ["b"])])
    >>> pending = Pending.of(access, [20_000_000, 5_000_000, 1_000], priorities=[1, 9, 1])
    >>> packed = pack(pending, AGAVE_4_3)
    >>> packed.positions, packed.refused
    ([1, 2], {<Limit.ACCOUNT: 'account'>: 1})
    """
    if not 1 <= threads <= THREADS_MAX:
        raise UsageError(f"threads={threads}: a block is divided among 1 to {THREADS_MAX}")
    items = pending.items
    expected = pending.expected_costs
    costs = [item.cost for item in items] if expected is None else expected
    pool = Pool.ordered(pending.access, costs, pending.priorities)
    by_rank = [items[position] for position in pool.positions]
    if count_expected and expected is not None:
        by_rank = [item._replace(cost=cost) for item, cost in zip(by_rank, pool.costs, strict=True)]
    filling = Filling(by_rank, limits, look_ahead or LookAhead())
    queued_cost = limits.cost_max + threads  # a thread has room for something, whatever the limits
    scheduler = policy.scheduler(pool, threads, queued_cost, partial(Fitting, filling=filling))
    chosen: list[int] = []
    while not filling.ended and (batches := scheduler.schedule().batches):
        for rank in by_priority(batches):
            if filling.ended:
                break
            if filling.take(rank):
                chosen.append(pool.positions[rank])
        if not filling.ended:
            for batch in batches:
                scheduler.complete(batch)
    return Packed(chosen, filling.costs, dict(filling.refused))


def by_priority(batches: Sequence[Batch]) -> Iterator[int]:
    """The ranks of a pass, as far as possible by priority, and never past a conflict.

    What different threads have at the same time does not conflict. So neighbouring batches of
    different threads are merged by rank; otherwise the end of a block would go to whatever the
    first thread has.
    """
    merged: list[int] = []
    threads: set[int] = set()
    for batch in batches:
        if batch.thread in threads:
            yield from sorted(merged)
            merged.clear()
            threads.clear()
        merged += batch.ranks
        threads.add(batch.thread)
    yield from sorted(merged)
