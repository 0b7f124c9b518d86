"""What banks charge: Mango's interest and weights over time, GMX's dynamic fees."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.programs.library.perpetuals import WAD, Bank
from sealane.programs.library.perpetuals.cross.rates import (
    YEAR_S,
    Curve,
    fee_basis_points,
    grown_indices,
    interest_rate,
)
from sealane.programs.library.perpetuals.cross.weights import maint_weights

from ..desk import wad
from .bank_desk import indexed

CURVE = Curve(wad(1), wad("0.5"), wad(3), wad("0.75"), wad(7), wad(13))


@pytest.mark.parametrize(
    ("utilization", "rate"),
    [
        ("-0.5", 1),
        ("0", 1),
        ("0.25", 2),
        ("0.5", 3),
        ("0.625", 5),
        ("0.75", 7),
        ("0.875", 10),
        ("1", 13),
        ("1.5", 13),
    ],
)
def test_points_of_the_curve(utilization: str, rate: int) -> None:
    assert interest_rate(CURVE, wad(utilization)) == wad(rate)


@given(st.lists(st.integers(-WAD, 2 * WAD), min_size=2, max_size=2).map(sorted))
def test_the_curve_never_falls(pair: list[int]) -> None:
    assert interest_rate(CURVE, pair[0]) <= interest_rate(CURVE, pair[1])


def test_a_curve_with_a_step() -> None:
    step = Curve(0, wad("0.5"), WAD, wad("0.5"), wad(2), wad(2))
    assert [interest_rate(step, wad(at)) for at in ("0.5", "0.6")] == [WAD, wad(2)]
    assert interest_rate(Curve(WAD, 0, wad(2), 0, wad(3), wad(3)), 0) == wad(2)


@pytest.mark.parametrize(
    ("now_s", "asset", "liab"),
    [
        (0, "1", "0"),
        (100, "1", "0"),
        (200, "1.1", "1"),
        (600, "1.5", "5"),
        (1_000, "1.9", "9"),
        (1_100, "2", "10"),
        (2_000, "2", "10"),
    ],
)
def test_weights_move_to_their_targets(now_s: int, asset: str, liab: str) -> None:
    bank = Bank(
        maint_asset_weight=WAD,
        maint_liab_weight=0,
        shift_start=100,
        shift_end=1_100,
        shift_asset_target=wad(2),
        shift_liab_target=wad(10),
    )
    assert maint_weights(bank, now_s) == (wad(asset), wad(liab))


def lending_bank(**changes: int) -> Bank:
    curve = {"util0": wad("0.5"), "rate0": wad("0.08"), "util1": wad("0.75"), "rate1": wad("0.2")}
    return Bank(**curve | {"max_rate": wad(2), "deposit_index": WAD, "borrow_index": WAD} | changes)


def test_a_day_of_interest_in_steps_of_five_seconds() -> None:
    bank, total = lending_bank(), indexed(1_000_000_000)
    for _ in range(24 * 60 * 60 // 5):
        bank.deposit_index, bank.borrow_index = grown_indices(bank, total, total, 5)
    expected = Fraction("1.0054944908")
    assert abs(Fraction(bank.deposit_index, WAD) - expected) < Fraction(1, 10**7)
    assert abs(Fraction(bank.borrow_index, WAD) - expected) < Fraction(1, 10**7)


@given(
    st.integers(0, 10**24),
    st.integers(0, 10**24),
    st.integers(0, YEAR_S),
    st.integers(0, WAD // 10),
)
def test_depositors_never_get_more_than_borrowers_pay(
    deposits: int, borrows: int, elapsed_s: int, fee: int
) -> None:
    bank = lending_bank(loan_fee_rate=fee)
    borrows = min(borrows, deposits)
    deposit_index, borrow_index = grown_indices(bank, deposits, borrows, elapsed_s)
    assert WAD <= deposit_index <= borrow_index
    assert deposits * (deposit_index - WAD) <= borrows * (borrow_index - WAD)


GMX = [
    # amount, target, fee, tax, {(delta, increases): expected}
    (29_700, 29_700, 100, 50, {(1_000, True): 100, (5_000, True): 104, (5_000, False): 104}),
    (29_700, 29_700, 50, 100, {(1_000, True): 51, (5_000, True): 58, (1_000, False): 51}),
    (29_700, 14_850, 100, 50, {(20_000, True): 150, (25_000, False): 50, (100_000, False): 150}),
    (29_700, 37_275, 100, 50, {(10_000, True): 90, (1_000, False): 110, (10_000, False): 116}),
    (89_100, 36_366, 100, 50, {(1_000, True): 150, (1_000, False): 28, (80_000, False): 28}),
    (89_100, 36_366, 50, 100, {(5_000, True): 150, (50_000, False): 0}),
    (89_100, 0, 50, 100, {(5_000, True): 50}),
]


@pytest.mark.parametrize(("amount", "target", "fee_bps", "tax_bps", "cases"), GMX)
def test_fees_of_gmx(
    amount: int, target: int, fee_bps: int, tax_bps: int, cases: dict[tuple[int, bool], int]
) -> None:
    for (delta, increases), expected in cases.items():
        found = fee_basis_points(
            amount, target, delta, fee_bps=fee_bps, tax_bps=tax_bps, increases=increases
        )
        assert found == expected


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
def test_fees_are_bounded(amount: int, target: int, delta: int, increases: bool) -> None:
    fee = fee_basis_points(amount, target, delta, fee_bps=30, tax_bps=50, increases=increases)
    assert 0 <= fee <= 80
