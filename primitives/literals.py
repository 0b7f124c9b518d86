"""The one spelling of an integer, and of bytes in hex or base64, wherever text stands for them.

Python's own readers take several: `1__0`, `+1` and digits of other scripts for integers, spaces in
hex, bits that nothing uses in base64. Two files that mean the
same should read the same, for those who compare or sign them. Guarantees: a value that is read here
is written the same way again, except for `_` between digits and the case of hex.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

# The largest integers of any layout are u256.
INTEGER_DIGITS_MAX: Final = 78
# The one spelling of an integer, wherever text stands for it.
INTEGER: Final = re.compile(r"0|-?[1-9][0-9]*(?:_[0-9]+)*")
_MEANT: Final = re.compile(r"[-+]?\d+")
_SHOWN_LEN_MAX: Final = 60
_RULE: Final = "plain decimal digits, with no leading zero and `_` only between them"


class LiteralError(ValueError):
    """Text that is not spelled as it must be. Says what to write instead."""


def read_integer(text: str) -> int:
    """The integer that plain decimal digits stand for, `_` allowed between them.

    Raises LiteralError with what to write instead.

    >>> read_integer("1_000"), read_integer("-5")
    (1000, -5)
    """
    if not INTEGER.fullmatch(text):
        meant = text.strip().replace("_", "")
        if len(meant) <= INTEGER_DIGITS_MAX and _MEANT.fullmatch(meant):
            raise LiteralError(f"write {int(meant)} ({_RULE})")
        raise LiteralError(f"write {_RULE}")
    digits = len(text) - text.count("_") - text.startswith("-")
    if digits > INTEGER_DIGITS_MAX:
        raise LiteralError(f"write one of {INTEGER_DIGITS_MAX} digits at most")
    return int(text)


def read_hex(text: str) -> bytes:
    """Bytes as pairs of hex digits. Raises LiteralError."""
    try:
        return binascii.unhexlify(text)
    except ValueError as error:
        raise LiteralError("write two digits of 0-9 and a-f for each byte") from error


def read_zeros(text: str, count_max: int) -> bytes:
    """So many zero bytes, as of an account that is allocated, not written. Raises LiteralError."""
    count = read_integer(text)
    if not 0 <= count <= count_max:
        raise LiteralError(f"use 0 to {count_max:,} bytes")
    return bytes(count)


def read_base64(text: str) -> bytes:
    """Bytes in base64 with the standard alphabet, padded. Raises LiteralError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise LiteralError("write A-Z, a-z, 0-9, + and /, padded with = to fours") from error
    meant = base64.b64encode(raw).decode()
    if meant != text:
        where = f"it ends in {meant[-4:]}" if len(meant) > _SHOWN_LEN_MAX else f"write {meant}"
        raise LiteralError(f"{where} (base64 has one spelling of these bytes)")
    return raw
