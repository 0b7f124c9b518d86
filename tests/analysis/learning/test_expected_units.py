"""What is expected of transactions that wait."""

from __future__ import annotations

import doctest
import sys

import pytest

from sealane.analysis.learning import ExpectedUnits, LearnedCosts
from sealane.analysis.learning.learned_costs import Source


def taught(*executed: tuple[tuple[str, ...], int]) -> ExpectedUnits:
    expected = ExpectedUnits()
    expected.learn_all(executed)
    return expected


def test_calls_that_were_not_seen_are_expected_to_use_what_they_ask_for() -> None:
    assert ExpectedUnits().expect(("a",), asked=7) == 7
    assert taught((("a",), 100)).expect(("b",), asked=7_000) == 7_000
    assert taught((("a",), 100)).expect((), asked=7_000) == 7_000


def test_the_average_and_one_deviation_are_expected() -> None:
    """80, 120: the average is 100, and each is 20 from it."""
    assert taught((("a",), 80), (("a",), 120)).expect(("a",), asked=200_000) == 120


def test_no_more_is_expected_than_is_asked_for() -> None:
    assert taught((("a",), 100)).expect(("a",), asked=99) == 99


def test_new_combinations_are_the_sum_of_their_instructions() -> None:
    expected = taught((("a",), 100), (("b",), 30))
    assert expected.expect(("a", "b", "b"), asked=200_000) == 160


def test_deviations_of_instructions_add_up_as_squares() -> None:
    costs = LearnedCosts()
    for calls, used in [(("a",), 97), (("a",), 103), (("b",), 46), (("b",), 54)]:
        costs.learn_one(calls, used)
    assert costs.predict_one(("a", "b")) == (150, 5, Source.INSTRUCTIONS)


@pytest.mark.parametrize(("kinds", "first_is_known"), [(3, True), (4, False)])
def test_no_more_kinds_are_remembered_than_may(
    monkeypatch: pytest.MonkeyPatch, kinds: int, first_is_known: bool
) -> None:
    """The one that was learned longest ago goes first."""
    monkeypatch.setattr(sys.modules["sealane.analysis.learning.learned_costs"], "KINDS_MAX", 3)
    expected = taught(*[((f"{kind}",), 10) for kind in range(kinds)])
    assert (expected.expect(("0",), asked=99) == 10) == first_is_known
    assert expected.expect((f"{kinds - 1}",), asked=99) == 10


def test_what_is_learned_again_is_not_the_first_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["sealane.analysis.learning.learned_costs"], "KINDS_MAX", 2)
    expected = taught((("a",), 10), (("b",), 10), (("a",), 10), (("c",), 10))
    assert [expected.expect((name,), asked=99) for name in "abc"] == [10, 99, 10]


@pytest.mark.parametrize("module", ["expected_units", "moving_average"])
def test_the_examples_run(module: str) -> None:
    assert doctest.testmod(sys.modules[f"sealane.analysis.learning.{module}"]).failed == 0
