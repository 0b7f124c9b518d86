"""The longest remaining path: what must still run, one after another, from a transaction on."""

from __future__ import annotations

from ..dag import Dag


def remaining_costs(dag: Dag, costs: list[int]) -> list[int]:
    """The cost of the heaviest path that begins with each transaction, itself included.

    Also called upward rank, or bottom level. O(transactions + edges), exact at any size.
    """
    remaining = costs.copy()
    pairs: list[tuple[int, int]] = dag.edges.tolist()
    # Sorted by the earlier end, so in reverse all that follows the later end has been counted.
    for earlier, later in reversed(pairs):
        cost = costs[earlier] + remaining[later]
        if cost > remaining[earlier]:
            remaining[earlier] = cost
    return remaining
