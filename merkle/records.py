"""Leaves as records of 96 bytes, path ‖ key ‖ leaf digest, and the digest of a few of them.

Sorted records are in the order of their paths. The key is kept for proofs of absence, which name
their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .hashing import EMPTY, HASH_LEN, bit_of, node_digest

RECORD_LEN: Final = 3 * HASH_LEN


def path_in(record: bytes) -> bytes:
    return record[:HASH_LEN]


def key_in(record: bytes) -> bytes:
    return record[HASH_LEN : 2 * HASH_LEN]


def split_records(joined: bytes) -> list[bytes]:
    """The records of a bucket."""
    return [joined[at : at + RECORD_LEN] for at in range(0, len(joined), RECORD_LEN)]


def first_right(paths: Sequence[bytes], low: int, high: int, depth: int) -> int:
    """Of sorted paths, or records, that share their first `depth` bits: where the right side
    begins, in [low, high]."""
    byte, mask = depth >> 3, 128 >> (depth & 7)
    while low < high:
        middle = (low + high) >> 1
        if paths[middle][byte] & mask:
            high = middle
        else:
            low = middle + 1
    return low


def digest_of(records: Sequence[bytes], low: int, high: int, depth: int) -> bytes:
    """The digest of the subtree at this depth that holds the sorted records [low, high)."""
    if high - low == 1:
        return records[low][2 * HASH_LEN :]
    if low == high:
        return EMPTY
    middle = first_right(records, low, high, depth)
    return node_digest(
        digest_of(records, low, middle, depth + 1), digest_of(records, middle, high, depth + 1)
    )


def siblings_in(records: Sequence[bytes], path: bytes, depth: int) -> list[bytes]:
    """What stands beside the way from a subtree at this depth to a leaf in it, from the top."""
    low, high = 0, len(records)
    siblings: list[bytes] = []
    while high - low > 1:
        middle = first_right(records, low, high, depth)
        depth += 1
        if bit_of(path, depth - 1):
            siblings.append(digest_of(records, low, middle, depth))
            low = middle
        else:
            siblings.append(digest_of(records, middle, high, depth))
            high = middle
    return siblings
