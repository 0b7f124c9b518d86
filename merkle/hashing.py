"""The hashes of the tree: those of a compact sparse Merkle tree, as ICS-23's SmtSpec has it.

    path of an account = sha256(key)
    leaf               = sha256(00 ‖ path ‖ sha256(value))
    node               = sha256(01 ‖ left ‖ right)
    nothing            = 32 zero bytes

Bit i of the path, the most significant first, says where it goes at depth i: 0 left, 1 right. A
subtree with a single leaf is that leaf, and one with more is a node, also if one of its sides holds
nothing. Source: `SmtSpec` of github.com/cosmos/ics23, which describes github.com/celestiaorg/smt.

Paths are hashes, since keys can be chosen: a million keys with a common prefix would make a tree a
million times as expensive. Paths that begin alike can only be found by trying keys, so a leaf is
deeper than log2(accounts) by no more bits than somebody can afford to try for.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

HASH_LEN: Final = 32
DEPTH_MAX: Final = 256  # bits of a path
LEAF_PREFIX: Final = b"\x00"
NODE_PREFIX: Final = b"\x01"
EMPTY: Final = bytes(HASH_LEN)
EMPTY_ROOT: Final = EMPTY


def path_of_key(key: bytes) -> bytes:
    """Where an account is in the tree, 32 bytes."""
    return sha256(key).digest()


def leaf_digest(path: bytes, value: bytes) -> bytes:
    return sha256(LEAF_PREFIX + path + sha256(value).digest()).digest()


def node_digest(left: bytes, right: bytes) -> bytes:
    return sha256(NODE_PREFIX + left + right).digest()


def bit_of(path: bytes, depth: int) -> int:
    """0 or 1: the side of the tree that a path goes to at this depth."""
    return path[depth >> 3] >> (7 - (depth & 7)) & 1


def shared_bits(one: bytes, other: bytes) -> int:
    """How many bits two paths share before they part; 256 for the same path."""
    difference = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return DEPTH_MAX - difference.bit_length()
