"""Sides take turns, warm, and what is measured is the work alone."""

from __future__ import annotations

from functools import partial

import pytest

from sealane.bench.measure import rounds
from sealane.bench.measure.rounds import WARM_UPS, measure_rounds, seconds_of
from sealane.bench.measure.scenario import Side, Unit

from ..made import SOMEBODY


def test_sides_take_turns() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    sides = [Side(each, SOMEBODY, Unit.RATE, "", partial(measure, each)) for each in ("a", "b")]
    samples = measure_rounds(sides, 3)
    assert order == ["a", "b"] * (WARM_UPS + 3)
    assert samples == {"a": [3.0, 5.0, 7.0], "b": [4.0, 6.0, 8.0]}, "the warm-up is left out"


def test_only_the_work_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def pass_time(seconds: float) -> str:
        nonlocal now
        now += seconds
        return "done"

    monkeypatch.setattr(rounds, "perf_counter", lambda: now)
    assert seconds_of(lambda: pass_time(100), lambda _: pass_time(2)) == 2
