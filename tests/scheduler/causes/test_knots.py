"""Knots: what must go together, drawn by hand, and held to a block without those accounts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, Knot, build_dag, critical_path, knots
from sealane.scheduler.causes.path_conflicts import step_conflicts
from sealane.scheduler.what_if import without_accounts

from ..shapes import drawn, seeded
from .pairs import Kinds, blocks_with_adds


def found(access: AccessLists, costs: list[int] | None = None, limit: int = 10) -> list[Knot]:
    weights = [1] * len(access) if costs is None else costs
    return knots(access, weights, critical_path(build_dag(access), weights), limit)


def test_accounts_of_one_step_are_tied_and_so_are_those_they_share() -> None:
    """0 ── a b ── 1 ── b c ── 2 ── d ── 3: a, b and c are a knot, d is another."""
    access = drawn("Wa Wb", "Wa Wb Wc", "Wb Wc Wd", "Wd")
    assert found(access) == [
        Knot((0, 1, 2), steps=2, critical_path_cost=2, parallelism=2.0),
        Knot((3,), steps=1, critical_path_cost=1, parallelism=4.0),
    ]
    assert found(access, limit=1) == found(access)[:1]


def test_of_several_knots_the_one_that_wins_most_goes_first() -> None:
    """0 ── 1 ── 2 on a, of cost 1 each; 2 ── 3 on b, of cost 9."""
    access = drawn("Wa", "Wa", "Wa Wb", "Wb")
    assert [knot.accounts for knot in found(access, [1, 1, 9, 9])] == [(1,), (0,)]


def test_it_ends_where_nothing_gets_shorter() -> None:
    """Two queues of the same cost, on a and on b: to take one away leaves the other."""
    assert found(drawn("Wa", "Wa", "Wb", "Wb")) == []
    assert found(drawn()) == []
    assert found(drawn("Wa", "Wb")) == []


@given(blocks_with_adds(), st.data())
def test_each_knot_costs_what_the_block_without_it_costs(
    block: tuple[Kinds, AccessLists], data: st.DataObject
) -> None:
    kinds, access = block
    costs = data.draw(st.lists(st.integers(0, 9), min_size=len(kinds), max_size=len(kinds)))
    gone = np.zeros(100, dtype=np.bool_)
    before = critical_path(build_dag(access), costs)
    for knot in found(access, costs):
        held = step_conflicts(without_accounts(access, gone), before.transactions)
        steps = {step for step, account in held.tolist() if account in knot.accounts}
        assert knot.steps == len(steps)
        assert {a for step, a in held.tolist() if step in steps} == set(knot.accounts)
        gone[list(knot.accounts)] = True
        after = critical_path(build_dag(without_accounts(access, gone)), costs)
        assert knot.critical_path_cost == after.cost < before.cost
        assert knot.parallelism == (sum(costs) / after.cost if after.cost else 1.0)
        before = after


def test_a_large_block_gets_a_knot_within_bounds() -> None:
    access = seeded("hot", 20_000)
    assert len(found(access, np.arange(20_000).tolist(), limit=1)) <= 1
