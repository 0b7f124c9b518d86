"""ML-DSA-44, the post-quantum scheme of FIPS 204, pure; the library is cryptography.

A signature counts if algorithm 3 of FIPS 204 accepts it; it has one valid encoding only. A context
string is signed with the message. Signing is hedged: the same message gives a different signature
each time. Does not: check lengths.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .libraries import needed_library
from .schemes import PUBLIC_KEY_LEN, Scheme

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import (
        MLDSA44PrivateKey,
        MLDSA44PublicKey,
    )


def verify(public_key: bytes, message: bytes, signature: bytes, context: bytes) -> bool:
    """Whether the signature counts: 1,312 and 2,420 bytes, and at most 255 of context."""
    keys, _, invalid = _library()
    try:
        keys.from_public_bytes(public_key).verify(signature, message, context)
    except invalid:
        return False
    return True


def public_key_of(seed: bytes) -> bytes:
    """The public key of a private one, given as FIPS 204's seed ξ of 32 bytes."""
    return _library()[1].from_seed_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes, context: bytes) -> bytes:
    """A signature of 2,420 bytes, a different one each time."""
    return _library()[1].from_seed_bytes(seed).sign(message, context)


@cache
def _library() -> tuple[type[MLDSA44PublicKey], type[MLDSA44PrivateKey], type[Exception]]:
    with needed_library("cryptography", Scheme.ML_DSA_44):
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.mldsa import (
            MLDSA44PrivateKey,
            MLDSA44PublicKey,
        )

        try:
            MLDSA44PublicKey.from_public_bytes(bytes(PUBLIC_KEY_LEN[Scheme.ML_DSA_44]))
        except UnsupportedAlgorithm as error:  # built with an OpenSSL that is too old
            raise ImportError(str(error)) from error
    return MLDSA44PublicKey, MLDSA44PrivateKey, InvalidSignature
