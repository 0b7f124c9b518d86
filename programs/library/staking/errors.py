"""Errors of the staking program."""

from __future__ import annotations

from ...kit import Errors


class StakingError(Errors):
    """What farms, streams and stake pools refuse."""

    NotAdmin = 1, "the signer does not manage this"
    NotDeveloper = 2, "only the developer passes the developer's share on"
    NotDistributor = 3, "the signer may not notify of rewards"
    NotSlasher = 4, "the signer may not slash"
    WrongPool = 5, "the account is of another farm or pool"
    WrongKind = 6, "the pool is of the other kind"
    WrongAccount = 7, "not the account that the pool names"
    InvalidVault = 8, "not a token account of the right mint and authority"
    InvalidMint = 9, "the mint is not the pool's to mint, has a supply or can be frozen"
    InvalidParameter = 10, "a rate, a duration or a divisor out of range"
    StalePool = 11, "refresh the pool in this slot first"
    Paused = 12, "staking is paused"
    ZeroStake = 13, "cannot stake nothing"
    ZeroWithdrawal = 14, "cannot withdraw nothing"
    InsufficientStake = 15, "more than the position has"
    RewardTooHigh = 16, "the vaults do not hold that much that is not owed already"
    PeriodNotOver = 17, "the period of the last rewards is not over"
    StakedToken = 18, "staked and reward tokens cannot be recovered"
    StakePoolOutOfDate = 19, "update the stake pool in this epoch first"
    DepositTooSmall = 20, "the deposit is not worth a pool token"
    WithdrawalTooSmall = 21, "the pool tokens are not worth a lamport"
    ReserveTooSmall = 22, "the reserve has fewer lamports"
    FeeTooHigh = 23, "a fee above 100 %"
    FeeIncreaseTooHigh = 24, "a withdrawal fee raised too far at once"
    CalculationFailure = 25, "a figure beyond its range"
    WrongValidators = 26, "an update takes all validators, each once"
    ExceededSlippage = 27, "less than the least that the caller accepts"
    NothingOwed = 28, "nothing is owed"
    NotHolder = 29, "the position is somebody else's"
    TicketDue = 30, "take out what an earlier round owes first"
