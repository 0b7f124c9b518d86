"""The outcome of a run, as values that become one JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final

from .machine import Machine
from .rounds import Samples
from .scenario import Contestant, Scenario, Side, Target

FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """Median, minimum and maximum of the samples of all rounds."""

    median: float
    min: float
    max: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Figure:
        return cls(median(samples), min(samples), max(samples))


@dataclass(frozen=True, slots=True)
class SideOutcome:
    """One side's figure. `samples` are in the order of the rounds."""

    name: str
    by: str
    unit: str
    more_is_better: bool
    includes: str
    figure: Figure
    samples: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The ratio of `side` to `against`: figures divided round by round."""

    side: str
    against: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target and the measured figure. `met` is None if not judged, for the reason `why`."""

    target: Target
    value: float | None
    met: bool | None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """The outcome of one scenario."""

    name: str
    title: str
    rounds: int
    sides: tuple[SideOutcome, ...]
    ratios: tuple[Ratio, ...]
    verdicts: tuple[Verdict, ...]

    def figure(self, side: str, against: str | None) -> Figure | None:
        """A side's figure, or that of its ratio to another; None if it was not measured."""
        if against is None:
            return next((each.figure for each in self.sides if each.name == side), None)
        return next(
            (each.figure for each in self.ratios if (each.side, each.against) == (side, against)),
            None,
        )


@dataclass(frozen=True, slots=True)
class BenchRun:
    """Everything measured by one `sealane bench`. `absent`: why peers did not take part."""

    machine: Machine
    quick: bool
    absent: tuple[str, ...]
    contestants: tuple[Contestant, ...]
    scenarios: tuple[ScenarioOutcome, ...]

    def document(self) -> dict[str, Any]:
        """As `bench --json` prints it."""
        return {"sealane_bench": FORMAT_VERSION, **asdict(self)}


def outcome_of(
    scenario: Scenario, sides: Sequence[Side], samples: Samples, *, judged: bool
) -> ScenarioOutcome:
    """The figures, ratios and verdicts of one scenario, from the samples of its rounds."""
    measured = tuple(
        SideOutcome(
            side.name,
            side.by.name,
            side.unit,
            side.unit.more_is_better,
            side.includes,
            Figure.of(samples[side.name]),
            tuple(samples[side.name]),
        )
        for side in sides
    )
    outcome = ScenarioOutcome(
        scenario.name,
        scenario.title,
        len(measured[0].samples),
        measured,
        tuple(_ratios(scenario, sides, samples)),
        (),
    )
    verdicts = tuple(_verdict(target, outcome, judged=judged) for target in scenario.targets)
    return ScenarioOutcome(
        outcome.name, outcome.title, outcome.rounds, measured, outcome.ratios, verdicts
    )


def _ratios(
    scenario: Scenario, sides: Sequence[Side], samples: Mapping[str, Sequence[float]]
) -> list[Ratio]:
    """The ratios that targets need, and those of the first side to all others of the same unit."""
    first = sides[0]
    asked = [(each.side, each.against) for each in scenario.targets if each.against is not None]
    others = [(first.name, side.name) for side in sides[1:] if side.unit == first.unit]
    return [
        Ratio(
            side,
            against,
            Figure.of([a / b for a, b in zip(samples[side], samples[against], strict=True)]),
        )
        for side, against in dict.fromkeys(asked + others)
        if side in samples and against in samples
    ]


def _verdict(target: Target, outcome: ScenarioOutcome, *, judged: bool) -> Verdict:
    figure = outcome.figure(target.side, target.against)
    if figure is None:
        named = {each.name for each in outcome.sides}
        missing = target.side if target.side not in named else target.against
        return Verdict(target, None, None, f"{missing} was not measured")
    if not judged:
        return Verdict(target, figure.median, None, "sizes of --quick")
    return Verdict(target, figure.median, target.met_by(figure.median))
