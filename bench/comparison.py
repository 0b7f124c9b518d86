"""Two runs side by side: what became faster or slower, beyond noise.

A figure has regressed when its median is worse by more than CHANGE_MIN and its best sample is
worse than the earlier run's worst: no overlap. Ratios within one run say more than absolute
figures where the machine or its load has changed; both are compared, and told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import orjson

from ..primitives import InputError
from .outcome import FORMAT_VERSION, BenchRun, Figure, ScenarioOutcome

CHANGE_MIN: Final = 0.05
_FILE_LEN_MAX: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs. `against` is None for an absolute one.

    `ratio` is how many times the earlier median the present one is.
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
    """`path` is the earlier run's file, `missing` the scenarios that it lacks."""

    path: str
    same_machine: bool
    changes: tuple[Change, ...]
    missing: tuple[str, ...]

    @property
    def regressions(self) -> list[Change]:
        return [change for change in self.changes if change.regressed]

    def document(self) -> dict[str, Any]:
        return asdict(self)


def read_run(path: str) -> dict[str, Any]:
    """The document of an earlier run. Raises InputError for anything else."""
    file = Path(path)
    try:
        if not file.is_file():
            what = "no file of this name; give what `sealane bench --json` wrote"
            raise InputError(what, path=path)
        if file.stat().st_size > _FILE_LEN_MAX:
            raise InputError("too large to be what `sealane bench --json` wrote", path=path)
        document: Any = orjson.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except orjson.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg}", path=path, line=error.lineno) from None
    if not isinstance(document, dict) or document.get("sealane_bench") != FORMAT_VERSION:  # pyright: ignore[reportUnknownMemberType] - a JSON document
        raise InputError(
            f"no run of version {FORMAT_VERSION}; give what `sealane bench --json` wrote",
            path=path,
        )
    return cast("dict[str, Any]", document)


def write_run(path: str, run: BenchRun) -> None:
    """Write a run's document for `read_run`. Raises InputError."""
    try:
        Path(path).write_bytes(orjson.dumps(run.document(), option=orjson.OPT_APPEND_NEWLINE))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=path) from error


def compare(path: str, earlier: dict[str, Any], run: BenchRun) -> Comparison:
    """What has changed since the earlier run, a document that `read_run` gave.

    Raises InputError when it does not hold what such a document holds, or was of other sizes.
    """
    try:
        if earlier["quick"] != run.quick:
            raise InputError("one run has the sizes of --quick, the other has not", path=path)
        before = {scenario["name"]: scenario for scenario in earlier["scenarios"]}
        changes = tuple(
            change
            for scenario in run.scenarios
            if scenario.name in before
            for change in _changes(before[scenario.name], scenario)
        )
        same_machine = earlier["machine"]["cpu"] == run.machine.cpu
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"damaged, by what is missing or odd in it: {error!r}", path=path
        ) from error
    missing = tuple(each.name for each in run.scenarios if each.name not in before)
    return Comparison(path, same_machine, changes, missing)


def _changes(before: dict[str, Any], after: ScenarioOutcome) -> Iterator[Change]:
    """Every figure that both runs have."""
    better = {side.name: side.more_is_better for side in after.sides}
    ratios = {(each["side"], each["against"]): each["figure"] for each in before["ratios"]}
    sides = {(each["name"], None): each["figure"] for each in before["sides"]}
    now: list[tuple[str, str | None, Figure]] = [
        *((side.name, None, side.figure) for side in after.sides),
        *((each.side, each.against, each.figure) for each in after.ratios),
    ]
    known: dict[tuple[str, str | None], dict[str, float]] = {**sides, **ratios}
    for side, against, figure in now:
        old = known.get((side, against))
        if old is not None and old["median"] > 0:
            yield _change(after.name, side, against, Figure(**old), figure, better[side])


def _change(
    scenario: str, side: str, against: str | None, old: Figure, new: Figure, more_is_better: bool
) -> Change:
    ratio = new.median / old.median
    more = ratio > 1 + CHANGE_MIN and new.min > old.max
    less = ratio < 1 - CHANGE_MIN and new.max < old.min
    worse, better = (less, more) if more_is_better else (more, less)
    return Change(scenario, side, against, old.median, new.median, ratio, worse, better)
