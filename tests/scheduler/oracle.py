"""What the scheduler must find, worked out the slow way, mostly from all pairs of transactions.

Checks edges, levels, conflicts and reachability. Takes nothing from the code under test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import networkx

from .shapes import Raw


def conflict_accounts(earlier: list[tuple[int, bool]], later: list[tuple[int, bool]]) -> set[int]:
    """Accounts that both touch and at least one of the two writes."""
    return {a for a, wa in earlier for b, wb in later if a == b and (wa or wb)}


def conflicting_pairs(raw: Raw) -> list[tuple[int, int]]:
    return [(i, j) for j in range(len(raw)) for i in range(j) if conflict_accounts(raw[i], raw[j])]


def edges(raw: Raw) -> list[list[int]]:
    """The rule, one transaction after another; sorted."""
    found: set[tuple[int, int]] = set()
    last_writer: dict[int, int] = {}
    readers: dict[int, list[int]] = {}
    for position, transaction in enumerate(raw):
        written = {account for account, is_write in transaction if is_write}
        for account in {account for account, _ in transaction}:
            writer = [last_writer[account]] if account in last_writer else []
            since = readers.get(account, [])
            waits_for = (since or writer) if account in written else writer
            found |= {(earlier, position) for earlier in waits_for}
            if account in written:
                last_writer[account] = position
                readers[account] = []
            else:
                readers.setdefault(account, []).append(position)
    return [list(edge) for edge in sorted(found)]


def levels(raw: Raw) -> list[int]:
    """The longest path to each transaction over all conflicting pairs."""
    found = [0] * len(raw)
    for i, j in conflicting_pairs(raw):
        found[j] = max(found[j], found[i] + 1)
    return found


def reachable(transactions: int, edges: list[list[int]]) -> list[set[int]]:
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(transactions))
    graph.add_edges_from((earlier, later) for earlier, later in edges)
    descendants = cast("Callable[..., set[int]]", networkx.descendants)  # its stub is partial
    return [descendants(graph, position) for position in range(transactions)]
