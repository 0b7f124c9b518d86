"""Codecs of single values: integers, truth, keys and the members of an Enum."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from ....primitives import InputError, InstructionErrors, Pubkey
from ....primitives.literals import LiteralError, read_integer
from ....primitives.pubkey import has_key_bytes
from .codec import (
    Buffer,
    Codec,
    DecodeError,
    RangeError,
    Resolve,
    shown_value,
    take_bytes,
    written_value,
)
from .public_name import public_name


class IntCodec(Codec):
    """Integers of 1 to 32 bytes. Accepts exactly `int`: no bool, float or numpy scalar."""

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
        """The C struct of this integer; None for 128 bits and more, which struct does not know."""
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
                f"{what} {shown_value(value)} is outside {self.name} [{self.low}, {self.high}]",
            )
        return value

    def encode(self, value: Any) -> bytes:
        return self.check(value).to_bytes(self.width, "little", signed=self.signed)

    def decode(self, data: Buffer, offset: int) -> tuple[int, int]:
        raw = take_bytes(data, offset, self.width, self.name)
        return int.from_bytes(raw, "little", signed=self.signed), offset + self.width

    def default(self) -> int:
        return 0

    def from_json(self, value: Any, resolve: Resolve) -> int:
        number = value
        if isinstance(value, str):
            try:
                number = read_integer(value)
            except LiteralError as error:
                raise InputError(f"{written_value(value)} is no integer: {error}") from error
        if type(number) is not int:
            raise InputError(
                f"{written_value(value)} is no integer: write one from {self.low} to {self.high}"
            )
        if not self.low <= number <= self.high:
            raise InputError(
                f"{shown_value(value)} is outside {self.name} [{self.low}, {self.high}]"
            )
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
        byte = take_bytes(data, offset, 1, "bool")[0]
        if byte > 1:
            raise DecodeError(f"byte {byte} at offset {offset} is no bool")
        return byte == 1, offset + 1

    def default(self) -> bool:
        return False

    def from_json(self, value: Any, resolve: Resolve) -> bool:
        if type(value) is not bool:
            raise InputError(f"{written_value(value)} is neither true nor false; write one of them")
        return value


class PubkeyCodec(Codec):
    """A 32-byte key. In code a name stands for its key, as everywhere."""

    size = 32
    dtype = "V32"

    def encode(self, value: Any) -> bytes:
        if not (isinstance(value, (str, bytes)) or has_key_bytes(value)):
            raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no key")
        try:
            return bytes(Pubkey.of(value))
        except ValueError as error:
            raise RangeError(InstructionErrors.InvalidArgument, str(error)) from error

    def decode(self, data: Buffer, offset: int) -> tuple[Pubkey, int]:
        # The length is right, so there is nothing for Pubkey itself to check.
        return bytes.__new__(Pubkey, take_bytes(data, offset, 32, "key")), offset + 32

    def default(self) -> Pubkey:
        return Pubkey(bytes(32))

    def from_json(self, value: Any, resolve: Resolve) -> Pubkey:
        if not isinstance(value, str):
            raise InputError(f"{written_value(value)} is no key: give a name or base58")
        return resolve(value)

    def to_json(self, value: Pubkey) -> str:
        return str(value)


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
        self._member_of = {member.value: member for member in members}
        self.size = tag.size
        self.dtype = tag.dtype

    def encode(self, value: Any) -> bytes:
        if not isinstance(value, self.members):
            raise RangeError(
                InstructionErrors.InvalidArgument,
                f"{value!r} is no {self.members.__name__}: give one of {', '.join(self._members())}"
                f" of {public_name(self.members)}",
            )
        return self.tag.encode(int(value.value))

    def decode(self, data: Buffer, offset: int) -> tuple[Enum, int]:
        number, end = self.tag.decode(data, offset)
        found = self._member_of.get(number)
        if found is not None:
            return found, end
        try:
            return self.members(number), end  # a set of flags, for example
        except ValueError as error:
            raise DecodeError(f"{number} is no {self.members.__name__}") from error

    def default(self) -> Any:
        first = next(iter(self.members))
        return next((member for member in self.members if member.value == 0), first)

    def from_json(self, value: Any, resolve: Resolve) -> Enum:
        member = self.named(value)
        if member is not None:
            return member
        names = ", ".join(name.lower() for name in self._members())
        raise InputError(f"{written_value(value)} is none of {names}")

    def named(self, value: object) -> Enum | None:
        """The member with this name, in upper or lower case; None if it is no member's."""
        by_name = {name.lower(): member for name, member in self._members().items()}
        return by_name.get(value.lower()) if isinstance(value, str) else None

    def _members(self) -> Mapping[str, Enum]:
        return self.members.__members__

    def to_json(self, value: Enum) -> str:
        return value.name.lower()
