"""Every example in fixtures/ says why it is there, expects something, and gets it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import sealane
from sealane import Route
from sealane.ingest.fixture.model import FixtureFile
from sealane.ingest.read_input import read_input
from sealane.programs.kit import Program
from sealane.testing.checked_runs.fixture_run import run_fixture

from ..routes import ALL_BUT_SERIAL, WITH_WORKERS

FOLDER = Path(__file__).parents[2] / "fixtures"
FIXTURES = sorted(
    path
    for folder in (FOLDER, FOLDER / "market")
    for path in folder.iterdir()
    if path.suffix in (".yaml", ".json", ".jsonl")
)
FIXTURES_MIN = 6


def loaded(path: Path) -> FixtureFile:
    fixture = read_input(path)
    assert isinstance(fixture, FixtureFile)
    return fixture


def program_beside(path: Path) -> list[Program]:
    """The program that a fixture needs: of its own name, in a module of its own name."""
    module_path = path.with_suffix(".py")
    if not module_path.exists():
        return []
    spec = importlib.util.spec_from_file_location(path.stem, module_path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [getattr(module, path.stem)]


def ways_to_run() -> list[Any]:
    """Each fixture with each route; a program of one's own never runs in the caller's process."""
    return [
        pytest.param(path, route, id=f"{path.stem}-{route or 'serial'}")
        for path in FIXTURES
        for route in (None, *(WITH_WORKERS if program_beside(path) else ALL_BUT_SERIAL))
    ]


def test_there_are_enough() -> None:
    assert len(FIXTURES) >= FIXTURES_MIN


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_says_why_and_what_it_expects(path: Path) -> None:
    fixture = loaded(path)
    assert fixture.why, "say in `why` what is to be learnt from it"
    assert fixture.expect.accounts, "expect something of the accounts"
    assert fixture.expect.waves, "expect the waves"
    assert fixture.expect.lamports_conserved, "expect lamports to be conserved"


@pytest.mark.parametrize(("path", "route"), ways_to_run())
def test_a_fixture_gets_what_it_expects(path: Path, route: Route | None) -> None:
    programs = program_beside(path)
    workers = 0 if route is None else 2
    with sealane.Runtime(workers=workers, programs=programs, route=route) as runtime:
        check = run_fixture(loaded(path), runtime).check
    assert check.failed == []
    assert check.passed >= 5
