"""Runs: the accesses of an account that is added to, in parts that do not conflict.

A run is of consecutive reads, of consecutive adds, or a single write. Each of a run waits for each
of the run before; everything else follows. A meeting of few is written as edges, a meeting of many
as a join, so that both together are O(accesses).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .access import WRITE, AccessLists
from .joins import Joins, joined

# Up to so many times as many edges as a join would have are taken without one. Measured on runs of
# equal length: DAG, critical path and plan together take 1.2 times as long with joins where these
# have half the edges, 0.8 times where they have a third, and half where they have a quarter.
EDGES_PER_JOINED_EDGE: Final = 2
_KIND_BITS: Final = 2


class Meetings(NamedTuple):
    """`pairs` int64[k]: edges, packed as (earlier, later), in no order; and `joins`."""

    pairs: NDArray[np.int64]
    joins: Joins


class _Runs(NamedTuple):
    """`positions` of accesses, by account, ascending within each; runs begin at `starts`, and the
    last one ends at `starts[-1]`. `follows` bool[runs - 1]: whether run i + 1 follows run i."""

    positions: NDArray[np.int64]
    starts: NDArray[np.int64]
    follows: NDArray[np.bool_]


def meetings(access: AccessLists, chosen: NDArray[np.bool_], bits: int) -> Meetings:
    """What the accesses of the `chosen` accounts (bool[account_count]) order.

    `bits`: how many a position takes in a pair.
    """
    runs = _runs(access, chosen, bits)
    firsts = np.flatnonzero(runs.follows)
    starts, middles, stops = (runs.starts[firsts + k] for k in range(3))
    edges, edges_of_join = (middles - starts) * (stops - middles), stops - starts
    few = edges <= EDGES_PER_JOINED_EDGE * edges_of_join
    met = np.stack((starts, middles, stops))
    pairs = _pairs(bits, runs.positions, *met[:, few])
    return Meetings(pairs, _joins(runs.positions, *met[:, ~few]))


def _runs(access: AccessLists, chosen: NDArray[np.bool_], bits: int) -> _Runs:
    rows = np.flatnonzero(chosen[access.accounts])
    # Numbered without gaps, for everything to fit into 63 bits.
    keys = (np.cumsum(chosen) - 1)[access.accounts[rows]]
    keys <<= bits
    keys |= access.positions[rows]
    keys <<= _KIND_BITS
    keys |= access.kinds_of(rows)
    keys.sort()
    kinds = keys & (1 << _KIND_BITS) - 1
    accounts = keys >> (bits + _KIND_BITS)
    positions = keys >> _KIND_BITS & (1 << bits) - 1
    same_account = accounts[1:] == accounts[:-1]
    same_run = same_account & (kinds[1:] == kinds[:-1]) & (kinds[1:] != WRITE)
    begins = np.flatnonzero(~same_run) + 1
    starts = np.concatenate(([0], begins, [len(keys)]))
    return _Runs(positions, starts, same_account[begins - 1])


def _pairs(
    bits: int,
    positions: NDArray[np.int64],
    starts: NDArray[np.int64],
    middles: NDArray[np.int64],
    stops: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Each of positions[start:middle] with each of positions[middle:stop]."""
    widths = stops - middles
    counts = (middles - starts) * widths
    meeting = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(meeting)) - np.repeat(np.cumsum(counts) - counts, counts)
    down, across = np.divmod(nth, widths[meeting])
    earlier = positions[starts[meeting] + down]
    return earlier << bits | positions[middles[meeting] + across]


def _joins(
    positions: NDArray[np.int64],
    starts: NDArray[np.int64],
    middles: NDArray[np.int64],
    stops: NDArray[np.int64],
) -> Joins:
    if not len(starts):
        return Joins.none()
    return joined(*_rows(positions, starts, middles), *_rows(positions, middles, stops))


def _rows(
    positions: NDArray[np.int64], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """All of positions[start:stop], and for each the number of its meeting."""
    lens = stops - starts
    meeting = np.repeat(np.arange(len(lens)), lens)
    rows = np.arange(len(meeting)) + np.repeat(starts - (np.cumsum(lens) - lens), lens)
    return meeting, positions[rows].astype(np.uint32)
