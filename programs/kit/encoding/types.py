"""The types for layouts and arguments, and the codec that each stands for.

u8 … u256, i8 … i256     integers, checked
bool, Pubkey             1 byte; 32 bytes
an Enum of integers      1 byte, or `Annotated[MyEnum, Tag(4)]`
Annotated[bytes, Size(n)], Annotated[list[T], Size(n)]     exactly n bytes, n values
Option[T], COption[T]    None or a T: 1-byte tag (Borsh), 4-byte tag and fixed size (SPL)
str, bytes, list[T]      4-byte length, then the content (Borsh); only last in a layout
Str64                    text behind an 8-byte length (bincode)
Rest, RestStr            all bytes that are left, as bytes or as text
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from ....primitives import DefinitionError, Pubkey
from .annotation_text import annotation_text
from .byte_codecs import (
    BytesCodec,
    FixedBytesCodec,
    StrCodec,
)
from .codec import Codec
from .compound_codecs import (
    ArrayCodec,
    ListCodec,
    OptionCodec,
)
from .marks import OptionTag
from .scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Size:
    """`Annotated[bytes, Size(8)]` is exactly 8 bytes; `Annotated[list[u64], Size(3)]` 3 values."""

    count: int


@dataclass(frozen=True, slots=True)
class Tag:
    """`Annotated[MyEnum, Tag(4)]`: the enum takes 4 bytes instead of 1."""

    size: int


@dataclass(frozen=True, slots=True)
class At:
    """`Annotated[u64, At(72)]`: the field lies at byte 72; what is skipped is padding."""

    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """`token_owner: Annotated[Pubkey, Name("owner")]`: what fixtures call the field.

    For fields whose right name is taken by what every account has: `owner`, `key`, `lamports`.
    """

    text: str


u8 = Annotated[int, IntCodec(1)]
u16 = Annotated[int, IntCodec(2)]
u32 = Annotated[int, IntCodec(4)]
u64 = Annotated[int, IntCodec(8)]
u128 = Annotated[int, IntCodec(16)]
u256 = Annotated[int, IntCodec(32)]
i8 = Annotated[int, IntCodec(1, signed=True)]
i16 = Annotated[int, IntCodec(2, signed=True)]
i32 = Annotated[int, IntCodec(4, signed=True)]
i64 = Annotated[int, IntCodec(8, signed=True)]
i128 = Annotated[int, IntCodec(16, signed=True)]
i256 = Annotated[int, IntCodec(32, signed=True)]
Str64 = Annotated[str, StrCodec(IntCodec(8))]
Rest = Annotated[bytes, BytesCodec(None)]
RestStr = Annotated[str, StrCodec(None)]
Option = Annotated[T | None, OptionTag(1, fixed_size=False)]
COption = Annotated[T | None, OptionTag(4, fixed_size=True)]

_TAG_SIZES = (1, 2, 4, 8)
_PLAIN: dict[Any, Codec] = {
    bool: BoolCodec(),
    Pubkey: PubkeyCodec(),
    bytes: BytesCodec(IntCodec(4)),
    str: StrCodec(IntCodec(4)),
}


def codec_of(annotation: Any, where: str) -> Codec:
    """The codec that an annotation stands for. Raises DefinitionError with `where` and a remedy."""
    if get_origin(annotation) is Annotated:
        return _annotated(annotation, where)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if get_origin(annotation) is list:
        return ListCodec(codec_of(get_args(annotation)[0], where), IntCodec(4))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _enum(annotation, 1, where)
    nested: Any = getattr(cast(object, annotation), "__layout_codec__", None)
    if nested is not None:
        return nested()
    raise DefinitionError(f"{where}: {_remedy(annotation)}")


def _annotated(annotation: Any, where: str) -> Codec:
    inner, *marks = get_args(annotation)
    for mark in marks:
        match mark:
            case Codec():
                return mark
            case OptionTag():
                value = codec_of(_without_none(inner), where)
                return OptionCodec(value, tag_size=mark.size, fixed_size=mark.fixed_size)
            case Size(count) if type(count) is not int or count < 0:  # pyright: ignore[reportUnnecessaryComparison]
                raise DefinitionError(f"{where}: Size({count!r}) is no length; give 0 or more")
            case Size() if inner is bytes:
                return FixedBytesCodec(mark.count)
            case Size() if get_origin(inner) is list:
                return ArrayCodec(codec_of(get_args(inner)[0], where), mark.count)
            case Tag():
                return _enum(inner, mark.size, where)
            case _:
                continue
    return codec_of(inner, where)


def _enum(annotation: Any, tag_size: int, where: str) -> Codec:
    if not (isinstance(annotation, type) and issubclass(annotation, Enum)):
        raise DefinitionError(f"{where}: Tag({tag_size}) is for an Enum of integers")
    if tag_size not in _TAG_SIZES:
        raise DefinitionError(f"{where}: Tag({tag_size!r}); a tag takes 1, 2, 4 or 8 bytes")
    try:
        return EnumCodec(annotation, IntCodec(tag_size))
    except ValueError as error:
        raise DefinitionError(f"{where}: {error}; use Tag(…) or other values") from error


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        kept = [arg for arg in get_args(annotation) if arg is not type(None)]
        return Union[tuple(kept)]  # noqa: UP007 - built from a tuple
    return annotation


def _remedy(annotation: Any) -> str:
    if annotation is int:
        return "a plain int has no size: use u8 … u256 or i8 … i256"
    if annotation is float:
        return "floats differ between machines: use u64 in the smallest unit"
    if get_origin(annotation) in (Union, types.UnionType):
        return (
            f"{annotation_text(annotation)} does not say how it is encoded: use Option[…] or "
            "COption[…]"
        )
    name = annotation_text(annotation)
    return (
        f"{name} has no fixed encoding: use u64, bool, Pubkey, a Layout, an Enum, bytes, str or "
        "list[u64]"
    )
