"""The critical path: drawn graphs, exactness, and networkx as the oracle of its cost."""

from __future__ import annotations

from itertools import pairwise

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from sealane.primitives.one_line import REPR_LEN_MAX
from sealane.scheduler import AccessLists, CriticalPath, build_dag, critical_path, parallelism

from .shapes import Raw, blocks, columns, drawn


def test_heavy_beats_long() -> None:
    """
    0(1) ─a─► 1(1) ─a─► 2(1)      and  3(5) ─b─► 4(1)
    """
    dag = build_dag(drawn("Wa", "Wa", "Wa", "Wb", "Wb"))
    assert critical_path(dag, [1, 1, 1, 5, 1]) == CriticalPath((3, 4), 6)
    assert critical_path(dag, [1, 1, 5, 5, 1]) == CriticalPath((0, 1, 2), 7)


def test_ties_go_to_the_lowest_positions() -> None:
    """
    0 ─┐       ┌─► 3
       ├─► 2 ──┤         all of cost 1
    1 ─┘       └─► 4
    """
    dag = build_dag(drawn("Wa", "Wb", "Wa Wb Wc", "Rc", "Rc"))
    assert critical_path(dag, [1] * 5) == CriticalPath((0, 2, 3), 3)
    assert critical_path(dag, [1, 2, 1, 1, 1]) == CriticalPath((1, 2, 3), 4)


def test_a_predecessor_that_costs_nothing_is_on_the_path() -> None:
    """0(0) ─► 1(4)"""
    assert critical_path(build_dag(drawn("Wa", "Wa")), [0, 4]) == CriticalPath((0, 1), 4)


def test_empty_block_and_one_transaction() -> None:
    assert critical_path(build_dag(AccessLists.from_columns([0], [], [], 0)), []) == ((), 0)
    assert critical_path(build_dag(drawn("Wa")), [7]) == ((0,), 7)


def test_sums_beyond_int64_are_exact() -> None:
    """0 ─► 1 ─► 2, each as costly as an int64 can say."""
    top = 2**63 - 1
    path = critical_path(build_dag(drawn("Wa", "Wa", "Wa")), np.array([top, top, top]))
    assert path == CriticalPath((0, 1, 2), 3 * top)


@given(blocks(), st.data())
def test_cost_is_that_of_the_longest_path_in_networkx(raw: Raw, data: st.DataObject) -> None:
    dag = build_dag(columns(raw, 100))
    size = len(raw)
    costs = data.draw(st.lists(st.integers(0, 9), min_size=size, max_size=size))
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    # Each transaction costs what it takes to get into it, the first one from a common start.
    graph.add_weighted_edges_from((-1, position, cost) for position, cost in enumerate(costs))
    edges: list[tuple[int, int]] = dag.edges.tolist()
    graph.add_weighted_edges_from((a, b, costs[b]) for a, b in edges)
    found = critical_path(dag, costs)
    assert found.cost == (networkx.dag_longest_path_length(graph) if raw else 0)
    assert found.cost == sum(costs[position] for position in found.transactions)
    for earlier, later in pairwise(found.transactions):
        assert dag.graph.has_edge(earlier, later)


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ([1], "costs must have 2 entries"),
        ([1, -1], "transaction 1: cost -1 is not within"),
        ([1.0, 2.0], "costs must be integers"),
        ([True, False], "costs must be integers"),
        (np.array([2**63, 0], np.uint64), "transaction 0: cost 9223372036854775808 is not within"),
        ([2**64, 0], "costs must be integers"),
    ],
)
def test_bad_costs_are_refused(costs: ArrayLike, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        critical_path(build_dag(drawn("Wa", "Wb")), costs)


def test_parallelism() -> None:
    assert parallelism(10, 4) == 2.5
    assert parallelism(0, 0) == 1.0


def test_a_long_path_is_shown_in_one_line() -> None:
    assert repr(CriticalPath((), 0)) == "<CriticalPath of 0 transactions, cost 0>"
    assert repr(CriticalPath((7,), 5)) == "<CriticalPath of 1 transaction: 7, cost 5>"
    long = CriticalPath(tuple(range(3_000)), 10**30)
    assert repr(long).startswith("<CriticalPath of 3,000 transactions: 0 → 2999, cost 1,000,")
    assert len(repr(long)) <= REPR_LEN_MAX
