"""A value of the state in 32 bytes, whatever it is: as Ethereum holds it in its trees."""

from __future__ import annotations

from typing import Final

from ...primitives.keccak import keccak
from .keys import StateValue

WORD_LEN: Final = 32


def word_of(value: StateValue) -> bytes:
    """An int in big-endian order; of code its hash. What is absent is all zeros, of code too."""
    if isinstance(value, bytes):
        return keccak(value) if value else bytes(WORD_LEN)
    return value.to_bytes(WORD_LEN, "big")


def shown_value(value: StateValue | None) -> str:
    """For a message: an int in hex; of code its length and hash."""
    if value is None:
        return "nothing"
    if isinstance(value, int):
        return hex(value)
    if not value:
        return "no code"
    return f"{len(value):,} bytes of code (hash 0x{word_of(value).hex()})"
