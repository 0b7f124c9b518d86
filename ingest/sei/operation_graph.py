"""Who waits for whom between operations, as Sei's own scheduler builds it.

A transaction that waits for a write waits until the writer commits: the edge leaves from the last
operation of the writer's transaction. One that waits for a read waits for the read alone. An edge
leads to the operation that conflicts, and every earlier conflict has one, whether or not it follows
from others. Within a transaction there are none, and commits wait for nothing.
Source: sei-cosmos @62bafe89, x/accesscontrol/types/graph.go.

O(operations × depth + edges): for each resource it is kept who read and who wrote it before, so
that only pairs that conflict are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from ...primitives import UsageError
from .operations import EVERY, Operation
from .resource_tree import Resource

OPERATION_EDGES_MAX: Final = 1_000_000  # each takes some 100 bytes; 1,500 unknown messages in a row
ANTE_HANDLER: Final = -1  # the message index of what runs before a transaction's messages


class OperationNode(NamedTuple):
    """An operation of a block, numbered in the order in which the graph is built.

    `transaction`: its position. `message`: its index there, ANTE_HANDLER before the first.
    """

    transaction: int
    message: int
    operation: Operation


class OperationGraph(NamedTuple):
    """Nodes are numbered from 0. `edges`: pairs of node numbers, ascending."""

    nodes: Sequence[OperationNode]
    edges: Sequence[tuple[int, int]]

    @property
    def transaction_edges(self) -> list[tuple[int, int]]:
        """The pairs of transactions that an edge connects, ascending."""
        of = [node.transaction for node in self.nodes]
        return sorted({(of[earlier], of[later]) for earlier, later in self.edges})

    def to_dict(self, ids: Sequence[str]) -> dict[str, Any]:
        """Nodes and edges for JSON; `ids` names the transactions."""
        return {
            "nodes": [
                {
                    "id": number,
                    "transaction": ids[node.transaction],
                    "message": node.message,
                    "access": node.operation.access.value,
                    "resource": node.operation.resource.name,
                    "identifier": node.operation.identifier,
                }
                for number, node in enumerate(self.nodes)
            ],
            "edges": [list(edge) for edge in self.edges],
            "transaction_edges": [
                [ids[earlier], ids[later]] for earlier, later in self.transaction_edges
            ],
        }


def operation_graph(nodes: Sequence[OperationNode]) -> OperationGraph:
    """The graph of a block's operations, which stand transaction by transaction, in block order.

    Raises UsageError for another order, and beyond OPERATION_EDGES_MAX edges.
    """
    _check_order(nodes)
    edges: list[tuple[int, int]] = []
    seen = _Seen()
    last = {node.transaction: number for number, node in enumerate(nodes)}
    pending: list[tuple[int, OperationNode]] = []
    for number, node in enumerate(nodes):
        if pending and pending[-1][1].transaction != node.transaction:
            for earlier, registered in pending:
                seen.register(registered.operation, earlier, last[registered.transaction])
            pending.clear()
        edges += [(earlier, number) for earlier in seen.dependencies(node.operation)]
        if len(edges) > OPERATION_EDGES_MAX:
            raise _too_many()
        pending.append((number, node))
    edges.sort()
    return OperationGraph(nodes, edges)


class _Sources:
    """Nodes that others wait for, by the resource for which they do. Each list ascends."""

    def __init__(self) -> None:
        self._of_identifier: defaultdict[tuple[Resource, str], list[int]] = defaultdict(list)
        self._of_type: defaultdict[Resource, list[int]] = defaultdict(list)
        self._below: defaultdict[Resource, list[int]] = defaultdict(list)

    def add(self, operation: Operation, source: int) -> None:
        resource = operation.resource
        for listed in (
            self._of_identifier[resource, operation.identifier],
            self._of_type[resource],
            *(self._below[above] for above in resource.ancestors),
        ):
            if not listed or listed[-1] != source:  # one commit for many writes
                listed.append(source)

    def met_by(self, operation: Operation) -> Iterator[list[int]]:
        """The sources whose resources have something in common with an operation's."""
        resource, identifier = operation.resource, operation.identifier
        for above in resource.ancestors:
            yield self._of_type[above]
        yield self._below[resource]
        if identifier == EVERY:
            yield self._of_type[resource]
        else:
            yield self._of_identifier[resource, identifier]
            yield self._of_identifier[resource, EVERY]


class _Seen:
    """The operations of earlier transactions."""

    def __init__(self) -> None:
        self._reads = _Sources()
        self._writes = _Sources()

    def register(self, operation: Operation, number: int, last: int) -> None:
        """`last`: the last operation of its transaction, by which what it writes is committed."""
        if operation.access.writes:
            self._writes.add(operation, last)
        elif not operation.is_commit:
            self._reads.add(operation, number)

    def dependencies(self, operation: Operation) -> set[int]:
        """The nodes that an operation waits for."""
        if operation.is_commit:
            return set()
        found = set[int]().union(*self._writes.met_by(operation))
        return found.union(*self._reads.met_by(operation)) if operation.access.writes else found


def _check_order(nodes: Sequence[OperationNode]) -> None:
    for number, (before, node) in enumerate(pairwise(nodes), 1):
        if node.transaction < before.transaction:
            raise UsageError(
                f"operation {number} is of transaction {node.transaction}, and the one before it "
                f"of {before.transaction}; put the operations in block order"
            )


def _too_many() -> UsageError:
    return UsageError(
        f"more than {OPERATION_EDGES_MAX:,} edges between operations, as every earlier conflict "
        "has one; leave transactions out, or ask for the graph of transactions"
    )
