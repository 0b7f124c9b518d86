"""What a path's steps conflict on, beside `conflicts_between` for each step."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given

from sealane.scheduler import build_dag, conflicts_between, critical_path
from sealane.scheduler.causes.path_conflicts import path_accounts, step_conflicts

from ..shapes import Raw, blocks, columns, drawn


def test_a_step_may_have_several_accounts() -> None:
    """0 ── a, b ── 1 ── b ── 2;  c is only read."""
    access = drawn("Wa Wb Rc", "Wa Rb Rc", "Wb Rc")
    assert step_conflicts(access, (0, 1, 2)).tolist() == [[0, 0], [0, 1], [1, 1]]
    assert path_accounts(access, (0, 1, 2)) == [(1, 2), (0, 1)]
    assert step_conflicts(access, (0, 2)).tolist() == [[0, 1]]
    assert path_accounts(access, ()) == []


@given(blocks())
def test_steps_equal_those_of_each_pair(raw: Raw) -> None:
    access = columns(raw, 100)
    path = critical_path(build_dag(access), [1] * len(raw)).transactions
    expected = [
        [step, conflict.account]
        for step, (earlier, later) in enumerate(pairwise(path))
        for conflict in conflicts_between(access, earlier, later)
    ]
    assert step_conflicts(access, path).tolist() == expected
    counts = Counter(account for _, account in expected)
    assert path_accounts(access, path) == sorted(counts.items(), key=lambda n: (-n[1], n[0]))
