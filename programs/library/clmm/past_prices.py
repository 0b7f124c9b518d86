"""Past prices of a pool: how many are kept, and what they were on average."""

from __future__ import annotations

from ...kit import Context, Mut, i32, require, u16, u32
from .accounts import now, require_observations, ticks_of
from .errors import ClmmError
from .events import CardinalityIncreased
from .maths.fixed_point import U160_END
from .program import clmm
from .returns import Cumulatives, CumulativesInside
from .state import Observations, Pool, Tick, TickArray
from .transitions.liquidity import check_range
from .transitions.observations import TIME_END, grow, observe


@clmm.instruction(tag=15)
def increase_observation_cardinality(
    ctx: Context, pool: Pool, observations: Mut[Observations], cardinality: u16
) -> None:
    """Keep this many past prices from the end of the present round on; anybody may ask for it."""
    require_observations(pool, observations)
    before = observations.cardinality_next
    grow(observations, cardinality)
    if observations.cardinality_next != before:
        ctx.emit(CardinalityIncreased(pool=pool.key, cardinality=cardinality))


@clmm.instruction(tag=16, name="observe")
def observe_past(
    ctx: Context, pool: Pool, observations: Observations, seconds_ago: list[u32]
) -> None:
    """Return `Cumulatives` for each time, one after another.

    The average tick between two times is the difference of their sums by that of the times.
    """
    require_observations(pool, observations)
    time = now(ctx)
    found = [observe(observations, time, ago, pool.tick, pool.liquidity) for ago in seconds_ago]
    ctx.set_return_data(
        b"".join(
            Cumulatives(tick_cumulative=ticks, seconds_per_liquidity=seconds).encode()
            for ticks, seconds in found
        )
    )


@clmm.instruction(tag=17)
def snapshot_cumulatives_inside(
    ctx: Context,
    pool: Pool,
    observations: Observations,
    lower_array: TickArray,
    upper_array: TickArray,
    lower: i32,
    upper: i32,
) -> None:
    """Return `CumulativesInside` for a range whose two ticks are in use."""
    require_observations(pool, observations)
    check_range(lower, upper)
    ticks = ticks_of(pool, [lower_array, upper_array])
    below, above = ticks.tick(lower), ticks.tick(upper)
    for tick in (below, above):
        require(tick.liquidity_gross > 0, ClmmError.TickNotInitialized)
    time = now(ctx)
    total = (*observe(observations, time, 0, pool.tick, pool.liquidity), time)
    inside = _inside(pool.tick, (lower, upper), total, _outside(below), _outside(above))
    ctx.set_return_data(
        CumulativesInside(
            tick_cumulative=inside[0],
            seconds_per_liquidity=inside[1] % U160_END,
            seconds=inside[2] % TIME_END,
        ).encode()
    )


def _outside(tick: Tick) -> tuple[int, int, int]:
    return (
        tick.tick_cumulative_outside,
        tick.seconds_per_liquidity_outside,
        tick.seconds_outside,
    )


def _inside(
    current: int,
    ends: tuple[int, int],
    total: tuple[int, int, int],
    below: tuple[int, int, int],
    above: tuple[int, int, int],
) -> list[int]:
    if current < ends[0]:
        return [low - high for low, high in zip(below, above, strict=True)]
    if current < ends[1]:
        return [all_ - low - high for all_, low, high in zip(total, below, above, strict=True)]
    return [high - low for low, high in zip(below, above, strict=True)]
