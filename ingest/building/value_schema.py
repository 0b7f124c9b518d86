"""The JSON Schema of one value of a call or layout, as its codec reads it from a fixture.

Guarantees: what the codec's `from_json` accepts, the schema accepts. Does not: refuse all that the
codec refuses: digits in a string that are out of range, bytes of another length.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ...primitives.literals import INTEGER
from ...programs.kit.encoding.byte_codecs import BytesCodec, FixedBytesCodec
from ...programs.kit.encoding.codec import Codec
from ...programs.kit.encoding.compound_codecs import ArrayCodec, ListCodec, OptionCodec
from ...programs.kit.encoding.scalar_codecs import BoolCodec, EnumCodec, IntCodec, PubkeyCodec
from ...programs.kit.program.type_text import nested_layout, type_text

Schema = dict[str, Any]
NAME: Final[Schema] = {"$ref": "#/$defs/name"}
_KELVIN: Final = "\u212a"  # the one letter outside ASCII that is an ASCII one in lower case


def value_schema(codec: Codec) -> Schema:
    """The schema of a value, with its type in words for editors to show."""
    text = type_text(codec)
    return {**_schema(codec), "description": f"{text.name}: {text.written}"}


def _schema(codec: Codec) -> Schema:
    match codec:
        case IntCodec():
            digits = {"type": "string", "pattern": f"^(?:{INTEGER.pattern})$"}
            whole = {"type": "integer", "minimum": codec.low, "maximum": codec.high}
            return {"anyOf": [whole, digits]}
        case BoolCodec():
            return {"type": "boolean"}
        case PubkeyCodec():
            return dict(NAME)
        case EnumCodec():
            names = [name.lower() for name in codec.members.__members__]
            return {"anyOf": [{"enum": names}, _any_case(names)]}
        case OptionCodec():
            return {"anyOf": [{"type": "null"}, value_schema(codec.inner)]}
        case ArrayCodec():
            return {**_list_of(codec.inner), "maxItems": codec.count}
        case ListCodec():
            return _list_of(codec.inner)
        case FixedBytesCodec() | BytesCodec():
            return {"type": "string"}
        case _:
            return _other(codec)


def _any_case(names: list[str]) -> Schema:
    """Text that is one of these names when its letters are made small."""
    if not all(map(str.isascii, names)):
        return {"type": "string"}
    return {"type": "string", "pattern": f"^(?:{'|'.join(map(_letters, names))})$"}


def _letters(name: str) -> str:
    both = {letter: f"{letter}{letter.upper()}" for letter in name if letter.isalpha()}
    both["k"] = f"kK{_KELVIN}"
    return "".join(f"[{both[each]}]" if each in both else re.escape(each) for each in name)


def _list_of(inner: Codec) -> Schema:
    return {"type": "array", "items": value_schema(inner)}


def _other(codec: Codec) -> Schema:
    """A layout's fields; of a codec that is somebody's own, nothing is known."""
    layout = nested_layout(codec)
    if layout is None:
        return {}
    fields = layout.fixture_fields()
    return {
        "type": "object",
        "properties": {name: value_schema(field.codec) for name, field in fields.items()},
        "additionalProperties": False,
    }
