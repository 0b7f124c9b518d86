"""The data of an instruction, as bytes or as a node decoded it."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Parsed(NamedTuple):
    """An instruction that a node decoded: its type, such as "transferChecked"."""

    type: str


# Data as bytes, or what a node made of it; None where it is not known.
CallData: TypeAlias = bytes | Parsed | None
