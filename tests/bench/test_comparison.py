"""What counts as a regression, and which files are taken for an earlier run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sealane.bench.comparison import Comparison, compare, read_run
from sealane.bench.scenario import Unit
from sealane.primitives import InputError

from .made import run_of

BEFORE = [100.0, 104.0, 96.0]


def compared(after: list[float], unit: Unit = Unit.RATE) -> Comparison:
    earlier = run_of({"a": BEFORE}, unit=unit).document()
    return compare("before.json", earlier, run_of({"a": after}, unit=unit))


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
def test_a_rate(after: list[float], regressed: bool, improved: bool) -> None:
    (change,) = compared(after).changes
    assert (change.regressed, change.improved) == (regressed, improved)


def test_of_seconds_fewer_are_better() -> None:
    assert compared([80.0, 82.0, 78.0], Unit.SECONDS).changes[0].improved
    assert compared([120.0, 125.0, 115.0], Unit.SECONDS).regressions


def test_ratios_are_compared_too() -> None:
    earlier = run_of({"a": [10.0, 10.0], "b": [1.0, 1.0]}).document()
    comparison = compare("before.json", earlier, run_of({"a": [5.0, 5.0], "b": [1.0, 1.0]}))
    found = [(each.side, each.against, each.ratio) for each in comparison.regressions]
    assert found == [("a", None, 0.5), ("a", "b", 0.5)]


def test_scenarios_that_the_earlier_run_lacks_are_named() -> None:
    earlier = run_of({"a": BEFORE}, name="another").document()
    comparison = compare("before.json", earlier, run_of({"a": BEFORE}))
    assert comparison.missing == ("made-up",)
    assert comparison.changes == ()


def test_a_run_of_other_sizes_is_refused() -> None:
    earlier = run_of({"a": BEFORE}).document() | {"quick": True}
    with pytest.raises(InputError, match=r"^before\.json: .*--quick"):
        compare("before.json", earlier, run_of({"a": BEFORE}))


BROKEN: list[dict[str, Any]] = [{"scenarios": 1}, {"scenarios": [{}]}, {"machine": None}]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_damaged_run_is_refused(broken: dict[str, Any]) -> None:
    earlier = run_of({"a": BEFORE}).document() | broken
    with pytest.raises(InputError, match=r"^before\.json: damaged"):
        compare("before.json", earlier, run_of({"a": BEFORE}))


def test_a_run_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    document = run_of({"a": BEFORE}).document()
    path.write_text(json.dumps(document))
    assert read_run(str(path)) == json.loads(json.dumps(document))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"sealane_bench": 2}', "1"])
def test_other_files_are_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(content)
    with pytest.raises(InputError, match=str(path)):
        read_run(str(path))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(InputError, match="no file of this name"):
            read_run(str(path))
