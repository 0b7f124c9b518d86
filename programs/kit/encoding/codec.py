"""How values are encoded in bytes: one codec for each type, little-endian and packed.

Guarantees: integers are checked, never wrapped; decoding reads nothing past the end of the data;
an encoded value decodes to an equal one. Does not: know accounts, or where in a layout a value is
(layout.py does).
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final, cast

from ....primitives import Errors, InputError, InstructionErrors, ProgramFailure, Pubkey
from ....primitives.literals import LiteralError, read_base64, read_hex, read_integer
from ....primitives.pubkey import plain_bytes

# Resolves a name in a fixture to a key.
Resolve = Callable[[str], Pubkey]
Buffer = bytes | bytearray | memoryview


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


def _take(data: Buffer, offset: int, size: int, what: str) -> Buffer:
    end = offset + size
    if end > len(data):
        raise DecodeError(f"{what} needs {size} bytes at offset {offset}, the data has {len(data)}")
    return data[offset:end]


_DIGITS_MAX: Final = 100


def _shown(value: object) -> str:
    """A value for a message. Python prints no integer of thousands of digits."""
    if type(value) is int and value.bit_length() > 256:
        return f"an integer of {value.bit_length()} bits"
    text = repr(value)
    return text if len(text) <= _DIGITS_MAX else text[:_DIGITS_MAX] + "…"


def _said(value: object) -> str:
    """A fixture's value as files write it, where Python would say None, True or False."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _shown(value)


class IntCodec(Codec):
    """Integers of 1 to 16 bytes. Accepts exactly `int`: no bool, float or numpy scalar."""

    _STRUCTS: Final = {1: "Bb", 2: "Hh", 4: "Ii", 8: "Qq"}

    def __init__(self, size: int, *, signed: bool = False) -> None:
        self.width = size
        self.size = size
        self.signed = signed
        self.name = f"{'i' if signed else 'u'}{size * 8}"
        self.low = -(1 << (size * 8 - 1)) if signed else 0
        self.high = (1 << (size * 8 - (1 if signed else 0))) - 1
        self.dtype = f"<{'i' if signed else 'u'}{size}" if size in self._STRUCTS else None

    @property
    def struct(self) -> struct.Struct | None:
        """The C struct of this integer; None for 128 bits, which struct does not know."""
        letters = self._STRUCTS.get(self.width)
        return struct.Struct("<" + letters[self.signed]) if letters else None

    def check(self, value: object, what: str = "value") -> int:
        """`value`, if it is an int in range. Raises RangeError."""
        if type(value) is not int:
            raise RangeError(
                InstructionErrors.InvalidArgument,
                f"{what} must be an int for {self.name}, not {type(value).__name__} {value!r}",
            )
        if not self.low <= value <= self.high:
            raise RangeError(
                InstructionErrors.ArithmeticOverflow,
                f"{what} {_shown(value)} is outside {self.name} [{self.low}, {self.high}]",
            )
        return value

    def encode(self, value: Any) -> bytes:
        return self.check(value).to_bytes(self.width, "little", signed=self.signed)

    def decode(self, data: Buffer, offset: int) -> tuple[int, int]:
        raw = _take(data, offset, self.width, self.name)
        return int.from_bytes(raw, "little", signed=self.signed), offset + self.width

    def default(self) -> int:
        return 0

    def from_json(self, value: Any, resolve: Resolve) -> int:
        number = value
        if isinstance(value, str):
            try:
                number = read_integer(value)
            except LiteralError as error:
                raise InputError(f"{_said(value)} is no integer: {error}") from error
        if type(number) is not int:
            raise InputError(
                f"{_said(value)} is no integer: write one from {self.low} to {self.high}"
            )
        if not self.low <= number <= self.high:
            raise InputError(f"{_shown(value)} is outside {self.name} [{self.low}, {self.high}]")
        return number

    def to_json(self, value: int) -> Any:
        return value


class BoolCodec(Codec):
    """One byte, 0 or 1; anything else does not decode."""

    size = 1
    dtype = "u1"

    def encode(self, value: Any) -> bytes:
        if type(value) is not bool:
            raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no bool")
        return b"\x01" if value else b"\x00"

    def decode(self, data: Buffer, offset: int) -> tuple[bool, int]:
        byte = _take(data, offset, 1, "bool")[0]
        if byte > 1:
            raise DecodeError(f"byte {byte} at offset {offset} is no bool")
        return byte == 1, offset + 1

    def default(self) -> bool:
        return False

    def from_json(self, value: Any, resolve: Resolve) -> bool:
        if type(value) is not bool:
            raise InputError(f"{_said(value)} is neither true nor false; write one of them")
        return value


