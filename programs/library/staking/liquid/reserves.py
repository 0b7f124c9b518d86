"""The lamports of a stake pool's own accounts, beside what exempts them from rent."""

from __future__ import annotations

from ....kit import Context, UncheckedAccount, require
from ..errors import StakingError
from .state import Reserve, StakePool, Validator


def free_lamports(ctx: Context, account: UncheckedAccount) -> int:
    """What an account holds beyond its rent."""
    return account.lamports - ctx.rent.minimum_balance(account.data_len)


def staked_lamports(ctx: Context, validator: Validator) -> int:
    """What of a validator's lamports is the pool's."""
    return max(0, free_lamports(ctx, validator) - validator.bond)


def take(ctx: Context, source: UncheckedAccount, target: UncheckedAccount, lamports: int) -> None:
    """Move lamports out of an account of the program, which stays exempt from rent."""
    require(lamports <= free_lamports(ctx, source), StakingError.ReserveTooSmall, account=source)
    source.lamports -= lamports
    target.lamports += lamports


def require_reserve(pool: StakePool, reserve: Reserve) -> None:
    """Require the pool's reserve."""
    require(reserve.key == pool.reserve, StakingError.WrongAccount, account=reserve)


def require_current(ctx: Context, pool: StakePool) -> None:
    """Require that rewards and losses of the last epoch are in the price."""
    current = pool.last_update_epoch >= ctx.clock.epoch
    require(current, StakingError.StakePoolOutOfDate, account=pool)
