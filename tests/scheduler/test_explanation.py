"""Explanations on drawn graphs, and the properties that hold on any."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import cast

import networkx
import pytest
from hypothesis import given

from sealane.scheduler import (
    AccessLists,
    Conflict,
    ConflictKind,
    Dependency,
    Explanation,
    Predecessor,
    Step,
    build_dag,
    conflicts_between,
    dependency,
    explain,
)

from . import oracle
from .shapes import Raw, blocks, columns, drawn

A, B, C = range(3)
RAW, WAR, WAW = (
    ConflictKind.READ_AFTER_WRITE,
    ConflictKind.WRITE_AFTER_READ,
    ConflictKind.WRITE_AFTER_WRITE,
)


def diamond() -> AccessLists:
    """
    W0 ─a─► R1,W1 ─b─┐
                     ├─► 3 ─c─► 4        5 stands alone
    W2 ───────c──────┘
    """
    return drawn("Wa", "Ra Wb", "Wc", "Wb Wc", "Rc", "Wz")


def test_the_last_of_a_diamond() -> None:
    lists = diamond()
    assert explain(lists, build_dag(lists), 3) == Explanation(
        position=3,
        wave=2,
        blocked_by=(Predecessor(1, (Conflict(B, WAW),)),),
        also_after=(Predecessor(2, (Conflict(C, WAW),)),),
        chain=(Step(1, Conflict(B, WAW)), Step(0, Conflict(A, RAW))),
        waiting=(4,),
    )


def test_one_that_nothing_holds() -> None:
    lists = diamond()
    assert explain(lists, build_dag(lists), 5) == Explanation(5, 0, (), (), (), ())


def test_the_chain_goes_by_the_lowest_of_several_that_hold_it() -> None:
    """
    R0 ─┐
        ├─a─► W2
    R1 ─┘
    """
    lists = drawn("Ra", "Ra", "Wa")
    explanation = explain(lists, build_dag(lists), 2)
    assert explanation.blocked_by == (
        Predecessor(0, (Conflict(A, WAR),)),
        Predecessor(1, (Conflict(A, WAR),)),
    )
    assert explanation.chain == (Step(0, Conflict(A, WAR)),)


def test_a_direct_tie_counts_without_an_edge_of_its_own() -> None:
    """W0 ─► W1 ─► W2: 0 and 2 both write a, though the edges go through 1."""
    lists = drawn("Wa", "Wa", "Wa")
    dag = build_dag(lists)
    assert dependency(lists, dag, 0, 2) == Dependency(0, 2, (Conflict(A, WAW),), ())
    assert dependency(lists, dag, 2, 0) == dependency(lists, dag, 0, 2)


def test_a_tie_through_others_takes_the_shortest_chain() -> None:
    """
    0 ─a─► 1 ─b─► 2 ─c─► 4        by 3: one step less
    └──d─► 3 ─────e──────┘
    """
    lists = drawn("Wa Wd", "Wa Wb", "Wb Wc", "Rd We", "Wc Re")
    assert dependency(lists, build_dag(lists), 0, 4) == Dependency(
        0, 4, (), (Step(3, Conflict(4, RAW)), Step(0, Conflict(3, RAW)))
    )


def test_no_tie() -> None:
    """0 ─a─► 2 and 1 ─b─► 3; 2 and 3 only read z together."""
    lists = drawn("Wa", "Wb", "Ra Rz", "Rb Rz")
    dag = build_dag(lists)
    assert dependency(lists, dag, 2, 3) is None
    assert dependency(lists, dag, 0, 3) is None


def test_positions_that_make_no_sense_are_refused() -> None:
    lists = diamond()
    dag = build_dag(lists)
    with pytest.raises(ValueError, match="transaction 2 does not come before transaction 2"):
        dependency(lists, dag, 2, 2)
    with pytest.raises(IndexError, match="no transaction 6 among 6"):
        dependency(lists, dag, 0, 6)
    with pytest.raises(IndexError, match="no transaction 6 among 6"):
        explain(lists, dag, 6)


@given(blocks(transactions_max=20))
def test_explanations_hold_together(raw: Raw) -> None:
    """The parts cover all direct neighbours, and the chain is one conflict a wave, down to 0."""
    lists = columns(raw, 100)
    dag = build_dag(lists)
    levels = oracle.levels(raw)
    for position, wave in enumerate(levels):
        found = explain(lists, dag, position)
        assert found.wave == wave
        assert [levels[predecessor.position] for predecessor in found.blocked_by] == [
            wave - 1
        ] * len(found.blocked_by)
        assert all(levels[predecessor.position] < wave - 1 for predecessor in found.also_after)
        predecessors = (*found.blocked_by, *found.also_after)
        assert sorted(predecessor.position for predecessor in predecessors) == dag.predecessors(
            position
        )
        for predecessor in predecessors:
            assert {c.account for c in predecessor.conflicts} == oracle.conflict_accounts(
                raw[predecessor.position], raw[position]
            )
        assert [levels[step.position] for step in found.chain] == list(range(wave))[::-1]
        later = position
        for step in found.chain:
            assert step.conflict in conflicts_between(lists, step.position, later)
            later = step.position
        assert list(found.waiting) == dag.successors(position)


@given(blocks(transactions_max=12))
def test_ties_are_those_of_all_paths_and_none_is_shorter(raw: Raw) -> None:
    lists = columns(raw, 100)
    dag = build_dag(lists)
    shortest_path = cast("Callable[..., list[int]]", networkx.shortest_path)  # partial stub
    graph: networkx.DiGraph[int] = networkx.DiGraph([(a, b) for a, b in dag.edges.tolist()])
    graph.add_nodes_from(range(len(raw)))
    for later in range(len(raw)):
        for earlier in range(later):
            found = dependency(lists, dag, earlier, later)
            assert (found is not None) == networkx.has_path(graph, earlier, later)
            if found is None or found.conflicts:
                continue
            path = [later, *(step.position for step in found.chain)]
            assert path[-1] == earlier
            assert len(path) == len(shortest_path(graph, earlier, later))
            assert all(graph.has_edge(before, after) for after, before in pairwise(path))
