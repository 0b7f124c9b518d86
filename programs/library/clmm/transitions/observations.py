"""Past prices: a ring of sums over time, from which an average over any window is a difference.

After Uniswap v3's Oracle: at most one observation a second, written before the price's tick or
the liquidity changes; between two observations the sums are interpolated.
"""

from __future__ import annotations

from typing import Final

from ....kit import require
from ..errors import ClmmError
from ..maths.fixed_point import U160_END
from ..state import Observation, Observations

TIME_END: Final = 1 << 32
CARDINALITY_MAX: Final = (1 << 16) - 1


def later(last: Observation, time: int, tick: int, liquidity: int) -> Observation:
    """What would be observed at `time`, if tick and liquidity were these since `last`."""
    seconds = (time - last.at) % TIME_END
    per_liquidity = (seconds << 128) // max(liquidity, 1)
    return Observation(
        at=time,
        tick_cumulative=last.tick_cumulative + tick * seconds,
        seconds_per_liquidity=(last.seconds_per_liquidity + per_liquidity) % U160_END,
        initialized=True,
    )


def newest(ring: Observations) -> Observation:
    """The observation written last."""
    return Observation(
        at=ring.newest_at,
        tick_cumulative=ring.newest_tick_cumulative,
        seconds_per_liquidity=ring.newest_seconds_per_liquidity,
        initialized=True,
    )


def write_observation(ring: Observations, time: int, tick: int, liquidity: int) -> None:
    """Observe that tick and liquidity were these up to `time`, unless that second has been."""
    last = newest(ring)
    if last.at == time:
        return
    if ring.cardinality_next > ring.cardinality and ring.index == ring.cardinality - 1:
        ring.cardinality = ring.cardinality_next
    index = (ring.index + 1) % ring.cardinality
    if index != ring.index:
        _store(ring, ring.index, last)
        ring.index = index
    observed = later(last, time, tick, liquidity)
    ring.newest_at = observed.at
    ring.newest_tick_cumulative = observed.tick_cumulative
    ring.newest_seconds_per_liquidity = observed.seconds_per_liquidity


def grow(ring: Observations, cardinality: int) -> None:
    """Use this many slots, once the ring has been gone through; never fewer than now."""
    require(cardinality <= room(ring), ClmmError.ObservationsFull)
    ring.cardinality_next = max(ring.cardinality_next, cardinality)


def room(ring: Observations) -> int:
    """How many slots the account has room for."""
    slots = (ring.data_len - Observations.layout_size) // Observation.layout_size
    return max(1, min(slots, CARDINALITY_MAX))


def observe(ring: Observations, time: int, ago: int, tick: int, liquidity: int) -> tuple[int, int]:
    """The sums of ticks and of seconds per liquidity, `ago` seconds before `time`.

    Fails with ObservationTooOld.
    """
    last = newest(ring)
    if ago <= (time - last.at) % TIME_END:
        found = later(last, (time - ago) % TIME_END, tick, liquidity)
        return found.tick_cumulative, found.seconds_per_liquidity
    oldest = _oldest(ring)
    age = (time - _slot(ring, oldest).at) % TIME_END
    require(ago <= age, ClmmError.ObservationTooOld)
    return _between(ring, oldest, time, ago)


def _between(ring: Observations, oldest: int, time: int, ago: int) -> tuple[int, int]:
    """The sums `ago` seconds before `time`, which is after the oldest and before the newest."""
    low, high = 0, (ring.index - oldest) % ring.cardinality
    while high - low > 1:
        middle = (low + high) // 2
        at = _slot(ring, (oldest + middle) % ring.cardinality).at
        low, high = (middle, high) if (time - at) % TIME_END >= ago else (low, middle)
    before = _slot(ring, (oldest + low) % ring.cardinality)
    after = _slot(ring, (oldest + high) % ring.cardinality)
    return _interpolate(before, after, (time - ago - before.at) % TIME_END)


def _interpolate(before: Observation, after: Observation, seconds: int) -> tuple[int, int]:
    whole = (after.at - before.at) % TIME_END
    if seconds == whole:
        return after.tick_cumulative, after.seconds_per_liquidity
    ticks = after.tick_cumulative - before.tick_cumulative
    average = abs(ticks) // whole * (1 if ticks >= 0 else -1)  # towards zero, as the reference
    per_liquidity = (after.seconds_per_liquidity - before.seconds_per_liquidity) % U160_END
    return (
        before.tick_cumulative + average * seconds,
        (before.seconds_per_liquidity + per_liquidity * seconds // whole) % U160_END,
    )


def _oldest(ring: Observations) -> int:
    following = (ring.index + 1) % ring.cardinality
    return following if _slot(ring, following).initialized else 0


def _slot(ring: Observations, index: int) -> Observation:
    if index == ring.index:
        return newest(ring)
    at = _slot_at(index)
    return Observation.decode(bytes(ring.data[at : at + Observation.layout_size]))


def _store(ring: Observations, index: int, observation: Observation) -> None:
    at = _slot_at(index)
    ring.data[at : at + Observation.layout_size] = observation.encode()


def _slot_at(index: int) -> int:
    return Observations.layout_size + index * Observation.layout_size
