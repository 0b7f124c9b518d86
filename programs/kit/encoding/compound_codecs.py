"""Codecs of values made of others: options, arrays and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from ....primitives import InputError, InstructionErrors
from .codec import Buffer, Codec, DecodeError, RangeError, Resolve, take_bytes, written_value
from .scalar_codecs import IntCodec


class OptionCodec(Codec):
    """A value or None behind a tag: 1 byte and nothing after a None (Borsh), or, for
    `fixed_size`, a 4-byte tag with room for the value always there (SPL Token's COption)."""

    def __init__(self, inner: Codec, *, tag_size: int, fixed_size: bool) -> None:
        self.inner = inner
        self.tag_size = tag_size
        self.fixed_size = fixed_size
        self.size = tag_size + inner.size if fixed_size and inner.size is not None else None
        self._none = bytes(tag_size)

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
        end = offset + (self.size or len(data) + 1)
        if end <= len(data) and data[offset : offset + self.tag_size] == self._none:
            return None, end  # the common case; what follows has the others
        tag = int.from_bytes(take_bytes(data, offset, self.tag_size, "option tag"), "little")
        behind = offset + self.tag_size
        if tag > 1:
            raise DecodeError(f"option tag {tag} at offset {offset} is neither 0 nor 1")
        if tag == 0 and self.size is not None:
            take_bytes(data, offset, self.size, "option")
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
        raise InputError(f"{written_value(value)} is no list")
    return cast("list[Any]", value)
