"""What every codec does: encode one type of value in bytes, little-endian and packed.

The codecs themselves are in scalar_codecs.py, byte_codecs.py and compound_codecs.py.

Guarantees: integers are checked, never wrapped; decoding reads nothing past the end of the data;
an encoded value decodes to an equal one. Does not: know accounts, or where in a layout a value is
(placement.py does).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Final

from ....primitives import Errors, InstructionErrors, ProgramFailure, Pubkey

# Resolves a name in a fixture to a key.
Resolve = Callable[[str], Pubkey]
Buffer = bytes | bytearray | memoryview
_SHOWN_LEN_MAX: Final = 100


class RangeError(ProgramFailure):
    """A value does not fit its declared type. Nothing was wrapped, rounded or stored."""


class DecodeError(ProgramFailure):
    """Bytes end early or hold a value that the type does not have."""

    def __init__(
        self, detail: str, error: Errors = InstructionErrors.InvalidInstructionData
    ) -> None:
        super().__init__(error, detail)


class Codec(ABC):
    """One kind of value. `size` is its length in bytes, None when it varies with the value.

    `dtype` is the numpy dtype string of one value in a column, None where columns cannot hold it.
    """

    size: int | None
    dtype: str | None = None

    @abstractmethod
    def encode(self, value: Any) -> bytes:
        """The bytes of `value`. Raises RangeError when it does not fit."""

    @abstractmethod
    def decode(self, data: Buffer, offset: int) -> tuple[Any, int]:
        """The value at `offset` and the offset behind it. Raises DecodeError."""

    @abstractmethod
    def default(self) -> Any:
        """The value that zero bytes stand for."""

    def write(self, buffer: bytearray, offset: int, value: Any) -> None:
        """Write `value` at its place in a layout; bytes that it does not use stay as they were."""
        raw = self.encode(value)
        buffer[offset : offset + len(raw)] = raw

    def from_json(self, value: Any, resolve: Resolve) -> Any:
        """The value that a fixture means. Raises InputError."""
        del resolve
        return value

    def to_json(self, value: Any) -> Any:
        return value


def take_bytes(data: Buffer, offset: int, size: int, what: str) -> Buffer:
    """`size` bytes from `offset` on. Raises DecodeError, which names `what`, at the data's end."""
    end = offset + size
    if end > len(data):
        raise DecodeError(f"{what} needs {size} bytes at offset {offset}, the data has {len(data)}")
    return data[offset:end]


def shown_value(value: object) -> str:
    """A value for a message. Python prints no integer of thousands of digits."""
    if type(value) is int and value.bit_length() > 256:
        return f"an integer of {value.bit_length()} bits"
    text = repr(value)
    return text if len(text) <= _SHOWN_LEN_MAX else text[:_SHOWN_LEN_MAX] + "…"


def written_value(value: object) -> str:
    """A fixture's value as files write it, where Python would say None, True or False."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return shown_value(value)
