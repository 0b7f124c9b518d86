"""The pure rules: powers, price curves, sizes. With the figures of jug.t.sol and abaci.t.sol."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.programs.kit import ProgramFailure
from sealane.programs.library.stablecoin import RAD, RAY, WAD, Curve, DebtShard, Position
from sealane.programs.library.stablecoin.rules.debt import Terms, change, grown, is_safe
from sealane.programs.library.stablecoin.rules.fixed_point import (
    MINUTES_MAX,
    decimal_power,
    ray_power,
)
from sealane.programs.library.stablecoin.rules.price_curves import price_after
from sealane.programs.library.stablecoin.rules.sizes import purchase

HOUR_S = 3_600


def test_a_ray_to_a_power() -> None:
    power = ray_power(1_000234891009084238901289093, 3_724)
    assert power // 10**17 == 2_397991232255757 * 10**12 // 10**17
    assert (ray_power(0, 0), ray_power(0, 1), ray_power(RAY, 10**9)) == (RAY, 0, RAY)
    with pytest.raises(ProgramFailure):
        ray_power(2 * RAY, 10_000)


def test_a_wad_to_a_power() -> None:
    assert (decimal_power(WAD // 2, 0), decimal_power(WAD // 2, 1)) == (WAD, WAD // 2)
    assert decimal_power(0, 1) == 0
    most = decimal_power(WAD - 10**9, MINUTES_MAX)
    assert most == decimal_power(WAD - 10**9, MINUTES_MAX + 1) > 0


@given(
    index=st.integers(RAY, RAY * 100),
    fee=st.integers(RAY, RAY + 10**20),
    times=st.lists(st.integers(0, 10**8), max_size=6),
)
def test_indices_never_fall(index: int, fee: int, times: list[int]) -> None:
    for elapsed_s in times:
        later = grown(index, fee, elapsed_s)
        assert later >= index
        index = later


@pytest.mark.parametrize(("top", "off"), [(50_000_000 * RAY, 10**8), (RAY // 10_000_000, 1)])
@pytest.mark.parametrize("step_s", [1, 5, 300])
def test_a_stairstep_falls_by_its_cut_each_step(top: int, off: int, step_s: int) -> None:
    cut = RAY - 1_123456789 * 10**18 // 100
    last = price_after(Curve.Stairstep, cut, step_s, top, 0)
    assert last == top
    for second in range(1, 600):
        price = price_after(Curve.Stairstep, cut, step_s, top, second)
        expected = last * cut // RAY if second % step_s == 0 else last
        assert abs(price - expected) <= off
        last = price


def test_an_exponential_halves_in_fifteen_minutes() -> None:
    top, cut = 4_000 * RAY, 999_230132966 * 10**15
    for halves in range(5):
        price = price_after(Curve.Exponential, cut, 0, top, 900 * halves)
        assert abs(price - (top >> halves)) <= RAY // 1_000


@pytest.mark.parametrize(
    ("hours", "price"), [(0, 1_000), (1, 900), (5, 500), (9, 100), (10, 0), (11, 0)]
)
def test_a_line_reaches_zero(hours: int, price: int) -> None:
    top, duration = 1_000 * RAY, 10 * HOUR_S
    found = price_after(Curve.Linear, 0, duration, top, hours * HOUR_S)
    assert abs(found - price * RAY) <= 1_000


@given(
    lot=st.integers(1, 10**6 * WAD),
    debt=st.integers(1, 10**8 * RAD),
    price=st.integers(1, 10**6 * RAY),
    wanted=st.integers(0, 10**7 * WAD),
    remainder=st.integers(0, 10**4 * RAD),
)
def test_no_purchase_takes_more_than_there_is_or_pays_less_than_the_price(
    lot: int, debt: int, price: int, wanted: int, remainder: int
) -> None:
    try:
        part, paid = purchase(lot, debt, price, wanted, remainder)
    except ProgramFailure:
        assert debt <= remainder
        return
    assert 0 <= part <= min(lot, wanted)
    assert part * price <= paid <= debt
    assert paid - part * price < price
    assert part == lot or paid in (0, debt) or debt - paid >= remainder


@given(
    collateral=st.integers(0, 1_000 * WAD),
    debt=st.integers(0, 1_000 * WAD),
    rate=st.integers(RAY, 3 * RAY),
    safe_price=st.integers(0, 3 * RAY),
    by=st.tuples(*[st.integers(-1_000 * WAD, 1_000 * WAD)] * 2),
)
def test_a_position_is_safe_after_any_change_that_is_not_for_the_better(
    collateral: int, debt: int, rate: int, safe_price: int, by: tuple[int, int]
) -> None:
    position = Position(collateral=collateral, normalized_debt=debt)
    shard = DebtShard(normalized_debt=debt, rate=rate, ceiling=10**4 * RAD)
    terms = Terms(rate, safe_price, floor=0)
    try:
        drawn = change(position, shard, terms, *by)
    except ProgramFailure:
        return
    assert drawn == by[1] * rate
    assert shard.normalized_debt == position.normalized_debt == debt + by[1]
    assert is_safe(position, terms) or (by[0] >= 0 >= by[1])
