"""Whom a transaction waits for, and who waits for it, some edges far."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import build_dag
from sealane.scheduler.picture.neighbourhood import neighbourhood

from ..oracle import edges, reachable
from ..shapes import Raw, blocks, columns, drawn


@pytest.mark.parametrize(
    ("levels", "found"), [(0, [2]), (1, [1, 2, 3]), (2, [0, 1, 2, 3, 4]), (9, [0, 1, 2, 3, 4])]
)
def test_levels_are_edges(levels: int, found: list[int]) -> None:
    """0 ─▶ 1 ─▶ 2 ─▶ 3 ─▶ 4, and 5 by itself."""
    dag = build_dag(drawn("Wa", "Wa", "Wa", "Wa", "Wa", "Wb"))
    assert neighbourhood(dag, 2, levels).nonzero()[0].tolist() == found


def test_a_sibling_is_no_neighbour() -> None:
    """0 ─▶ 1 and 0 ─▶ 2: both wait for 0, not for each other."""
    dag = build_dag(drawn("Wa", "Ra", "Ra"))
    assert neighbourhood(dag, 1, 9).tolist() == [True, True, False]


def test_bad_positions_and_levels() -> None:
    dag = build_dag(drawn("Wa"))
    with pytest.raises(IndexError, match="no transaction 1 among 1"):
        neighbourhood(dag, 1, 0)
    with pytest.raises(ValueError, match="levels is -1"):
        neighbourhood(dag, 0, -1)


@given(blocks(), st.data())
def test_with_enough_levels_it_is_all_that_can_be_reached(raw: Raw, data: st.DataObject) -> None:
    if not raw:
        return
    position = data.draw(st.integers(0, len(raw) - 1))
    after = reachable(len(raw), edges(raw))
    expected = {position} | after[position] | {p for p in range(len(raw)) if position in after[p]}
    found = neighbourhood(build_dag(columns(raw, 100)), position, len(raw))
    assert set(found.nonzero()[0].tolist()) == expected
