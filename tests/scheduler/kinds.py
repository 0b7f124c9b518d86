"""Blocks that read, write and add, in runs; the plain definition of who conflicts; and how many
edges are taken before there is a join."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import rustworkx
from hypothesis import strategies as st

from sealane.scheduler import AccessLists, Dag, Waves, build_dag, runs
from sealane.scheduler.precedence import Precedence

Kinds = list[dict[int, str]]
"""A block: for each transaction, "R", "W" or "A" by account."""

ACCOUNTS = 5


@st.composite
def mixed(draw: st.DrawFn) -> Kinds:
    """Up to 30 transactions of up to 5 accounts; many in runs that do the same."""
    kind = st.sampled_from(draw(st.sampled_from(["RA", "RRAAW", "RAAAA", "RRW", "A", "RWA"])))
    account = st.integers(0, draw(st.sampled_from([0, 1, ACCOUNTS - 1])))
    some = st.tuples(st.dictionaries(account, kind, max_size=3), st.integers(1, 6))
    rows = draw(st.lists(some, max_size=12))
    return [row for row, times in rows for _ in range(times)][:30]


def written(*transactions: str) -> Kinds:
    """`written("Ra", "Aa Wb")`: the first reads a, the second adds to it and writes b."""
    return [
        {ord(access[1]) - ord("a"): access[0] for access in text.split()} for text in transactions
    ]


def lists(kinds: Kinds) -> AccessLists:
    flat = [(account, kind) for row in kinds for account, kind in row.items()]
    return AccessLists(
        np.cumsum([0, *map(len, kinds)]),
        np.array([account for account, _ in flat], dtype=np.uint32),
        np.array([kind == "W" for _, kind in flat], dtype=np.bool_),
        ACCOUNTS,
        np.array([kind == "A" for _, kind in flat], dtype=np.bool_),
    )


@contextmanager
def joining_from(edges_per_joined_edge: int) -> Generator[None]:
    """0: every meeting is a join, also of one with one."""
    with patch.object(runs, "EDGES_PER_JOINED_EDGE", edges_per_joined_edge):
        yield


def with_joins(kinds: Kinds, edges_per_joined_edge: int = 0) -> Dag:
    with joining_from(edges_per_joined_edge):
        return build_dag(lists(kinds))


def without_joins(kinds: Kinds) -> Dag:
    """The same edges, none of them in a join."""
    with joining_from(10**9):
        dag = build_dag(lists(kinds))
    assert not len(dag.joins)
    return dag


def conflict(earlier: dict[int, str], later: dict[int, str]) -> bool:
    """The plain definition: the kinds on some account differ, or both write it."""
    both = ((kind, later[account]) for account, kind in earlier.items() if account in later)
    return any(one != other or one == "W" for one, other in both)


def conflicting(kinds: Kinds) -> list[tuple[int, int]]:
    count = len(kinds)
    pairs = ((i, j) for i in range(count) for j in range(i + 1, count))
    return [(i, j) for i, j in pairs if conflict(kinds[i], kinds[j])]


def levels(kinds: Kinds) -> list[int]:
    """The longest path to each transaction over all conflicting pairs."""
    found = [0] * len(kinds)
    for i, j in conflicting(kinds):
        found[j] = max(found[j], found[i] + 1)
    return found


def all_pairs(kinds: Kinds) -> Dag:
    """A DAG that has an edge for every conflicting pair, and waves by these."""
    edges = conflicting(kinds)
    graph: rustworkx.PyDiGraph[None, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from([None] * len(kinds))
    graph.add_edges_from_no_data(edges)
    order = Precedence(len(kinds), np.array(edges, dtype=np.uint32).reshape(-1, 2))
    waves = Waves.from_levels(np.array(levels(kinds), dtype=np.uint32))
    return Dag(lists(kinds), graph, order, waves)
