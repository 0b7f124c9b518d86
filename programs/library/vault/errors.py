"""Errors of the vault program. Limits are named as OpenZeppelin's, zeros as solmate's."""

from __future__ import annotations

from ...kit import Errors


class VaultError(Errors):
    """What a vault, an intake or a pool of rewards refuses."""

    ExceededMaxDeposit = 1, "more than the vault takes in"
    ExceededMaxMint = 2, "more shares than the vault issues"
    ExceededMaxWithdraw = 3, "more assets than these shares are worth"
    ExceededMaxRedeem = 4, "more shares than the account holds"
    ZeroShares = 5, "the deposit is worth no share"
    ZeroAssets = 6, "the shares are worth nothing"
    ExceededSlippage = 7, "worse than the limit that the call sets"
    NotEnoughIdle = 8, "strategies hold these assets: they must repay first"
    Worthless = 9, "the shares have lost everything; a vault without virtual assets has no price"
    NotAdmin = 10, "the signer is not the vault's admin"
    NotManager = 11, "the signer is not the strategy's manager"
    WrongVault = 12, "the account is of another vault, intake or pool"
    WrongTokens = 13, "not the token account that the state names"
    InvalidParameter = 14, "a rate above 100 %, an offset above 18, a time or amount out of range"
    InvalidShareMint = 15, "shares need a mint without supply that only the authority mints"
    ExceededDebtMax = 16, "more than the strategy may owe"
    TooMuch = 17, "more than is owed"
    NothingOwed = 18, "nothing is owed"
    WrongStage = 19, "the intake does not take this now"
    TellersMissing = 20, "an intake is settled with all its tellers, in order"
    NotOwner = 21, "the signer does not own this ticket or lock"
    StillLocked = 22, "the time of the lock is not over"
    NobodyLocked = 23, "nobody has locked shares, so there is nobody to reward"
    InvalidLock = 24, "the time is out of the pool's range, or the shares weigh nothing"
