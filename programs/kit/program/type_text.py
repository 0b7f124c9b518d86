"""Describes a type's values and encoding in words, for help, `sealane programs` and the reference.

Covers every codec of the kit. Of third-party codecs, only the class name and size are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from ..accounts.layout import Layout
from ..encoding.byte_codecs import (
    BytesCodec,
    FixedBytesCodec,
    StrCodec,
)
from ..encoding.codec import Codec
from ..encoding.compound_codecs import (
    ArrayCodec,
    ListCodec,
    OptionCodec,
)
from ..encoding.scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)

_TEXT_EXAMPLE: Final = "text"
_WRITTEN_OUT_BITS: Final = 16  # larger bounds are easier to read as powers


@dataclass(frozen=True, slots=True)
class TypeText:
    """A type in words. `size` is in bytes, None if it varies.

    `name` is its name in programs, `encoding` its form in bytes, `written` its form in fixtures.
    """

    name: str
    size: int | None
    encoding: str
    written: str


def type_text(codec: Codec) -> TypeText:
    """Describe the codec's type in words."""
    name, encoding, written = _words(codec)
    return TypeText(name, codec.size, encoding, written)


def _words(codec: Codec) -> tuple[str, str, str]:
    match codec:
        case IntCodec():
            sign = ", two's complement" if codec.signed else ""
            taken = f"{_bytes(codec.width)}, little-endian{sign}"
            return codec.name, taken, f"an integer from {_power(codec.low)} to {_power(codec.high)}"
        case BoolCodec():
            return "bool", "1 byte, 0 or 1", "true or false"
        case PubkeyCodec():
            return "Pubkey", "32 bytes", "a name or a key in base58"
        case FixedBytesCodec():
            return f"bytes[{codec.width}]", _bytes(codec.width), "hex:…, base64:… or text"
        case EnumCodec():
            numbers = ", ".join(f"{m.value} {m.name.lower()}" for m in codec.members)
            known = " or ".join(m.name.lower() for m in codec.members)
            return codec.members.__name__, f"{_bytes(codec.tag.width)}: {numbers}", known
        case OptionCodec():
            return _option(codec)
        case ArrayCodec():
            inner = type_text(codec.inner)
            each = f"{codec.count} × {inner.name}, each {inner.encoding}"
            return f"list[{inner.name}][{codec.count}]", each, f"a list of {codec.count} at most"
        case ListCodec():
            inner = type_text(codec.inner)
            length = _bytes(codec.prefix.width)
            each = f"a count of {length}, then each {inner.encoding}"
            return f"list[{inner.name}]", each, f"a list, each {inner.written}"
        case StrCodec():
            return _text("str", codec, "UTF-8", "text")
        case BytesCodec():
            return _text("bytes", codec, "the bytes", "hex:…, base64:… or text")
        case _:
            return _other(codec)


def _option(codec: OptionCodec) -> tuple[str, str, str]:
    inner = type_text(codec.inner)
    name = "COption" if codec.fixed_size else "Option"
    there = "room for the value" if codec.fixed_size else "the value if 1"
    tag = f"a tag of {_bytes(codec.tag_size)}, 0 or 1, then {there}: {inner.encoding}"
    return f"{name}[{inner.name}]", tag, f"null or {inner.written}"


def _text(name: str, codec: BytesCodec, content: str, written: str) -> tuple[str, str, str]:
    if codec.prefix is None:
        return name, f"{content}, all that is left", written
    return name, f"a length of {_bytes(codec.prefix.width)}, then {content}", written


def _other(codec: Codec) -> tuple[str, str, str]:
    layout = nested_layout(codec)
    taken = "its own length" if codec.size is None else _bytes(codec.size)
    if layout is None:
        return type(codec).__name__, taken, "as its program says"
    fields = ", ".join(layout.fixture_fields())
    return layout.layout_name, f"{taken}: {fields}", f"a mapping of {fields}"


def nested_layout(codec: Codec) -> type[Layout] | None:
    """The layout whose values the codec encodes, if any."""
    layout = getattr(codec, "layout", None)
    return layout if isinstance(layout, type) and issubclass(layout, Layout) else None


def example_value(codec: Codec) -> Any:
    """An example of this type in a fixture: the shortest that shows its form."""
    match codec:
        case IntCodec():
            return 1
        case BoolCodec():
            return True
        case PubkeyCodec():
            return "alice"
        case FixedBytesCodec():
            return "hex:" + "00" * codec.width
        case EnumCodec():
            return list(codec.members)[-1].name.lower()
        case OptionCodec() | ListCodec():
            inner = example_value(codec.inner)
            return [inner] if isinstance(codec, ListCodec) else inner
        case ArrayCodec():
            return [example_value(codec.inner)] * min(codec.count, 1)
        case BytesCodec():
            return _TEXT_EXAMPLE
        case _:
            layout = nested_layout(codec)
            fields = {} if layout is None else layout.fixture_fields()
            return {name: example_value(field.codec) for name, field in fields.items()}


def _power(bound: int) -> str:
    """A bound of an integer type: 255, 2^64 - 1, -2^63."""
    exponent = (abs(bound) + (bound > 0)).bit_length() - 1
    if exponent <= _WRITTEN_OUT_BITS:
        return f"{bound:,}"
    return f"2^{exponent} - 1" if bound > 0 else f"-2^{exponent}"


def _bytes(count: int | None) -> str:
    return "1 byte" if count == 1 else f"{cast(int, count)} bytes"
