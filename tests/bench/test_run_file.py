"""Which files are taken for an earlier run, and where a run can be written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sealane.bench.measure.outcome import Figure
from sealane.bench.run_file import read_run, require_writable, write_run
from sealane.primitives import InputError

from .made import MACHINE, run_of

RUN = run_of({"a": [4.0, 6.0], "b": [2.0, 2.0]})
FIGURE = {"median": 1.0, "min": 1.0, "max": 1.0}
SIDE: dict[str, Any] = {"name": "a", "figure": FIGURE}


def test_a_run_reads_back(tmp_path: Path) -> None:
    path = str(tmp_path / "run.json")
    write_run(path, RUN)
    earlier = read_run(path)
    assert (earlier.path, earlier.quick, earlier.cpu) == (path, False, MACHINE.cpu)
    assert earlier.figures == {
        "made-up": {
            ("a", None): Figure(5.0, 4.0, 6.0),
            ("b", None): Figure(2.0, 2.0, 2.0),
            ("a", "b"): Figure(2.5, 2.0, 3.0),
        }
    }


BROKEN: list[dict[str, Any]] = [
    {"quick": None},
    {"machine": None},
    {"machine": {}},
    {"scenarios": 1},
    {"scenarios": [{}]},
    {"scenarios": [{"name": "a", "sides": [SIDE]}]},
    {"scenarios": [{"name": "a", "sides": [{"name": "a"}], "ratios": []}]},
    {"scenarios": [{"name": "a", "sides": [], "ratios": [SIDE]}]},
    {"scenarios": [{"name": "a", "sides": [SIDE | {"figure": {}}], "ratios": []}]},
    {"scenarios": [{"name": "a", "sides": [SIDE | {"figure": FIGURE | {"min": "x"}}]}]},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_damaged_run_is_refused_when_it_is_read(broken: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(json.dumps(RUN.document() | broken))
    with pytest.raises(InputError, match=rf"^{path}: damaged"):
        read_run(str(path))


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


def test_what_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    new, old = tmp_path / "new.json", tmp_path / "old.json"
    old.write_text("what was there")
    require_writable(str(new))
    require_writable(str(old))
    assert not new.exists()
    assert old.read_text() == "what was there"


def test_what_cannot_be_written_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="cannot be written: it is a folder"):
        require_writable(str(tmp_path))
    with pytest.raises(InputError, match=f"cannot be written: there is no folder {tmp_path}/no"):
        require_writable(str(tmp_path / "no" / "run.json"))

    def denied(path: str, mode: int) -> bool:
        return False

    monkeypatch.setattr(os, "access", denied)  # root may write anywhere
    with pytest.raises(InputError, match=f"cannot be written: {tmp_path} is read-only"):
        require_writable(str(tmp_path / "run.json"))
