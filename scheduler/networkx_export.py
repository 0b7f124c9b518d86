"""The way out to networkx, for people's own analysis."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from .access import AccessLists
from .conflict import Conflict, conflicts_between
from .dag import Dag
from .edges import edge_pairs

if TYPE_CHECKING:
    import networkx


def to_networkx(
    access: AccessLists,
    dag: Dag,
    names: Sequence[Hashable] | None = None,
    ids: Sequence[str] | None = None,
) -> networkx.DiGraph[int]:
    """The DAG as a networkx.DiGraph over block positions.

    Nodes have `wave` (int) and `id` (from `ids`, by position; default t0, t1, …). Edges have
    `conflicts`, a text such as "write after write on alice; read after write on bob", accounts
    named from `names`, by account id (default: the id itself). Of a hierarchy, "read after write
    on bank/alice, below bank" where one of the two touches the account and the other its ancestor.
    Joins are left out: all edges that they stand for are there.
    Raises ValueError if there are fewer names or ids than accounts or transactions, and where there
    are too many edges, as `Dag.every_edge`.
    """
    # Not at the top: importing networkx takes longer than the commands that do not need it.
    import networkx

    if names is not None and len(names) < access.account_count:
        raise ValueError(f"{len(names)} names for {access.account_count} accounts")
    if ids is not None and len(ids) < len(dag):
        raise ValueError(f"{len(ids)} ids for {len(dag)} transactions")
    graph: networkx.DiGraph[Any] = networkx.DiGraph()
    for position, wave in enumerate(dag.waves.wave_of.tolist()):
        graph.add_node(position, wave=wave, id=f"t{position}" if ids is None else ids[position])
    for earlier, later in edge_pairs(dag.every_edge()):
        found = conflicts_between(access, earlier, later)
        text = "; ".join(_in_words(conflict, names) for conflict in found)
        graph.add_edge(earlier, later, conflicts=text)
    return graph


def _in_words(conflict: Conflict, names: Sequence[Hashable] | None) -> str:
    def named(account: int) -> Hashable:
        return account if names is None else names[account]

    below = "" if conflict.ancestor is None else f", below {named(conflict.ancestor)}"
    return f"{conflict.kind.value} on {named(conflict.account)}{below}"
