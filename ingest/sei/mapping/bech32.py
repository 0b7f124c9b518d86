"""Sei's addresses, `sei1…`, as the bytes that they stand for. Source: BIP 173."""

from __future__ import annotations

from typing import Final

from ....primitives import InputError

_DIGITS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LEN: Final = 6
_ADDRESS_LEN_MAX: Final = 90  # BIP 173; a contract's has 62 characters
ACCOUNT: Final = "sei"
VALIDATOR: Final = "seivaloper"


def address_bytes(text: str, *prefixes: str) -> bytes:
    """The bytes of an address with one of these prefixes (`sei`). Raises InputError for others."""
    prefix, separator, digits = text.rpartition("1")
    wanted = prefixes or (ACCOUNT,)
    if not separator or prefix not in wanted or len(text) > _ADDRESS_LEN_MAX:
        raise InputError(f"'{text[:_ADDRESS_LEN_MAX]}' is no address {wanted[0]}1…")
    values = [_DIGITS.find(digit) for digit in digits]
    if min(values, default=-1) < 0 or _checksum([*_expanded(prefix), *values]) != 1:
        raise InputError(f"'{text}' is no address: its checksum is wrong; copy it again")
    found = _regrouped(values[:-_CHECKSUM_LEN])
    if not found:
        raise InputError(f"'{text}' is no address: it stands for no whole bytes")
    return found


def _expanded(prefix: str) -> list[int]:
    return [*(ord(each) >> 5 for each in prefix), 0, *(ord(each) & 31 for each in prefix)]


def _checksum(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            check ^= generator if top >> place & 1 else 0
    return check


def _regrouped(values: list[int]) -> bytes:
    """Groups of five bits as bytes; none if what is left over is more than padding."""
    number = 0
    for value in values:
        number = number << 5 | value
    length, padding = divmod(5 * len(values), 8)
    if padding >= 5 or number & ((1 << padding) - 1):
        return b""
    return (number >> padding).to_bytes(length, "big")
