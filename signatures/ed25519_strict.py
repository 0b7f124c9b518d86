"""Ed25519 by Solana's rule, `verify_strict` of ed25519-dalek, and signing; the library is solders.

A signature R ‖ S of message M by the key A counts when all of this holds:

- S is below the group order L, so that nobody can alter a signature into another one;
- A and R decode to points of the curve, neither of them of small order (1, 2, 4 or 8). That rules
  out x = 0 with the wrong sign, too, and the few `y` that are not reduced modulo p for which a
  signature can be made at all;
- [S]B = R + [k]A without multiplying by the cofactor, where k = SHA-512(R ‖ A ‖ M) modulo L, over
  the bytes as they were given.

Points of mixed order pass if they satisfy that equation. Does not: check lengths.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .libraries import needed_library
from .schemes import Scheme

if TYPE_CHECKING:
    from solders.keypair import Keypair
    from solders.pubkey import Pubkey
    from solders.signature import Signature


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature counts, for 32 and 64 bytes."""
    pubkeys, signatures, _ = _library()
    return signatures.from_bytes(signature).verify(pubkeys.from_bytes(public_key), message)


def public_key_of(seed: bytes) -> bytes:
    """The public key of a private one, the 32 bytes of RFC 8032."""
    return bytes(_library()[2].from_seed(seed).pubkey())


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature of RFC 8032: the same each time, and it passes by every rule."""
    return bytes(_library()[2].from_seed(seed).sign_message(message))


@cache
def _library() -> tuple[type[Pubkey], type[Signature], type[Keypair]]:
    with needed_library("solders", Scheme.ED25519):
        from solders.keypair import Keypair
        from solders.pubkey import Pubkey
        from solders.signature import Signature
    return Pubkey, Signature, Keypair
