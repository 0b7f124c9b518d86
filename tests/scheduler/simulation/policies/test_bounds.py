"""What every policy keeps to, whatever the block: bounds, one at a time, and no conflict at once.

The bound of the critical path is that of the order in which the transactions ran. Where a policy
keeps the file's order, that is the block's own critical path.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag, critical_path
from sealane.scheduler.pool import Pool
from sealane.scheduler.simulation.policies import POLICIES
from sealane.scheduler.simulation.timeline import Run, Timeline
from sealane.scheduler.simulation.workload import Workload
from sealane.scheduler.what_if import commutative

from ...shapes import blocks, columns, seeded

IN_FILE_ORDER = ("waves", "lanes", "dataflow", "fifo", "block-stm")
# At equal priorities. The others let a later transaction overtake one that it conflicts with.
IN_ORDER_OF_PRIORITY = ("prio-graph",)
ACCOUNTS = 100
few = settings(max_examples=40)  # for each of the policies


@st.composite
def workloads(draw: st.DrawFn, priority_max: int = 4) -> Workload:
    raw = draw(blocks())
    added = np.zeros(ACCOUNTS, dtype=np.bool_)
    added[draw(st.lists(st.integers(0, 3), max_size=2))] = True
    access = commutative(columns(raw, ACCOUNTS), added)

    def each(highest: int) -> list[int]:
        return draw(st.lists(st.integers(0, highest), min_size=len(raw), max_size=len(raw)))

    return Workload(build_dag(access), each(9), each(priority_max))


@pytest.mark.parametrize("policy", POLICIES)
@few
@given(block=workloads(), workers=st.integers(1, 6))
def test_every_policy_keeps_to_its_bounds(policy: str, block: Workload, workers: int) -> None:
    found = POLICIES[policy](block, workers)
    spans = zip(found.starts, found.ends, block.costs, strict=True)
    assert all(end - start == cost for start, end, cost in spans)
    require_one_at_a_time(found, workers)
    require_no_conflict_at_once(found, block)
    # So one worker takes the total.
    assert -(-block.total_cost // workers) <= found.makespan <= block.total_cost


@pytest.mark.parametrize("policy", IN_FILE_ORDER)
@few
@given(block=workloads(), workers=st.integers(1, 6))
def test_those_in_file_order_keep_it(policy: str, block: Workload, workers: int) -> None:
    require_edges(POLICIES[policy](block, workers), block)


@pytest.mark.parametrize("policy", IN_ORDER_OF_PRIORITY)
@given(block=workloads(priority_max=0), workers=st.integers(1, 6))
def test_at_equal_priorities_some_keep_file_order(
    policy: str, block: Workload, workers: int
) -> None:
    require_edges(POLICIES[policy](block, workers), block)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_large_block_keeps_to_them_on_many_workers(policy: str) -> None:
    transactions = 3_000
    chance = np.random.default_rng(7)
    costs: list[int] = chance.integers(1, 400_000, transactions).tolist()
    bids: list[int] = chance.integers(0, 50, transactions).tolist()
    block = Workload(build_dag(seeded("zipf", transactions)), costs, bids)
    found = POLICIES[policy](block, 100)
    require_one_at_a_time(found, 100)
    require_no_conflict_at_once(found, block)
    assert found.makespan <= block.total_cost


def require_edges(found: Timeline, block: Workload) -> None:
    edges: list[tuple[int, int]] = block.dag.edges.tolist()
    assert all(found.starts[later] >= found.ends[earlier] for earlier, later in edges)


def require_one_at_a_time(found: Timeline, workers: int) -> None:
    """A worker runs one transaction at a time; what costs nothing takes no time."""
    by_worker: list[list[Run]] = [[] for _ in range(workers)]
    for run in (*found.runs(), *found.aborted):
        assert 0 <= run.start <= run.end
        by_worker[run.worker].append(run)
    for runs in by_worker:
        lasting = sorted((run.start, run.end) for run in runs if run.start < run.end)
        assert all(later >= end for (_, end), (later, _) in pairwise(lasting))


def require_no_conflict_at_once(found: Timeline, block: Workload) -> None:
    """And the critical path of the order in which they ran is not longer than they took."""
    order = sorted(range(len(found)), key=lambda p: (found.starts[p], found.ends[p]))
    dag = build_dag(in_order(block.access, order))
    edges: list[tuple[int, int]] = dag.edges.tolist()
    assert all(found.starts[order[j]] >= found.ends[order[i]] for i, j in edges)
    path = critical_path(dag, [block.costs[position] for position in order])
    assert path.cost <= found.makespan


def in_order(access: AccessLists, order: Sequence[int]) -> AccessLists:
    """The same transactions in another order."""
    priorities = [0] * len(order)
    for rank, position in enumerate(order):
        priorities[position] = -rank
    return Pool.ordered(access, priorities, priorities).access
