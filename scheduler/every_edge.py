"""Every edge between transactions: how many there are, and all of them, joins or no joins.

A join stands for an edge from each of its earlier transactions to each of its later ones: 20,000
transactions may have 100,000,000 edges. So they are counted without being listed, and listed up to
a limit. An edge that several joins stand for counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .edges import sorted_edges
from .joins import Column
from .precedence import Precedence

# How many edges of joins are listed: each is a line of a file, or two ids in memory.
EXPANDED_EDGES_MAX: Final = 1_000_000
# Sets of transactions are kept as bits, up to 128 MiB of them.
_BITS_KEPT_MAX: Final = 1 << 30


class Neighbours(NamedTuple):
    """int64[n] each: for how many a transaction waits directly, and how many wait for it."""

    before: NDArray[np.int64]
    behind: NDArray[np.int64]


def count_neighbours(order: Precedence) -> Neighbours:
    """The direct neighbours of each transaction. Lists no edge that a join stands for."""
    earlier, later = order.direct[:, 0], order.direct[:, 1]
    joins = order.joins
    before = _counts(later, order, joins.before, joins.earlier_of)
    behind = _counts(earlier, order, joins.behind, joins.later_of)
    for one, other in _twice(order):
        before[other] -= 1
        behind[one] -= 1
    return Neighbours(before, behind)


def every_edge(order: Precedence) -> NDArray[np.uint32]:
    """uint32[k, 2]: all edges (earlier, later), sorted, each once.

    Raises ValueError where joins stand for more than EXPANDED_EDGES_MAX.
    """
    if not len(order.joins):
        return order.direct
    total = int(count_neighbours(order).before.sum())
    if total - len(order.direct) > EXPANDED_EDGES_MAX:
        raise ValueError(
            f"{total:,} edges are too many to list: of those that joins stand for, the limit is "
            f"{EXPANDED_EDGES_MAX:,}. Choose some transactions, as `sealane graph --top` does, or "
            "take dag.edges and dag.joins from Python"
        )
    groups = [order.direct[:, 0], order.direct[:, 1]], *_expanded(order)
    earlier, later = (np.concatenate(column) for column in zip(*groups, strict=True))
    return sorted_edges(earlier, later, order.transactions)


def _expanded(order: Precedence) -> Iterator[tuple[Column, Column]]:
    """The edges of joins, each once: earlier and later ends, by what waits for the same joins."""
    waiting: dict[tuple[int, ...], list[int]] = {}
    for position, joins in order.joins.before.items():
        waiting.setdefault(tuple(joins), []).append(position)
    for joins, positions in waiting.items():
        earlier = np.unique(np.concatenate([order.joins.earlier_of(join) for join in joins]))
        later = np.array(positions, dtype=np.uint32)
        yield np.repeat(earlier, len(later)), np.tile(later, len(earlier))


def _counts(
    ends: Column,
    order: Precedence,
    joins_of: Mapping[int, list[int]],
    others: Callable[[int], Column],
) -> NDArray[np.int64]:
    """By position: its own edges, and the transactions on the other side of its joins."""
    counts = np.bincount(ends, minlength=order.transactions)
    found: dict[tuple[int, ...], int] = {}  # many wait for the same joins
    bits: dict[int, int] = {}
    for position, joins in joins_of.items():
        key = tuple(joins)
        if key not in found:
            if len(bits) * order.transactions > _BITS_KEPT_MAX:
                bits.clear()
            bits.update((join, _as_bits(others(join))) for join in joins if join not in bits)
            found[key] = _union(bits[join] for join in joins).bit_count()
        counts[position] += found[key]
    return counts


def _union(parts: Iterable[int]) -> int:
    union = 0
    for part in parts:
        union |= part
    return union


def _as_bits(positions: Column) -> int:
    is_there = np.zeros(int(positions[-1]) + 1, dtype=np.bool_)
    is_there[positions] = True
    return int.from_bytes(np.packbits(is_there, bitorder="little").tobytes(), "little")


def _twice(order: Precedence) -> Iterator[tuple[int, int]]:
    """The edges of transactions that a join stands for as well."""
    behind, before = order.joins.behind, order.joins.before
    joined = np.zeros(order.transactions, dtype=np.bool_)
    joined[order.joins.earlier] = True
    pairs: list[tuple[int, int]] = order.direct[joined[order.direct[:, 0]]].tolist()
    for earlier, later in pairs:
        if not set(behind[earlier]).isdisjoint(before.get(later, ())):
            yield earlier, later
