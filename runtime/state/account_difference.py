"""Describes how two states of one account differ: by field if a layout of its owner fits."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from ...primitives import Account
from ...programs.kit.encoding.codec import DecodeError
from ...programs.kit.program.program_set import ProgramSet

_BYTES_SHOWN: Final = 8


def account_difference(left: Account, right: Account, programs: ProgramSet) -> tuple[str, str]:
    """The parts that differ, in each of the two: `count 3` and `count 5`; empty if none do."""
    parts = [
        (name, getattr(left, name), getattr(right, name))
        for name in ("lamports", "owner", "executable")
    ]
    parts += _data_parts(left, right, programs)
    differing = [(name, one, other) for name, one, other in parts if one != other]
    return (
        ", ".join(f"{name} {one}" for name, one, _ in differing),
        ", ".join(f"{name} {other}" for name, _, other in differing),
    )


def _data_parts(left: Account, right: Account, programs: ProgramSet) -> list[tuple[str, Any, Any]]:
    if left.data == right.data:
        return []
    program = programs.get(left.owner) if left.owner == right.owner else None
    layout = None if program is None else program.layout_of(left.data)
    if layout is not None:
        with suppress(DecodeError, UnicodeError):
            values, others = layout.decode(left.data).to_json(), layout.decode(right.data).to_json()
            if values != others:
                return [(name, value, others[name]) for name, value in values.items()]
    return _byte_parts(left.data, right.data)


def _byte_parts(left: bytes, right: bytes) -> list[tuple[str, Any, Any]]:
    """The lengths if they differ, and the first bytes that do."""
    lengths = ("data length", len(left), len(right))
    shared = min(len(left), len(right))
    first = next((at for at in range(shared) if left[at] != right[at]), shared)
    end = first + _BYTES_SHOWN
    shown = (left[first:end].hex() or "nothing", right[first:end].hex() or "nothing")
    return [lengths, (f"data[{first}:{end}]", *shown)]
