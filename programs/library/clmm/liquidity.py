"""Adding liquidity to a position and taking it out.

Two ways: next to the price, where the pool is written; and beyond the range that the next step of
a swap can reach, where it is only read. The second moves no tokens either: it spends what is owed
to the position. So it conflicts with nothing but other positions that share a tick array.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64, u128
from ..token_moves import move_in
from .accounts import now, require_observations, require_position, require_vaults, ticks_of
from .errors import ClmmError
from .events import LiquidityChanged
from .program import clmm
from .state import Observations, Pool, Position, TickArray
from .transitions.liquidity import change_liquidity, is_beyond_range, take_out


@clmm.instruction(tag=8)
def increase_liquidity(
    ctx: Context,
    pool: Mut[Pool],
    position: Mut[Position],
    lower_array: Mut[TickArray],
    upper_array: Mut[TickArray],
    observations: Mut[Observations],
    source0: Mut[UncheckedAccount],
    source1: Mut[UncheckedAccount],
    vault0: Mut[UncheckedAccount],
    vault1: Mut[UncheckedAccount],
    owner: Signer,
    liquidity: u128,
    amount0_max: u64,
    amount1_max: u64,
) -> None:
    """Add liquidity and pay for it, no more than the two amounts."""
    require(liquidity > 0, ClmmError.AmountZero)
    require_position(pool, position, owner)
    require_observations(pool, observations)
    require_vaults(pool, vault0, vault1)
    ticks = ticks_of(pool, [lower_array, upper_array])
    amounts = change_liquidity(pool, ticks, position, observations, liquidity, now(ctx))
    require(amounts[0] <= amount0_max, ClmmError.TooMuchRequested)
    require(amounts[1] <= amount1_max, ClmmError.TooMuchRequested)
    move_in(ctx, source0, vault0, owner, amounts[0])
    move_in(ctx, source1, vault1, owner, amounts[1])
    _report(ctx, pool, position, liquidity, amounts)


@clmm.instruction(tag=9)
def decrease_liquidity(
    ctx: Context,
    pool: Mut[Pool],
    position: Mut[Position],
    lower_array: Mut[TickArray],
    upper_array: Mut[TickArray],
    observations: Mut[Observations],
    owner: Signer,
    liquidity: u128,
    amount0_min: u64,
    amount1_min: u64,
) -> None:
    """Take liquidity out, for at least the two amounts, which are owed to the position.

    With a liquidity of 0, only the fees earned so far are credited.
    """
    require_position(pool, position, owner)
    require_observations(pool, observations)
    ticks = ticks_of(pool, [lower_array, upper_array])
    amounts = take_out(pool, ticks, position, observations, liquidity, now(ctx))
    _require_at_least(amounts, amount0_min, amount1_min)
    _report(ctx, pool, position, -liquidity, (-amounts[0], -amounts[1]))


@clmm.instruction(tag=10)
def increase_liquidity_beyond(
    ctx: Context,
    pool: Pool,
    position: Mut[Position],
    lower_array: Mut[TickArray],
    upper_array: Mut[TickArray],
    observations: Observations,
    owner: Signer,
    liquidity: u128,
) -> None:
    """Add liquidity away from the price, for tokens owed to the position. See fund_position."""
    require(liquidity > 0, ClmmError.AmountZero)
    require_position(pool, position, owner)
    require_observations(pool, observations)
    require(is_beyond_range(pool, position), ClmmError.RangeAtPrice, account=position)
    ticks = ticks_of(pool, [lower_array, upper_array])
    amounts = change_liquidity(pool, ticks, position, observations, liquidity, now(ctx))
    require(amounts[0] <= position.owed0, ClmmError.TooMuchRequested)
    require(amounts[1] <= position.owed1, ClmmError.TooMuchRequested)
    position.owed0 -= amounts[0]
    position.owed1 -= amounts[1]
    _report(ctx, pool, position, liquidity, amounts)


@clmm.instruction(tag=11)
def decrease_liquidity_beyond(
    ctx: Context,
    pool: Pool,
    position: Mut[Position],
    lower_array: Mut[TickArray],
    upper_array: Mut[TickArray],
    observations: Observations,
    owner: Signer,
    liquidity: u128,
) -> None:
    """Take liquidity out away from the price; the amounts are owed to the position."""
    require_position(pool, position, owner)
    require_observations(pool, observations)
    require(is_beyond_range(pool, position), ClmmError.RangeAtPrice, account=position)
    ticks = ticks_of(pool, [lower_array, upper_array])
    amounts = take_out(pool, ticks, position, observations, liquidity, now(ctx))
    _report(ctx, pool, position, -liquidity, (-amounts[0], -amounts[1]))


def _require_at_least(amounts: tuple[int, int], least0: int, least1: int) -> None:
    require(amounts[0] >= least0, ClmmError.TooLittleReceived)
    require(amounts[1] >= least1, ClmmError.TooLittleReceived)


def _report(
    ctx: Context, pool: Pool, position: Position, liquidity: int, amounts: tuple[int, int]
) -> None:
    ctx.emit(
        LiquidityChanged(
            pool=pool.key,
            position=position.key,
            liquidity=liquidity,
            amount0=amounts[0],
            amount1=amounts[1],
        )
    )
