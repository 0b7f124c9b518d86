"""Past prices: the ring, what is read from it, and sums inside a range. After v3's Oracle tests."""

from __future__ import annotations

import pytest

from sealane import Instruction
from sealane.primitives import ProgramFailure
from sealane.programs.library.clmm import (
    ClmmError,
    Cumulatives,
    CumulativesInside,
    Observation,
    Observations,
    clmm,
)
from sealane.programs.library.clmm.maths.tick_prices import sqrt_price_at
from sealane.programs.library.clmm.transitions.observations import (
    grow,
    later,
    observe,
    write_observation,
)
from sealane.testing import Vm

from .venue import Venue

U32_END = 1 << 32
Q128 = 1 << 128


def ring(room: int = 5, at: int = 0) -> Observations:
    """A ring by itself, with a first observation at a time."""
    value = Observations(cardinality=1, cardinality_next=1, newest_at=at)
    value.data = value.encode() + bytes(room * Observation.layout_size)
    return value


def test_each_second_since_the_last_counts_with_tick_and_liquidity() -> None:
    last = Observation(at=1, tick_cumulative=2, seconds_per_liquidity=3, initialized=True)
    after = later(last, 4, -7, 3)
    assert (after.tick_cumulative, after.seconds_per_liquidity) == (2 - 21, 3 + Q128)
    assert later(last, 2, 5, 0).seconds_per_liquidity == 3 + Q128  # no liquidity counts as 1


def test_time_wraps_in_32_bits() -> None:
    last = Observation(at=U32_END - 2, initialized=True)
    assert later(last, 3, 10, 1).tick_cumulative == 50


def test_one_observation_a_second() -> None:
    past = ring(at=5)
    write_observation(past, 5, 100, 1)
    assert (past.newest_at, past.newest_tick_cumulative) == (5, 0)
    write_observation(past, 6, 100, 1)
    write_observation(past, 6, 700, 1)
    assert (past.newest_at, past.newest_tick_cumulative) == (6, 100)


def test_the_ring_grows_when_it_has_been_gone_through() -> None:
    past = ring()
    grow(past, 3)
    seen: list[tuple[int, int]] = []
    for time in range(1, 6):
        write_observation(past, time, 1, 1)
        seen.append((past.index, past.cardinality))
    assert seen == [(1, 3), (2, 3), (0, 3), (1, 3), (2, 3)]
    grow(past, 5)
    assert past.cardinality == 3
    write_observation(past, 6, 1, 1)
    assert (past.index, past.cardinality) == (3, 5)
    grow(past, 2)
    assert past.cardinality_next == 5
    with pytest.raises(ProgramFailure, match=ClmmError.ObservationsFull.name):
        grow(past, 6)


@pytest.mark.parametrize("start", [0, 1_000, U32_END - 3, U32_END - 11])
def test_sums_at_any_time_the_ring_reaches_back_to(start: int) -> None:
    """Ticks of 2, -6 and 10 with liquidity 3, 4 and 5, for 4, 6 and 3 seconds; then 7 and 2."""
    past = ring(at=start)
    grow(past, 4)
    time = 0
    sums: list[tuple[int, int]] = [(0, 0)]  # by second
    for tick, liquidity, seconds in ((2, 3, 4), (-6, 4, 6), (10, 5, 3)):
        time += seconds
        whole = (seconds << 128) // liquidity
        ticks, per_liquidity = sums[-1]
        sums += [
            (ticks + tick * k, per_liquidity + whole * k // seconds) for k in range(1, seconds + 1)
        ]
        write_observation(past, (start + time) % U32_END, tick, liquidity)
    now = time + 5
    for _ in range(5):
        sums.append((sums[-1][0] + 7, 0))
    for ago in range(now + 1):
        found = observe(past, (start + now) % U32_END, ago, 7, 2)
        assert found[0] == sums[now - ago][0]
        if now - ago <= time:
            assert found[1] == sums[now - ago][1]
    with pytest.raises(ProgramFailure, match=ClmmError.ObservationTooOld.name):
        observe(past, (start + now) % U32_END, now + 1, 7, 2)


def test_an_average_that_is_no_integer_is_cut_towards_zero() -> None:
    past = ring()
    grow(past, 2)
    write_observation(past, 1, -1, 1)
    past.newest_at = 4  # -1 in 4 seconds
    assert observe(past, 4, 2, 0, 1)[0] == 0


def test_the_oldest_is_dropped_when_the_ring_is_full() -> None:
    past = ring()
    grow(past, 2)
    for time in (3, 4, 7):
        write_observation(past, time, 1, 1)
    assert observe(past, 9, 5, 1, 1)[0] == 4
    with pytest.raises(ProgramFailure, match=ClmmError.ObservationTooOld.name):
        observe(past, 9, 6, 1, 1)


def observation(*seconds_ago: int) -> Instruction:
    return clmm.observe(pool="pool", observations="past", seconds_ago=list(seconds_ago))


def growth(cardinality: int) -> Instruction:
    return clmm.increase_observation_cardinality(
        pool="pool", observations="past", cardinality=cardinality
    )


def test_an_average_tick_of_a_pool(venue: Venue, vm: Vm) -> None:
    venue.open("range", -6_000, 6_000)
    vm.send(venue.add("range", 10**12), growth(4))
    vm.advance(seconds=10)
    vm.send(venue.swap(False, 10**12, limit=sqrt_price_at(100)))
    vm.advance(seconds=20)
    vm.send(venue.swap(False, 10**12, limit=sqrt_price_at(400)))
    vm.advance(seconds=10)
    raw = vm.send(observation(40, 30, 0)).return_data or b""
    size = Cumulatives.layout_size
    sums = [Cumulatives.decode(raw[at : at + size]) for at in range(0, len(raw), size)]
    assert [each.tick_cumulative for each in sums] == [0, 0, 100 * 20 + 400 * 10]
    with vm.fails(ClmmError.ObservationTooOld):
        vm.send(observation(41))


def test_room_is_limited(venue: Venue, vm: Vm) -> None:
    vm.send(growth(4), growth(3))
    assert vm.read("past", Observations).cardinality_next == 4
    with vm.fails(ClmmError.ObservationsFull):
        vm.send(growth(5))


def inside(venue: Venue, lower: int, upper: int) -> Instruction:
    return clmm.snapshot_cumulatives_inside(
        pool="pool",
        observations="past",
        lower_array=venue.array(lower),
        upper_array=venue.array(upper),
        lower=lower,
        upper=upper,
    )


def test_time_inside_a_range(venue: Venue, vm: Vm) -> None:
    for name, lower, upper in (("all", -6_000, 6_000), ("range", -600, 600)):
        venue.open(name, lower, upper)
        vm.send(venue.add(name, 10**12))
    vm.advance(seconds=7)
    vm.send(venue.swap(False, 10**12, limit=sqrt_price_at(700)))
    vm.advance(seconds=11)
    for lower, upper, seconds in ((-600, 600, 7), (-6_000, 6_000, 18), (-6_000, -600, 0)):
        raw = vm.send(inside(venue, lower, upper)).return_data or b""
        found = CumulativesInside.decode(raw)
        assert found.seconds == seconds
        assert found.tick_cumulative == (700 * 11 if upper == 6_000 else 0)


def test_no_snapshot_of_ticks_that_are_not_in_use(venue: Venue, vm: Vm) -> None:
    with vm.fails(ClmmError.TickNotInitialized):
        vm.send(inside(venue, -600, 600))
    with vm.fails(ClmmError.TicksOutOfOrder):
        vm.send(inside(venue, 600, -600))
