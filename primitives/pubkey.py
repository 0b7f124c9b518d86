"""Account keys: 32 bytes, base58 for people, and the ways to derive one.

Guarantees: a name always stands for the same key; derivation of program addresses is Solana's
(sha256 over seeds, bump, program id and a marker; the result must lie off the ed25519 curve).
Does not: hold private keys, sign, or verify signatures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any, Final, SupportsBytes, TypeAlias

import base58

PUBKEY_LEN: Final = 32
SEED_LEN_MAX: Final = 32
SEEDS_MAX: Final = 16
_BASE58_LEN_MAX: Final = 44  # 32 bytes never need more base58 digits
_KEY_WANTED: Final = f"a key is {PUBKEY_LEN} bytes, or Pubkey.of(a name)"
PROGRAM_ADDRESS_MARKER: Final = b"ProgramDerivedAddress"
_NAMED_KEY_MARKER: Final = b"sealane account name:"
NAMES_KEPT: Final = 1 << 16
ADDRESSES_KEPT: Final = 1 << 16

# Names that stand for a fixed key wherever a key is named. Source: solana-sdk-ids.
_WELL_KNOWN: Final = {
    "system": "11111111111111111111111111111111",
    "token": "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    "associated_token": "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL",
    "memo": "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
    "compute_budget": "ComputeBudget111111111111111111111111111111",
    "native_mint": "So11111111111111111111111111111111111111112",
    "clock": "SysvarC1ock11111111111111111111111111111111",
    "rent": "SysvarRent111111111111111111111111111111111",
    "recent_blockhashes": "SysvarRecentB1ockHashes11111111111111111111",
}


# What may stand for a key: a name or base58, the bytes, or another library's key.
KeyLike: TypeAlias = str | bytes | SupportsBytes


def has_key_bytes(value: object) -> bool:
    """Whether a value may be a key of another library, such as solders.pubkey.Pubkey."""
    return hasattr(type(value), "__bytes__")


def plain_bytes(value: object, wanted: str = "bytes are wanted") -> bytes:
    """The bytes themselves, whatever methods their class has. Raises TypeError for anything else.

    A subclass could claim to equal another value, or to have another length.
    """
    if isinstance(value, memoryview):
        return value.tobytes()
    if not isinstance(value, (bytes, bytearray)):
        raise TypeError(f"{wanted}, not {type(value).__name__}")
    return bytes.join(b"", [value])


class SeedErrorCode(IntEnum):
    """PubkeyError of the Solana SDK: programs that pass it on fail with these numbers."""

    MaxSeedLengthExceeded = 0
    InvalidSeeds = 1
    IllegalOwner = 2


class SeedError(ValueError):
    """Seeds do not make an address: too many, too long, or the result lies on the curve."""

    def __init__(self, message: str, code: SeedErrorCode) -> None:
        self.code = code
        super().__init__(message, code)

    def __str__(self) -> str:
        return str(self.args[0])


class Pubkey(bytes):
    """A 32-byte account key. Compares and hashes as its bytes; prints as base58.

    >>> str(Pubkey.of("system"))
    '11111111111111111111111111111111'
    >>> Pubkey.of("alice") == Pubkey.of("alice")
    True
    """

    __slots__ = ()

    def __new__(cls, raw: bytes | bytearray | memoryview) -> Pubkey:
        plain = raw if type(raw) is bytes else plain_bytes(raw, _KEY_WANTED)
        if len(plain) != PUBKEY_LEN:
            raise ValueError(f"a key has {PUBKEY_LEN} bytes, this has {len(plain)}")
        return super().__new__(cls, plain)

    def __str__(self) -> str:
        return encode_base58(bytes(self))

    def __repr__(self) -> str:
        return f"Pubkey({self!s})"

    @classmethod
    def of(cls, name: KeyLike) -> Pubkey:
        """The key that a name stands for.

        A well-known program or sysvar name is its fixed key; text that decodes as base58 to 32
        bytes is that key; any other text stands for a key derived from it, always the same.
        Bytes are taken as the key itself, and so is what `__bytes__` of another library's key
        gives, solders' among them. The result is exactly a Pubkey, never a subclass, which could
        redefine equality.
        """
        if type(name) is Pubkey:
            return name
        if isinstance(name, (bytes, bytearray, memoryview)):
            return Pubkey(name)
        if not isinstance(name, str):
            if has_key_bytes(name):
                return _key_of_other(name)
            raise TypeError(
                f"an account is named by text, base58 or 32 bytes, not {type(name).__name__}"
            )
        return _key_of_name(str.__str__(name))

    @classmethod
    def from_base58(cls, text: str) -> Pubkey:
        """Decode base58. Raises ValueError when it is not base58 of exactly 32 bytes."""
        if text != text.strip():
            raise ValueError("a key has no spaces around it")  # the decoder would drop them
        return cls(base58.b58decode(text))

    @classmethod
    def with_seed(cls, base: bytes, seed: str, owner: bytes) -> Pubkey:
        """sha256(base ‖ seed ‖ owner), as the system program's *_with_seed instructions use it.

        Raises SeedError for a seed over 32 bytes or an owner that ends like a program address.
        """
        raw_seed, owner = str.encode(seed), plain_bytes(owner)
        if len(raw_seed) > SEED_LEN_MAX:
            raise SeedError(
                f"seed is {len(raw_seed)} bytes, {SEED_LEN_MAX} at most",
                SeedErrorCode.MaxSeedLengthExceeded,
            )
        if owner.endswith(PROGRAM_ADDRESS_MARKER):
            raise SeedError(
                "owner ends with the program-address marker", SeedErrorCode.IllegalOwner
            )
        return cls(hashlib.sha256(plain_bytes(base) + raw_seed + owner).digest())

    @classmethod
    def create_program_address(cls, seeds: Sequence[bytes], program_id: bytes) -> Pubkey:
        """The address that these seeds (bump included) derive. Raises SeedError if on-curve."""
        parts = (*_checked_seeds(seeds, SEEDS_MAX), program_id, PROGRAM_ADDRESS_MARKER)
        found = program_address(b"".join(parts))
        if found is None:
            raise SeedError(
                "the seeds derive an address on the ed25519 curve", SeedErrorCode.InvalidSeeds
            )
        return found

    @classmethod
    def find_program_address(cls, seeds: Sequence[bytes], program_id: bytes) -> tuple[Pubkey, int]:
        """The first off-curve address from bump 255 downwards, and its bump.

        Raises SeedError for over-long seeds, or if no bump works.
        """
        prefix = b"".join(_checked_seeds(seeds, SEEDS_MAX - 1))
        # Not `+`: the key of a subclass of bytes would decide what that gives.
        suffix = b"".join((program_id, PROGRAM_ADDRESS_MARKER))
        for bump in range(255, -1, -1):
            found = program_address(b"%b%c%b" % (prefix, bump, suffix))
            if found is not None:
                return found, bump
        raise SeedError(
            "no bump from 255 to 0 gives an address off the curve", SeedErrorCode.InvalidSeeds
        )


# A program signs with the same few addresses in each of its calls, and every look at the curve
# takes 100 µs.
@lru_cache(maxsize=ADDRESSES_KEPT)
def program_address(preimage: bytes) -> Pubkey | None:
    """The address with this preimage; None if it lies on the curve."""
    raw = hashlib.sha256(preimage).digest()
    return None if is_on_curve(raw) else Pubkey(raw)


def encode_base58(raw: bytes) -> str:
    """Base58 of bytes, two digits at a time: several times as fast as the base58 package."""
    number, pairs = int.from_bytes(raw, "big"), _base58_pairs()
    found: list[str] = []
    while number:
        number, pair = divmod(number, len(pairs))
        found.append(pairs[pair])
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(found)).lstrip("1")


@cache
def _base58_pairs() -> list[str]:
    """All pairs of base58 digits, in ascending order of their value."""
    digits = base58.BITCOIN_ALPHABET.decode("ascii")
    return [high + low for high in digits for low in digits]


def _checked_seeds(seeds: Sequence[bytes], count_max: int) -> list[bytes]:
    if isinstance(seeds, (bytes, str)):
        raise TypeError(f"seeds are a list, like [b'vault', bytes(key)]; not {seeds!r} alone")
    if len(seeds) > count_max:
        raise SeedError(
            f"{len(seeds)} seeds, {count_max} at most", SeedErrorCode.MaxSeedLengthExceeded
        )
    plain = [plain_bytes(seed, "a seed is bytes, like b'vault' or bytes(key)") for seed in seeds]
    for position, seed in enumerate(plain):
        if len(seed) > SEED_LEN_MAX:
            raise SeedError(
                f"seed {position} is {len(seed)} bytes, {SEED_LEN_MAX} at most",
                SeedErrorCode.MaxSeedLengthExceeded,
            )
    return plain


def _key_of_other(key: Any) -> Pubkey:
    raw = bytes(key)
    if len(raw) != PUBKEY_LEN:
        pair = "; of a keypair, give its pubkey()" if len(raw) == 2 * PUBKEY_LEN else ""
        raise ValueError(
            f"a key has {PUBKEY_LEN} bytes, this {type(key).__name__} has {len(raw)}{pair}"
        )
    return Pubkey(raw)


_names: dict[Pubkey, str] = {}


@lru_cache(maxsize=NAMES_KEPT)
def _key_of_name(name: str) -> Pubkey:
    known = _WELL_KNOWN.get(name)
    if known is not None:
        return _named(Pubkey(base58.b58decode(known)), name)
    if PUBKEY_LEN <= len(name) <= _BASE58_LEN_MAX:
        try:
            return Pubkey.from_base58(name)
        except ValueError:
            pass  # a long name that is no key: derive one, as for any other name
    return _named(Pubkey(hashlib.sha256(_NAMED_KEY_MARKER + name.encode()).digest()), name)


def _named(key: Pubkey, name: str) -> Pubkey:
    if len(_names) >= NAMES_KEPT:
        _names.clear()
        _key_of_name.cache_clear()  # else a name that is found there would stay forgotten here
    _names[key] = name
    return key


def name_of(key: Pubkey) -> str | None:
    """The name that `key` was derived from, if this process derived it recently.

    For display only: the answer depends on what was named before, so no result may depend on it.
    """
    return _names.get(key)


_FIELD: Final = 2**255 - 19
_CURVE_D: Final = -121665 * pow(121666, _FIELD - 2, _FIELD) % _FIELD


def is_on_curve(raw: bytes) -> bool:
    """Whether 32 bytes decompress to a point of ed25519 (RFC 8032, 5.1.3; subgroup not checked).

    As Solana's curve25519-dalek has it: it also accepts x = 0 with either sign, and a y that is
    not reduced.
    """
    encoded = int.from_bytes(raw, "little")
    y = (encoded & ((1 << 255) - 1)) % _FIELD
    numerator = (y * y - 1) % _FIELD
    denominator = (_CURVE_D * y * y + 1) % _FIELD
    # x² is their quotient, which is a square if and only if their product is: the denominator is
    # never 0, as d is no square and -1 is one.
    return numerator == 0 or pow(numerator * denominator, (_FIELD - 1) // 2, _FIELD) == 1
