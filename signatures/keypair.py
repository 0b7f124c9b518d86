"""A private key and what belongs to it, for tests, fixtures and load.

Guarantees: nothing but `seed` shows the secret, neither its text nor a copy in a pickle, so it
reaches no log, error or message by accident. Does not: keep secrets from this process; Python
leaves copies in memory, so what holds real value belongs in a wallet.
"""

from __future__ import annotations

import os
from typing import Final, NoReturn, Self

from ..primitives import Pubkey, UsageError
from ..primitives.pubkey import plain_bytes
from . import ed25519_strict, ml_dsa, secp256k1
from .schemes import CONTEXT_LEN_MAX, DIGEST_LEN, Scheme, SignatureCheck, address_of

SEED_LEN: Final = 32


class Keypair:
    """A key of one scheme, from its seed of 32 bytes.

    The seed is RFC 8032's private key for Ed25519, FIPS 204's ξ for ML-DSA-44, and the number
    itself for secp256k1, whose `public_key` is the Ethereum address. Equal if scheme and public key
    are. Raises UsageError for a seed that is no private key.

    >>> Keypair(Scheme.ED25519, bytes(32))
    <Keypair ed25519 4zvwRjXUKGfvwnParsHAS3HuSVzV5cA4McphgmoCtajS>
    """

    __slots__ = ("_seed", "address", "public_key", "scheme")

    def __init__(self, scheme: Scheme, seed: bytes) -> None:
        self.scheme: Final = _known(scheme)
        self._seed: Final = _checked_seed(self.scheme, seed)
        self.public_key: Final = _public_key(self.scheme, self._seed)
        self.address: Final[Pubkey] = address_of(self.scheme, self.public_key)

    @classmethod
    def generate(cls, scheme: Scheme = Scheme.ED25519) -> Self:
        """A new key, from the operating system's random numbers."""
        while True:
            seed = os.urandom(SEED_LEN)
            # One in 2^128 numbers is no private key of secp256k1.
            if scheme != Scheme.SECP256K1 or secp256k1.is_private_key(seed):
                return cls(scheme, seed)

    @property
    def seed(self) -> bytes:
        """The secret. Keep it out of logs, arguments of commands, and files that others read."""
        return self._seed

    def sign(self, message: bytes, context: bytes = b"") -> bytes:
        """The signature of a message; for secp256k1, of a digest of 32 bytes.

        `context`: only for ML-DSA-44. Raises UsageError for a digest of another length, or a
        context longer than the scheme allows.
        """
        if len(context) > CONTEXT_LEN_MAX[self.scheme]:
            raise UsageError(
                f"a context of {len(context)} bytes; {self.scheme} has "
                f"{CONTEXT_LEN_MAX[self.scheme]} at most"
            )
        match self.scheme:
            case Scheme.ED25519 | Scheme.ED25519_ZIP215:
                return ed25519_strict.sign(self._seed, message)
            case Scheme.ML_DSA_44:
                return ml_dsa.sign(self._seed, message, context)
            case Scheme.SECP256K1:
                if len(message) != DIGEST_LEN:
                    raise UsageError(
                        f"{self.scheme} signs a digest of {DIGEST_LEN} bytes, this has "
                        f"{len(message)}; hash the message first"
                    )
                return secp256k1.sign(self._seed, message)

    def check(self, message: bytes, context: bytes = b"") -> SignatureCheck:
        """A message and its signature by this key, ready to be verified."""
        signature = self.sign(message, context)
        return SignatureCheck(self.scheme, self.public_key, message, signature, context)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Keypair):
            return NotImplemented
        return self.scheme == other.scheme and self.public_key == other.public_key

    def __hash__(self) -> int:
        return hash((self.scheme, self.public_key))

    def __repr__(self) -> str:
        return f"<Keypair {self.scheme} {self.address}>"

    def __reduce__(self) -> NoReturn:
        # Else a message to a worker, or a cache, would hold the secret.
        raise TypeError("a Keypair holds a secret and is not pickled or copied; pass its seed")


def _known(scheme: str) -> Scheme:
    try:
        return Scheme(scheme)
    except ValueError:
        raise UsageError(
            f"{scheme!r} is no signature scheme; there are {', '.join(Scheme)}"
        ) from None


def _checked_seed(scheme: Scheme, seed: bytes) -> bytes:
    plain = plain_bytes(seed, "a seed is bytes")
    if len(plain) != SEED_LEN:
        raise UsageError(f"a seed has {SEED_LEN} bytes, this has {len(plain)}")
    if scheme == Scheme.SECP256K1 and not secp256k1.is_private_key(plain):
        raise UsageError(
            "this seed is no private key of secp256k1: it must be above 0 and below the group "
            "order; take another"
        )
    return plain


def _public_key(scheme: Scheme, seed: bytes) -> bytes:
    match scheme:
        case Scheme.ED25519 | Scheme.ED25519_ZIP215:
            return ed25519_strict.public_key_of(seed)
        case Scheme.ML_DSA_44:
            return ml_dsa.public_key_of(seed)
        case Scheme.SECP256K1:
            return secp256k1.address_of_private_key(seed)
