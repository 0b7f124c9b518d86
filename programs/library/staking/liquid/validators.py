"""Validators of a stake pool: staking to them, their operators' bonds, slashing, and epochs."""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ...system import system
from ...token_moves import mint_out
from ..errors import StakingError
from ..events import Slashed, Updated
from ..figures.pool_tokens import tokens_for_rewards
from ..figures.slashing import loss_of
from ..program import staking
from .reserves import free_lamports, require_reserve, staked_lamports, take
from .state import POOL_SEED, FutureFee, Reserve, StakePool, Validator


@staking.instruction(tag=26)
def add_validator(
    pool: Mut[StakePool],
    validator: Mut[UncheckedAccount],
    operator: UncheckedAccount,
    manager: Signer,
) -> None:
    """Let the pool stake to a validator. Its rewards are lamports that arrive in its account."""
    require(pool.manager == manager.key, StakingError.NotAdmin, account=pool)
    Validator.view(validator).initialize(
        pool=pool.key, operator=operator.key, number=pool.validators
    )
    pool.validators += 1


@staking.instruction(tag=27)
def delegate(
    ctx: Context,
    pool: StakePool,
    reserve: Mut[Reserve],
    validator: Mut[Validator],
    manager: Signer,
    lamports: u64,
) -> None:
    """Stake lamports of the reserve to a validator."""
    _require_managed(pool, reserve, validator, manager)
    take(ctx, reserve, validator, lamports)


@staking.instruction(tag=28)
def undelegate(
    ctx: Context,
    pool: StakePool,
    reserve: Mut[Reserve],
    validator: Mut[Validator],
    manager: Signer,
    lamports: u64,
) -> None:
    """Bring staked lamports back into the reserve; never the operator's bond."""
    _require_managed(pool, reserve, validator, manager)
    enough = lamports <= staked_lamports(ctx, validator)
    require(enough, StakingError.ReserveTooSmall, account=validator)
    take(ctx, validator, reserve, lamports)


@staking.instruction(tag=29)
def post_bond(
    ctx: Context, validator: Mut[Validator], operator: Mut[Signer], lamports: u64
) -> None:
    """Add to the operator's bond, which is slashed together with the stake."""
    require(validator.operator == operator.key, StakingError.NotHolder, account=validator)
    validator.bond += lamports
    ctx.invoke(system.transfer(source=operator, destination=validator, lamports=lamports))


@staking.instruction(tag=30)
def withdraw_bond(
    ctx: Context,
    validator: Mut[Validator],
    operator: Signer,
    destination: Mut[UncheckedAccount],
    lamports: u64,
) -> None:
    """Take back a bond once nothing of the pool is staked to the validator."""
    require(validator.operator == operator.key, StakingError.NotHolder, account=validator)
    idle = staked_lamports(ctx, validator) == 0
    require(idle and lamports <= validator.bond, StakingError.InsufficientStake, account=validator)
    validator.bond -= lamports
    take(ctx, validator, destination, lamports)


@staking.instruction(tag=31)
def slash(
    ctx: Context,
    pool: Mut[StakePool],
    validator: Mut[Validator],
    destination: Mut[UncheckedAccount],
    slasher: Signer,
    numerator: u64,
    denominator: u64,
) -> None:
    """Take a share of a validator's stake and bond. All pool tokens lose by it at once."""
    require(pool.slasher == slasher.key, StakingError.NotSlasher, account=pool)
    require(validator.pool == pool.key, StakingError.WrongPool, account=validator)
    require(0 < numerator <= denominator, StakingError.InvalidParameter)
    loss = loss_of(staked_lamports(ctx, validator), validator.bond, numerator, denominator)
    validator.bond -= loss.bond
    pool.total_lamports -= min(loss.stake, pool.total_lamports)
    take(ctx, validator, destination, loss.stake + loss.bond)
    ctx.emit(Slashed(validator=validator.key, stake=loss.stake, bond=loss.bond))


@staking.instruction(tag=32)
def update_stake_pool(
    ctx: Context,
    pool: Mut[StakePool],
    reserve: Reserve,
    mint: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    fee_account: Mut[UncheckedAccount],
    validators: list[Validator],
) -> None:
    """Count all lamports: the manager gets a fee on what was earned, losses lower the price.

    `validators`: all of the pool, in the order in which they were added.
    """
    require_reserve(pool, reserve)
    require(mint.key == pool.mint, StakingError.WrongAccount, account=mint)
    own = fee_account.key == pool.fee_account
    require(own, StakingError.WrongAccount, account=fee_account)
    _require_all(pool, validators)
    staked = sum(staked_lamports(ctx, validator) for validator in validators)
    total = max(0, free_lamports(ctx, reserve)) + staked
    reward = max(0, total - pool.total_lamports)
    fee = tokens_for_rewards(reward, pool.total_lamports, pool.supply, pool.epoch_fee)
    _begin_epoch(ctx, pool)
    pool.total_lamports = total
    pool.supply += fee
    seeds = [POOL_SEED, pool.key, pool.bump.to_bytes()]
    mint_out(ctx, mint, fee_account, authority, seeds, fee)
    ctx.emit(Updated(pool=pool.key, total_lamports=total, supply=pool.supply, fee=fee))


def _begin_epoch(ctx: Context, pool: StakePool) -> None:
    """At the first update of an epoch, fees that were announced begin."""
    if pool.last_update_epoch >= ctx.clock.epoch:
        return
    pool.last_update_epoch = ctx.clock.epoch
    pool.last_epoch_lamports = pool.total_lamports
    pool.last_epoch_supply = pool.supply
    if pool.next_epoch_fee.updates_left == 1:
        pool.epoch_fee = pool.next_epoch_fee.fee
    if pool.next_withdrawal_fee.updates_left == 1:
        pool.withdrawal_fee = pool.next_withdrawal_fee.fee
    pool.next_epoch_fee = _nearer(pool.next_epoch_fee)
    pool.next_withdrawal_fee = _nearer(pool.next_withdrawal_fee)


def _nearer(coming: FutureFee) -> FutureFee:
    """The fee on its way, after one more update."""
    return FutureFee(fee=coming.fee, updates_left=max(0, coming.updates_left - 1))


def _require_managed(
    pool: StakePool, reserve: Reserve, validator: Validator, manager: Signer
) -> None:
    require(pool.manager == manager.key, StakingError.NotAdmin, account=pool)
    require_reserve(pool, reserve)
    require(validator.pool == pool.key, StakingError.WrongPool, account=validator)


def _require_all(pool: StakePool, validators: list[Validator]) -> None:
    require(len(validators) == pool.validators, StakingError.WrongValidators, account=pool)
    for number, validator in enumerate(validators):
        own = validator.pool == pool.key and validator.number == number
        require(own, StakingError.WrongValidators, account=validator)
