"""What is packed: within all limits, by priority, in a legal order of its policy."""

from __future__ import annotations

import doctest
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import UsageError
from sealane.scheduler import AccessLists, build_dag, critical_path
from sealane.scheduler.packing import (
    AGAVE_4_3,
    BlockLimits,
    Item,
    Limit,
    LookAhead,
    Pending,
    Policy,
    first_excess,
    pack,
)
from sealane.scheduler.packing.fitting import LOOKED_AT_MAX, PASSED_OVER_MAX
from sealane.scheduler.packing.packing import by_priority
from sealane.scheduler.pool import Batch
from sealane.scheduler.pool.limits import THREADS_MAX

from ..shapes import columns, seeded
from .pending_blocks import Offered, limits, offers, require_within, waiting

POLICIES = list(Policy)
OPEN = BlockLimits(1_000, 1_000, None)


@given(offers(), limits(), st.sampled_from(POLICIES), st.integers(1, 6))
def test_no_limit_is_exceeded(
    offered: Offered, of: BlockLimits, policy: Policy, threads: int
) -> None:
    packed = pack(offered.pending, of, policy, threads=threads)
    require_within(offered, packed.positions, of)
    chosen = [offered.pending.items[position] for position in packed.positions]
    assert first_excess(chosen, of) is None
    assert packed.costs.cost == sum(item.cost for item in chosen)


@given(offers(), limits(), st.sampled_from(POLICIES), st.integers(1, 6))
def test_the_same_is_packed_again(
    offered: Offered, of: BlockLimits, policy: Policy, threads: int
) -> None:
    one, other = (pack(offered.pending, of, policy, threads=threads) for _ in range(2))
    assert (one.positions, one.refused) == (other.positions, other.refused)


@given(offers(), limits(), st.sampled_from(POLICIES), st.integers(1, 6))
def test_what_is_left_out_does_not_fit_any_more(
    offered: Offered, of: BlockLimits, policy: Policy, threads: int
) -> None:
    packed = pack(offered.pending, of, policy, threads=threads)
    left = set(range(len(offered.pending))) - set(packed.positions)
    assert all(packed.costs.excess(offered.pending.items[position]) for position in left)


@given(offers(), limits())
def test_greedy_for_one_thread_goes_by_priority_alone(offered: Offered, of: BlockLimits) -> None:
    order = sorted(range(len(offered.rows)), key=lambda position: -offered.rows[position][1])
    chosen: list[int] = []
    for position in order:
        block = [offered.pending.items[each] for each in [*chosen, position]]
        if first_excess(block, of) is None:
            chosen.append(position)
    assert pack(offered.pending, of, threads=1).positions == chosen


@given(offers(), limits(), st.integers(1, 6))
def test_under_prio_graph_nothing_overtakes_what_it_conflicts_with(
    offered: Offered, of: BlockLimits, threads: int
) -> None:
    packed = pack(offered.pending, of, Policy.PRIO_GRAPH, threads=threads)
    for earlier, later in combinations(packed.positions, 2):
        if offered.conflict(earlier, later):
            ranks = [(-offered.rows[position][1], position) for position in (earlier, later)]
            assert ranks == sorted(ranks)


@pytest.mark.parametrize("policy", POLICIES)
def test_what_does_not_fit_is_passed_over_and_cheaper_ones_go_in(policy: Policy) -> None:
    """Of 10 for the block: 6, then 5 does not fit, then 4 does."""
    pending = waiting("Wa", "Wb", "Wc", costs=[6, 5, 4], priorities=[3, 2, 1])
    packed = pack(pending, BlockLimits(10, 10, None), policy)
    assert (packed.positions, packed.refused) == ([0, 2], {Limit.BLOCK: 1})


@pytest.mark.parametrize("policy", POLICIES)
def test_a_full_account_keeps_its_own_out_and_nobody_else(policy: Policy) -> None:
    pending = waiting("Wa", "Wa", "Wb", "Ra", costs=[4, 4, 4, 4], priorities=[4, 3, 2, 1])
    packed = pack(pending, BlockLimits(100, 7, None), policy)
    assert sorted(packed.positions) == [0, 2, 3]
    assert packed.refused == {Limit.ACCOUNT: 1}


