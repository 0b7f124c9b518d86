"""The signature schemes by name, and the account that a public key signs for.

A *rule* decides which signatures of a scheme count; the same bytes may pass by one rule and fail by
another, so a chain has to name its rule. `ed25519` is Solana's rule, strict; `ed25519-zip215` that
of ZIP-215, which accepts more, and is the same for signatures verified one by one or in batches.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Final, NamedTuple

from ..primitives import Pubkey


class Scheme(StrEnum):
    """A scheme, and the rule by which its signatures are verified."""

    ED25519 = "ed25519"
    ED25519_ZIP215 = "ed25519-zip215"
    ML_DSA_44 = "ml-dsa-44"
    SECP256K1 = "secp256k1"


class SignatureCheck(NamedTuple):
    """A signature to verify, with everything that this needs, as bytes.

    For `secp256k1`, `message` is the digest that was signed, 32 bytes, `signature` r ‖ s ‖ recovery
    id, 65 bytes, and `public_key` the Ethereum address that must come out, 20 bytes. `context` is
    the context string of `ml-dsa-44`, at most 255 bytes; the other schemes have none.
    """

    scheme: Scheme
    public_key: bytes
    message: bytes
    signature: bytes
    context: bytes = b""


ED25519_RULES: Final = (Scheme.ED25519, Scheme.ED25519_ZIP215)  # two rules, the same keys
PUBLIC_KEY_LEN: Final = {
    Scheme.ED25519: 32,
    Scheme.ED25519_ZIP215: 32,
    Scheme.ML_DSA_44: 1312,
    Scheme.SECP256K1: 20,
}
SIGNATURE_LEN: Final = {
    Scheme.ED25519: 64,
    Scheme.ED25519_ZIP215: 64,
    Scheme.ML_DSA_44: 2420,
    Scheme.SECP256K1: 65,
}
CONTEXT_LEN_MAX: Final = {
    Scheme.ED25519: 0,
    Scheme.ED25519_ZIP215: 0,
    Scheme.ML_DSA_44: 255,
    Scheme.SECP256K1: 0,
}
DIGEST_LEN: Final = 32


def address_of(scheme: Scheme, public_key: bytes) -> Pubkey:
    """The account that a public key signs for.

    An Ed25519 key is the account's key itself, as on Solana. Another scheme's key does not fit in
    32 bytes: its account is the SHA-256 of the scheme's name, a zero byte and the key.
    """
    if scheme in ED25519_RULES:
        return Pubkey(public_key)
    return Pubkey(hashlib.sha256(scheme.encode() + b"\0" + public_key).digest())
