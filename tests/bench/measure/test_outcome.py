"""Figures, ratios and verdicts that follow from samples."""

from __future__ import annotations

import pytest

from sealane.bench.measure.outcome import Figure, outcome_of
from sealane.bench.measure.scenario import Target, Unit

from ..made import scenario, side

SAMPLES = {"fast": [4.0, 9.0, 6.0], "slow": [2.0, 3.0, 1.0]}


def test_a_ratio_is_that_of_each_round() -> None:
    sides = [side("fast"), side("slow")]
    outcome = outcome_of(scenario(sides), sides, SAMPLES, judged=True)
    assert outcome.figure("fast", None) == Figure(6.0, 4.0, 9.0)
    assert outcome.figure("fast", "slow") == Figure(3.0, 2.0, 6.0), "not 6 / 2, nor 9 / 1"
    assert outcome.figure("slow", "fast") is None, "nobody asked"


def test_sides_of_other_units_are_not_divided() -> None:
    sides = [side("fast"), side("slow", unit=Unit.SECONDS)]
    assert outcome_of(scenario(sides), sides, SAMPLES, judged=True).ratios == ()


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target(1, "fast", at_least=6.0), True),
        (Target(1, "fast", at_least=6.01), False),
        (Target(1, "fast", at_most=6.0), True),
        (Target(1, "fast", at_most=5.99), False),
        (Target(1, "fast", "slow", at_least=3.0), True),
        (Target(1, "fast", "slow", at_least=3.1), False),
    ],
)
def test_a_verdict_is_on_the_median(target: Target, met: bool) -> None:
    sides = [side("fast"), side("slow")]
    (verdict,) = outcome_of(scenario(sides, target), sides, SAMPLES, judged=True).verdicts
    assert verdict.met is met
    (verdict,) = outcome_of(scenario(sides, target), sides, SAMPLES, judged=False).verdicts
    assert verdict.met is None
    assert verdict.why == "sizes of --quick"


def test_a_target_against_somebody_absent_is_not_judged() -> None:
    sides = [side("fast")]
    target = Target(3, "fast", "LiteSVM (solders)", at_least=1)
    (verdict,) = outcome_of(scenario(sides, target), sides, SAMPLES, judged=True).verdicts
    assert verdict.met is None
    assert verdict.why == "LiteSVM (solders) was not measured"
