"""Measures scenarios in order and collects them in one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .measure.machine import Machine
from .measure.outcome import BenchRun, ScenarioOutcome, outcome_of
from .measure.rounds import ROUNDS_DEFAULT, measure_rounds
from .measure.scenario import FULL, QUICK, Contestant, Scenario
from .peers import litesvm, networkx_dag


def run_scenarios(
    scenarios: Sequence[Scenario],
    *,
    rounds: int = ROUNDS_DEFAULT,
    quick: bool = False,
    announce: Callable[[str], None] | None = None,
) -> BenchRun:
    """Measure each in `rounds` rounds; `announce` is called with the current activity.

    `quick` only checks that everything works: sizes are small, and targets are not judged.
    """
    machine = Machine.here()  # before the benchmark itself adds load
    outcomes: list[ScenarioOutcome] = []
    seen: dict[str, Contestant] = {}
    for scenario in scenarios:
        with scenario.prepare(QUICK if quick else FULL) as sides:
            count = min(rounds, scenario.rounds_max or rounds)
            samples = measure_rounds(sides, count, _prefixed(scenario.name, announce))
        outcomes.append(outcome_of(scenario, sides, samples, judged=not quick))
        seen |= {side.by.name: side.by for side in sides}
    reasons = (litesvm.why_absent(), networkx_dag.why_absent())
    absent = tuple(reason for reason in reasons if reason is not None)
    return BenchRun(machine, quick, absent, tuple(seen.values()), tuple(outcomes))


def _prefixed(name: str, announce: Callable[[str], None] | None) -> Callable[[str], None] | None:
    return None if announce is None else lambda text: announce(f"{name}: {text}")
