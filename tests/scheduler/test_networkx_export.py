"""The networkx graph: nodes, edges and what is written on them."""

from __future__ import annotations

import pytest

from sealane.scheduler import AccessLists, build_dag, to_networkx

from .shapes import drawn


def test_nodes_and_edges_carry_their_story() -> None:
    """
    0 ══alice, bob══► 1 ─carol─► 2
    """
    lists, names = AccessLists.from_sets(
        [(["bob"], ["alice"]), (["alice"], ["bob", "carol"]), ([], ["carol"])]
    )
    graph = to_networkx(lists, build_dag(lists), names, ids=["pay", "swap", "close"])
    assert list(graph.nodes(data=True)) == [
        (0, {"wave": 0, "id": "pay"}),
        (1, {"wave": 1, "id": "swap"}),
        (2, {"wave": 2, "id": "close"}),
    ]
    assert list(graph.edges(data=True)) == [
        (0, 1, {"conflicts": "read after write on alice; write after read on bob"}),
        (1, 2, {"conflicts": "write after write on carol"}),
    ]


def test_names_and_ids_default_to_numbers() -> None:
    """W0 ─► W1"""
    lists = drawn("Wb", "Wb")
    graph = to_networkx(lists, build_dag(lists))
    assert [graph.nodes[position]["id"] for position in graph] == ["t0", "t1"]
    assert graph.edges[0, 1] == {"conflicts": "write after write on 1"}


def test_too_few_names_or_ids_are_refused() -> None:
    lists = drawn("Wa", "Wa")
    dag = build_dag(lists)
    with pytest.raises(ValueError, match="1 names for 26 accounts"):
        to_networkx(lists, dag, names=["a"])
    with pytest.raises(ValueError, match="1 ids for 2 transactions"):
        to_networkx(lists, dag, ids=["pay"])
