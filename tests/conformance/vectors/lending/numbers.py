"""Numbers of the rows, exactly, and the errors of the references by their own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from sealane.programs.library.lending import LendingError
from sealane.testing import TransactionFailed

from ..rows import CannotPlay, Played

WAD: Final = 10**18
_WORD: Final = 2**256

# Solend's errors have the same names.
COMPOUND: Final[Mapping[str, str]] = {
    "PriceInvalid": "PRICE_ERROR",
    "MathOverflow": "revert",
    "ArithmeticOverflow": "revert",
}


def wad(value: Any) -> int:
    """A number with 18 decimals, rounded down."""
    scaled = Fraction(value) * WAD
    return scaled.numerator // scaled.denominator


def percent(value: Any) -> int:
    return wad(Fraction(value) / 100)


def word(value: Any) -> int:
    """An unsigned integer of 256 bits; -1 is the greatest, as in the suites."""
    return int(value) % _WORD


def priced(value: Any) -> tuple[int, int]:
    """A price as an integer and an exponent of ten."""
    exact = Fraction(value)
    for digits in range(19):
        scaled = exact * 10**digits
        if scaled.denominator == 1:
            return scaled.numerator, -digits
    raise CannotPlay(f"a price of {exact} has more than 18 decimals")


def or_error(play: Callable[[], Played], names: Mapping[str, str]) -> Played:
    """What was played, or the program's error by the reference's name for it."""
    try:
        return play()
    except TransactionFailed as failed:
        error = failed.receipt.error
        assert error is not None
        own = error.program == "lending" and error.name in LendingError.__members__
        if not own and error.name != "ArithmeticOverflow":
            raise
        return Played({"error": names.get(error.name, error.name)})