@pytest.mark.parametrize("policy", POLICIES)
def test_only_adding_to_an_account_is_writing_it(policy: Policy) -> None:
    access, _ = AccessLists.from_sets([([], [], ["a"]), ([], [], ["a"])])
    packed = pack(Pending.of(access, [4, 4], [1, 1]), BlockLimits(100, 7, None), policy)
    assert packed.refused == {Limit.ACCOUNT: 1}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("passed_over_max", "chosen"), [(2, [0]), (3, [0, 3])])
def test_the_search_ends_after_so_many_that_the_block_has_no_room_for(
    policy: Policy, passed_over_max: int, chosen: list[int]
) -> None:
    pending = waiting("Wa", "Wb", "Wc", "Wd", costs=[6, 5, 5, 1], priorities=[4, 3, 2, 1])
    look_ahead = LookAhead(passed_over_max=passed_over_max)
    packed = pack(pending, BlockLimits(10, 10, None), policy, look_ahead=look_ahead)
    assert packed.positions == chosen


@pytest.mark.parametrize(
    ("refused", "limit", "ends"),
    [
        (Item(9, [1]), Limit.BLOCK, True),
        (Item(1, [1], allocated=9), Limit.ALLOCATED, True),
        (Item(1, [1], size=9), Limit.BYTES, True),
        (Item(1, [7]), Limit.ACCOUNT, False),
        (Item(2, [1], simple_vote=True), Limit.VOTES, False),
        (Item(8, [1]), Limit.TRANSACTION, False),
    ],
)
def test_only_what_all_need_ends_the_search(refused: Item, limit: Limit, ends: bool) -> None:
    """One may be passed over. Account 7 is full after the first; the last one fits always."""
    limits = BlockLimits(
        cost_max=15, account_cost_max=7, vote_cost_max=1, allocated_bytes_max=8, bytes_max=8
    )
    items = [Item(7, [7]), refused, Item(0, [2])]
    access, _ = AccessLists.from_sets([([], list(item.writes)) for item in items])
    pending = Pending(access, [3, 2, 1], items)
    packed = pack(pending, limits, look_ahead=LookAhead(passed_over_max=1))
    assert packed.refused == {limit: 1}
    assert packed.positions == ([0] if ends else [0, 2])


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("looked_at_max", "chosen"), [(2, [0, 1]), (3, [0, 1, 2])])
def test_only_so_many_are_looked_at(policy: Policy, looked_at_max: int, chosen: list[int]) -> None:
    pending = waiting("Wa", "Wb", "Wc", "Wd", costs=[1] * 4)
    look_ahead = LookAhead(looked_at_max=looked_at_max)
    assert pack(pending, OPEN, policy, look_ahead=look_ahead).positions[:4] == chosen


def test_the_bounds_of_a_search_are_named() -> None:
    assert LookAhead() == LookAhead(LOOKED_AT_MAX, PASSED_OVER_MAX)


@pytest.mark.parametrize("policy", POLICIES)
def test_equal_priorities_go_by_arrival(policy: Policy) -> None:
    pending = waiting("Wa", "Wa", "Wa", "Wa", costs=[1] * 4, priorities=[1, 2, 1, 2])
    assert pack(pending, OPEN, policy).positions == [1, 3, 0, 2]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_end_of_a_block_goes_to_the_highest_priority(policy: Policy) -> None:
    """Two threads have three each; the block has room for four, which are not the first thread's.

    ..  thread 0: 0 2 4      thread 1: 1 3 5
    """
    pending = waiting("Wa", "Wb", "Wc", "Wd", "We", "Wf", costs=[1] * 6)
    packed = pack(pending, BlockLimits(4, 4, None), policy, threads=2)
    assert packed.positions == [0, 1, 2, 3]


