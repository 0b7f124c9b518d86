"""Scenarios and runs made up for tests: figures are given, not measured."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sealane.bench.measure.machine import Machine
from sealane.bench.measure.outcome import BenchRun, outcome_of
from sealane.bench.measure.scenario import Contestant, Scale, Scenario, Side, Target, Unit

SOMEBODY = Contestant("somebody", "everything", "nothing")
MACHINE = Machine("a processor", 2, 0.0, "Linux", "CPython 3.11", {"sealane": "0.1.0"}, None)


def side(name: str, figures: Sequence[float] = (1.0,), unit: Unit = Unit.RATE) -> Side:
    """A side that gives these figures, one after the other."""
    given: Iterator[float] = iter(figures)
    return Side(name, SOMEBODY, unit, "all", lambda: next(given))


def scenario(sides: Sequence[Side], *targets: Target, name: str = "made-up") -> Scenario:
    @contextmanager
    def prepare(scale: Scale) -> Generator[Sequence[Side]]:
        del scale
        yield sides

    return Scenario(name, "made up", prepare, targets)


def run_of(
    figures: Mapping[str, Sequence[float]], *, unit: Unit = Unit.RATE, name: str = "made-up"
) -> BenchRun:
    """A run of one scenario with these figures for its sides."""
    sides = [side(each, unit=unit) for each in figures]
    samples = {each: list(values) for each, values in figures.items()}
    outcome = outcome_of(scenario(sides, name=name), sides, samples, judged=True)
    return BenchRun(MACHINE, False, (), (SOMEBODY,), (outcome,))
