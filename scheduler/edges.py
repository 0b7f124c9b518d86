"""Edges: which transaction waits for which, from access lists, in O(accesses) beside two sorts.

The rule, for each account: a read waits for the last writer; a write waits for all readers
since that writer, or for the last writer when there are none. Every other conflict follows
from these edges by a path, so edges between all conflicting pairs are never made.

Where transactions only add to an account, its accesses fall into runs, each of which waits for the
run before: see `runs`. Meetings of long runs are joins, not edges.

Guarantees: edges run from lower to higher position, so positions are a topological order; no
edge appears twice; edges are sorted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .access import AccessLists
from .flat_keys import flattened
from .joins import Joins
from .runs import meetings
from .what_if import kept_accesses

# Measured between 1,024 and 8,192: small enough for a chunk's lists and levels to stay in the
# cache, and large enough to spread the cost of the numpy calls.
EDGES_PER_CHUNK = 4096
# Temporary columns of this many accesses stay within memory that the process keeps. Columns of all
# accesses went back to the system and were paged in again for each block: up to 2,000 page faults,
# and half the time for 100,000 transactions.
ACCESSES_PER_CHUNK = 1 << 16


class EdgeChunk(NamedTuple):
    """Some consecutive edges: two uint32 columns, and the same as Python integers."""

    earlier: NDArray[np.uint32]
    later: NDArray[np.uint32]
    earlier_listed: list[int]
    later_listed: list[int]


def conflict_edges(access: AccessLists) -> tuple[NDArray[np.uint32], Joins]:
    """uint32[k, 2]: rows (earlier, later), sorted, each once; each column is contiguous. And joins.

    Accounts that are only added to order nothing: they have neither.
    """
    access = flattened(access)
    bits = _bits_of(len(access))
    if access.adds is None:
        return _unpacked(_packed_pairs_of(access, bits), bits), Joins.none()
    added = np.zeros(access.account_count, dtype=np.bool_)
    added[access.accounts[access.adds]] = True
    met = meetings(access, added & _otherwise_locked(access), bits)
    pairs = _packed_pairs_of(kept_accesses(access, ~added[access.accounts]), bits)
    return _unpacked(np.concatenate((pairs, met.pairs)), bits), met.joins


def sorted_edges(
    earlier: NDArray[np.integer], later: NDArray[np.integer], count: int
) -> NDArray[np.uint32]:
    """uint32[k, 2]: rows (earlier, later), sorted, each once; both are below `count`."""
    bits = _bits_of(count)
    return _unpacked(earlier.astype(np.int64) << bits | later.astype(np.int64), bits)


def _bits_of(count: int) -> int:
    return max(1, (count - 1).bit_length())


def _otherwise_locked(access: AccessLists) -> NDArray[np.bool_]:
    """bool[account_count]: whether an account is read or written, not only added to."""
    locked = np.zeros(access.account_count, dtype=np.bool_)
    locked[access.accounts if access.adds is None else access.accounts[~access.adds]] = True
    return locked


def _unpacked(pairs: NDArray[np.int64], bits: int) -> NDArray[np.uint32]:
    """The edges, each once. `pairs`: packed ones, some perhaps twice; they are sorted in place."""
    pairs.sort()
    if len(pairs) > 1:
        is_first = np.empty(len(pairs), dtype=np.bool_)
        is_first[0] = True
        np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
        pairs = pairs.compress(is_first)
    columns = np.empty((2, len(pairs)), dtype=np.uint32)
    np.right_shift(pairs, bits, out=columns[0], casting="unsafe")
    np.bitwise_and(pairs, (1 << bits) - 1, out=columns[1], casting="unsafe")
    return columns.T


def _packed_pairs_of(access: AccessLists, bits: int) -> NDArray[np.int64]:
    """The edges of reads and writes as int64 of (earlier, later), in no order, some twice."""
    keys = _packed_accesses(access, bits)
    return np.concatenate([_packed_pairs(part, bits) for part in _by_account(keys, bits)])


def edge_chunks(edges: NDArray[np.uint32]) -> Iterator[EdgeChunk]:
    """The edges in order, at most EDGES_PER_CHUNK at a time."""
    for start in range(0, len(edges), EDGES_PER_CHUNK):
        earlier, later = edges[start : start + EDGES_PER_CHUNK].T
        yield EdgeChunk(earlier, later, earlier.tolist(), later.tolist())


def edge_pairs(edges: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """The edges in order, each as a Python pair."""
    return chain.from_iterable(
        zip(chunk.earlier_listed, chunk.later_listed, strict=True) for chunk in edge_chunks(edges)
    )


def _packed_accesses(access: AccessLists, bits: int) -> NDArray[np.int64]:
    """Accesses as sorted int64 of (account, transaction, is-read).

    Accounts that nobody writes order nothing and are left out. Sorting plain integers is
    several times as fast as any sort of rows (lexsort, argsort).
    """
    # At least one chunk, for there must be something to concatenate.
    starts = range(0, max(1, len(access.accounts)), ACCESSES_PER_CHUNK)
    chunks = [slice(start, start + ACCESSES_PER_CHUNK) for start in starts]
    is_written = np.zeros(access.account_count, dtype=np.bool_)
    for rows in chunks:
        is_written[access.accounts[rows].compress(access.writes[rows])] = True
    keys = np.concatenate([_packed_rows(access, rows, is_written, bits) for rows in chunks])
    keys.sort()
    return keys


def _packed_rows(
    access: AccessLists, rows: slice, is_written: NDArray[np.bool_], bits: int
) -> NDArray[np.int64]:
    # take and compress: indexing by a column or a mask is half as fast.
    accounts = access.accounts[rows]
    kept = np.flatnonzero(is_written.take(accounts))
    low = access.positions[rows].take(kept)
    low <<= 1
    low |= ~access.writes[rows].take(kept)
    keys = accounts.take(kept).astype(np.int64)
    keys <<= bits + 1
    keys |= low
    return keys


def _by_account(keys: NDArray[np.int64], bits: int) -> Iterator[NDArray[np.int64]]:
    """The packed accesses in parts of at least ACCESSES_PER_CHUNK: no account is split."""
    start = 0
    while len(keys) - start > ACCESSES_PER_CHUNK:
        account = int(keys[start + ACCESSES_PER_CHUNK - 1]) >> (bits + 1)
        greatest = ((account + 1) << (bits + 1)) - 1
        stop = int(keys.searchsorted(greatest, side="right"))
        yield keys[start:stop]
        start = stop
    yield keys[start:]


def _packed_pairs(keys: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """The edges that sorted accesses imply, as int64 of (earlier, later), in no order."""
    is_read = (keys & 1).astype(np.bool_)
    positions = keys >> 1
    positions &= (1 << bits) - 1
    is_next = (keys[1:] ^ keys[:-1]) < 2 << bits  # the next access is of the same account
    is_next &= ~(is_read[1:] | is_read[:-1])
    pairs = positions[:-1] << bits
    pairs |= positions[1:]
    pairs = pairs.compress(is_next)
    reads = np.flatnonzero(is_read)
    if len(reads) == 0:
        return pairs
    return np.concatenate((pairs, *_packed_pairs_of_reads(keys, positions, reads, bits)))


def _packed_pairs_of_reads(
    keys: NDArray[np.int64], positions: NDArray[np.int64], reads: NDArray[np.intp], bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Those from the last writer to each read, and those from each read to the next writer."""
    accounts = keys >> (bits + 1)
    # Every account here is written, so there is a writer to look at, if not of this account.
    writers = np.flatnonzero(keys & 1 == 0)
    writers_before = writers.searchsorted(reads)
    last = writers[np.maximum(writers_before - 1, 0)]
    following = writers[np.minimum(writers_before, len(writers) - 1)]
    has_last = (last < reads) & (accounts[last] == accounts[reads])
    has_next = (following > reads) & (accounts[following] == accounts[reads])
    return (
        positions[last[has_last]] << bits | positions[reads[has_last]],
        positions[reads[has_next]] << bits | positions[following[has_next]],
    )
