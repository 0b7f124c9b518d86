"""Edges: which transaction waits for which, from access lists, in O(accesses) after one sort.

The rule, for each account: a read waits for the last writer; a write waits for all readers
since that writer, or for the last writer when there are none. Every other conflict follows
from these edges by a path, so edges between all conflicting pairs are never made.

Guarantees: edges run from lower to higher position, so positions are a topological order; no
edge appears twice; edges are sorted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .access import AccessLists

# Measured: at this size a list and its tuples are recycled while they are still in the cache;
# one list of all edges took twice the time to make and to hand to rustworkx.
PAIRS_PER_CHUNK = 4096


def conflict_edges(access: AccessLists) -> NDArray[np.uint32]:
    """uint32[k, 2]: rows (earlier, later), sorted, each once."""
    bits = max(1, (len(access) - 1).bit_length())
    keys = _packed_accesses(access, bits)
    pairs = np.sort(np.concatenate(_packed_pairs(keys, bits)))
    if len(pairs) > 1:
        pairs = pairs[np.concatenate(([True], pairs[1:] != pairs[:-1]))]
    edges = np.empty((len(pairs), 2), dtype=np.uint32)
    edges[:, 0] = pairs >> bits
    edges[:, 1] = pairs & ((1 << bits) - 1)
    return edges


def edge_pairs(edges: NDArray[np.uint32]) -> Iterator[list[tuple[int, int]]]:
    """The edges as Python pairs, in order, in lists of at most PAIRS_PER_CHUNK."""
    for start in range(0, len(edges), PAIRS_PER_CHUNK):
        chunk = edges[start : start + PAIRS_PER_CHUNK]
        earlier: list[int] = chunk[:, 0].tolist()
        later: list[int] = chunk[:, 1].tolist()
        yield list(zip(earlier, later, strict=True))


def _packed_accesses(access: AccessLists, bits: int) -> NDArray[np.int64]:
    """Accesses as sorted int64 of (account, transaction, is-read).

    Accounts that nobody writes order nothing and are left out. Sorting plain integers is
    several times as fast as any sort of rows (lexsort, argsort).
    """
    written = np.zeros(access.account_count, dtype=np.bool_)
    written[access.accounts[access.writes]] = True
    kept = np.flatnonzero(written[access.accounts])
    keys = access.accounts[kept].astype(np.int64) << bits
    keys |= access.positions[kept]
    keys <<= 1
    keys |= ~access.writes[kept]
    keys.sort()
    return keys


def _packed_pairs(keys: NDArray[np.int64], bits: int) -> list[NDArray[np.int64]]:
    """The edges that sorted accesses imply, as int64 of (earlier, later), one list a kind."""
    is_write = (keys & 1) == 0
    accounts = keys >> (bits + 1)
    positions = (keys >> 1) & ((1 << bits) - 1)

    def pack(earlier: NDArray[np.int64], later: NDArray[np.int64]) -> NDArray[np.int64]:
        return positions[earlier] << bits | positions[later]

    next_to = (accounts[1:] == accounts[:-1]) & is_write[1:] & is_write[:-1]
    neighbours = np.flatnonzero(next_to)
    pairs = [pack(neighbours, neighbours + 1)]
    reads = np.flatnonzero(~is_write)
    if len(reads) == 0:
        return pairs
    # Every account here is written, so there is a writer to look at, if not of this account.
    writers = np.flatnonzero(is_write)
    writers_before = np.cumsum(is_write)[reads]
    last = writers[np.maximum(writers_before - 1, 0)]
    has_last = (writers_before > 0) & (accounts[last] == accounts[reads])
    following = writers[np.minimum(writers_before, len(writers) - 1)]
    has_next = (writers_before < len(writers)) & (accounts[following] == accounts[reads])
    pairs.append(pack(last[has_last], reads[has_last]))
    pairs.append(pack(reads[has_next], following[has_next]))
    return pairs
