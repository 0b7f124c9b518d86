"""All conflicting pairs: counted, listed and gridded, against all pairs one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag
from sealane.scheduler.picture import all_conflicts
from sealane.scheduler.picture.all_conflicts import (
    conflict_grid,
    count_conflicts,
    edge_grid,
    list_conflicts,
)
from sealane.scheduler.what_if import commutative

from ..oracle import conflicting_pairs
from ..shapes import Raw, blocks, columns, drawn, seeded


def test_a_queue_of_writers_conflicts_pair_by_pair() -> None:
    access = drawn(*["Wa"] * 5)
    assert len(build_dag(access).edges) == 4
    assert count_conflicts(access) == 10
    assert list_conflicts(access, 3).listed.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert list_conflicts(access, 3).total == 10


def test_adds_do_not_conflict_with_each_other() -> None:
    """0, 1: add to a; 2: reads it; 3: adds again."""
    chosen = np.arange(26) == 0
    access = commutative(drawn("Wa", "Wa", "Ra", "Wa"), chosen)
    assert list_conflicts(access, 9).listed.tolist() == [[0, 2], [1, 2], [2, 3]]


@given(blocks(), st.integers(1, 50))
def test_every_pair_is_found_once(raw: Raw, limit: int) -> None:
    access = columns(raw, 100)
    pairs = conflicting_pairs(raw)
    found = list_conflicts(access, limit)
    assert found.total == count_conflicts(access) == len(pairs)
    assert [tuple(pair) for pair in found.listed.tolist()] == pairs[:limit]


@given(blocks(), st.integers(1, 12))
def test_a_grid_has_every_pair_in_its_cell(raw: Raw, cells: int) -> None:
    access = columns(raw, 100)
    count = len(raw)
    expected = np.zeros((cells, cells), np.int64)
    for earlier, later in conflicting_pairs(raw):
        expected[later * cells // count, earlier * cells // count] += 1
    assert np.array_equal(conflict_grid(access, cells), expected)
    dag = build_dag(access)
    direct = edge_grid(dag.order, cells)
    assert direct.sum() == len(dag.edges)
    assert np.array_equal(direct > 0, (direct > 0) & (expected.T > 0))


def test_a_hot_account_is_counted_without_listing_its_pairs() -> None:
    assert count_conflicts(columns([[(0, True)]] * 5_000, 1)) == 5_000 * 4_999 // 2


def test_too_many_transactions_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_conflicts, "TRANSACTIONS_COUNTED_MAX", 30)
    assert count_conflicts(seeded("hot", 30)) is not None
    assert count_conflicts(seeded("hot", 31)) is None
    with pytest.raises(ValueError, match="31 transactions: pairs are counted up to 30"):
        list_conflicts(seeded("hot", 31), 1)
