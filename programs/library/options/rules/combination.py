"""Which options and collateral may be together in one vault.

The checks of Opyn Gamma's MarginCalculator, in its order. A vault of the program always passes the
first six; a quote may be asked for anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ....kit import Pubkey, require
from ..errors import OptionsError
from ..state import Series
from .valuation import Position


class Combination(NamedTuple):
    """What a vault has, or would have. Amounts in the order of what they are of."""

    margined: bool
    shorts: Sequence[Series]
    longs: Sequence[Series]
    assets: Sequence[Pubkey]
    short_amounts: Sequence[int]
    long_amounts: Sequence[int]
    collateral_amounts: Sequence[int]


def require_valid(held: Combination) -> None:
    """Require at most one of each, with its amount, and that they go together."""
    require(len(held.shorts) <= 1, OptionsError.TooManyShorts)
    require(len(held.longs) <= 1, OptionsError.TooManyLongs)
    require(len(held.assets) <= 1, OptionsError.TooManyCollaterals)
    require(len(held.shorts) == len(held.short_amounts), OptionsError.ShortMismatch)
    require(len(held.longs) == len(held.long_amounts), OptionsError.LongMismatch)
    require(len(held.assets) == len(held.collateral_amounts), OptionsError.CollateralMismatch)
    require(not (held.margined and held.longs), OptionsError.NakedLong)
    if held.shorts and held.longs:
        require_spread(held.shorts[0], held.longs[0])
    options = [*held.shorts, *held.longs]
    if options and held.assets:
        fits = options[0].collateral == held.assets[0]
        require(fits, OptionsError.CollateralNotMarginable)


def require_spread(short: Series, long: Series) -> None:
    """Require a long option that lessens what the short one may cost."""
    fits = (
        long.mint != short.mint
        and long.underlying == short.underlying
        and long.strike_asset == short.strike_asset
        and long.collateral == short.collateral
        and long.expires_at == short.expires_at
        and long.is_put == short.is_put
    )
    require(fits, OptionsError.LongNotMarginable)


def position_of(held: Combination) -> Position:
    """A valid combination as a position."""
    amounts = held.short_amounts, held.long_amounts, held.collateral_amounts
    return Position(held.shorts, held.longs, *map(sum, amounts))
