"""Puts each layer of a drawing in an order in which few lines cross.

The method is Sugiyama's: each layer in turn is sorted by where the neighbours of its members are,
downwards and upwards, and the best order seen is kept. Ties keep the order before, so the result is
the same each time.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from typing import Final

# Hardly any drawing gets better after so many sweeps.
_SWEEPS: Final = 8

Links = Sequence[Sequence[tuple[int, int]]]  # by gap between layers: (upper, lower), by member
Orders = list[list[int]]  # by layer: its members from left to right


def order_layers(sizes: Sequence[int], links: Links) -> Orders:
    """An order for each layer; members of a layer of size s are 0 … s-1.

    `links[k]` join a member of layer k to one of layer k + 1.
    """
    orders: Orders = [list(range(size)) for size in sizes]
    best, fewest = [list(order) for order in orders], crossings(orders, links)
    above, below = _neighbours(sizes, links)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        downwards = sweep % 2 == 0
        layers = range(1, len(sizes)) if downwards else range(len(sizes) - 2, -1, -1)
        for layer in layers:
            fixed = orders[layer - 1] if downwards else orders[layer + 1]
            near = above[layer] if downwards else below[layer]
            orders[layer] = _sorted_by_neighbours(orders[layer], fixed, near)
        found = crossings(orders, links)
        if found < fewest:
            best, fewest = [list(order) for order in orders], found
    return best


def crossings(orders: Sequence[Sequence[int]], links: Links) -> int:
    """How many pairs of links cross, in these orders."""
    total = 0
    for gap, pairs in enumerate(links):
        upper, lower = _places(orders[gap]), _places(orders[gap + 1])
        seen: list[int] = []
        for _, place in sorted((upper[a], lower[b]) for a, b in pairs):
            total += len(seen) - bisect_right(seen, place)
            insort(seen, place)
    return total


def _neighbours(
    sizes: Sequence[int], links: Links
) -> tuple[list[list[list[int]]], list[list[list[int]]]]:
    """By layer and member: its neighbours in the layer above, and in the one below."""
    above: list[list[list[int]]] = [[[] for _ in range(size)] for size in sizes]
    below: list[list[list[int]]] = [[[] for _ in range(size)] for size in sizes]
    for gap, pairs in enumerate(links):
        for upper, lower in pairs:
            below[gap][upper].append(lower)
            above[gap + 1][lower].append(upper)
    return above, below


def _sorted_by_neighbours(
    order: Sequence[int], fixed: Sequence[int], near: Sequence[Sequence[int]]
) -> list[int]:
    """By the mean place of the neighbours in the fixed layer; those without stay where they are."""
    places = _places(fixed)
    means = {
        member: sum(places[each] for each in near[member]) / len(near[member])
        for member in order
        if near[member]
    }
    moved = iter(sorted(means, key=means.__getitem__))
    return [next(moved) if member in means else member for member in order]


def _places(order: Sequence[int]) -> dict[int, int]:
    return {member: place for place, member in enumerate(order)}
