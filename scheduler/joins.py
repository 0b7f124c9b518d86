"""Joins: meetings of many with many, in as many edges as there are transactions.

Where a run of reads of an account is followed by a run of adds, each of the later run waits for
each of the earlier one. A join stands between them: it waits for all of the earlier run, and all of
the later run wait for it. It is no transaction: it costs nothing, and begins no wave.

    R0 ─┐         ┌─► A3
    R1 ─┼─► join ─┼─► A4        3 + 3 edges in place of 3 × 3
    R2 ─┘         └─► A5

Guarantees: all of the earlier run come before all of the later one in the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.uint32]


@dataclass(frozen=True, eq=False, repr=False)
class Joins:
    """Joins 0 … j-1, by the first transaction of the later run.

    `earlier` uint32[a]: positions; join k waits for earlier[earlier_offsets[k]:…[k + 1]].
    `later` uint32[b]: likewise those that wait for it. Both ascend within each join.
    """

    earlier: Column
    earlier_offsets: NDArray[np.int64]
    later: Column
    later_offsets: NDArray[np.int64]

    @classmethod
    def none(cls) -> Joins:
        """No joins."""
        nobody, ends = np.zeros(0, np.uint32), np.zeros(1, np.int64)
        return cls(nobody, ends, nobody, ends)

    def __len__(self) -> int:
        return len(self.earlier_offsets) - 1

    def __repr__(self) -> str:
        return f"<Joins: {len(self):,}, with {self.edge_count:,} edges>"

    def __iter__(self) -> Iterator[tuple[Column, Column]]:
        """Each as (earlier, later)."""
        return ((self.earlier_of(join), self.later_of(join)) for join in range(len(self)))

    @property
    def edge_count(self) -> int:
        """How many edges lead to joins, and from them."""
        return len(self.earlier) + len(self.later)

    def earlier_of(self, join: int) -> Column:
        """The positions that this join waits for."""
        return self.earlier[self.earlier_offsets[join] : self.earlier_offsets[join + 1]]

    def later_of(self, join: int) -> Column:
        """The positions that wait for this join."""
        return self.later[self.later_offsets[join] : self.later_offsets[join + 1]]

    @cached_property
    def first_later(self) -> Column:
        """uint32[j]: the first of those that wait for each; ascending."""
        return self.later[self.later_offsets[:-1]]

    @cached_property
    def behind(self) -> dict[int, list[int]]:
        """By position: the joins that wait for it, ascending. Not there if there are none."""
        return _by_position(self.earlier, self.earlier_joins)

    @cached_property
    def before(self) -> dict[int, list[int]]:
        """By position: the joins that it waits for, ascending. Not there if there are none."""
        return _by_position(self.later, self.later_joins)

    @property
    def earlier_joins(self) -> NDArray[np.int64]:
        """int64[a]: the join that each of `earlier` belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.earlier_offsets))

    @property
    def later_joins(self) -> NDArray[np.int64]:
        """int64[b]: the join that each of `later` belongs to."""
        return np.repeat(np.arange(len(self)), np.diff(self.later_offsets))

    def within(self, group_of: NDArray[np.int64]) -> Joins:
        """Joins of those alone that are in one group: `group_of` int64[n] by position.

        A join of several groups becomes one for each group that has both earlier and later ones.
        """
        if not len(self):
            return self
        groups, numbers = np.unique(group_of, return_inverse=True)
        earlier = self.earlier_joins * len(groups) + numbers[self.earlier]
        later = self.later_joins * len(groups) + numbers[self.later]
        kept_earlier, kept_later = np.isin(earlier, later), np.isin(later, earlier)
        return joined(
            earlier[kept_earlier],
            self.earlier[kept_earlier],
            later[kept_later],
            self.later[kept_later],
        )


def joined(
    earlier_keys: NDArray[np.int64], earlier: Column, later_keys: NDArray[np.int64], later: Column
) -> Joins:
    """A join for each key: of the positions `earlier` and `later` that have it.

    Each key is on both sides, and positions of one key ascend.
    """
    keys, earlier_numbers = np.unique(earlier_keys, return_inverse=True)
    later_numbers = np.searchsorted(keys, later_keys)
    first = np.full(len(keys), np.iinfo(np.int64).max)
    np.minimum.at(first, later_numbers, later)
    rank = np.empty(len(keys), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(keys))
    return Joins(
        *_ragged(rank[earlier_numbers], earlier, len(keys)),
        *_ragged(rank[later_numbers], later, len(keys)),
    )


def _ragged(
    rows: NDArray[np.int64], positions: Column, count: int
) -> tuple[Column, NDArray[np.int64]]:
    ends = np.cumsum(np.bincount(rows, minlength=count))
    return positions[np.argsort(rows, kind="stable")], np.concatenate(([0], ends))


def _by_position(positions: Column, joins: NDArray[np.int64]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for position, join in zip(positions.tolist(), joins.tolist(), strict=True):
        found.setdefault(position, []).append(join)
    return found