class PubkeyCodec(Codec):
    """A 32-byte key. In code a name stands for its key, as everywhere."""

    size = 32
    dtype = "V32"

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, (str, bytes)):
            raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no key")
        try:
            return bytes(Pubkey.of(value))
        except ValueError as error:
            raise RangeError(InstructionErrors.InvalidArgument, str(error)) from error

    def decode(self, data: Buffer, offset: int) -> tuple[Pubkey, int]:
        return Pubkey(_take(data, offset, 32, "key")), offset + 32

    def default(self) -> Pubkey:
        return Pubkey(bytes(32))

    def from_json(self, value: Any, resolve: Resolve) -> Pubkey:
        if not isinstance(value, str):
            raise InputError(f"{_said(value)} is no key: give a name or base58")
        return resolve(value)

    def to_json(self, value: Pubkey) -> str:
        return str(value)


class FixedBytesCodec(Codec):
    """Exactly `size` raw bytes."""

    def __init__(self, size: int) -> None:
        self.width = size
        self.size = size
        self.dtype = f"V{size}"

    def encode(self, value: Any) -> bytes:
        raw = _raw_bytes(value)
        if len(raw) != self.width:
            raise RangeError(
                InstructionErrors.InvalidArgument,
                f"needs exactly {self.width} bytes, not {len(raw)}",
            )
        return raw

    def decode(self, data: Buffer, offset: int) -> tuple[bytes, int]:
        return bytes(_take(data, offset, self.width, "bytes")), offset + self.width

    def default(self) -> bytes:
        return bytes(self.width)

    def from_json(self, value: Any, resolve: Resolve) -> bytes:
        return _bytes_from_json(value)

    def to_json(self, value: bytes) -> str:
        return "hex:" + value.hex()


def _raw_bytes(value: object) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no bytes")
    return plain_bytes(cast(bytes, value))


def _bytes_from_json(value: Any) -> bytes:
    if not isinstance(value, str):
        raise InputError(f"{_said(value)} is no bytes: write hex:…, base64:… or text")
    encoding, _, digits = value.partition(":")
    read = {"hex": read_hex, "base64": read_base64}.get(encoding)
    if read is None:
        return value.encode()
    try:
        return read(digits)
    except LiteralError as error:
        raise InputError(f"{_said(value)} is no {encoding}; {error}") from error


class EnumCodec(Codec):
    """An Enum of integers, in as many bytes as `tag` takes. Values it lacks do not decode."""

    def __init__(self, members: type[Enum], tag: IntCodec) -> None:
        """Raises ValueError for members that are no integers within the tag."""
        values = [member.value for member in members]
        wrong = [v for v in values if type(v) is not int or not tag.low <= v <= tag.high]
        if wrong or not values:
            what = f"its value {wrong[0]!r} is no {tag.name}" if wrong else "it has no members"
            raise ValueError(f"{members.__name__} does not fit {tag.size} bytes: {what}")
        self.members = members
        self.tag = tag
        self.size = tag.size
        self.dtype = tag.dtype

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, self.members):
            raise RangeError(
                InstructionErrors.InvalidArgument, f"{value!r} is no {self.members.__name__}"
            )
        return self.tag.encode(int(value.value))

    def decode(self, data: Buffer, offset: int) -> tuple[Enum, int]:
        number, end = self.tag.decode(data, offset)
        try:
            return self.members(number), end
        except ValueError as error:
            raise DecodeError(f"{number} is no {self.members.__name__}") from error

    def default(self) -> Any:
        first = next(iter(self.members))
        return next((member for member in self.members if member.value == 0), first)

    def from_json(self, value: Any, resolve: Resolve) -> Enum:
        by_name = {name.lower(): member for name, member in self.members.__members__.items()}
        if isinstance(value, str) and value.lower() in by_name:
            return by_name[value.lower()]
        raise InputError(f"{_said(value)} is none of {', '.join(by_name)}")

    def to_json(self, value: Enum) -> str:
        return value.name.lower()


class OptionCodec(Codec):
    """A value or None behind a tag: 1 byte and nothing after a None (Borsh), or, for
    `fixed_size`, a 4-byte tag with room for the value always there (SPL Token's COption)."""

    def __init__(self, inner: Codec, *, tag_size: int, fixed_size: bool) -> None:
        self.inner = inner
        self.tag_size = tag_size
        self.fixed_size = fixed_size
        self.size = tag_size + inner.size if fixed_size and inner.size is not None else None

    def encode(self, value: Any) -> bytes:
        if value is None:
            return bytes(self.size if self.size is not None else self.tag_size)
        return (1).to_bytes(self.tag_size, "little") + self.inner.encode(value)

    def write(self, buffer: bytearray, offset: int, value: Any) -> None:
        if value is None and self.fixed_size:
            # SPL programs clear the tag only; the bytes of the earlier value stay.
            buffer[offset : offset + self.tag_size] = bytes(self.tag_size)
        else:
            super().write(buffer, offset, value)

    def decode(self, data: Buffer, offset: int) -> tuple[Any, int]:
        tag = int.from_bytes(_take(data, offset, self.tag_size, "option tag"), "little")
        behind = offset + self.tag_size
        if tag > 1:
            raise DecodeError(f"option tag {tag} at offset {offset} is neither 0 nor 1")
        if tag == 0 and self.size is not None:
            _take(data, offset, self.size, "option")
            return None, offset + self.size
        if tag == 0:
            return None, behind
        return self.inner.decode(data, behind)

    def default(self) -> None:
        return None

    def from_json(self, value: Any, resolve: Resolve) -> Any:
        return None if value is None else self.inner.from_json(value, resolve)

    def to_json(self, value: Any) -> Any:
        return None if value is None else self.inner.to_json(value)


