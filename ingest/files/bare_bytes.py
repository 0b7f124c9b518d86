"""Bytes that are no text, as they are or in hex digits: what RLP is saved as.

Guarantees: no text in UTF-8, and no hex of such text, is taken for one. Does not: decode them.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from typing import Final

from ...primitives import InputError

# RLP's first byte of a list: of at most 55 bytes, whose number it gives, or of more, with the
# length in one to four bytes. Text starts with none of the latter.
_SHORT_LISTS: Final = range(0xC0, 0xF8)
_LONG_LISTS: Final = range(0xF8, 0xFC)
_HEX_HEAD: Final = re.compile(rb"\s*(?:0[xX])?[c-fC-F][0-9a-fA-F]+\s*")
_PREFIX: Final = re.compile(rb"0[xX]")
_HEAD_LEN: Final = 64


def is_bare(head: bytes) -> bool:
    """Whether a file that starts with `head` holds bytes that are no text, or hex digits."""
    return _is_list(head) or _HEX_HEAD.fullmatch(head[:_HEAD_LEN]) is not None


def bare_content(raw: bytes, path: str) -> bytes:
    """The bytes of a file that `is_bare`. Raises InputError for digits that are no hex."""
    if _is_list(raw):
        return raw
    digits = b"".join(raw.split())
    try:
        return unhexlify(_PREFIX.sub(b"", digits, count=1))
    except ValueError as error:
        raise InputError(f"starts as hex digits, but is no hex: {error}", path=path) from None


def _is_list(head: bytes) -> bool:
    first = head[0] if head else 0
    if first in _SHORT_LISTS:
        return len(head) == 1 + first - _SHORT_LISTS.start
    return first in _LONG_LISTS
