"""Liquidity in and out: what it costs, who may, and what is owed. After v3's tests of the pool."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.programs.library.clmm import ClmmError, Pool, Position
from sealane.programs.library.clmm.maths.tick_prices import sqrt_price_at
from sealane.programs.library.clmm.transitions.liquidity import amounts_for
from sealane.programs.library.clmm.transitions.ticks import liquidity_per_tick_max
from sealane.testing import Vm

from .venue import PLENTY, Venue

U128 = (1 << 128) - 1


def test_a_range_around_the_price_takes_both_tokens(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 1_000_000))
    # By hand: 10**6 * (1 - 1.0001**-300) is 29553.01, of either token; rounded up.
    assert venue.held("vault") == (29_554, 29_554)
    assert venue.pool.liquidity == venue.position("range").liquidity == 1_000_000


@pytest.mark.parametrize(("lower", "upper", "side"), [(60, 600, 0), (-600, -60, 1), (-600, 0, 1)])
def test_a_range_beside_the_price_takes_one(
    lower: int, upper: int, side: int, venue: Venue, vm: Vm
) -> None:
    venue.open("range", lower, upper)
    vm.send(venue.add("range", 1_000_000))
    held = venue.held("vault")
    assert held[side] > 0
    assert held[1 - side] == 0
    assert venue.pool.liquidity == 0


def test_what_is_taken_out_is_owed_and_collected(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 1_000_000))
    vm.send(venue.remove("range", 400_000))
    position = venue.position("range")
    assert (position.owed0, position.owed1, position.liquidity) == (11_821, 11_821, 600_000)
    vm.send(venue.collect("range", 821, 10**6))
    assert venue.held("ann") == (PLENTY - 29_554 + 821, PLENTY - 29_554 + 11_821)
    vm.send(venue.remove("range", 600_000), venue.collect("range"))
    # Rounded against the owner: once when paid in, twice when taken out.
    assert venue.held("vault") == (2, 2)
    assert venue.tick(-600).liquidity_gross == venue.tick(600).liquidity_gross == 0


def test_liquidity_begins_at_the_lower_tick_and_ends_at_the_upper(venue: Venue, vm: Vm) -> None:
    for name, lower, upper, liquidity in (("wide", -600, 600, 7), ("high", 0, 600, 5)):
        venue.open(name, lower, upper)
        vm.send(venue.add(name, liquidity))
    ends = [venue.tick(index) for index in (-600, 0, 600)]
    assert [tick.liquidity_gross for tick in ends] == [7, 5, 12]
    assert [tick.liquidity_net for tick in ends] == [7, 5, -12]


def test_growth_before_a_tick_is_in_use_counts_as_below_it(venue: Venue, vm: Vm) -> None:
    venue.open("wide", -600, 600)
    vm.send(venue.add("wide", 10**9))
    vm.send(venue.swap(True, 10**6), venue.swap(False, 10**6))
    growth = venue.pool.fee_growth0, venue.pool.fee_growth1
    venue.open("late", -60, 60)
    vm.send(venue.add("late", 1))
    below, above = venue.tick(-60), venue.tick(60)
    assert (below.fee_growth_outside0, below.fee_growth_outside1) == growth
    assert (above.fee_growth_outside0, above.fee_growth_outside1) == (0, 0)
    assert min(growth) > 0


def test_fees_are_shared_by_liquidity(venue: Venue, vm: Vm) -> None:
    for name, liquidity in (("one", 10**12), ("three", 3 * 10**12)):
        venue.open(name, -600, 600)
        vm.send(venue.add(name, liquidity))
    vm.send(venue.swap(True, 10**8))
    vm.send(venue.remove("one", 0), venue.remove("three", 0))
    one, three = venue.position("one").owed0, venue.position("three").owed0
    assert (one, three) == (74_999, 224_999)  # of 300,000, rounded down
    vm.send(venue.remove("one", 0))
    assert venue.position("one").owed0 == one


@pytest.mark.parametrize(
    ("lower", "upper", "error"),
    [
        (60, 60, ClmmError.TicksOutOfOrder),
        (120, 60, ClmmError.TicksOutOfOrder),
        (-887_280, 60, ClmmError.TickTooLow),
        (60, 887_280, ClmmError.TickTooHigh),
        (30, 60, ClmmError.TickNotOnSpacing),
        (-60, -30, ClmmError.TickNotOnSpacing),
    ],
)
def test_ranges_that_cannot_be(
    lower: int, upper: int, error: ClmmError, venue: Venue, vm: Vm
) -> None:
    with vm.fails(error):
        venue.open("range", lower, upper)


def test_limits_of_liquidity(venue: Venue, vm: Vm) -> None:
    venue.open("range", -887_220, -887_160)
    most = liquidity_per_tick_max(60)
    with vm.fails(ClmmError.TickLiquidityOverflow):
        vm.send(venue.add("range", most + 1))
    vm.send(venue.add("range", most))
    with vm.fails(ClmmError.LiquidityOverflow):
        vm.send(venue.add("range", U128 - 1))
    with vm.fails(ClmmError.LiquidityUnderflow):
        vm.send(venue.remove("range", most + 1))
    with vm.fails(ClmmError.AmountZero):
        vm.send(venue.add("range", 0))


def test_bounds_of_the_owner(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    with vm.fails(ClmmError.TooMuchRequested):
        vm.send(venue.add("range", 1_000_000, amount1_max=29_553))
    vm.send(venue.add("range", 1_000_000, amount0_max=29_554, amount1_max=29_554))
    with vm.fails(ClmmError.TooLittleReceived):
        vm.send(venue.remove("range", 1_000_000, amount0_min=29_554))
    vm.send(venue.remove("range", 1_000_000, amount0_min=29_553, amount1_min=29_553))


def test_only_the_owner(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 1_000))
    for call in (
        venue.add("range", 1, owner="bob"),
        venue.remove("range", 1, owner="bob"),
        venue.add_beyond("range", 1, owner="bob"),
    ):
        with vm.fails(ClmmError.WrongOwner, account="bob"):
            vm.send(call)


def test_accounts_of_another_pool(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    array = venue.array(-600)
    with vm.fails(ClmmError.WrongAccount, account="vault1"):
        vm.send(venue.add("range", 1, vault0="vault1", vault1="vault0"))
    with vm.fails(ClmmError.TickArrayMissing):
        vm.send(venue.add("range", 1, upper_array=array))
    state = vm.account("past")
    vm.set_account("other", lamports=1, owner=state.owner, data=bytes(state.data))
    with vm.fails(ClmmError.WrongAccount, account="other"):
        vm.send(venue.add("range", 1, observations="other"))


def test_nothing_to_collect_fees_for(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    with vm.fails(ClmmError.NoPosition):
        vm.send(venue.remove("range", 0))


def test_a_position_is_closed_when_it_is_empty(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 1_000))
    closing = venue.closing("range")
    with vm.fails(ClmmError.PositionNotEmpty, account="range"):
        vm.send(closing)
    vm.send(venue.remove("range", 1_000), venue.collect("range"), closing)
    assert not any(vm.account("range").data)


def test_the_known_range_follows_the_ticks_in_use(vm: Vm) -> None:
    venue = Venue(vm, sqrt_price=sqrt_price_at(100))
    for user in ("ann", "bob"):
        venue.user(user)
    edges = sqrt_price_at(0), sqrt_price_at(15_300)  # of the word
    assert known_range(venue) == edges
    venue.open("range", 60, 120)
    vm.send(venue.add("range", 10**6))
    assert known_range(venue) == (sqrt_price_at(60), sqrt_price_at(120))
    vm.send(venue.remove("range", 10**6))
    assert known_range(venue) == (0, 0)  # forgotten
    vm.send(venue.swap(True, 1_000, limit=sqrt_price_at(99)))
    assert known_range(venue) == edges


def known_range(venue: Venue) -> tuple[int, int]:
    pool = venue.pool
    return pool.floor_price, pool.ceiling_price


@given(
    st.integers(-700, 700),
    st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
    st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
)
def test_no_parts_are_worth_more_than_was_paid(
    tick: int, added: list[int], removed: list[int]
) -> None:
    pool = Pool(tick=tick, sqrt_price=sqrt_price_at(tick) + 12345)
    position = Position(lower=-600, upper=600)
    total = sum(added)
    cuts = sorted({0, total, *(cut % total for cut in removed)})
    parts = [b - a for a, b in pairwise(cuts)]
    for side in (0, 1):
        paid = sum(amounts_for(pool, position, part)[side] for part in added)
        back = -sum(amounts_for(pool, position, -part)[side] for part in parts)
        assert 0 <= paid - back <= len(added) + len(parts)
