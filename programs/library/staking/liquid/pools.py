"""Stake pools: opening one, and its fees."""

from __future__ import annotations

from enum import IntEnum

from ....kit import Context, Mut, Pubkey, Signer, UncheckedAccount, require, u8, u64
from ...token import Mint, TokenAccount
from ..errors import StakingError
from ..figures.pool_tokens import growth, require_gentle_rise, require_share
from ..program import staking
from .state import POOL_SEED, Fee, FutureFee, Reserve, StakePool

_UPDATES_UNTIL_FEE = 2  # as in the reference: holders have a whole epoch to leave


class FeeKind(IntEnum):
    """What a fee is taken from."""

    Epoch = 0
    Deposit = 1
    Withdrawal = 2


@staking.instruction(tag=22)
def initialize_stake_pool(
    ctx: Context,
    pool: Mut[UncheckedAccount],
    reserve: Mut[UncheckedAccount],
    mint: Mint,
    fee_account: TokenAccount,
    manager: Signer,
    slasher: Pubkey,
    epoch_fee_numerator: u64,
    epoch_fee_denominator: u64,
    deposit_fee_numerator: u64,
    deposit_fee_denominator: u64,
    withdrawal_fee_numerator: u64,
    withdrawal_fee_denominator: u64,
    referral_percent: u8,
) -> None:
    """Open a pool without lamports, whose authority mints pool tokens."""
    authority, bump = Pubkey.find_program_address([POOL_SEED, pool.key], ctx.program_id)
    sound = mint.mint_authority == authority and not mint.supply and mint.freeze_authority is None
    require(sound, StakingError.InvalidMint, account=mint)
    require(fee_account.mint == mint.key, StakingError.InvalidVault, account=fee_account)
    require(referral_percent <= 100, StakingError.FeeTooHigh)
    epoch = Fee(numerator=epoch_fee_numerator, denominator=epoch_fee_denominator)
    deposit = Fee(numerator=deposit_fee_numerator, denominator=deposit_fee_denominator)
    withdrawal = Fee(numerator=withdrawal_fee_numerator, denominator=withdrawal_fee_denominator)
    for fee in (epoch, deposit, withdrawal):
        require_share(fee)
    Reserve.view(reserve).initialize(pool=pool.key)
    StakePool.view(pool).initialize(
        manager=manager.key,
        slasher=slasher,
        mint=mint.key,
        reserve=reserve.key,
        fee_account=fee_account.key,
        authority=authority,
        bump=bump,
        last_update_epoch=ctx.clock.epoch,
        epoch_fee=epoch,
        deposit_fee=deposit,
        withdrawal_fee=withdrawal,
        referral_percent=referral_percent,
    )


@staking.instruction(tag=23)
def set_fee(
    pool: Mut[StakePool], manager: Signer, kind: FeeKind, numerator: u64, denominator: u64
) -> None:
    """Change a fee: on deposits now, on rewards and withdrawals after two updates of epochs."""
    require(pool.manager == manager.key, StakingError.NotAdmin, account=pool)
    fee = Fee(numerator=numerator, denominator=denominator)
    require_share(fee)
    if kind == FeeKind.Deposit:
        pool.deposit_fee = fee
    elif kind == FeeKind.Epoch:
        pool.next_epoch_fee = FutureFee(fee=fee, updates_left=_UPDATES_UNTIL_FEE)
    else:
        require_gentle_rise(fee, pool.withdrawal_fee)
        pool.next_withdrawal_fee = FutureFee(fee=fee, updates_left=_UPDATES_UNTIL_FEE)


@staking.instruction(tag=33)
def epoch_yield(ctx: Context, pool: StakePool) -> None:
    """Return, as an i128, by how much a pool token gained since the last epoch, times 10^12."""
    gained = growth(
        pool.total_lamports, pool.supply, pool.last_epoch_lamports, pool.last_epoch_supply
    )
    ctx.set_return_data(gained.to_bytes(16, "little", signed=True))
