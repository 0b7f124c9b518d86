"""Hex text in Ethereum's JSON, narrowed to what a field must be.

Guarantees: one value has one form afterwards (integers, bytes, lower case); anything else raises an
InputError with its place and what was found. Padded quantities and capital letters are accepted,
since nodes and tests write both; plain JSON integers too, as tracers write nonces.
Does not: check the checksum that capital letters of an address may spell (EIP-55).
"""

from __future__ import annotations

import re
from typing import Final

from ...primitives import InputError
from ..files.json_values import shown

WORD_BITS: Final = 256  # a balance, a slot, and what it holds
U64_BITS: Final = 64
DATA_LEN_MAX: Final = 16 << 20  # of one field; the largest code has 24 KiB, the largest input 128
_DIGITS_MAX: Final = 64
_QUANTITY: Final = re.compile(rf"0x[0-9a-fA-F]{{1,{_DIGITS_MAX}}}", re.ASCII)
_DATA: Final = re.compile(r"0x(?:[0-9a-fA-F]{2})*", re.ASCII)
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)
_HASH: Final = re.compile(r"0x[0-9a-fA-F]{64}", re.ASCII)


def is_address(value: object) -> bool:
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def as_quantity(value: object, place: str, *, bits: int = WORD_BITS) -> int:
    """An unsigned integer of at most so many bits."""
    number = value
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        number = int(value, 16)
    if type(number) is not int or not 0 <= number < 1 << bits:
        raise _mismatch(f"a quantity (0x and hex digits) below 2^{bits}", value, place)
    return number


def as_quantity_or_none(value: object, place: str, *, bits: int = WORD_BITS) -> int | None:
    return None if value is None else as_quantity(value, place, bits=bits)


def as_data(value: object, place: str, len_max: int = DATA_LEN_MAX) -> bytes:
    """Bytes, two hex digits each; of `len_max` at most."""
    if not isinstance(value, str) or not _DATA.fullmatch(value):
        raise _mismatch("0x and an even number of hex digits", value, place)
    if len(value) > 2 + 2 * len_max:
        raise InputError(f"{place}: {len(value) // 2 - 1:,} bytes; at most {len_max:,} are read")
    return bytes.fromhex(value[2:])


def as_address(value: object, place: str) -> str:
    """An address, in lower case."""
    if not isinstance(value, str) or not is_address(value):
        raise _mismatch("an address (0x and 40 hex digits)", value, place)
    return value.lower()


def as_address_or_none(value: object, place: str) -> str | None:
    return None if value is None else as_address(value, place)


def as_hash(value: object, place: str) -> str:
    """A hash of 32 bytes, in lower case."""
    if not isinstance(value, str) or not is_hash(value):
        raise _mismatch("a hash (0x and 64 hex digits)", value, place)
    return value.lower()


def as_hash_or_none(value: object, place: str) -> str | None:
    return None if value is None else as_hash(value, place)


def _mismatch(expected: str, value: object, place: str) -> InputError:
    return InputError(f"{place}: expected {expected}, found {shown(value)}")
