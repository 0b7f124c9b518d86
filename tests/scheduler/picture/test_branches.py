"""The critical path as a tree: what its steps wait on, and who else waits for them."""

from __future__ import annotations

from hypothesis import given

from sealane.scheduler import build_dag, critical_path
from sealane.scheduler.picture.branches import path_steps

from ..shapes import Raw, blocks, columns, drawn


def test_the_costliest_branches_come_first() -> None:
    """0 ─a─▶ 1 ─a─▶ 2 ─a─▶ 3 is the path; from 0 hang 4 (b), and 5 ─▶ 6 (c), and 7 (d).

    0: W a b c d   1, 2, 3: W a   4: R b   5: W c   6: R c   7: R d
    """
    access = drawn("Wa Wb Wc Wd", "Wa", "Wa", "Wa", "Rb", "Wc", "Rc", "Rd")
    dag = build_dag(access)
    costs = [1] * 8
    steps = path_steps(access, dag, costs, critical_path(dag, costs), 2)
    assert [step.position for step in steps] == [0, 1, 2, 3]
    assert [[c.account for c in step.conflicts] for step in steps] == [[], [0], [0], [0]]
    assert [(b.position, b.remaining) for b in steps[0].branches] == [(5, 2), (4, 1)]
    assert steps[0].branch_count == 3
    assert [conflict.account for conflict in steps[0].branches[0].conflicts] == [2]
    assert steps[1].branches == ()


@given(blocks())
def test_branches_are_the_successors_beside_the_path(raw: Raw) -> None:
    access = columns(raw, 100)
    dag = build_dag(access)
    costs = [1] * len(raw)
    path = critical_path(dag, costs)
    for step in path_steps(access, dag, costs, path, 100):
        others = set(dag.successors(step.position)) - set(path.transactions)
        assert {branch.position for branch in step.branches} == others
        assert step.branch_count == len(others)
        remaining = [branch.remaining for branch in step.branches]
        assert remaining == sorted(remaining, reverse=True)
