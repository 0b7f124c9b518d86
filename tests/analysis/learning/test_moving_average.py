"""Moving averages of integers."""

from __future__ import annotations

from statistics import pstdev

from hypothesis import given
from hypothesis import strategies as st

from sealane.analysis.learning.moving_average import WINDOW, MovingAverage

values = st.lists(st.integers(0, 10**12), min_size=1, max_size=40)


def average_of(added: list[int]) -> MovingAverage:
    average = MovingAverage()
    for value in added:
        average.add(value)
    return average


@given(values)
def test_it_lies_between_the_least_and_the_greatest(added: list[int]) -> None:
    average = average_of(added)
    assert min(added) - 1 <= average.value <= max(added)
    assert average.count == len(added)


@given(st.integers(0, 10**12), st.integers(1, 40))
def test_of_one_value_it_is_that_value(value: int, times: int) -> None:
    assert average_of([value] * times).value == value


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=WINDOW))
def test_of_few_values_it_is_their_average(added: list[int]) -> None:
    assert abs(average_of(added).value - sum(added) / len(added)) <= 1


def test_what_is_new_outweighs_what_is_old() -> None:
    """A program that was changed costs what it costs now."""
    average = average_of([100] * 50 + [200] * 30)
    assert 195 <= average.value <= 200
    assert average_of([200] * 30 + [100] * 50).value < 101


def test_it_never_falls_below_nothing() -> None:
    average = average_of([5])
    average.shift(-(10**9))
    assert average.value == 0
    average.shift(6)
    assert average.value == 2


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=WINDOW))
def test_of_few_values_the_deviation_is_theirs(added: list[int]) -> None:
    assert abs(average_of(added).deviation - pstdev(added)) <= 2


def test_the_deviation_forgets_what_is_old() -> None:
    assert average_of([0, 1_000] * 20 + [100] * 100).deviation <= 1
