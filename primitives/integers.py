"""The integers of the field, and how JSON may hold them."""

from __future__ import annotations

from typing import Final

U64_MAX: Final = 2**64 - 1
EXACT_IN_FLOAT_MAX: Final = 2**53  # up to here a float64, and so any reader of JSON, has them all


def json_integer(value: int) -> int | str:
    """The integer as JSON may hold it: above 2^53 as a string, as many readers would round it.

    >>> json_integer(2**53), json_integer(2**53 + 1)
    (9007199254740992, "9007199254740993")
    """
    return value if value <= EXACT_IN_FLOAT_MAX else str(value)
