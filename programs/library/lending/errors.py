"""Errors of the lending program. Those of Solend's LendingError have its names."""

from __future__ import annotations

from ...kit import Errors


class LendingError(Errors):
    """What the lending program refuses."""

    MathOverflow = 1, "a figure is below zero or takes more than 256 bits"
    InvalidConfig = 2, "the configuration contradicts itself"
    WrongAuthority = 3, "the signer may not do this"
    WrongMarket = 4, "the accounts belong to different markets"
    WrongReserve = 5, "the account belongs to another reserve"
    WrongVault = 6, "no token account of this reserve's authority and mint"
    WrongPositions = 7, "pass position, reserve and feed of each entered position, once"
    WrongFeed = 8, "not the price feed of this reserve"
    AmountIsZero = 9, "an amount above zero is needed"
    TooLittle = 10, "too little to be worth a share"
    NotEnoughShares = 11, "the position has fewer shares"
    NotEnoughCash = 12, "the reserve has lent out too much of its tokens"
    NotEntered = 13, "enter the position first: it is not a part of the obligation"
    AlreadyEntered = 14, "the position is a part of the obligation already"
    PositionInUse = 15, "a position with a debt cannot be left"
    PriceStale = 16, "the price is too old, or from the future"
    PriceInvalid = 17, "the feed has no price, or one that is too uncertain"
    BorrowTooLarge = 18, "more than the collateral allows"
    BorrowTooSmall = 19, "too little to receive anything after fees"
    BorrowLimitReached = 20, "the reserve lends no more"
    BorrowPaused = 21, "the reserve does not lend at the moment"
    IsolatedDebt = 22, "a debt in an isolated reserve must be the only one"
    WithdrawTooLarge = 23, "the debts need this collateral"
    ObligationHealthy = 24, "the collateral covers the debts"
    DebtNotFresh = 25, "refresh the reserve of the debt in this slot first"
    CollateralNotFresh = 26, "refresh the reserve of the collateral in this slot first"
    SelfLiquidation = 27, "nobody can liquidate an obligation of their own"
    LiquidationTooSmall = 28, "nothing would be repaid"
    TooMuchRepaid = 29, "more than the close factor allows"
    SeizureTooLarge = 30, "the position has less collateral than would be seized"
    SeizurePaused = 31, "the collateral of this reserve cannot be seized at the moment"
    FlashLoanNotRepaid = 32, "the vault has less than the loan and its fee"
    NothingToCollect = 33, "the protocol's share is nothing, or is lent out"
    NotALoss = 34, "only a debt without any collateral can be written off"
