"""Stricter orders of adds: what waits for what, and that nothing conflicts less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, build_dag
from sealane.scheduler.ordered_adds import (
    adds_as_writes,
    adds_set_aside,
    first_after_adds,
    has_runs_of_adds,
)

ACCOUNTS = 3


def _lists(kinds: list[list[tuple[int, str]]]) -> AccessLists:
    rows = [access for each in kinds for access in each]
    letters = np.array([kind for _, kind in rows], dtype="U1")
    return AccessLists(
        np.cumsum([0, *map(len, kinds)]),
        np.array([account for account, _ in rows], dtype=np.uint32),
        letters == "w",
        ACCOUNTS,
        letters == "a",
    )


def _waves(access: AccessLists) -> list[list[int]]:
    return [wave.tolist() for wave in build_dag(access).waves]


def test_adds_as_writes_run_in_block_order() -> None:
    #  a─a─a─r
    access = _lists([[(0, "a")], [(0, "a")], [(0, "a")], [(0, "r")]])
    assert _waves(access) == [[0, 1, 2], [3]]
    assert _waves(adds_as_writes(access)) == [[0], [1], [2], [3]]


def test_the_first_read_after_adds_is_a_write_of_accounts_set_aside() -> None:
    #  a ┐
    #  a ┴─r─r,r       the first read folds
    access = _lists([[(0, "a")], [(0, "a")], [(0, "r")], [(0, "r")], [(0, "r")]])
    after = first_after_adds(access)
    assert after.tolist() == [False, False, True, False, False]
    aside = np.array([True, False, False])
    assert _waves(adds_set_aside(access, aside, after)) == [[0, 1], [2], [3, 4]]
    assert _waves(adds_set_aside(access, ~aside, after)) == [[0], [1], [2, 3, 4]]


def test_nothing_changes_where_each_run_of_adds_ends_in_a_write() -> None:
    access = _lists([[(0, "a")], [(0, "a")], [(0, "w")], [(0, "r")]])
    everything = np.ones(ACCOUNTS, dtype=np.bool_)
    assert adds_set_aside(access, everything, first_after_adds(access)) is access


@pytest.mark.parametrize(
    ("kinds", "found"), [("ara", False), ("awa", False), ("aa", True), ("raar", True), ("r", False)]
)
def test_a_run_of_adds_is_two_without_anything_between(kinds: str, found: bool) -> None:
    access = _lists([[(0, kind)] for kind in kinds])
    assert has_runs_of_adds(access) is found
    if not found:
        assert _waves(access) == _waves(adds_as_writes(access))


blocks = st.lists(
    st.dictionaries(st.integers(0, ACCOUNTS - 1), st.sampled_from("rwa"), max_size=ACCOUNTS).map(
        lambda each: list(each.items())
    ),
    max_size=8,
)


@given(blocks, st.lists(st.booleans(), min_size=ACCOUNTS, max_size=ACCOUNTS))
def test_whatever_conflicts_still_conflicts(
    kinds: list[list[tuple[int, str]]], chosen: list[bool]
) -> None:
    access = _lists(kinds)
    stricter = adds_set_aside(access, np.array(chosen), first_after_adds(access))
    assert stricter.accounts is access.accounts
    before, after = access.kinds_of(slice(None)), stricter.kinds_of(slice(None))
    assert ((before == after) | (after == 1)).all()
