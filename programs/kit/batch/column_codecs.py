"""Columns from the bytes of fields and arguments, and back.

Guarantees: a value that does not decode, or that does not fit its type, excludes its row. Does not:
decode types without a fixed size; `has_column` says for which types there is a column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ....primitives.pubkey import PUBKEY_LEN
from ..columns.bool_column import BoolColumn, condition_values
from ..columns.bytes_column import BytesColumn, bytes_values
from ..columns.columns import EnumColumn, OptionColumn, enum_values
from ..columns.integers import IntColumn, held_integers, integer_values, of_wide, wide
from ..columns.rows import Rows
from ..columns.wide_integers import WideIntegers
from ..encoding.byte_codecs import FixedBytesCodec
from ..encoding.codec import Codec
from ..encoding.compound_codecs import OptionCodec
from ..encoding.scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)


def has_column(codec: Codec) -> bool:
    """Whether values of this type can be stored in a column."""
    if isinstance(codec, OptionCodec):
        return codec.fixed_size and has_column(codec.inner)
    return isinstance(codec, (IntCodec, EnumCodec, BoolCodec, PubkeyCodec, FixedBytesCodec))


def decode_column(rows: Rows, codec: Codec, raw: NDArray[np.uint8]) -> Any:
    """The column decoded from uint8[n, size]. Excludes rows with invalid values."""
    if isinstance(codec, IntCodec):
        if codec.dtype is None:
            return of_wide(rows, WideIntegers.of_bytes(raw, signed=codec.signed))
        return IntColumn(rows, _integers(raw, codec))
    if isinstance(codec, EnumCodec):
        numbers = _integers(raw, codec.tag)
        known = np.array([member.value for member in codec.members], dtype=numbers.dtype)
        rows.exclude(~np.isin(numbers, known))
        return EnumColumn(rows, numbers, codec.members)
    if isinstance(codec, BoolCodec):
        rows.exclude(raw[:, 0] > 1)
        return BoolColumn(rows, raw[:, 0] == 1)
    if isinstance(codec, OptionCodec) and codec.fixed_size:
        value = decode_column(rows, codec.inner, raw[:, codec.tag_size :])
        return option_column(rows, raw[:, : codec.tag_size], lambda: value)
    if isinstance(codec, (PubkeyCodec, FixedBytesCodec)):
        return BytesColumn(rows, raw)
    raise rows.refuse(f"no column holds what {type(codec).__name__} decodes")


def encode_column(rows: Rows, codec: Codec, value: Any) -> NDArray[np.uint8]:
    """uint8[n, size] of a column or constant. Excludes rows with values that do not fit."""
    if isinstance(codec, EnumCodec):
        numbers = enum_values(rows, value, codec.members)
        return _integer_bytes(rows, codec.tag, np.broadcast_to(numbers, rows.count))
    if isinstance(codec, IntCodec):
        return _encode_integers(rows, codec, value)
    if isinstance(codec, BoolCodec):
        values = np.broadcast_to(condition_values(rows, value), rows.count)
        return values.astype(np.uint8).reshape(rows.count, 1)
    if isinstance(codec, OptionCodec) and codec.fixed_size:
        return _option_bytes(rows, codec, value)
    if isinstance(codec, PubkeyCodec) and type(value) is str:
        return bytes_values(rows, Pubkey.of(value), PUBKEY_LEN)
    if isinstance(codec, (PubkeyCodec, FixedBytesCodec)):
        return bytes_values(rows, value, cast(int, codec.size))
    raise rows.refuse(f"no column holds what {type(codec).__name__} encodes")


def _encode_integers(rows: Rows, codec: IntCodec, value: Any) -> NDArray[np.uint8]:
    held = held_integers(rows, value)
    if codec.dtype is None:
        integers = wide(held)
        rows.exclude(~integers.fits(codec.width, signed=codec.signed))
        return integers.to_bytes(rows.count, codec.width)
    if isinstance(held, WideIntegers):
        rows.exclude(~held.fits(codec.width, signed=codec.signed))
    return _integer_bytes(rows, codec, integer_values(rows, value))


def _option_bytes(rows: Rows, codec: OptionCodec, value: Any) -> NDArray[np.uint8]:
    raw = np.zeros((rows.count, cast(int, codec.size)), dtype=np.uint8)
    if value is None:
        return raw
    present: Any = True
    if type(value) is OptionColumn:
        present, value = value.is_some.values, value.loaded()
    raw[:, 0] = present
    content = encode_column(rows, codec.inner, value)
    raw[:, codec.tag_size :] = np.where(raw[:, :1] == 1, content, np.uint8(0))
    return raw


def option_column(
    rows: Rows, tags: NDArray[np.uint8], load_value: Callable[[], Any]
) -> OptionColumn:
    numbers = _integers(tags, IntCodec(tags.shape[1]))
    rows.exclude(numbers > 1)
    return OptionColumn(BoolColumn(rows, numbers == 1), load_value)


def _integers(raw: NDArray[np.uint8], codec: IntCodec) -> NDArray[Any]:
    values = np.ascontiguousarray(raw).view(cast(str, codec.dtype)).reshape(len(raw))
    return values.astype(np.int64 if codec.signed else np.uint64)


def _integer_bytes(rows: Rows, codec: IntCodec, values: NDArray[Any]) -> NDArray[np.uint8]:
    if codec.size != 8 or codec.signed != (values.dtype == np.int64):
        low = max(codec.low, int(np.iinfo(values.dtype).min))
        high = min(codec.high, int(np.iinfo(values.dtype).max))
        rows.exclude((values < low) | (values > high))
    packed = values.astype(cast(str, codec.dtype))
    return packed.view(np.uint8).reshape(rows.count, codec.width)
