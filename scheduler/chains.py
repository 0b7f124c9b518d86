"""Chains: the heaviest paths to each transaction, and from each.

All in O(transactions + edges), exact at any size; joins weigh nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from .edges import edge_pairs
from .precedence import Precedence


def heaviest_until(order: Precedence, weights: Sequence[int]) -> list[int]:
    """By node: the weight of the heaviest path that ends with it, itself included.

    `weights` of transactions by position, none negative.
    """
    own = order.by_node(weights)
    heaviest = own.copy()
    # Sorted by the earlier end, so its sum is final here.
    for earlier, later in edge_pairs(order.edges):
        weight = heaviest[earlier] + own[later]
        if weight > heaviest[later]:
            heaviest[later] = weight
    return heaviest


def heaviest_onward(order: Precedence, weights: Sequence[int]) -> list[int]:
    """By node: the weight of the heaviest path that begins with it, itself included.

    `weights` of transactions by position, none negative.
    """
    own = order.by_node(weights)
    heaviest = own.copy()
    pairs: list[tuple[int, int]] = order.edges.tolist()
    # In reverse, all that follows the later end has been counted.
    for earlier, later in reversed(pairs):
        weight = own[earlier] + heaviest[later]
        if weight > heaviest[earlier]:
            heaviest[earlier] = weight
    return heaviest


def remaining_costs(order: Precedence, costs: Sequence[int]) -> list[int]:
    """By position: the cost of the heaviest path that begins with each transaction.

    What must still run, one after another, once it can begin. Also called upward rank, or bottom
    level.
    """
    return order.by_position(heaviest_onward(order, costs))


def longest_paths(order: Precedence) -> list[int]:
    """By position: how many transactions the longest path to each has before it."""
    until = heaviest_until(order, [1] * order.transactions)
    return [length - 1 for length in order.by_position(until)]
