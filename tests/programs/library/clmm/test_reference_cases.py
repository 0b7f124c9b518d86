"""Figures of Uniswap v3's own tests of a pool (UniswapV3Pool.spec.ts), by instructions."""

from __future__ import annotations

from math import isqrt

import pytest

from sealane.primitives.integers import U64_MAX
from sealane.programs.library.clmm import ClmmError, Observations, Pool, Position, clmm
from sealane.programs.library.clmm.maths.fixed_point import U128_END, U256_MAX
from sealane.programs.library.clmm.transitions.liquidity import change_liquidity
from sealane.programs.library.clmm.transitions.ticks import liquidity_per_tick_max
from sealane.testing import Vm

from .reference_pools import plain_ticks
from .venue import Venue

E18 = 10**18
MIN, MAX = -887_220, 887_220
TENTH = isqrt((1 << 192) // 10)  # the square root of a price of 1:10


def furnish(vm: Vm, sqrt_price: int, liquidity: int, fee_pips: int = 3_000) -> Venue:
    """A pool with liquidity over all prices, of cat's."""
    spacing = 60 if fee_pips == 3_000 else 10
    venue = Venue(vm, sqrt_price=sqrt_price, fee_pips=fee_pips, spacing=spacing)
    for user in ("ann", "bob", "cat", "admin"):
        venue.user(user, U64_MAX // 4, U64_MAX // 4)
    end = 887_272 // spacing * spacing
    venue.open("all", -end, end, owner="cat")
    vm.send(venue.add("all", liquidity))
    return venue


@pytest.fixture
def tenth(vm: Vm) -> Venue:
    return furnish(vm, TENTH, 3_161)


@pytest.fixture
def one(vm: Vm) -> Venue:
    return furnish(vm, 1 << 96, 2 * E18)


@pytest.mark.parametrize(
    ("lower", "upper", "liquidity", "paid", "back"),
    [
        (-22_980, 0, 10_000, (21_549, 0), (21_548, 0)),
        (MAX - 60, MAX, 1 << 102, (828_011_525, 0), (828_011_524, 0)),
        (-22_980, MAX, 10_000, (31_549, 0), (31_548, 0)),
        (-240, 0, 10_000, (121, 0), (120, 0)),
        (MIN + 60, MAX - 60, 100, (317, 32), (316, 31)),
        (MIN, MAX, 10_000, (31_623, 3_163), (31_622, 3_162)),
        (-46_080, -23_040, 10_000, (0, 2_162), (0, 2_161)),
        (MIN, MIN + 60, 1 << 102, (0, 828_011_520), (0, 828_011_520)),
        (MIN, -23_040, 10_000, (0, 3_161), (0, 3_160)),
        (-46_080, -46_020, 10_000, (0, 4), (0, 3)),
    ],
)
def test_liquidity_and_back(
    lower: int,
    upper: int,
    liquidity: int,
    paid: tuple[int, int],
    back: tuple[int, int],
    tenth: Venue,
    vm: Vm,
) -> None:
    assert (tenth.held("vault"), tenth.pool.tick) == ((9_996, 1_000), -23_028)
    tenth.open("range", lower, upper)
    vm.send(tenth.add("range", liquidity))
    assert tenth.held("vault") == (9_996 + paid[0], 1_000 + paid[1])
    vm.send(tenth.remove("range", liquidity))
    position = tenth.position("range")
    assert (position.owed0, position.owed1) == back


def test_the_observation_before_liquidity_at_the_price(tenth: Venue, vm: Vm) -> None:
    vm.advance(seconds=1)
    for name, lower, upper in (("above", -240, 0), ("below", -46_080, -23_040)):
        tenth.open(name, lower, upper)
        vm.send(tenth.add(name, 100))
    assert vm.read("past", Observations).newest_at == 0
    tenth.open("range", MIN, MAX)
    vm.send(tenth.add("range", 100))
    past = vm.read("past", Observations)
    assert (past.newest_at, past.newest_tick_cumulative) == (1, -23_028)
    assert past.newest_seconds_per_liquidity == 107650226801941937191829992860413859


def test_no_more_at_a_tick_than_the_most(tenth: Venue, vm: Vm) -> None:
    most = liquidity_per_tick_max(60)
    tenth.open("range", MIN + 60, MAX - 60)
    vm.send(tenth.add("range", 1_000))
    for name, lower, upper in (("high", MIN + 120, MAX - 60), ("low", MIN + 60, MAX - 120)):
        tenth.open(name, lower, upper)
        with vm.fails(ClmmError.TickLiquidityOverflow):
            vm.send(tenth.add(name, most - 999))


def test_the_protocols_sixth(tenth: Venue, vm: Vm) -> None:
    tenth.open("range", MIN + 60, MAX - 60)
    vm.send(clmm.set_fee_protocol(pool="pool", admin="admin", fee_protocol0=6, fee_protocol1=6))
    vm.send(tenth.add("range", E18), tenth.swap(True, E18 // 10), tenth.swap(False, E18 // 100))
    pool = tenth.pool
    assert (pool.protocol_fees0, pool.protocol_fees1) == (50_000_000_000_000, 5_000_000_000_000)


def test_a_position_begins_with_the_growth_so_far(tenth: Venue, vm: Vm) -> None:
    tenth.open("range", MIN + 60, MAX - 60, owner="bob")
    vm.send(tenth.add("range", E18), tenth.swap(True, E18 // 10), tenth.swap(False, E18 // 100))
    tenth.open("late", MIN + 60, MAX - 60)
    with vm.fails(ClmmError.NoPosition):
        vm.send(tenth.remove("late", 0))
    growth = 102084710076281216349243831104605583, 10208471007628121634924383110460558
    for change, owed in ((tenth.add, (0, 0)), (tenth.remove, (3, 0))):
        vm.send(change("late", 1))
        late = tenth.position("late")
        assert (late.fee_growth_inside0, late.fee_growth_inside1) == growth
        assert (late.owed0, late.owed1) == owed


def test_growth_after_there_and_back(one: Venue, vm: Vm) -> None:
    one.open("range", MIN, MAX)
    vm.send(one.add("range", E18), one.swap(True, E18), one.swap(False, E18))
    vm.send(one.remove("range", E18))
    position = one.position("range")
    assert position.fee_growth_inside0 == 340282366920938463463374607431768211
    assert position.fee_growth_inside1 == 340282366920938576890830247744589365


def test_the_tick_over_time(one: Venue, vm: Vm) -> None:
    seen: list[int] = []
    for zero_for_one, amount, seconds in ((True, E18 // 2, 4), (False, E18 // 4, 6)):
        vm.send(one.swap(zero_for_one, amount))
        seen.append(one.pool.tick)
        vm.advance(seconds=seconds)
    assert seen == [-4_452, -1_558]
    raw = vm.send(clmm.observe(pool="pool", observations="past", seconds_ago=[0])).return_data
    assert int.from_bytes((raw or b"")[:8], "little", signed=True) == -27_156


@pytest.mark.parametrize("lower", [0, -60])
def test_leaving_and_entering_a_range_by_one_unit(lower: int, one: Venue, vm: Vm) -> None:
    one.open("range", lower, lower + 60)
    vm.send(one.add("range", E18))
    before = one.pool.liquidity
    vm.send(one.swap(True, 1))
    assert one.pool.tick == -1
    assert (before, one.pool.liquidity) == (
        (3 * E18, 2 * E18) if lower == 0 else (2 * E18, 3 * E18)
    )


@pytest.mark.parametrize("share", [0, 6])
@pytest.mark.parametrize("lower", [0, -120])
def test_a_range_as_a_limit_order(lower: int, share: int, one: Venue, vm: Vm) -> None:
    down = lower < 0  # a sale of token 1
    shares = {"fee_protocol0": share, "fee_protocol1": share}
    vm.send(clmm.set_fee_protocol(pool="pool", admin="admin", **shares))
    before = one.held("ann")
    one.open("order", lower, lower + 120)
    vm.send(one.add("order", E18))
    paid = one.held("ann")
    assert before[down] - paid[down] == 5981737760509663
    vm.send(one.swap(down, 2 * E18), one.remove("order", E18))
    vm.send(one.collect("order"))
    fee = 15089604485501 if share else 18107525382602
    assert one.held("ann")[not down] - before[not down] == 6017734268818165 + fee
    assert one.held("ann")[down] == paid[down]


def test_fees_of_two_positions(vm: Vm) -> None:
    venue = furnish(vm, 1 << 96, E18, fee_pips=500)
    venue.open("range", -887_260, 887_260)
    vm.send(venue.add("range", 2 * E18), venue.swap(True, E18))
    vm.send(venue.remove("all", 0), venue.remove("range", 0))
    assert venue.position("all").owed0 == 166666666666667
    assert venue.position("range").owed0 == 333333333333334


@pytest.mark.parametrize(
    ("growth", "owed"),
    [
        (115792089237316195423570985008687907852929702298719625575994, U128_END - 2),
        (115792089237316195423570985008687907852929702298719625575995, U128_END - 1),
        (U256_MAX, U128_END - 1),
    ],
)
def test_fees_at_the_end_of_their_width(growth: int, owed: int) -> None:
    pool = Pool(fee_pips=500, tick_spacing=10, sqrt_price=1 << 96)
    position, past = Position(lower=-600, upper=600), Observations(cardinality=1)
    ticks = plain_ticks([-600, 600], 10)
    change_liquidity(pool, ticks, position, past, E18, 0)
    pool.fee_growth0 = growth
    change_liquidity(pool, ticks, position, past, 0, 0)
    assert (position.owed0, position.owed1) == (owed, 0)


def test_growth_wraps_around(vm: Vm) -> None:
    venue = furnish(vm, 1 << 96, 1, fee_pips=500)
    pool = venue.pool
    pool.fee_growth0 = pool.fee_growth1 = U256_MAX
    vm.set_account("pool", lamports=1, owner=clmm, data=pool)
    venue.open("range", -600, 600)
    # As in the reference, of 10 times as much.
    vm.send(venue.add("range", 10**16), venue.swap(True, 10**14), venue.swap(False, 10**14))
    vm.send(venue.remove("range", 0))
    position = venue.position("range")
    assert (position.owed0, position.owed1) == (49_999_999_999, 50_000_000_000)
    assert venue.pool.fee_growth0 < 1 << 128
