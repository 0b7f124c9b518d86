"""Positions: opening and closing one, funding it, and paying out what is owed to it."""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, i32, require, u64
from ..authorities import authority_seeds
from ..token_moves import move_in, move_out
from .accounts import Authority, require_position, require_vaults
from .errors import ClmmError
from .events import Collected
from .program import clmm
from .state import Pool, Position
from .transitions.liquidity import check_range


@clmm.instruction(tag=4)
def open_position(
    pool: Pool, position: Mut[UncheckedAccount], owner: Signer, lower: i32, upper: i32
) -> None:
    """Make a position between two ticks, without liquidity yet."""
    check_range(lower, upper)
    for tick in (lower, upper):
        require(tick % pool.tick_spacing == 0, ClmmError.TickNotOnSpacing)
    Position.view(position).initialize(pool=pool.key, owner=owner.key, lower=lower, upper=upper)


@clmm.instruction(tag=5)
def fund_position(
    ctx: Context,
    pool: Pool,
    position: Mut[Position],
    source0: Mut[UncheckedAccount],
    source1: Mut[UncheckedAccount],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    owner: Signer,
    amount0: u64,
    amount1: u64,
) -> None:
    """Pay tokens in that are owed to the position from then on: `…_beyond` spends them."""
    require_position(pool, position, owner)
    require_vaults(pool, vault0, vault1)
    position.owed0 += amount0
    position.owed1 += amount1
    move_in(ctx, source0, vault0, owner, amount0)
    move_in(ctx, source1, vault1, owner, amount1)


@clmm.instruction(tag=6)
def collect(
    ctx: Context,
    pool: Pool,
    position: Mut[Position],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    destination0: Mut[UncheckedAccount],
    destination1: Mut[UncheckedAccount],
    authority: Authority,
    owner: Signer,
    amount0: u64,
    amount1: u64,
) -> None:
    """Pay out what is owed to the position, as far as it is owed as much."""
    require_position(pool, position, owner)
    require_vaults(pool, vault0, vault1)
    amount0 = min(amount0, position.owed0)
    amount1 = min(amount1, position.owed1)
    position.owed0 -= amount0
    position.owed1 -= amount1
    seeds = authority_seeds(pool.key, pool.bump)
    move_out(ctx, vault0, destination0, authority, seeds, amount0)
    move_out(ctx, vault1, destination1, authority, seeds, amount1)
    ctx.emit(Collected(pool=pool.key, position=position.key, amount0=amount0, amount1=amount1))


@clmm.instruction(tag=7)
def close_position(position: Mut[Position], owner: Mut[Signer]) -> None:
    """End a position that has no liquidity and is owed nothing; its lamports go to the owner."""
    require(position.holder == owner.key, ClmmError.WrongOwner, account=owner)
    empty = position.liquidity == 0 and position.owed0 == 0 and position.owed1 == 0
    require(empty, ClmmError.PositionNotEmpty, account=position)
    lamports = position.lamports
    position.lamports = 0
    owner.lamports += lamports
    position.data[:] = bytes(position.data_len)
