"""Fixed point with 27 decimals, and amounts of tokens in it, after Opyn's FixedPointInt256.

A token of up to 27 decimals has a `unit`, what its smallest unit is worth; one of more has a
`shrink`, how many of its smallest units make one here. For ints and columns alike.

    >>> from sealane.programs.library.options.rules.fixed_point import scale_of, units_up
    >>> usdc = scale_of(6)
    >>> usdc.unit, usdc.shrink, units_up(1, usdc)
    (1000000000000000000000, 1, 1)
"""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

from ....kit import div_up, select

DECIMALS: Final = 27
ONE: Final = 10**DECIMALS
OPTION: Final = 10**8  # one option; strikes and prices have 8 decimals, too
FROM_8: Final = ONE // OPTION


class Scaled(Protocol):
    """What knows the scale of a token."""

    @property
    def unit(self) -> int: ...

    @property
    def shrink(self) -> int: ...


class Scale(NamedTuple):
    """Of a token; see above. One of the two is 1."""

    unit: int
    shrink: int


def scale_of(decimals: int) -> Scale:
    """The scale of a token with so many decimals."""
    return Scale(10 ** max(DECIMALS - decimals, 0), 10 ** max(decimals - DECIMALS, 0))


def from_units(amount: int, scale: Scaled) -> int:
    """An amount of tokens, with 27 decimals."""
    return amount * scale.unit // scale.shrink


def units_down(value: int, scale: Scaled) -> int:
    """A value as an amount of tokens, rounded down: what is paid."""
    return value * scale.shrink // scale.unit


def units_up(value: int, scale: Scaled) -> int:
    """A value as an amount of tokens, rounded up: what is required."""
    return div_up(value * scale.shrink, scale.unit)


def truncated(value: int, divisor: int) -> int:
    """`value / divisor`, rounded towards zero, as Solidity divides."""
    return select(value < 0, 0 - (0 - value) // divisor, value // divisor)


def times(a: int, b: int) -> int:
    """The product of two numbers with 27 decimals."""
    return truncated(a * b, ONE)


def above_zero(value: int) -> int:
    """The value, or 0 if it is negative."""
    return select(value > 0, value, 0)


def smaller(a: int, b: int) -> int:
    """The smaller of two."""
    return select(a < b, a, b)


def larger(a: int, b: int) -> int:
    """The larger of two."""
    return select(a > b, a, b)
