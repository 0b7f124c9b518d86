"""Codecs of raw bytes and of text."""

from __future__ import annotations

from typing import Any, cast

from ....primitives import InputError, InstructionErrors
from ....primitives.literals import LiteralError, read_base64, read_hex
from ....primitives.pubkey import plain_bytes
from .codec import Buffer, Codec, DecodeError, RangeError, Resolve, take_bytes, written_value
from .scalar_codecs import IntCodec


class FixedBytesCodec(Codec):
    """Exactly `size` raw bytes."""

    def __init__(self, size: int) -> None:
        self.width = size
        self.size = size
        self.dtype = f"V{size}"

    def encode(self, value: Any) -> bytes:
        raw = raw_bytes(value)
        if len(raw) != self.width:
            raise RangeError(
                InstructionErrors.InvalidArgument,
                f"needs exactly {self.width} bytes, not {len(raw)}",
            )
        return raw

    def decode(self, data: Buffer, offset: int) -> tuple[bytes, int]:
        return bytes(take_bytes(data, offset, self.width, "bytes")), offset + self.width

    def default(self) -> bytes:
        return bytes(self.width)

    def from_json(self, value: Any, resolve: Resolve) -> bytes:
        return bytes_from_json(value)

    def to_json(self, value: bytes) -> str:
        return "hex:" + value.hex()


def raw_bytes(value: object) -> bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise RangeError(InstructionErrors.InvalidArgument, f"{value!r} is no bytes")
    return plain_bytes(cast(bytes, value))


def bytes_from_json(value: Any) -> bytes:
    if not isinstance(value, str):
        raise InputError(f"{written_value(value)} is no bytes: write hex:…, base64:… or text")
    encoding, _, digits = value.partition(":")
    read = {"hex": read_hex, "base64": read_base64}.get(encoding)
    if read is None:
        return value.encode()
    try:
        return read(digits)
    except LiteralError as error:
        raise InputError(f"{written_value(value)} is no {encoding}; {error}") from error


class BytesCodec(Codec):
    """Bytes behind a length in `prefix`; without a prefix, all that is left of the data."""

    size = None

    def __init__(self, prefix: IntCodec | None) -> None:
        self.prefix = prefix

    def encode(self, value: Any) -> bytes:
        raw = self._raw(value)
        return raw if self.prefix is None else self.prefix.encode(len(raw)) + raw

    def _raw(self, value: Any) -> bytes:
        return raw_bytes(value)

    def decode(self, data: Buffer, offset: int) -> tuple[Any, int]:
        if self.prefix is None:
            return bytes(data[offset:]), len(data)
        length, offset = self.prefix.decode(data, offset)
        return bytes(take_bytes(data, offset, length, "bytes")), offset + length

    def default(self) -> Any:
        return b""

    def from_json(self, value: Any, resolve: Resolve) -> Any:
        return bytes_from_json(value)

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
            raise InputError(f"{written_value(value)} is no text")
        return value

    def to_json(self, value: str) -> str:
        return value
