"""Prices, ticks and amounts: the cases of Uniswap v3's own tests, and what must hold of any."""

from __future__ import annotations

from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives import ProgramFailure
from sealane.programs.library.clmm import ClmmError
from sealane.programs.library.clmm.maths.price_moves import (
    amount0_between,
    amount1_between,
    price_after_input,
    price_after_output,
)
from sealane.programs.library.clmm.maths.swap_steps import swap_step
from sealane.programs.library.clmm.maths.tick_prices import (
    SQRT_PRICE_MAX,
    SQRT_PRICE_MIN,
    TICK_MAX,
    TICK_MIN,
    sqrt_price_at,
    tick_at,
)

Q96 = 1 << 96
E18 = 10**18
U160 = (1 << 160) - 1
U256 = (1 << 256) - 1
LOW_RESERVES = 20282409603651670423947251286016  # at a liquidity of 1024: 4 and 262144

prices = st.integers(SQRT_PRICE_MIN, SQRT_PRICE_MAX - 1)
liquidities = st.integers(1, (1 << 128) - 1)


def encoded(amount1: int, amount0: int) -> int:
    """The square root of a price, Q64.96."""
    return isqrt((amount1 << 192) // amount0)


@pytest.mark.parametrize(
    ("tick", "price"),
    [
        (TICK_MIN, SQRT_PRICE_MIN),
        (TICK_MIN + 1, 4295343490),
        (0, Q96),
        (TICK_MAX - 1, 1461373636630004318706518188784493106690254656249),
    ],
)
def test_ticks_and_prices(tick: int, price: int) -> None:
    assert sqrt_price_at(tick) == price
    assert tick_at(price) == tick


def test_the_ends_of_the_ticks() -> None:
    assert sqrt_price_at(TICK_MAX) == SQRT_PRICE_MAX
    assert tick_at(SQRT_PRICE_MAX - 1) == TICK_MAX - 1
    for tick in (TICK_MIN - 1, TICK_MAX + 1):
        with pytest.raises(ProgramFailure, match=ClmmError.TickOutOfRange.name):
            sqrt_price_at(tick)
    for price in (SQRT_PRICE_MIN - 1, SQRT_PRICE_MAX):
        with pytest.raises(ProgramFailure, match=ClmmError.PriceOutOfRange.name):
            tick_at(price)


@given(prices)
def test_a_price_lies_between_its_tick_and_the_next(price: int) -> None:
    tick = tick_at(price)
    assert sqrt_price_at(tick) <= price < sqrt_price_at(tick + 1)


@given(st.integers(TICK_MIN, TICK_MAX - 1))
def test_a_tick_is_that_of_its_own_price(tick: int) -> None:
    assert tick_at(sqrt_price_at(tick)) == tick


@pytest.mark.parametrize(
    ("price", "liquidity", "amount", "zero_for_one", "after"),
    [
        (1, 1, 1 << 255, True, 1),
        (Q96, 10**17, 0, True, Q96),
        (Q96, 10**17, 0, False, Q96),
        (U160, (1 << 128) - 1, U256 - ((((1 << 128) - 1) << 96) // U160), True, 1),
        (Q96, E18, 10**17, False, 87150978765690771352898345369),
        (Q96, E18, 10**17, True, 72025602285694852357767227579),
        (Q96, 10 * E18, 1 << 100, True, 624999999995069620),
        (Q96, 1, U256 // 2, True, 1),
    ],
)
def test_the_price_after_an_input(
    price: int, liquidity: int, amount: int, zero_for_one: bool, after: int
) -> None:
    assert price_after_input(price, liquidity, amount, zero_for_one) == after


@pytest.mark.parametrize(
    ("amount", "zero_for_one", "after"),
    [
        (262_143, True, 77371252455336267181195264),
        (0, True, LOW_RESERVES),
        (0, False, LOW_RESERVES),
    ],
)
def test_the_price_after_an_output(amount: int, zero_for_one: bool, after: int) -> None:
    assert price_after_output(LOW_RESERVES, 1024, amount, zero_for_one) == after


@pytest.mark.parametrize(
    ("price", "liquidity", "amount", "zero_for_one", "error"),
    [
        (0, 0, 10**17, False, ClmmError.PriceZero),
        (1, 0, 10**17, True, ClmmError.LiquidityZero),
        (U160, 1024, 1024, False, ClmmError.PriceOverflow),
        (1, 1, U256, True, ClmmError.AmountOverflow),
    ],
)
def test_inputs_without_a_price(
    price: int, liquidity: int, amount: int, zero_for_one: bool, error: ClmmError
) -> None:
    with pytest.raises(ProgramFailure, match=error.name):
        price_after_input(price, liquidity, amount, zero_for_one)


@pytest.mark.parametrize(
    ("amount", "zero_for_one"), [(4, False), (5, False), (262_144, True), (262_145, True)]
)
def test_no_output_empties_the_reserves(amount: int, zero_for_one: bool) -> None:
    with pytest.raises(ProgramFailure, match=ClmmError.ReservesExceeded.name):
        price_after_output(LOW_RESERVES, 1024, amount, zero_for_one)


def test_amounts_between_prices() -> None:
    assert amount0_between(Q96, encoded(121, 100), E18, True) == 90909090909090910
    assert amount0_between(Q96, encoded(121, 100), E18, False) == 90909090909090909
    assert amount1_between(encoded(121, 100), Q96, E18, True) == 10**17
    assert amount1_between(Q96, encoded(121, 100), E18, False) == 10**17 - 1
    assert amount0_between(Q96, Q96, E18, True) == amount1_between(Q96, 2 * Q96, 0, True) == 0
    high, higher = encoded(1 << 90, 1), encoded(1 << 96, 1)
    assert amount0_between(high, higher, E18, True) == amount0_between(high, higher, E18, False) + 1


def test_an_input_whose_product_of_prices_overflows() -> None:
    price, liquidity = (
        1025574284609383690408304870162715216695788925244,
        50015962439936049619261659728067971248,
    )
    after = price_after_input(price, liquidity, 406, True)
    assert after == 1025574284609383582644711336373707553698163132913
    assert amount0_between(after, price, liquidity, True) == 406


@pytest.mark.parametrize(
    ("price", "target", "liquidity", "remaining", "fee_pips", "expected"),
    [
        (Q96, encoded(101, 100), 2 * E18, E18, 600,
         (encoded(101, 100), 9975124224178055, 9925619580021728, 5988667735148)),
        (Q96, encoded(101, 100), 2 * E18, -E18, 600,
         (encoded(101, 100), 9975124224178055, 9925619580021728, 5988667735148)),
        (Q96, encoded(1_000, 100), 2 * E18, E18, 600,
         (price_after_input(Q96, 2 * E18, E18 - 6 * 10**14, False),
          999400000000000000, 666399946655997866, 600000000000000)),
        (Q96, encoded(10_000, 100), 2 * E18, -E18, 600,
         (price_after_output(Q96, 2 * E18, E18, False), 2 * E18, E18, 1200720432259356)),
        (417332158212080721273783715441582, 1452870262520218020823638996,
         159344665391607089467575320103, -1, 1, (417332158212080721273783715441581, 1, 1, 1)),
        (2, 1, 1, 3915081100057732413702495386755767, 1,
         (1, 39614081257132168796771975168, 0, 39614120871253040049813)),
        (2413, 79887613182836312, 1985041575832132834610021537970, 10, 1872, (2413, 0, 0, 10)),
        (LOW_RESERVES, LOW_RESERVES * 11 // 10, 1024, -4, 3_000,
         (LOW_RESERVES * 11 // 10, 26215, 0, 79)),
        (LOW_RESERVES, LOW_RESERVES * 9 // 10, 1024, -263_000, 3_000,
         (LOW_RESERVES * 9 // 10, 1, 26214, 1)),
    ],
)  # fmt: skip
def test_steps(
    price: int,
    target: int,
    liquidity: int,
    remaining: int,
    fee_pips: int,
    expected: tuple[int, int, int, int],
) -> None:
    assert swap_step(price, target, liquidity, remaining, fee_pips) == expected


@given(
    prices,
    prices,
    st.integers(0, (1 << 100) - 1),
    st.integers(-(1 << 128), 1 << 128).filter(bool),
    st.integers(1, 999_999),
)
def test_a_step_goes_towards_its_target_and_takes_no_more_than_is_there(
    price: int, target: int, liquidity: int, remaining: int, fee_pips: int
) -> None:
    step = swap_step(price, target, liquidity, remaining, fee_pips)
    low, high = sorted((price, target))
    assert low <= step.sqrt_price <= high
    if remaining > 0:
        assert step.amount_in + step.fee <= remaining
    else:
        assert step.amount_out <= -remaining
    if step.sqrt_price != target:
        used = step.amount_in + step.fee if remaining > 0 else -step.amount_out
        assert used == remaining


@given(prices, prices, liquidities)
def test_a_move_there_and_back_is_no_gain(a: int, b: int, liquidity: int) -> None:
    for between in (amount0_between, amount1_between):
        paid, received = between(a, b, liquidity, True), between(b, a, liquidity, False)
        assert 0 <= paid - received <= 1
