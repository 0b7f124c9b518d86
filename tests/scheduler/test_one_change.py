"""The longest chain after one change, beside a plan of the block with that change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag
from sealane.scheduler.access import ADD, READ, WRITE
from sealane.scheduler.critical_path import critical_path
from sealane.scheduler.one_change import LongestChain
from sealane.scheduler.what_if import commutative, with_locks

from .shapes import Raw, blocks, columns, drawn


def chain_of(access: AccessLists, weights: list[int] | None = None) -> LongestChain:
    return LongestChain(build_dag(access), weights or [1] * len(access))


#  Wa ── Wa ── Wa        the second one only reads: still between the two others
#                        unlocked: the first and the third still conflict with each other
def test_a_reader_between_two_writers_still_waits_and_makes_wait() -> None:
    chain = chain_of(drawn("Wa", "Wa", "Wa"))
    assert chain.length == 3
    assert chain.length_if(1, {0: READ}) == 3
    assert chain.length_if(1, {}) == 2


#  Wa ── Wa              the first one only reads, then the second: two readers run side by side
#  Ra ── Wa
def test_two_readers_run_side_by_side() -> None:
    assert chain_of(drawn("Wa", "Ra")).length_if(0, {0: READ}) == 1
    assert chain_of(drawn("Ra", "Wa")).length_if(1, {0: READ}) == 1


#  Aa ── Ra              two that only add run side by side, and conflict with whoever reads
#  Aa ──
def test_adders_run_side_by_side() -> None:
    access = commutative(drawn("Wa", "Wa", "Ra"), np.ones(26, np.bool_))
    chain = chain_of(access)
    assert chain.length == 2
    assert chain.length_if(1, {0: WRITE}) == 3
    assert chain.length_if(2, {0: ADD}) == 1


#  Wa ── Wa      Wb      one more lock: the three are a chain
def test_a_lock_more_costs() -> None:
    assert chain_of(drawn("Wa", "Wa", "Wb")).length_if(2, {0: WRITE, 1: WRITE}) == 3


def test_an_account_that_nobody_else_locks_costs_nothing() -> None:
    assert chain_of(drawn("Wa", "Wa")).length_if(1, {0: WRITE, 77: WRITE}) == 2


def test_weights_count() -> None:
    chain = chain_of(drawn("Wa", "Wa Wb", "Wb", "Wc"), [1, 5, 1, 6])
    assert chain.length == 7
    assert chain.length_if(1, {1: WRITE}) == 6
    assert [chain.goes_through(position) for position in range(4)] == [True, True, True, False]


def test_an_empty_block() -> None:
    assert chain_of(drawn()).length == 0


@given(blocks(), st.lists(st.booleans(), min_size=100, max_size=100), st.data())
def test_one_change_is_what_a_new_plan_says(
    raw: Raw, added_to: list[bool], data: st.DataObject
) -> None:
    access = commutative(columns(raw, 100), np.array(added_to, np.bool_))
    if not raw:
        return
    weight = st.integers(0, 5)
    weights = data.draw(st.lists(weight, min_size=len(raw), max_size=len(raw)))
    position = data.draw(st.integers(0, len(raw) - 1))
    kinds = st.sampled_from([READ, WRITE, ADD, None])
    changes = data.draw(st.dictionaries(st.integers(0, 101), kinds, max_size=4))
    changed: dict[int, int | None] = {**locks(access, position), **changes}
    kept = {account: kind for account, kind in changed.items() if kind is not None}
    anew = build_dag(with_locks(access, {(position, a): kind for a, kind in changes.items()}))
    by_count, by_cost = chain_of(access), chain_of(access, weights)
    assert by_count.length_if(position, kept) == len(anew.waves)
    assert by_cost.length_if(position, kept) == critical_path(anew, weights).cost


@pytest.mark.parametrize("position", [0, 1, 2])
def test_nothing_changed_is_the_length_itself(position: int) -> None:
    access = drawn("Wa Rb", "Ra Wb", "Wa")
    chain = chain_of(access)
    assert chain.length_if(position, locks(access, position)) == chain.length


def locks(access: AccessLists, position: int) -> dict[int, int]:
    rows = slice(int(access.offsets[position]), int(access.offsets[position + 1]))
    kinds: list[int] = access.kinds_of(rows).tolist()
    return dict(zip(access.accounts[rows].tolist(), kinds, strict=True))
