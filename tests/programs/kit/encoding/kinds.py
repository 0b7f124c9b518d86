"""Types to encode: integers of every size, enums and a layout; and how to get at their codecs."""

from __future__ import annotations

from enum import Enum
from typing import Any

from sealane.primitives import Pubkey
from sealane.programs import (
    Layout,
    i8,
    i16,
    i32,
    i64,
    i128,
    i256,
    u8,
    u16,
    u32,
    u64,
    u128,
    u256,
)
from sealane.programs.kit.encoding.codec import Codec
from sealane.programs.kit.encoding.types import codec_of


class Colour(Enum):
    Red = 1
    Blue = 0


class Wide(Enum):
    Far = 300
    Near = 0


class Point(Layout):
    x: i16
    y: u64


INTEGERS: list[tuple[Any, int, bool]] = [
    (u8, 8, False),
    (u16, 16, False),
    (u32, 32, False),
    (u64, 64, False),
    (u128, 128, False),
    (u256, 256, False),
    (i8, 8, True),
    (i16, 16, True),
    (i32, 32, True),
    (i64, 64, True),
    (i128, 128, True),
    (i256, 256, True),
]


def codec(annotation: Any) -> Codec:
    return codec_of(annotation, "here")


def resolve(name: str) -> Pubkey:
    return Pubkey.of(name)
