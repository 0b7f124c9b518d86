"""The fields of a layout: descriptors that read and write an account's bytes in place.

Guarantees: a field writes its own bytes only; values are checked by the
field's codec; rights are checked by the view that is written through.
"""

from __future__ import annotations

from struct import error as StructError  # noqa: N812 - it is a class
from typing import Any, ClassVar, Protocol, cast

from ....primitives import Errors, InstructionErrors, ProgramFailure
from ..encoding.codec import (
    Buffer,
    Codec,
    DecodeError,
    RangeError,
)
from ..encoding.scalar_codecs import EnumCodec, IntCodec
from .record import AccountRecord


class FieldedView(Protocol):
    """A view whose bytes have fields: what a field needs of Layout."""

    layout_name: ClassVar[str]
    _record: AccountRecord

    def _own_buffer(self) -> bytearray | None: ...
    def _writable_buffer(self, action: str) -> bytearray: ...
    def _refused(self, broken: Errors, action: str) -> ProgramFailure: ...
    def _content_end(self, buffer: Buffer) -> int: ...
    def _replace_content(self, content: bytes, behind: bytes) -> None: ...


class LayoutField:
    """One field: its name, codec and place. A descriptor that reads and writes the bytes."""

    def __init__(self, name: str, codec: Codec, offset: int) -> None:
        self.name = name
        self.codec = codec
        self.offset = offset
        self.default: Any = codec.default()

    def __get__(self, view: FieldedView | None, owner: type[FieldedView]) -> Any:
        if view is None:
            return self
        try:
            return self.codec.decode(view._record.buffer, self.offset)[0]  # pyright: ignore[reportPrivateUsage]
        except DecodeError as error:
            raise self._undecodable(error, view) from error

    def __set__(self, view: FieldedView, value: Any) -> None:
        buffer = view._writable_buffer(f"write {self.name!r}")  # pyright: ignore[reportPrivateUsage]
        if len(buffer) < self.offset + cast(int, self.codec.size):
            raise self._out_of_data(view)
        try:
            self.codec.write(buffer, self.offset, value)
        except RangeError as error:
            raise self._range_failure(error, view) from error

    def _undecodable(self, error: DecodeError, view: FieldedView) -> DecodeError:
        """The same error about account data: its code is another than for instruction data."""
        detail = f"{view.layout_name}.{self.name}: {error.detail}"
        return DecodeError(detail, InstructionErrors.InvalidAccountData)

    def _range_failure(self, error: RangeError, view: FieldedView) -> RangeError:
        """The same error about a value that was to be written, with the field's name."""
        return RangeError(error.error, f"{view.layout_name}.{self.name}: {error.detail}")

    def _out_of_data(self, view: FieldedView) -> ProgramFailure:
        """For data that the program itself has made too short for the field."""
        return view._refused(InstructionErrors.AccountDataTooSmall, f"use {self.name!r}")  # pyright: ignore[reportPrivateUsage]


class IntField(LayoutField):
    """A field of 1 to 8 bytes of integer: the common case, without intermediate objects."""

    def __init__(self, name: str, codec: IntCodec, offset: int) -> None:
        super().__init__(name, codec, offset)
        struct = codec.struct
        assert struct is not None  # only chosen for integers that a C struct knows
        self._unpack_from = struct.unpack_from
        self._pack_into = struct.pack_into
        self._check = codec.check
        self._low, self._high = codec.low, codec.high

    def __reduce__(self) -> tuple[Any, ...]:
        # A Struct cannot be pickled.
        return type(self), (self.name, self.codec, self.offset), {"default": self.default}

    def __get__(self, view: FieldedView | None, owner: type[FieldedView]) -> Any:
        if view is None:
            return self
        try:
            return self._unpack_from(view._record.buffer, self.offset)[0]  # pyright: ignore[reportPrivateUsage]
        except StructError as error:
            raise self._out_of_data(view) from error

    def __set__(self, view: FieldedView, value: Any) -> None:
        buffer = view._own_buffer()  # pyright: ignore[reportPrivateUsage]
        if buffer is None:
            buffer = view._writable_buffer(f"write {self.name!r}")  # pyright: ignore[reportPrivateUsage]
        number = value
        if type(value) is not int or not self._low <= value <= self._high:
            number = self._check(value, self.name)
        try:
            self._pack_into(buffer, self.offset, number)
        except StructError as error:
            raise self._out_of_data(view) from error


class EnumField(LayoutField):
    """A field that holds an enum's member in one byte, read without intermediate objects."""

    def __init__(self, name: str, codec: EnumCodec, offset: int) -> None:
        super().__init__(name, codec, offset)
        self._member_of = {bytes((member.value,)): member for member in codec.members}

    def __get__(self, view: FieldedView | None, owner: type[FieldedView]) -> Any:
        if view is None:
            return self
        raw = view._record.buffer[self.offset : self.offset + 1]  # pyright: ignore[reportPrivateUsage]
        member = self._member_of.get(bytes(raw))
        return super().__get__(view, owner) if member is None else member


class TailField(LayoutField):
    """A field after one of varying length: found by decoding what precedes it."""

    def __init__(self, name: str, codec: Codec, offset: int, before: tuple[Codec, ...]) -> None:
        super().__init__(name, codec, offset)
        self.before = before

    def _start(self, buffer: Buffer) -> int:
        offset = self.offset
        for codec in self.before:
            _, offset = codec.decode(buffer, offset)
        return offset

    def __get__(self, view: FieldedView | None, owner: type[FieldedView]) -> Any:
        if view is None:
            return self
        buffer = view._record.buffer  # pyright: ignore[reportPrivateUsage]
        try:
            return self.codec.decode(buffer, self._start(buffer))[0]
        except DecodeError as error:
            raise self._undecodable(error, view) from error

    def __set__(self, view: FieldedView, value: Any) -> None:
        buffer = view._writable_buffer(f"write {self.name!r}")  # pyright: ignore[reportPrivateUsage]
        try:
            start = self._start(buffer)
            _, end = self.codec.decode(buffer, start)
            last = view._content_end(buffer)  # pyright: ignore[reportPrivateUsage]
        except DecodeError as error:
            raise self._undecodable(error, view) from error
        try:
            raw = self.codec.encode(value)
        except RangeError as error:
            raise self._range_failure(error, view) from error
        content = bytes(buffer[:start]) + raw + bytes(buffer[end:last])
        view._replace_content(content, bytes(buffer[last:]))  # pyright: ignore[reportPrivateUsage]


def fixed_field(name: str, codec: Codec, offset: int) -> LayoutField:
    if isinstance(codec, IntCodec) and codec.struct is not None:
        return IntField(name, codec, offset)
    if isinstance(codec, EnumCodec) and codec.size == 1 and not codec.tag.signed:
        return EnumField(name, codec, offset)
    return LayoutField(name, codec, offset)
