"""What no sequence of operations can break: books, by functions, with amounts of any width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isqrt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.primitives import ProgramFailure
from sealane.programs.library.amm.curves.curve import (
    Curve,
    CurveKind,
    Holdings,
    swap_without_fees,
    tokens_for_shares,
    value,
)
from sealane.programs.library.amm.curves.fees import Fees
from sealane.programs.library.amm.curves.single_sided import (
    shares_for_deposit,
    shares_for_withdrawal,
)
from sealane.programs.library.amm.fraction import Fraction
from sealane.programs.library.amm.pairs import books, swaps
from sealane.programs.library.amm.pairs.constant_product import (
    UNISWAP_FEE,
    amount_in,
    amount_out,
    protocol_shares,
)
from sealane.programs.library.amm.pairs.price_sums import sums_after

amounts = st.integers(1, 10**9) | st.integers(1, 10**24)
small = st.integers(1, 10**12)
FREE = Fees()


@dataclass
class Figures:
    """The books of a pool."""

    reserve_a: int = 0
    reserve_b: int = 0
    supply: int = 0
    protocol_shares: int = 0
    last_product: int = 0
    price_a_sum: int = 0
    price_b_sum: int = 0
    updated_at: int = 0
    fee_numerator: int = 3
    fee_denominator: int = 1_000


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(amounts, amounts),
    st.lists(st.tuples(st.sampled_from("mbxyo"), amounts, amounts), max_size=12),
)
def test_a_share_never_loses_value(
    first: tuple[int, int], steps: list[tuple[str, int, int]]
) -> None:
    pool = Figures()
    if attempted(lambda: books.deposit(pool, first, False, 0)) is None:
        return
    operations: dict[str, Callable[[int, int], Any]] = {
        "m": lambda a, b: books.deposit(pool, (a, b), False, 0),
        "b": lambda a, b: books.withdraw(pool, 1 + a % pool.supply, False, 0),
        "x": lambda a, b: swaps.buy(pool, True, a, 0),
        "y": lambda a, b: swaps.buy(pool, False, a, 0),
        "o": lambda a, b: books.swap(pool, (a, b), (b % pool.reserve_a, a % pool.reserve_b), 0),
    }
    for name, a, b in steps:
        # Operations that fail may leave these figures changed; a transaction would not.
        before = Figures(**vars(pool))
        if attempted(partial(operations[name], a, b)) is None:
            pool.__dict__.update(vars(before))
        if pool.supply == 0:
            return
        grown = pool.reserve_a * pool.reserve_b * before.supply**2
        assert grown >= before.reserve_a * before.reserve_b * pool.supply**2


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, amounts, st.integers(0, 999))
def test_an_exact_output_costs_no_less_than_it_takes_to_buy_it(
    reserve_in: int, reserve_out: int, wanted: int, fee: int
) -> None:
    tax = Fraction(fee, 1_000)
    out = 1 + wanted % reserve_out
    if out == reserve_out:
        return
    price = amount_in(out, reserve_in, reserve_out, tax)
    assert amount_out(price, reserve_in, reserve_out, tax) >= out
    if price > 2:
        assert amount_out(price - 2, reserve_in, reserve_out, tax) <= out


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, amounts)
def test_there_and_back_wins_nothing(reserve_a: int, reserve_b: int, paid: int) -> None:
    out = amount_out(paid, reserve_a, reserve_b, UNISWAP_FEE)
    if 0 < out < reserve_b:
        back = amount_out(out, reserve_b - out, reserve_a + paid, UNISWAP_FEE)
        assert back <= paid


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CurveKind), st.integers(1, 10**6), small, small, small, st.booleans())
def test_a_swap_on_a_curve_never_lowers_its_value(
    kind: CurveKind, parameter: int, a: int, b: int, paid: int, a_to_b: bool
) -> None:
    curve = Curve(kind, 0 if kind is CurveKind.ConstantProduct else parameter)
    reserves = (a, b) if a_to_b else (b, a)
    done = attempted(lambda: swap_without_fees(curve, paid, reserves, a_to_b))
    if done is None or done[1] > reserves[1]:
        return
    taken, out = done
    assert taken <= paid
    after = (a + taken, b - out) if a_to_b else (a - out, b + taken)
    assert value(curve, *after) >= value(curve, a, b)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CurveKind), small, small, small, small)
def test_shares_bought_and_returned_win_nothing(
    kind: CurveKind, a: int, b: int, supply: int, shares: int
) -> None:
    curve = Curve(kind, 0 if kind is CurveKind.ConstantProduct else 7)
    paid = attempted(lambda: tokens_for_shares(curve, shares, Holdings(a, b, supply), True))
    if paid is None or min(paid) == 0:
        return  # refused: worth nothing
    after = Holdings(a + paid[0], b + paid[1], supply + shares)
    back = tokens_for_shares(curve, shares, after, False)
    if kind is CurveKind.ConstantPrice:  # the parts of a and b differ, their value counts
        assert back[0] + 7 * back[1] <= paid[0] + 7 * paid[1]
    else:
        assert back[0] <= paid[0]
        assert back[1] <= paid[1]


@settings(max_examples=60, deadline=None)
@given(st.booleans(), small, small, st.integers(1_000, 10**12), small)
def test_one_token_in_and_out_wins_nothing(
    of_a: bool, a: int, b: int, supply: int, paid: int
) -> None:
    curve = Curve(CurveKind.ConstantProduct)
    got = attempted(lambda: shares_for_deposit(curve, paid, Holdings(a, b, supply), of_a, FREE))
    if not got:
        return
    after = Holdings(a + paid * of_a, b + paid * (not of_a), supply + got)
    # To 11 digits, as far as the reference's square root goes.
    more = paid + paid // 10**6 + 1
    if more <= (after.a if of_a else after.b):
        assert shares_for_withdrawal(curve, more, after, of_a, FREE) >= got


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, amounts, st.integers(0, 100))
def test_the_protocol_gets_no_more_than_a_sixth_of_the_growth(
    a: int, b: int, supply: int, grown_percent: int
) -> None:
    reserves = (a + a * grown_percent // 100, b)
    owed = protocol_shares(reserves, a * b, supply)
    root, before = isqrt(reserves[0] * reserves[1]), isqrt(a * b)
    assert 6 * root * owed <= (root - before) * (supply + owed)


@settings(max_examples=60, deadline=None)
@given(st.tuples(amounts, amounts), st.integers(0, 10**9), st.integers(0, 10**9))
def test_price_sums_do_not_care_when_they_are_written(
    reserves: tuple[int, int], first: int, then: int
) -> None:
    begun = (0, 2**256 - 1)
    step = sums_after(sums_after(begun, reserves, first), reserves, then)
    assert step == sums_after(begun, reserves, first + then)


def attempted(operation: Callable[[], Any]) -> Any:
    """What the operation returns; None if the program refuses it."""
    try:
        done = operation()
    except ProgramFailure:
        return None
    return True if done is None else done
