"""Errors of the program; a code in brackets is the reference's own message for the same failure."""

from __future__ import annotations

from ...kit import Errors


class ClmmError(Errors):
    """Why an instruction of a pool fails."""

    AmountZero = 0, "an amount must be above zero (AS)"
    AlreadyInitialized = 1, "the pool has a price already (AI)"
    TicksOutOfOrder = 2, "the lower tick must be below the upper one (TLU)"
    TickTooLow = 3, "the lower tick is below the lowest one (TLM)"
    TickTooHigh = 4, "the upper tick is above the highest one (TUM)"
    TickOutOfRange = 5, "no price belongs to this tick (T)"
    PriceOutOfRange = 6, "no tick belongs to this price (R)"
    PriceLimit = 7, "the price limit is behind the price or beyond all prices (SPL)"
    LiquidityUnderflow = 8, "less liquidity than is taken out (LS)"
    LiquidityOverflow = 9, "more liquidity than u128 holds (LA)"
    TickLiquidityOverflow = 10, "more liquidity at one tick than it may carry (LO)"
    NoPosition = 11, "the position has no liquidity (NP)"
    NoLiquidity = 12, "there is no liquidity at the price (L)"
    FlashUnpaid0 = 13, "the flash loan of token 0 is not repaid with its fee (F0)"
    FlashUnpaid1 = 14, "the flash loan of token 1 is not repaid with its fee (F1)"
    ObservationTooOld = 15, "the oldest observation is younger than that (OLD)"
    TickNotOnSpacing = 16, "the tick is no multiple of the pool's spacing"
    TickNotInitialized = 17, "no position begins or ends at this tick"
    PriceZero = 18, "the price must be above zero"
    LiquidityZero = 19, "the liquidity must be above zero"
    PriceOverflow = 20, "the amount moves the price beyond u160"
    ReservesExceeded = 21, "the amount is more than the liquidity can pay"
    AmountOverflow = 22, "an amount is more than tokens can be"
    WrongAccount = 23, "the account is not the one that the pool or position names"
    WrongOwner = 24, "only the owner may do this"
    TickArrayMissing = 25, "the tick array that is needed is not among the accounts"
    TickArrayStart = 26, "a tick array cannot start at this tick"
    TickArrayExists = 27, "the pool already has this tick array"
    RangeAtPrice = 28, "the range is next to the price: use the instruction that writes the pool"
    FeeInvalid = 29, "the fee or tick spacing is invalid"
    TooMuchRequested = 30, "more would be paid in than allowed"
    TooLittleReceived = 31, "less would be paid out than asked for"
    ObservationsFull = 32, "the observations' account has no room for that many"
    PositionNotEmpty = 33, "the position still has liquidity or is owed tokens"
