"""`--verbose`: what goes on inside, on stderr, a line each."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ..command import Ending

Run = Callable[..., Ending]
FIGURES = re.compile(r"[\d.,]+ (m?s|tx/s)\b")  # of another run


def test_once_shows_events_and_twice_their_reasons(sealane: Run, fixtures: Path) -> None:
    path = fixtures / "payments.yaml"
    silent, once, twice = (
        sealane("run", path, "--workers", "1", *more) for more in ((), ("-v",), ("-vv",))
    )
    assert silent.err == ""
    assert once.err.startswith("info: runtime: block 1 committed: ")
    assert "debug:" not in once.err
    assert "debug: runtime.engine: " in twice.err
    assert "in-process: programs of the library" in twice.err
    for ending in (once, twice):
        assert ending.code == silent.code == 0
        assert FIGURES.sub("", ending.out) == FIGURES.sub("", silent.out)


def test_json_is_unchanged(sealane: Run, fixtures: Path) -> None:
    ending = sealane("run", fixtures / "payments.yaml", "--json", "--verbose", "-w", "0")
    assert json.loads(ending.out)["route"] == "serial"
    assert "committed" in ending.err


def test_it_is_turned_off_after_the_command(sealane: Run, fixtures: Path) -> None:
    assert sealane("run", fixtures / "payments.yaml", "-w", "0", "-vv").err
    assert sealane("run", fixtures / "payments.yaml", "-w", "0").err == ""
    assert logging.getLogger("sealane").level == logging.NOTSET


@pytest.mark.parametrize("command", ["run", "replay", "verify", "state"])
def test_with_quiet_it_is_refused(sealane: Run, command: str, tmp_path: Path) -> None:
    ending = sealane(command, tmp_path / "none.yaml", "-q", "-v")
    assert ending.code == 2
    assert "leave one of them out" in ending.err


def test_a_store_logs_its_operations(sealane: Run, fixtures: Path, tmp_path: Path) -> None:
    store = tmp_path / "state"
    ran = sealane("run", fixtures / "payments.yaml", "-w", "0", "--store", store, "-v")
    assert f"info: runtime.store: made a store in {store}" in ran.err
    compacted = sealane("state", store, "--compact", "-v")
    assert "info: runtime.store: merged the log" in compacted.err


def test_lines_are_escaped(sealane: Run, fixtures: Path, tmp_path: Path) -> None:
    store = tmp_path / "st\x1b[31mate"
    ran = sealane("run", fixtures / "payments.yaml", "-w", "0", "--store", store, "-v")
    assert "\x1b" not in ran.err
    assert "st\\x1b[31mate" in ran.err
