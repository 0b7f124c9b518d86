"""Verifies signatures in this process, each by the rule of its scheme.

Guarantees: an answer for every check, in order, which depends on its bytes alone; bytes of a wrong
length, or that encode nothing, are signatures that do not count, never an error. Libraries are
imported when a check first needs them. Does not: use workers; see Runtime.verify_signatures.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..primitives import UsageError
from . import ed25519_strict, ed25519_zip215, ml_dsa, secp256k1
from .schemes import (
    CONTEXT_LEN_MAX,
    DIGEST_LEN,
    PUBLIC_KEY_LEN,
    SIGNATURE_LEN,
    Scheme,
    SignatureCheck,
)


def verify(checks: Iterable[SignatureCheck]) -> list[bool]:
    """Whether each signature counts by its scheme's rule.

    Raises UsageError for what is no check, for an unknown scheme, and where the library of a scheme
    is missing.

    >>> from sealane.signatures.keypair import Keypair
    >>> alice = Keypair(Scheme.ED25519, bytes(32))
    >>> check = SignatureCheck(alice.scheme, alice.public_key, b"pay 5", alice.sign(b"pay 5"))
    >>> verify([check, check._replace(message=b"pay 6")])
    [True, False]
    """
    return [_counts(*check) for check in checked(checks)]


def checked(checks: Iterable[SignatureCheck]) -> list[SignatureCheck]:
    """The checks in a list. Raises UsageError for what is none, or names an unknown scheme."""
    found = list(checks)
    for position, check in enumerate(found):
        wrong = _fault(check)
        if wrong is not None:
            raise UsageError(f"check {position}: {wrong}")
    return found


def _fault(check: object) -> str | None:
    if not isinstance(check, SignatureCheck):
        return f"expected a SignatureCheck, found {type(check).__name__}"
    parts: list[Any]  # users need not check types
    scheme, *parts = check
    if scheme not in SIGNATURE_LEN:
        return f"{scheme!r} is no signature scheme; there are {', '.join(Scheme)}"
    for name, part in zip(SignatureCheck._fields[1:], parts, strict=True):
        if not isinstance(part, bytes):
            return f"{name}: expected bytes, found {type(part).__name__}"
    return None


def _counts(
    scheme: Scheme, public_key: bytes, message: bytes, signature: bytes, context: bytes
) -> bool:
    if (
        len(public_key) != PUBLIC_KEY_LEN[scheme]
        or len(signature) != SIGNATURE_LEN[scheme]
        or len(context) > CONTEXT_LEN_MAX[scheme]
    ):
        return False
    match scheme:
        case Scheme.ED25519:
            return ed25519_strict.verify(public_key, message, signature)
        case Scheme.ED25519_ZIP215:
            return ed25519_zip215.verify(public_key, message, signature)
        case Scheme.ML_DSA_44:
            return ml_dsa.verify(public_key, message, signature, context)
        case Scheme.SECP256K1:
            return len(message) == DIGEST_LEN and secp256k1.verify(public_key, message, signature)
