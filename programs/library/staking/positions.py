"""Positions: stakes of one owner in one pool, of either kind.

Staking, withdrawing and claiming read the pool, write the owner's position and a vault of the
caller's choice, and add to the pool's sums.
"""

from __future__ import annotations

from ...kit import Adds, Context, Mut, Signer, UncheckedAccount, least, require, u64
from ..token import TokenAccount
from ..token_moves import move_in
from .errors import StakingError
from .events import Claimed, Staked, Unstaked
from .figures.rewards import earned, require_stake, require_withdrawal
from .new_pools import require_refreshed
from .program import staking
from .state import Flow, Kind, Pool, Position
from .vaults import pay_reward, pay_stake, require_stake_vault


@staking.instruction(tag=10)
def open_position(position: Mut[UncheckedAccount], pool: Pool, holder: Signer) -> None:
    """Open a position without a stake."""
    Position.view(position).initialize(pool=pool.key, holder=holder.key, paid_index=pool.index)


@staking.instruction(tag=11)
def stake(
    ctx: Context,
    pool: Pool,
    flow: Adds[Flow],
    position: Mut[Position],
    source: Mut[TokenAccount],
    vault: Mut[TokenAccount],
    holder: Signer,
    amount: u64,
) -> None:
    """Add to a stake. The pool must have been refreshed in this slot."""
    require(pool.accepts_stakes, StakingError.Paused, account=pool)
    require_refreshed(ctx, pool)
    require_own(pool, flow, position, holder)
    require_stake(amount)
    require_stake_vault(pool, vault)
    settle(position, pool)
    position.amount += amount
    flow.staked += amount
    move_in(ctx, source, vault, holder, amount)
    ctx.emit(Staked(position=position.key, amount=amount))


@staking.instruction(tag=12)
def withdraw(
    ctx: Context,
    pool: Pool,
    flow: Adds[Flow],
    position: Mut[Position],
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    holder: Signer,
    amount: u64,
) -> None:
    """Take back a part of a stake. The pool must have been refreshed in this slot."""
    require_refreshed(ctx, pool)
    require_own(pool, flow, position, holder)
    require_withdrawal(amount, position.amount)
    settle(position, pool)
    position.amount -= amount
    flow.unstaked += amount
    pay_stake(ctx, pool, authority, vault, destination, amount)
    ctx.emit(Unstaked(position=position.key, amount=amount))


@staking.instruction(tag=13)
def claim(
    ctx: Context,
    pool: Pool,
    flow: Adds[Flow],
    position: Mut[Position],
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    holder: Signer,
) -> None:
    """Take the rewards up to the pool's last refresh, or what the vault has of them."""
    require_own(pool, flow, position, holder)
    settle(position, pool)
    paid = least(position.owed, vault.amount)
    position.owed -= paid
    flow.paid += paid
    pay_reward(ctx, pool, authority, vault, destination, paid)
    ctx.emit(Claimed(position=position.key, amount=paid))


@staking.instruction(tag=14)
def withdraw_in_emergency(
    ctx: Context,
    pool: Pool,
    flow: Adds[Flow],
    position: Mut[Position],
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    holder: Signer,
) -> None:
    """Take back a whole stake, refreshed or not, and forgo what it earned since it was settled."""
    require_own(pool, flow, position, holder)
    amount = position.amount
    position.amount = 0
    flow.unstaked += amount
    pay_stake(ctx, pool, authority, vault, destination, amount)
    ctx.emit(Unstaked(position=position.key, amount=amount))


@staking.instruction(tag=15)
def earned_so_far(ctx: Context, pool: Pool, position: Position) -> None:
    """Return, as a u64, what a position is owed up to the pool's last refresh."""
    require(position.pool == pool.key, StakingError.WrongPool, account=position)
    ctx.set_return_data((position.owed + _earned(position, pool)).to_bytes(8, "little"))


def settle(position: Position, pool: Pool) -> None:
    """Credit a position with what it earned since it was last settled."""
    position.owed += _earned(position, pool)
    position.paid_index = pool.index


def require_own(pool: Pool, flow: Flow, position: Position, holder: Signer) -> None:
    """Require that sums and position are the pool's, and the position the signer's."""
    require(flow.key == pool.flow, StakingError.WrongAccount, account=flow)
    require(position.pool == pool.key, StakingError.WrongPool, account=position)
    require(position.holder == holder.key, StakingError.NotHolder, account=position)


def _earned(position: Position, pool: Pool) -> int:
    farm = pool.kind == Kind.Farm
    return earned(position.amount, pool.index, position.paid_index, pool.precision, farm=farm)
