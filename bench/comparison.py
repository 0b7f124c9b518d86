"""Compares two runs: what became faster or slower, beyond noise.

A figure has regressed if its median is worse by more than CHANGE_MIN and its best sample is worse
than the earlier run's worst: no overlap. If the machine or its load has changed, ratios within one
run are more reliable than absolute figures; both are compared and reported separately.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from .measure.outcome import BenchRun, Figure, ScenarioOutcome
from .run_file import EarlierRun, Figures

CHANGE_MIN: Final = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs. `against` is None for an absolute one.

    `ratio` is the new median divided by the earlier one.
    """

    scenario: str
    side: str
    against: str | None
    before: float
    after: float
    ratio: float
    regressed: bool
    improved: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison with an earlier run, from file `path`, which lacks the scenarios `missing`."""

    path: str
    same_machine: bool
    changes: tuple[Change, ...]
    missing: tuple[str, ...]

    @property
    def regressions(self) -> list[Change]:
        return [change for change in self.changes if change.regressed]

    def document(self) -> dict[str, Any]:
        return asdict(self)


def compare(earlier: EarlierRun, run: BenchRun) -> Comparison:
    """Compare with the earlier run. Raises InputError if it used other sizes."""
    earlier.require_sizes(quick=run.quick)
    changes = tuple(
        change
        for scenario in run.scenarios
        for change in _changes(earlier.figures.get(scenario.name, {}), scenario)
    )
    missing = tuple(each.name for each in run.scenarios if each.name not in earlier.figures)
    return Comparison(earlier.path, earlier.cpu == run.machine.cpu, changes, missing)


def _changes(before: Figures, after: ScenarioOutcome) -> Iterator[Change]:
    """A change for every figure that both runs have."""
    better = {side.name: side.more_is_better for side in after.sides}
    now: list[tuple[str, str | None, Figure]] = [
        *((side.name, None, side.figure) for side in after.sides),
        *((each.side, each.against, each.figure) for each in after.ratios),
    ]
    for side, against, figure in now:
        old = before.get((side, against))
        if old is not None and old.median > 0:
            yield _change(after.name, side, against, old, figure, better[side])


def _change(
    scenario: str, side: str, against: str | None, old: Figure, new: Figure, more_is_better: bool
) -> Change:
    ratio = new.median / old.median
    more = ratio > 1 + CHANGE_MIN and new.min > old.max
    less = ratio < 1 - CHANGE_MIN and new.max < old.min
    worse, better = (less, more) if more_is_better else (more, less)
    return Change(scenario, side, against, old.median, new.median, ratio, worse, better)
