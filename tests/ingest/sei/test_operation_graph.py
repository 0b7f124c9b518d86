"""Edges between operations: upstream's cases, and the plain definition over all pairs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from sealane.ingest.sei.operation_graph import (
    OPERATION_EDGES_MAX,
    OperationGraph,
    OperationNode,
    operation_graph,
)
from sealane.ingest.sei.operations import COMMIT, SYNCHRONOUS, Access, Operation
from sealane.ingest.sei.resource_tree import RESOURCES
from sealane.primitives import UsageError

from .random_operations import blocks
from .sei_data import sei_document

# Upstream's other tests of the graph, by hand: what happens above a type, and with `*`.
MORE_CASES: list[dict[str, Any]] = [
    {  # wA → c ═▶ rALL ; rALL ═▶ wMem ; c ═▶ rA
        "name": "above and below",
        "ops": [
            [0, 0, "WRITE", "KV", "A"],
            [0, 0, "COMMIT", "ANY", "*"],
            [1, 0, "READ", "ANY", "*"],
            [1, 0, "COMMIT", "ANY", "*"],
            [2, 0, "WRITE", "Mem", "B"],
            [2, 0, "COMMIT", "ANY", "*"],
            [3, 0, "READ", "KV", "A"],
            [3, 0, "COMMIT", "ANY", "*"],
        ],
        "node_edges": [[1, 2], [1, 6], [2, 4]],
        "tx_edges": [[0, 1], [0, 3], [1, 2]],
    },
    {  # wA → c ═▶ w* ; wB → c ═▶ w* ; w* → c ═▶ wC
        "name": "every identifier",
        "ops": [
            [0, 0, "WRITE", "KV", "A"],
            [0, 0, "COMMIT", "ANY", "*"],
            [1, 0, "WRITE", "KV", "B"],
            [1, 0, "COMMIT", "ANY", "*"],
            [2, 0, "WRITE", "KV", "*"],
            [2, 0, "COMMIT", "ANY", "*"],
            [3, 0, "WRITE", "KV", "C"],
            [3, 0, "COMMIT", "ANY", "*"],
        ],
        "node_edges": [[1, 4], [3, 4], [5, 6]],
        "tx_edges": [[0, 2], [1, 2], [2, 3]],
    },
    {  # two messages, two commits: a writer is waited for until its last one; the ante handler too
        "name": "several commits",
        "ops": [
            [0, -1, "WRITE", "KV_BANK_BALANCES", "a"],
            [0, 0, "READ", "KV_EPOCH", "*"],
            [0, 0, "COMMIT", "ANY", "*"],
            [0, 1, "WRITE", "KV_BANK_BALANCES", "a"],
            [0, 1, "COMMIT", "ANY", "*"],
            [1, 0, "READ", "KV_BANK_BALANCES", "a"],
            [1, 0, "READ", "KV_BANK_BALANCES", "a"],
            [1, 0, "UNKNOWN", "KV_EPOCH", "x"],
            [1, 0, "COMMIT", "ANY", "*"],
        ],
        "node_edges": [[1, 7], [4, 5], [4, 6]],
        "tx_edges": [[0, 1]],
    },
]


def graph_of(case: dict[str, Any]) -> OperationGraph:
    return operation_graph(
        [
            OperationNode(position, message, Operation(Access(access), RESOURCES[name], identifier))
            for position, message, access, name, identifier in case["ops"]
        ]
    )


def check(case: dict[str, Any]) -> None:
    graph = graph_of(case)
    assert [list(edge) for edge in graph.edges] == case["node_edges"]
    assert [list(edge) for edge in graph.transaction_edges] == case["tx_edges"]


def test_upstreams_cases_have_upstreams_edges() -> None:
    cases = sei_document("dag_cases")["cases"]
    assert cases
    for case in cases:
        check(case)


@pytest.mark.parametrize("case", MORE_CASES, ids=lambda case: case["name"])
def test_more_cases(case: dict[str, Any]) -> None:
    check(case)


def _all_pairs(nodes: list[OperationNode]) -> list[tuple[int, int]]:
    """The definition: each pair of operations of two transactions, looked at by itself."""
    edges: set[tuple[int, int]] = set()
    for later, (position, _, waiting) in enumerate(nodes):
        for earlier, (before, _, waited_for) in enumerate(nodes[:later]):
            if before == position or Access.COMMIT in (waiting.access, waited_for.access):
                continue
            if waited_for.access is Access.READ and waiting.access is Access.READ:
                continue
            if not _overlap(waited_for, waiting):
                continue
            if waited_for.access is Access.READ:
                edges.add((earlier, later))
            else:
                edges.add((max(i for i, node in enumerate(nodes) if node[0] == before), later))
    return sorted(edges)


def _overlap(one: Operation, other: Operation) -> bool:
    if one.resource.name == other.resource.name:
        return one.identifier == other.identifier or "*" in (one.identifier, other.identifier)
    ways = [
        {each.name for each in (operation.resource, *operation.resource.ancestors)}
        for operation in (one, other)
    ]
    return one.resource.name in ways[1] or other.resource.name in ways[0]


@given(blocks())
def test_edges_are_those_of_all_pairs(nodes: list[OperationNode]) -> None:
    assert list(operation_graph(nodes).edges) == _all_pairs(nodes)


def test_operations_out_of_block_order_are_refused() -> None:
    with pytest.raises(UsageError, match="operation 1 is of transaction 0, and"):
        operation_graph([OperationNode(1, 0, COMMIT), OperationNode(0, 0, COMMIT)])


def _synchronous(count: int) -> list[OperationNode]:
    return [OperationNode(position, 0, each) for position in range(count) for each in SYNCHRONOUS]


def test_a_graph_of_too_many_edges_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealane.ingest.sei.operation_graph.OPERATION_EDGES_MAX", 45)
    assert len(operation_graph(_synchronous(10)).edges) == 45
    with pytest.raises(UsageError, match="more than 45 edges"):
        operation_graph(_synchronous(11))
    assert OPERATION_EDGES_MAX == 1_000_000


def test_many_operations_that_never_meet_are_quickly_done() -> None:
    apart = Operation(Access.WRITE, RESOURCES["KV_BANK_BALANCES"], "")
    nodes = [
        OperationNode(position, 0, apart._replace(identifier=str(position)))
        for position in range(20_000)  # all pairs would be 200 million
    ]
    assert not operation_graph(nodes).edges


def test_a_graph_as_json() -> None:
    graph = graph_of(MORE_CASES[1])
    document = graph.to_dict(["t0", "t1", "t2", "t3"])
    assert document["nodes"][4] == {
        "id": 4,
        "transaction": "t2",
        "message": 0,
        "access": "WRITE",
        "resource": "KV",
        "identifier": "*",
    }
    assert document["edges"] == [[1, 4], [3, 4], [5, 6]]
    assert document["transaction_edges"] == [["t0", "t2"], ["t1", "t2"], ["t2", "t3"]]
