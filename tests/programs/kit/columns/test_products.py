"""Products, quotients and roots of plain integers are exact, at any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.programs import div_up, isqrt, mul_div, mul_div_up

wide = st.integers(-(2**256), 2**256)


@given(wide, wide, wide.filter(bool))
def test_quotients_round_down_and_up(a: int, b: int, divisor: int) -> None:
    down, up = mul_div(a, b, divisor), mul_div_up(a, b, divisor)
    sign = 1 if divisor > 0 else -1
    assert 0 <= sign * (a * b - down * divisor) < abs(divisor)
    assert 0 <= sign * (up * divisor - a * b) < abs(divisor)
    assert div_up(a * b, divisor) == up


@given(st.integers(0, 2**512))
def test_roots_round_down(n: int) -> None:
    assert isqrt(n) ** 2 <= n < (isqrt(n) + 1) ** 2


def test_what_has_no_answer_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        mul_div(1, 1, 0)
    with pytest.raises(ZeroDivisionError):
        mul_div_up(1, 1, 0)
    with pytest.raises(ZeroDivisionError):
        div_up(1, 0)
    with pytest.raises(ValueError, match="nonnegative"):
        isqrt(-1)