class ArrayCodec(Codec):
    """Exactly `count` values of one fixed-size kind."""

    def __init__(self, inner: Codec, count: int) -> None:
        self.inner = inner
        self.count = count
        self.size = None if inner.size is None else inner.size * count
        self.dtype = None if inner.dtype is None else f"({count},){inner.dtype}"

    def encode(self, value: Any) -> bytes:
        items = [*cast(Sequence[Any], value)] if isinstance(value, (list, tuple)) else []
        if len(items) != self.count:
            raise RangeError(InstructionErrors.InvalidArgument, f"needs exactly {self.count} items")
        return b"".join(map(self.inner.encode, items))

    def decode(self, data: Buffer, offset: int) -> tuple[tuple[Any, ...], int]:
        # A tuple, not a list: a change to a decoded copy would be lost silently.
        items: list[Any] = []
        for _ in range(self.count):
            item, offset = self.inner.decode(data, offset)
            items.append(item)
        return tuple(items), offset

    def default(self) -> tuple[Any, ...]:
        return tuple(self.inner.default() for _ in range(self.count))

    def from_json(self, value: Any, resolve: Resolve) -> list[Any]:
        given = _list_from_json(value)
        if len(given) > self.count:
            raise InputError(f"{len(given)} items given, {self.count} at most")
        items = [self.inner.from_json(item, resolve) for item in given]
        return items + [self.inner.default() for _ in range(self.count - len(items))]

    def to_json(self, value: Sequence[Any]) -> list[Any]:
        return [self.inner.to_json(item) for item in value]


class ListCodec(Codec):
    """A length in `prefix`, then that many values (Borsh: u32; bincode: u64)."""

    size = None

    def __init__(self, inner: Codec, prefix: IntCodec) -> None:
        self.inner = inner
        self.prefix = prefix

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, (list, tuple)):
            raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no list")
        items = [*cast(Sequence[Any], value)]
        return self.prefix.encode(len(items)) + b"".join(map(self.inner.encode, items))

    def decode(self, data: Buffer, offset: int) -> tuple[tuple[Any, ...], int]:
        count, offset = self.prefix.decode(data, offset)
        # Every value takes at least one byte, so a count beyond the data is refused before looping.
        if count > len(data) - offset:
            raise DecodeError(f"a list of {count} items does not fit in {len(data)} bytes")
        return ArrayCodec(self.inner, count).decode(data, offset)

    def default(self) -> tuple[Any, ...]:
        return ()

    def from_json(self, value: Any, resolve: Resolve) -> list[Any]:
        return [self.inner.from_json(item, resolve) for item in _list_from_json(value)]

    def to_json(self, value: Sequence[Any]) -> list[Any]:
        return [self.inner.to_json(item) for item in value]


def _list_from_json(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"{_said(value)} is no list")
    return cast("list[Any]", value)


class BytesCodec(Codec):
    """Bytes behind a length in `prefix`; without a prefix, all that is left of the data."""

    size = None

    def __init__(self, prefix: IntCodec | None) -> None:
        self.prefix = prefix

    def encode(self, value: Any) -> bytes:
        raw = self._raw(value)
        return raw if self.prefix is None else self.prefix.encode(len(raw)) + raw

    def _raw(self, value: Any) -> bytes:
        return _raw_bytes(value)

    def decode(self, data: Buffer, offset: int) -> tuple[Any, int]:
        if self.prefix is None:
            return bytes(data[offset:]), len(data)
        length, offset = self.prefix.decode(data, offset)
        return bytes(_take(data, offset, length, "bytes")), offset + length

    def default(self) -> Any:
        return b""

    def from_json(self, value: Any, resolve: Resolve) -> Any:
        return _bytes_from_json(value)

    def to_json(self, value: Any) -> Any:
        return "hex:" + value.hex()


class StrCodec(BytesCodec):
    """UTF-8 text, laid out as bytes are."""

    def _raw(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no text")
        try:
            return str.encode(value)
        except UnicodeEncodeError as error:
            raise RangeError(InstructionErrors.InvalidArgument, f"no UTF-8: {error}") from error

    def decode(self, data: Buffer, offset: int) -> tuple[str, int]:
        raw, end = super().decode(data, offset)
        try:
            return raw.decode(), end
        except UnicodeDecodeError as error:
            raise DecodeError(f"text at offset {offset} is not UTF-8: {error}") from error

    def default(self) -> str:
        return ""

    def from_json(self, value: Any, resolve: Resolve) -> str:
        if not isinstance(value, str):
            raise InputError(f"{_said(value)} is no text")
        return value

    def to_json(self, value: str) -> str:
        return value
