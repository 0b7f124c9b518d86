"""Sleepers change nothing but the time: passes decide as if they looked at all that wait."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler.pool import (
    GreedyLimits,
    GreedyScheduler,
    Pool,
    PrioGraphLimits,
    PrioGraphScheduler,
)
from sealane.scheduler.pool.account_set import AccountSet
from sealane.scheduler.pool.batch_scheduler import BatchScheduler
from sealane.scheduler.pool.following import Following
from sealane.scheduler.pool.sleepers import GraphSleepers, GreedySleepers
from sealane.scheduler.simulation.policies.in_batches import run_batches
from sealane.scheduler.simulation.timeline import Timeline
from sealane.scheduler.what_if import commutative

from ..shapes import blocks, columns

ACCOUNTS = 100


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """With some accounts that are only added to, and few different priorities."""
    raw = draw(blocks())
    added = np.zeros(ACCOUNTS, dtype=np.bool_)
    added[draw(st.lists(st.integers(0, 3), max_size=2))] = True
    access = commutative(columns(raw, ACCOUNTS), added)
    each = st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw))
    return Pool.ordered(access, draw(each), [bid // 3 for bid in draw(each)])


def timed(scheduler: BatchScheduler, pool: Pool, threads: int) -> Timeline:
    return run_batches(scheduler, pool, threads)


limits = st.tuples(st.integers(1, 6), st.sampled_from([1, 5, 20, 1_000]), st.integers(1, 5))


@given(pools(), limits)
def test_greedy_decides_the_same(pool: Pool, drawn: tuple[int, int, int]) -> None:
    threads, queued, batch_len_max = drawn
    of = GreedyLimits(queued_cost=queued * threads, batch_len_max=batch_len_max)
    literal = timed(GreedyScheduler(pool, threads, of), pool, threads)
    assert timed(GreedyScheduler(pool, threads, of, GreedySleepers), pool, threads) == literal


@given(pools(), limits)
def test_prio_graph_decides_the_same(pool: Pool, drawn: tuple[int, int, int]) -> None:
    """As long as the window holds the pool: those that sleep take up no room in it."""
    threads, queued, batch_len_max = drawn
    of = PrioGraphLimits(queued_cost=queued * threads, batch_len_max=batch_len_max)
    literal = timed(PrioGraphScheduler(pool, threads, of), pool, threads)
    assert timed(PrioGraphScheduler(pool, threads, of, GraphSleepers), pool, threads) == literal


@given(pools(), st.data())
def test_the_following_one_is_the_next_that_waits_and_conflicts(
    pool: Pool, data: st.DataObject
) -> None:
    waits = [True] * len(pool)
    following = Following(pool, waits)
    for taken in data.draw(st.permutations(range(len(pool)))):
        waits[taken] = False
        alone = AccountSet(pool)
        alone.take(taken)
        behind = range(taken + 1, len(pool))
        conflicting = [rank for rank in behind if waits[rank] and not alone.allows(rank)]
        assert following.first(taken) == min(conflicting, default=None)