def test_prio_graph_gives_up_little_for_much_more_that_can_run_at_once() -> None:
    """4,000 wait, of which some 380 fit; a few accounts are in most of them."""
    access = seeded("zipf", 4_000)
    chance = np.random.default_rng(1)
    priorities: list[int] = chance.integers(0, 1_000_000, 4_000).tolist()
    costs = chance.integers(20_000, 300_000, 4_000)
    pending = Pending.of(access, costs.tolist(), priorities)
    fees: dict[Policy, int] = {}
    parallel: dict[Policy, float] = {}
    for policy in Policy:
        chosen = pack(pending, AGAVE_4_3, policy).positions
        fees[policy] = sum(priorities[place] * int(costs[place]) for place in chosen)
        rows = [access.of(place) for place in chosen]
        block = columns(
            [list(zip(keys.tolist(), writes.tolist(), strict=True)) for keys, writes in rows],
            access.account_count,
        )
        longest = critical_path(build_dag(block), costs[chosen]).cost
        parallel[policy] = float(costs[chosen].sum()) / longest
    assert fees[Policy.PRIO_GRAPH] > 0.85 * fees[Policy.GREEDY]
    assert parallel[Policy.PRIO_GRAPH] > 5 * parallel[Policy.GREEDY]


def test_neighbouring_batches_of_different_threads_are_merged() -> None:
    batches = [Batch(0, (0, 3), 0), Batch(1, (1, 2), 0), Batch(0, (4,), 0), Batch(1, (7,), 0)]
    assert list(by_priority([*batches, Batch(1, (5, 6), 0)])) == [0, 1, 2, 3, 4, 7, 5, 6]


@pytest.mark.parametrize("count_expected", [False, True])
def test_limits_count_what_is_declared_unless_asked_otherwise(count_expected: bool) -> None:
    pending = Pending.of(waiting("Wa", "Wb", costs=[6, 6]).access, [6, 6], [0, 0])
    expecting = Pending.of(pending.access, [6, 6], [0, 0], expected_costs=[5, 5])
    packed = pack(expecting, BlockLimits(10, 10, None), count_expected=count_expected)
    assert packed.positions == ([0, 1] if count_expected else [0])
    assert pack(pending, BlockLimits(10, 10, None), count_expected=count_expected).positions == [0]


@pytest.mark.parametrize("policy", POLICIES)
def test_nothing_waits(policy: Policy) -> None:
    access, _ = AccessLists.from_sets([])
    packed = pack(Pending.of(access, [], []), AGAVE_4_3, policy)
    assert (packed.positions, packed.refused) == ([], {})


@pytest.mark.parametrize("threads", [0, THREADS_MAX + 1])
def test_threads_out_of_range_are_refused(threads: int) -> None:
    pending = waiting("Wa", costs=[1])
    assert pack(pending, OPEN, threads=THREADS_MAX).positions == [0]
    with pytest.raises(UsageError, match=f"threads={threads}"):
        pack(pending, OPEN, threads=threads)


def test_a_column_of_another_length_is_refused() -> None:
    access = waiting("Wa", costs=[1]).access
    with pytest.raises(UsageError, match="sizes has 2 entries for 1 transactions"):
        Pending.of(access, [1], [1], sizes=[1, 2])


@pytest.mark.parametrize("name", ["looked_at_max", "passed_over_max"])
def test_a_packer_looks_at_one_at_least(name: str) -> None:
    assert getattr(LookAhead(**{name: 1}), name) == 1
    with pytest.raises(UsageError, match=f"{name}=0"):
        LookAhead(**{name: 0})


@pytest.mark.parametrize("name", ["costs", "sizes", "allocated"])
def test_nothing_costs_less_than_nothing(name: str) -> None:
    access = waiting("Wa", costs=[1]).access

    def pending(**below: list[int]) -> Pending:
        given = {"costs": [0], "sizes": [0], "allocated": [0]} | below
        costs, sizes, allocated = given["costs"], given["sizes"], given["allocated"]
        return Pending.of(access, costs, [-1], sizes=sizes, allocated=allocated)

    assert pack(pending(), OPEN).positions == [0]
    with pytest.raises(UsageError, match=f"{name} has an entry below 0: -1"):
        pending(**{name: [-1]})


@pytest.mark.parametrize(
    "module", ["packing", "pending", "cost_model", "block_limits", "block_costs", "priority"]
)
def test_the_examples_run(module: str) -> None:
    result = doctest.testmod(sys.modules[f"sealane.scheduler.packing.{module}"])
    assert result.attempted
    assert not result.failed
