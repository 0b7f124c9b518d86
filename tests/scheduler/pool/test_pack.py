"""Firedancer's pack, microblock for microblock as its tests have it, and beside an oracle."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.scheduler import AccessLists
from sealane.scheduler.pool import PackLimits, PackScheduler, Pool
from sealane.scheduler.pool.pack import SIGNATURE_REWARD, scores
from sealane.scheduler.what_if import commutative

from ...real_data import scheduler_cases
from ..shapes import blocks, columns
from .literal_pack import LiteralPack
from .scheduling_case import Case

MICROBLOCK_LEN_MAX = 128  # in upstream's tests


def _insert(priority: float, writes: str, reads: str = "") -> list[Any]:
    return ["insert", {"priority": priority, "writes": writes, "reads": reads}]


def _schedule(bank: int, txns: int, ids: list[int] | None = None) -> list[Any]:
    return ["schedule", {"bank": bank, "txns": txns, **({} if ids is None else {"ids": ids})}]


UPSTREAM = [
    {
        "name": "test1, each reads what the other writes",
        "bank_tiles": 1,
        "steps": [
            _insert(11, "A", "B"),
            _insert(10, "B", "A"),
            _schedule(0, 1, [0]),
            _schedule(0, 1, [1]),
        ],
    },
    {
        "name": "test2, in a circle: two, then the other two",
        "bank_tiles": 1,
        "steps": [
            _insert(13, "B", "A"),
            _insert(12, "C", "B"),
            _insert(11, "D", "C"),
            _insert(10, "A", "D"),
            _schedule(0, 2, [0, 2]),
            _schedule(0, 2, [1, 3]),
        ],
    },
    {
        "name": "test_gap, no other bank may have it",
        "bank_tiles": 4,
        "steps": [
            _insert(11, "A", "B"),
            _insert(10, "B", "A"),
            *[_schedule(0, 1, [0]), _schedule(1, 0), _schedule(2, 0), _schedule(3, 0)],
            _schedule(0, 1, [1]),
        ],
    },
    {
        "name": "test_expiration, 200 for one account, most of them held back",
        "bank_tiles": 1,
        "steps": [
            *[_insert(12, "A", "B") for _ in range(200)],
            *[_schedule(0, 1) for _ in range(200)],
            _schedule(0, 0),
        ],
    },
]


@pytest.mark.parametrize(
    "case", [*scheduler_cases("firedancer_pack"), *UPSTREAM], ids=lambda case: case["name"]
)
def test_a_case_comes_out(case: Case) -> None:
    """Of equal scores, the one inserted last comes first. Scheduling completes what a bank has."""
    inserted = [step for kind, step in case["steps"] if kind == "insert"]
    access, _ = AccessLists.from_sets([(list(tx["reads"]), list(tx["writes"])) for tx in inserted])
    priorities = [round(5 ** tx["priority"] * 1e4) for tx in inserted]
    pool = Pool.ordered(access, [1] * len(inserted), priorities, newest_first=True)
    rank_of = {position: rank for rank, position in enumerate(pool.positions)}
    limits = PackLimits(microblock_len_max=MICROBLOCK_LEN_MAX)
    scheduler = PackScheduler(pool, case["bank_tiles"], limits)
    arrivals = iter(range(len(inserted)))
    for kind, step in case["steps"]:
        if kind == "insert":
            position = next(arrivals)
            assert step.get("id", position) == position
            scheduler.insert(rank_of[position])
        else:
            assert kind == "schedule"
            assert step.keys() <= {"bank", "txns", "min_txns", "ids", "note"}
            scheduler.complete(step["bank"])
            found = [pool.positions[rank] for rank in scheduler.schedule(step["bank"]).ranks]
            assert len(found) == step.get("txns", len(found))
            assert len(found) >= step.get("min_txns", 0)
            assert found == step.get("ids", found)


def packing(
    writes: list[str], costs: list[int], banks: int = 2, **limits: int
) -> tuple[PackScheduler, list[int]]:
    """All inserted in order, and their ranks; the earlier comes first."""
    access, _ = AccessLists.from_sets([([], list(each)) for each in writes])
    pool = Pool.ordered(access, costs, [0] * len(writes))
    scheduler = PackScheduler(pool, banks, PackLimits(**limits))
    for rank in range(len(pool)):
        scheduler.insert(rank)
    return scheduler, pool.positions


def test_a_block_is_full_at_its_limit_and_not_before() -> None:
    scheduler, _ = packing(["a", "b", "c"], [6, 5, 4], block_cost=10)
    assert [scheduler.schedule(bank).ranks for bank in (0, 1)] == [(0,), (2,)]
    scheduler.complete(0)
    assert scheduler.schedule(0).ranks == ()
    scheduler.complete(1)
    scheduler.begin_block()
    assert scheduler.schedule(0).ranks == (1,)


def test_an_account_is_full_at_its_limit_and_not_before() -> None:
    scheduler, _ = packing(["ab", "ac", "ad", "ae"], [6, 5, 4, 1], account_cost=10)
    for expected in ((0,), (2,), ()):
        scheduler.complete(0)
        assert scheduler.schedule(0).ranks == expected
    scheduler.begin_block()
    assert scheduler.schedule(0).ranks == (1,)


def test_what_is_over_an_accounts_limit_alone_is_scheduled_alone() -> None:
    """As upstream, where only what was written already is limited."""
    scheduler, _ = packing(["a", "a"], [20, 1], account_cost=10)
    assert scheduler.schedule(0).ranks == (0,)
    scheduler.complete(0)
    assert scheduler.schedule(0).ranks == ()


def test_a_microblock_may_cost_less_than_a_block() -> None:
    scheduler, _ = packing(["a", "b", "c"], [6, 5, 1], microblock_len_max=3)
    assert scheduler.schedule(0, cost_max=8).ranks == (0, 2)
    scheduler.complete(0)
    assert scheduler.schedule(0, cost_max=8).ranks == (1,)


def test_one_more_than_may_wait_freely_is_held_back_until_the_account_is_free() -> None:
    """The fourth that needs a pays best, but came when three waited already; one is free."""
    writes = [["a"], ["a"], ["a"], ["a", "x"], ["x"]]
    access, _ = AccessLists.from_sets([([], each) for each in writes])
    pool = Pool.ordered(access, [1] * 5, [1, 2, 3, 9, 0])
    scheduler = PackScheduler(pool, 1, PackLimits(penalty_free_references=2))
    for position in range(5):
        scheduler.insert(pool.positions.index(position))
    order: list[int] = []
    while ranks := scheduler.schedule(0).ranks:
        order += [pool.positions[rank] for rank in ranks]
        scheduler.complete(0)
    assert order == [2, 3, 1, 0, 4]


def test_those_held_back_where_nobody_else_is_left_come_forward_in_the_next_block() -> None:
    """1 waits for a and 2 for b. When 0 is done, which uses both, only 1 comes forward."""
    access, _ = AccessLists.from_sets([([], ["a", "b"]), ([], ["a"]), ([], ["b"])])
    pool = Pool.ordered(access, [1] * 3, [0] * 3)
    scheduler = PackScheduler(pool, 1, PackLimits(penalty_free_references=0))
    for rank in range(3):
        scheduler.insert(rank)
    order: list[int] = []
    for _ in range(3):
        ranks = scheduler.schedule(0).ranks
        if not ranks:
            scheduler.begin_block()
            ranks = scheduler.schedule(0).ranks
        order += ranks
        scheduler.complete(0)
    assert order == [0, 1, 2]


@given(
    st.lists(
        st.tuples(st.integers(0, 1 << 62), st.integers(0, (1 << 63) - 1)), min_size=2, max_size=9
    )
)
def test_scores_order_as_fractions_of_reward_and_cost_do(given: list[tuple[int, int]]) -> None:
    found = scores([priority for priority, _ in given], [cost for _, cost in given])
    exact = [
        Fraction(SIGNATURE_REWARD + -(-priority * cost // 10**6), max(cost, 1))
        for priority, cost in given
    ]
    for i in range(len(given)):
        for j in range(i):
            assert (found[i] < found[j]) == (exact[i] < exact[j])
            assert (found[i] == found[j]) == (exact[i] == exact[j])


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    raw = draw(blocks(transactions_max=20))
    added = np.zeros(100, dtype=np.bool_)
    added[draw(st.lists(st.integers(0, 3), max_size=1))] = True
    costs = draw(st.lists(st.integers(0, 9), min_size=len(raw), max_size=len(raw)))
    return Pool.ordered(commutative(columns(raw, 100), added), costs, [0] * len(raw))


@settings(max_examples=200)
@given(pools(), st.integers(1, 3), st.data())
def test_every_microblock_is_the_oracles(pool: Pool, banks: int, data: st.DataObject) -> None:
    limits = PackLimits(
        block_cost=data.draw(st.sampled_from([9, 30, 1_000])),
        account_cost=data.draw(st.sampled_from([3, 12, 1_000])),
        penalty_free_references=data.draw(st.sampled_from([0, 1, 3, 64])),
    )
    scheduler, oracle = PackScheduler(pool, banks, limits), LiteralPack(pool, banks, limits)
    arrivals = data.draw(st.permutations(range(len(pool))))
    steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, banks - 1)), max_size=60)
    for step, bank in data.draw(steps):
        if step <= 1 and arrivals:
            rank = arrivals.pop()
            scheduler.insert(rank)
            oracle.insert(rank)
        elif step == 2 and not any(oracle.running):
            scheduler.begin_block()
            oracle.begin_block()
        else:
            scheduler.complete(bank)
            oracle.complete(bank)
            cost_max, len_max = (1_000, 1) if step == 3 else (10, 3)
            found = scheduler.schedule(bank, cost_max=cost_max, len_max=len_max)
            assert found.ranks == oracle.schedule(bank, cost_max, len_max)
            assert found.cost == sum(pool.costs[rank] for rank in found.ranks)
