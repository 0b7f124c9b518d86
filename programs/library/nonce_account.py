"""What a nonce account holds: 80 bytes, as the Solana runtime lays them out (bincode).

Without a nonce the first 8 of them say so, and there need not be more.
"""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Annotated, Final

from ..kit import Layout, Pubkey, Size, Tag, u64

BLOCKHASH_LEN: Final = 32
_DURABLE_NONCE_PREFIX: Final = b"DURABLE_NONCE"


class NonceVersion(Enum):
    """Legacy nonces held a blockhash itself; since then it is a hash of their own."""

    Legacy = 0
    Current = 1


class NonceState(Enum):
    """Whether the account holds a nonce."""

    Uninitialized = 0
    Initialized = 1


class NonceHeader(Layout, program="system"):
    """Whether there is a nonce: all that an account without one holds."""

    version: Annotated[NonceVersion, Tag(4)]
    state: Annotated[NonceState, Tag(4)]


class NonceAccount(NonceHeader, name="Nonce", program="system"):
    """A stored nonce, and who may advance it and withdraw."""

    authority: Pubkey
    durable_nonce: Annotated[bytes, Size(BLOCKHASH_LEN)]
    lamports_per_signature: u64


def durable_nonce_of(blockhash: bytes) -> bytes:
    """The nonce that a blockhash gives: never equal to any blockhash."""
    return hashlib.sha256(_DURABLE_NONCE_PREFIX + blockhash).digest()
