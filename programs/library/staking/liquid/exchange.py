"""Deposits into stake pools for pool tokens, and withdrawals of lamports for them."""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...system import system
from ...token_moves import burn_in, mint_out, move_in
from ..errors import StakingError
from ..figures.pool_tokens import fee_of, lamports_for_withdrawal, tokens_for_deposit
from ..program import staking
from .reserves import require_current, require_reserve, take
from .state import POOL_SEED, Reserve, StakePool


@staking.instruction(tag=24)
def deposit_stake(
    ctx: Context,
    pool: Mut[StakePool],
    reserve: Mut[Reserve],
    mint: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    depositor: Mut[Signer],
    pool_tokens: Mut[UncheckedAccount],
    fee_account: Mut[UncheckedAccount],
    referrer_tokens: Mut[UncheckedAccount],
    lamports: u64,
    least_tokens: u64,
) -> None:
    """Deposit lamports for pool tokens, of which the manager and the referrer get a fee."""
    require_current(ctx, pool)
    require_reserve(pool, reserve)
    require_mint(pool, mint, fee_account)
    minted = tokens_for_deposit(lamports, pool.total_lamports, pool.supply)
    fee = fee_of(minted, pool.deposit_fee)
    referral = fee * pool.referral_percent // 100
    require(minted > fee, StakingError.DepositTooSmall)
    require(minted - fee >= least_tokens, StakingError.ExceededSlippage)
    pool.total_lamports += lamports
    pool.supply += minted
    call = system.transfer(source=depositor, destination=reserve, lamports=lamports)
    ctx.invoke(call)
    seeds = [POOL_SEED, pool.key, pool.bump.to_bytes()]
    mint_out(ctx, mint, pool_tokens, authority, seeds, minted - fee)
    mint_out(ctx, mint, fee_account, authority, seeds, fee - referral)
    mint_out(ctx, mint, referrer_tokens, authority, seeds, referral)


@staking.instruction(tag=25)
def withdraw_stake(
    ctx: Context,
    pool: Mut[StakePool],
    reserve: Mut[Reserve],
    mint: Mut[UncheckedAccount],
    holder: Signer,
    pool_tokens: Mut[UncheckedAccount],
    fee_account: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    tokens: u64,
    least_lamports: u64,
) -> None:
    """Burn pool tokens for lamports of the reserve; the manager pays itself no fee."""
    require_current(ctx, pool)
    require_reserve(pool, reserve)
    require_mint(pool, mint, fee_account)
    own = pool_tokens.key == fee_account.key
    fee = 0 if own else fee_of(tokens, pool.withdrawal_fee)
    burnt = tokens - fee
    lamports = lamports_for_withdrawal(burnt, pool.total_lamports, pool.supply)
    require(lamports > 0, StakingError.WithdrawalTooSmall)
    require(lamports >= least_lamports, StakingError.ExceededSlippage)
    pool.total_lamports -= lamports
    pool.supply -= burnt
    burn_in(ctx, mint, pool_tokens, holder, burnt)
    move_in(ctx, pool_tokens, fee_account, holder, fee)
    take(ctx, reserve, destination, lamports)


def require_mint(pool: StakePool, mint: UncheckedAccount, fee_account: UncheckedAccount) -> None:
    """Require the mint and the fee account of the pool."""
    require(mint.key == pool.mint, StakingError.WrongAccount, account=mint)
    own = fee_account.key == pool.fee_account
    require(own, StakingError.WrongAccount, account=fee_account)
