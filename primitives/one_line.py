"""Text for `repr`: always one short line."""

from __future__ import annotations

from typing import Final

REPR_LEN_MAX: Final = 100


def in_one_line(text: str) -> str:
    """`<text>`, of at most REPR_LEN_MAX characters."""
    return f"<{shortened(text, REPR_LEN_MAX - 2)}>"


def shortened(text: str, len_max: int) -> str:
    """Text on one line, its middle left out if it is too long, control characters escaped."""
    cut = text
    if len(text) > len_max:
        end = (len_max - 1) // 2
        cut = f"{text[: len_max - 1 - end]}…{text[len(text) - end :]}"
    return cut if cut.isprintable() else shortened(ascii(cut)[1:-1], len_max)


def counted(count: int, noun: str) -> str:
    """`1 wave`, `2,000 waves`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
