"""Hierarchies that are refused: no tree, too deep, too many accounts, too much below others."""

from __future__ import annotations

import numpy as np
import pytest

from sealane.scheduler import AccessLists, NamedAccess, build_dag
from sealane.scheduler.access import NESTED_ACCOUNTS_MAX
from sealane.scheduler.hierarchy import ANCESTORS_MAX


@pytest.mark.parametrize(
    ("parents", "message"),
    [
        ([-1], "1 parents for 3 accounts: give one for each"),
        ([-1, -2, 0], "account 1: its parent -2 is not within 0 … 2"),
        ([-1, 0, 3], "account 2: its parent 3 is not within 0 … 2"),
        ([1, 0, -1], f"account 0: more than {ANCESTORS_MAX} ancestors, or a circle"),
        ([-1, 1, 0], f"account 1: more than {ANCESTORS_MAX} ancestors, or a circle"),
        ([0.5, 1, 1], "parents must be one column of integers"),
    ],
)
def test_bad_parents_are_refused(parents: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AccessLists.from_columns([0], [], [], 3, parents=parents)


def test_limit_of_ancestors() -> None:
    deepest = np.arange(ANCESTORS_MAX + 1) - 1
    access = AccessLists.from_columns(
        [0, 1, 2], [ANCESTORS_MAX, 0], [True, True], len(deepest), parents=deepest
    )
    assert len(build_dag(access).waves) == 2
    beyond = np.arange(ANCESTORS_MAX + 2) - 1
    with pytest.raises(ValueError, match=f"account {ANCESTORS_MAX + 1}: more than"):
        AccessLists.from_columns([0], [], [], len(beyond), parents=beyond)


def test_limit_of_accesses_below_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """a/b/c is below two that are accessed, and so is a/b/d; a/b is below one; a is below none."""
    block = [NamedAccess(["a/b/c", "a/b"], ["a"]), NamedAccess([], ["a/b/d"])]
    monkeypatch.setattr("sealane.scheduler.hierarchy.ACCESSED_ABOVE_MAX", 5)
    assert len(AccessLists.from_paths(block)[0]) == 2
    monkeypatch.setattr("sealane.scheduler.hierarchy.ACCESSED_ABOVE_MAX", 4)
    with pytest.raises(ValueError, match="4 accesses lie below others 5 times, and the limit is 4"):
        AccessLists.from_paths(block)


def test_limit_of_nested_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealane.scheduler.access.NESTED_ACCOUNTS_MAX", 2)
    assert AccessLists.from_columns([0], [], [], 2, parents=[-1, 0]).account_count == 2
    with pytest.raises(ValueError, match="account_count is 3: a hierarchy has at most 2"):
        AccessLists.from_columns([0], [], [], 3, parents=[-1, 0, 0])
    assert NESTED_ACCOUNTS_MAX * 3 < 1 << 31
