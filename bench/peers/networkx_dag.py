"""The DAG and the waves in networkx: the same rule for edges, in a plain loop over accesses.

networkx is imported on use: nothing else here needs it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from ...scheduler import AccessLists
from . import presence

_INSTALL: Final = "pip install networkx"


def why_absent() -> str | None:
    """Why networkx cannot take part; None if it can."""
    return presence.why_absent("networkx", _INSTALL)


def networkx_waves(access: AccessLists) -> list[list[int]]:
    """The waves: a read waits for the last writer, a write for the readers since, or for it."""
    import networkx

    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from(range(len(access)))
    graph.add_edges_from(_edges(access))
    return [sorted(generation) for generation in networkx.topological_generations(graph)]


def _access_rows(access: AccessLists) -> list[list[tuple[int, bool]]]:
    """(account, is write) of each transaction, as Python values."""
    accounts: list[int] = access.accounts.tolist()
    writes: list[bool] = access.writes.tolist()
    offsets: list[int] = access.offsets.tolist()
    pairs = list(zip(accounts, writes, strict=True))
    return [pairs[low:high] for low, high in pairwise(offsets)]


def _edges(access: AccessLists) -> list[tuple[int, int]]:
    last_writer: dict[int, int] = {}
    readers: dict[int, list[int]] = {}
    edges: list[tuple[int, int]] = []
    for position, row in enumerate(_access_rows(access)):
        for account, is_write in row:
            writer = last_writer.get(account)
            if not is_write:
                if writer is not None:
                    edges.append((writer, position))
                readers.setdefault(account, []).append(position)
                continue
            since = readers.pop(account, None)
            if since is not None:
                edges += [(reader, position) for reader in since]
            elif writer is not None:
                edges.append((writer, position))
            last_writer[account] = position
    return edges
