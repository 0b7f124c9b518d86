"""The bank hash of a Solana block, from the lattice hash of all accounts after it (SIMD-0215).

    bank hash = SHA-256(SHA-256(parent's bank hash ‖ signatures ‖ last blockhash) ‖ lattice)

Signatures are a count of 8 bytes, little-endian; the lattice hash has all its 2,048 bytes, and not
only its checksum. If a hard fork lies between the parent's slot and the block's, the bank hash is
hashed once more, with how many there are. Does not: decide anything here; the runtime has no slots'
forks of its own. It is for comparing states with those of other clients.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ...primitives import UsageError
from ...primitives.integers import U64_MAX
from .lattice_hash import Lattice, encoded

HASH_LEN = 32


def bank_hash(
    parent: bytes, signature_count: int, last_blockhash: bytes, accounts: Lattice
) -> bytes:
    """32 bytes. `parent`, `last_blockhash`: 32 bytes each; `accounts`: after the block. Raises
    UsageError for a hash of another length, and a count outside of [0, 2^64)."""
    for name, value in (("parent", parent), ("last_blockhash", last_blockhash)):
        if len(value) != HASH_LEN:
            raise UsageError(f"{name} has {len(value)} bytes; a hash has {HASH_LEN}")
    if not 0 <= signature_count <= U64_MAX:
        raise UsageError(f"signature_count={signature_count} is not in [0, 2^64)")
    inner = hashlib.sha256(parent + signature_count.to_bytes(8, "little") + last_blockhash).digest()
    return hashlib.sha256(inner + encoded(accounts)).digest()


def after_hard_forks(
    bank: bytes, slot: int, parent_slot: int, hard_forks: Iterable[tuple[int, int]]
) -> bytes:
    """The bank hash of the block in `slot`, if these are the hard forks, (slot, count) each: those
    after the parent's slot, up to the block's, change it."""
    count = sum(forks for at, forks in hard_forks if parent_slot < at <= slot)
    return hashlib.sha256(bank + count.to_bytes(8, "little")).digest() if count else bank
