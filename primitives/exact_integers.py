"""Integers in JSON: many readers parse them as floats, which are exact only up to 2^53."""

from __future__ import annotations

from typing import Final

EXACT_MAX: Final = 2**53


def exact_integer(value: int) -> int | str:
    """The integer as JSON may hold it: as a string of digits where a float would round it.

    >>> exact_integer(2**53), exact_integer(2**53 + 1), exact_integer(-(2**53) - 1)
    (9007199254740992, '9007199254740993', '-9007199254740993')
    """
    return value if abs(value) <= EXACT_MAX else str(value)
