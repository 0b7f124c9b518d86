"""The fee of redemptions: it decays by the minute and rises with what is redeemed, after Liquity.

>>> decayed(WAD // 2, 999_037_758_833_783_000, 12 * 60 * 60 + 59)
249999999999930044
>>> redemption_rate(WAD // 100, WAD // 200) * 1_000 // WAD
15
"""

from __future__ import annotations

from typing import Final

from ....kit import require
from ...units import WAD
from ..errors import StablecoinError
from .fixed_point import decimal_power, fits_u256, wad_product

SECONDS_PER_MINUTE: Final = 60
# The base rate rises by half of the share of the supply that is redeemed.
BETA: Final = 2


def minutes_in(elapsed_s: int) -> int:
    """The full minutes in so many seconds."""
    return elapsed_s // SECONDS_PER_MINUTE


def decayed(base_rate: int, minute_factor: int, elapsed_s: int) -> int:
    """A base rate [wad] after so many seconds, rounded down."""
    require(elapsed_s >= 0, StablecoinError.InvalidTime)
    return wad_product(base_rate, decimal_power(minute_factor, minutes_in(elapsed_s)))


def raised(base_rate: int, redeemed: int, supply: int) -> int:
    """A base rate [wad] after `redeemed` out of `supply` coins, at most 1."""
    require(supply > 0, StablecoinError.RedemptionTooLarge)
    return min(base_rate + fits_u256(redeemed * WAD) // supply // BETA, WAD)


def redemption_rate(base_rate: int, floor: int) -> int:
    """The share [wad] of the collateral that a redemption costs, at most all of it."""
    return min(base_rate + floor, WAD)


def redemption_fee(rate: int, collateral: int) -> int:
    """What of the collateral [wad] is kept, rounded down; it must leave some."""
    fee = wad_product(rate, collateral)
    require(fee < collateral, StablecoinError.FeeTooHigh)
    return fee


def fee_time(updated_at: int, now: int) -> int:
    """The time of the last decay after a redemption: a minute not yet full goes on."""
    elapsed_s = now - updated_at
    return now if elapsed_s >= SECONDS_PER_MINUTE else updated_at
