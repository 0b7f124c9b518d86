"""The data of a nonce account: 80 bytes in Solana's layout (bincode).

In an account without a nonce, only the first 8 bytes are required; they say so.
"""

from __future__ import annotations

import hashlib
from enum import Enum
from typing import Annotated, Final

from ..kit import Layout, Pubkey, Size, Tag, u64

BLOCKHASH_LEN: Final = 32
_DURABLE_NONCE_PREFIX: Final = b"DURABLE_NONCE"


class NonceVersion(Enum):
    """The version. Legacy nonces are blockhashes; current ones are hashes derived from them."""

    Legacy = 0
    Current = 1


class NonceState(Enum):
    """Whether the account holds a nonce."""

    Uninitialized = 0
    Initialized = 1


class NonceHeader(Layout, program="system"):
    """Version and state: all that an account without a nonce holds."""

    version: Annotated[NonceVersion, Tag(4)]
    state: Annotated[NonceState, Tag(4)]


class NonceAccount(NonceHeader, name="Nonce", program="system"):
    """A stored nonce, and the authority to advance it and to withdraw."""

    authority: Pubkey
    durable_nonce: Annotated[bytes, Size(BLOCKHASH_LEN)]
    lamports_per_signature: u64


def durable_nonce_of(blockhash: bytes) -> bytes:
    """The nonce derived from a blockhash, which never equals a blockhash."""
    return hashlib.sha256(_DURABLE_NONCE_PREFIX + blockhash).digest()
