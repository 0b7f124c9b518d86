"""Encodes a message, the part of a transaction that is signed: what decoding.py reads, written.

Guarantees: encoding a decoded message gives the bytes that it was decoded from. Does not: check
that its parts agree; a message that a node would refuse is encoded like any other.
"""

from __future__ import annotations

from typing import Final

from ..primitives import InputError
from .decoding import WireMessage

_VERSION_BIT: Final = 0x80
_COMPACT_U16_MAX: Final = 0xFFFF


def message_bytes(message: WireMessage) -> bytes:
    """The bytes of a legacy message, or of version 0. Raises InputError for one that is too long.

    A legacy message has no place for lookups: they are left out.
    """
    version, header, keys, blockhash, instructions, lookups = message
    parts = [
        b"" if version is None else bytes((_VERSION_BIT | version,)),
        bytes(header),
        compact_u16(len(keys)),
        *keys,
        blockhash,
        compact_u16(len(instructions)),
    ]
    for program, accounts, data in instructions:
        parts += [bytes((program,)), _counted(accounts), _counted(data)]
    if version is not None:
        parts.append(compact_u16(len(lookups)))
        for table, writable, readonly in lookups:
            parts += [table, _counted(writable), _counted(readonly)]
    return b"".join(parts)


def compact_u16(value: int) -> bytes:
    """A compact-u16: seven bits a byte, lowest first. Raises InputError above 65,535."""
    if value < 0x80:
        return bytes((value,))
    if value > _COMPACT_U16_MAX:
        raise InputError(f"a length of {value:,}, a message counts to {_COMPACT_U16_MAX:,}")
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    return bytes((value & 0x7F | 0x80, value >> 7 & 0x7F | 0x80, value >> 14))


def _counted(raw: bytes) -> bytes:
    return compact_u16(len(raw)) + raw
