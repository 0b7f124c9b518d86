"""The data of an instruction as a node's answer gives it, decoded no further than is asked for.

Guarantees: reading a block costs nothing for data that nobody looks at. Does not: refuse data of an
unknown spelling; what it calls and bids is then unknown, and its locks are as good as any.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, cast

from ...primitives import InputError
from ...primitives.integers import I64_MAX
from ...primitives.lazy_sequence import LazySequence
from ..building.call_data import CallData, Parsed
from .encoded import from_base58

_PRICE_TAG: Final = 3  # SetComputeUnitPrice of the ComputeBudget program
_PRICE_LEN: Final = 9  # the tag and a u64


# Bytes, base58 text, or what a node made of it; None where the spelling is not known.
InstructionData: TypeAlias = bytes | str | Parsed | None


def read_data(instruction: dict[str, object]) -> InstructionData:
    """The data of an instruction in JSON: `data`, or `parsed` in its place."""
    data = instruction.get("data")
    if isinstance(data, str):
        # Encoders that write the account indexes as base64 write the data so, too.
        return _from_base64(data) if isinstance(instruction.get("accounts"), str) else data
    if data is not None:
        return _from_numbers(data)
    parsed = instruction.get("parsed")
    if isinstance(parsed, str):
        return parsed.encode(errors="replace")  # a memo: the text is the data
    if isinstance(parsed, dict):
        kind = cast("dict[str, object]", parsed).get("type")
        return Parsed(kind) if isinstance(kind, str) else None
    return None


def is_parsed(instruction: Mapping[str, object]) -> bool:
    """Whether the node took an instruction apart, and left out its bytes."""
    return instruction.get("data") is None and "parsed" in instruction


def decoded(data: InstructionData) -> bytes | None:
    """The bytes, where there are any to have."""
    if not isinstance(data, str):
        return data if isinstance(data, bytes) else None
    try:
        return from_base58(data)
    except InputError:
        return None


class DecodedData(LazySequence[CallData]):
    """The data of instructions, decoded when it is asked for."""

    def __init__(self, data: Sequence[InstructionData]) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def item(self, index: int) -> CallData:
        data = self._data[index]
        return data if isinstance(data, Parsed) else decoded(data)


def unit_price(data: InstructionData) -> int | None:
    """What a ComputeBudget instruction bids, if it is a bid: lamports a million compute units.

    The instruction says micro-lamports a compute unit, which is the same. Above 2^63 - 1, that.
    """
    raw = decoded(data)
    if raw is None or len(raw) < _PRICE_LEN or raw[0] != _PRICE_TAG:
        return None
    return min(int.from_bytes(raw[1:_PRICE_LEN], "little"), I64_MAX)


def _from_base64(text: str) -> bytes | None:
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError:
        return None


def _from_numbers(data: object) -> bytes | None:
    """A list of numbers, or how JavaScript writes byte arrays: {"0": 3, …}, {"data": [3, …]}."""
    if isinstance(data, dict):
        fields = cast("dict[str, object]", data)
        data = fields.get("data", list(fields.values()))
    try:
        return bytes(cast("list[int]", data)) if isinstance(data, list) else None
    except (TypeError, ValueError):
        return None
