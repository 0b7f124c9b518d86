"""What counts as a regression."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane.bench.comparison import Comparison, compare
from sealane.bench.measure.scenario import Unit
from sealane.bench.run_file import EarlierRun, read_run
from sealane.primitives import InputError

from .made import run_of

BEFORE = [100.0, 104.0, 96.0]
Read = Callable[[dict[str, Any]], EarlierRun]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A document, through a file."""

    def written_and_read(document: dict[str, Any]) -> EarlierRun:
        path = tmp_path / "before.json"
        path.write_text(json.dumps(document))
        return read_run(str(path))

    return written_and_read


def compared(read: Read, after: list[float], unit: Unit = Unit.RATE) -> Comparison:
    earlier = read(run_of({"a": BEFORE}, unit=unit).document())
    return compare(earlier, run_of({"a": after}, unit=unit))


@pytest.mark.parametrize(
    ("after", "regressed", "improved"),
    [
        ([100.0, 104.0, 96.0], False, False),
        ([80.0, 82.0, 78.0], True, False),
        ([120.0, 125.0, 115.0], False, True),
        ([80.0, 97.0, 78.0], False, False),  # the best of it is as good as the worst before
        ([95.5, 95.6, 95.4], False, False),  # apart from it, but by less than counts
    ],
)
def test_a_rate(after: list[float], regressed: bool, improved: bool, read: Read) -> None:
    (change,) = compared(read, after).changes
    assert (change.regressed, change.improved) == (regressed, improved)


def test_of_seconds_fewer_are_better(read: Read) -> None:
    assert compared(read, [80.0, 82.0, 78.0], Unit.SECONDS).changes[0].improved
    assert compared(read, [120.0, 125.0, 115.0], Unit.SECONDS).regressions


def test_ratios_are_compared_too(read: Read) -> None:
    earlier = read(run_of({"a": [10.0, 10.0], "b": [1.0, 1.0]}).document())
    comparison = compare(earlier, run_of({"a": [5.0, 5.0], "b": [1.0, 1.0]}))
    found = [(each.side, each.against, each.ratio) for each in comparison.regressions]
    assert found == [("a", None, 0.5), ("a", "b", 0.5)]


def test_scenarios_that_the_earlier_run_lacks_are_named(read: Read) -> None:
    earlier = read(run_of({"a": BEFORE}, name="another").document())
    comparison = compare(earlier, run_of({"a": BEFORE}))
    assert comparison.missing == ("made-up",)
    assert comparison.changes == ()


def test_a_run_of_other_sizes_is_refused(read: Read) -> None:
    run = run_of({"a": BEFORE})
    with pytest.raises(InputError, match=r"before\.json: .*--quick: add it"):
        compare(read(run.document() | {"quick": True}), run)
    with pytest.raises(InputError, match=r"before\.json: .*--quick: leave it out"):
        read(run.document()).require_sizes(quick=True)
