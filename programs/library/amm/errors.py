"""Errors of the amm program. Names in parentheses are those of Uniswap v2 and SPL token-swap."""

from __future__ import annotations

from ...kit import Errors


class AmmError(Errors):
    """What an instruction of the amm program refuses."""

    InsufficientAmount = 1, "the amount is zero"
    InsufficientInputAmount = 2, "nothing was paid in"
    InsufficientOutputAmount = 3, "nothing is to be paid out"
    InsufficientLiquidity = 4, "the pool has not that much"
    InsufficientLiquidityMinted = 5, "the deposit is worth no share"
    InsufficientLiquidityBurned = 6, "the shares are worth nothing of one of the tokens"
    ProductDecreased = 7, "the product of the reserves would shrink (UniswapV2: K)"
    Overflow = 8, "a reserve would exceed its limit"
    InvalidPath = 9, "the accounts do not make a path through pools"
    ExceededSlippage = 10, "the price is beyond the limit that the caller set"
    ZeroPrice = 11, "a price has two parts, and neither may be zero"
    ZeroSpend = 12, "the caller may spend nothing of either token"
    AlreadyAtPrice = 13, "no trade wins anything at this price (ZERO_AMOUNT_IN)"
    InvalidShares = 14, "not an amount of shares that the pool has (LIQUIDITY_AMOUNT)"
    EmptyPool = 15, "the pool holds nothing (ZERO_PAIR_RESERVES)"
    WrongAccount = 16, "not the account that the pool names"
    WrongAuthority = 17, "the signer has no authority over this"
    InvalidVault = 18, "a vault belongs to the pool's authority alone"
    InvalidShareMint = 19, "the share mint is new, and only the pool's authority mints"
    RepeatedMint = 20, "a pool is for two different tokens"
    InvalidFee = 21, "a fee is a fraction below one"
    InvalidCurve = 22, "the curve's parameter must not be zero"
    EmptySupply = 23, "the vaults hold nothing to open the pool with"
    ZeroTradingTokens = 24, "the amount is worth less than one token"
    CalculationFailure = 25, "a result does not fit or cannot be computed"
    UnsupportedCurveOperation = 26, "the curve takes no deposits"
    NoFees = 27, "no fees are owed"
    InvalidBorrower = 28, "the amm cannot be called back into while a pool is out of balance"
