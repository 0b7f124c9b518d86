"""Surveys: figures as those of schedules, rows in order, and errors that cost nobody else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import sealane
from sealane import UsageError
from sealane.analysis.survey import Journal, Settings, survey
from sealane.cli.inputs.known_programs import import_program
from sealane.programs import builtin_programs
from sealane.runtime.process.fork_server import ForkServer

from ...faults.aftermath import leftovers, until
from ...real_data import DEEP_CHAINS, MAINNET, SHARED, document, shared_files
from .rows import write_chains

# Kills the worker that is given a file of this name.
DEADLY = """
import os, signal
from sealane.analysis.survey import worker

def deadly(file, settings, survey_file=worker.survey_file):
    if file.endswith("deadly.yaml"):
        os.kill(os.getpid(), signal.SIGKILL)
    return survey_file(file, settings)

worker.survey_file = deadly
serve = worker.serve
"""


def recorded() -> list[Any]:
    """The transactions of the mainnet block, as the node gave them."""
    return document(MAINNET)["transactions"]


def test_the_figures_are_those_of_the_schedule() -> None:
    (row,) = survey([str(MAINNET)], workers=0)
    schedule = sealane.load(MAINNET).schedule()
    figures = row.figures
    assert figures is not None
    assert (figures.chain, figures.slot, figures.height) == ("solana", None, 234_724_352)
    assert (figures.transactions, figures.votes, figures.accounts) == (602, 158, 3334)
    assert figures.failed == sum(entry["meta"]["err"] is not None for entry in recorded())
    assert (figures.conflicts, figures.waves) == (len(schedule.edges), len(schedule.waves))
    assert figures.total_cost == schedule.total_cost
    assert figures.critical_path_cost == schedule.critical_path.cost
    assert figures.parallelism_by_cost == schedule.parallelism
    lanes = schedule.simulate([2, 4, 16, 64], policies=["lanes"]).policies["lanes"]
    assert figures.speed_up == {each.workers: each.speed_up for each in lanes}
    assert figures.hottest_group is not None
    assert figures.hottest_group.accounts == schedule.hot_groups[0].accounts
    assert figures.hottest_group.label == schedule.about.label(figures.hottest_group.accounts[0])


def test_a_chain(tmp_path: Path) -> None:
    (row,) = survey(write_chains(tmp_path, 4), workers=0)
    figures = row.figures
    assert figures is not None
    assert (figures.chain, figures.votes, figures.height) == ("fixture", None, None)
    assert (figures.transactions, figures.conflicts, figures.waves) == (5, 3, 4)
    assert (figures.critical_path_share, figures.parallelism_by_cost) == (4 / 6, 6 / 4)
    assert figures.parallelism_by_count == 5 / 4
    assert figures.speed_up == {2: 6 / 4, 4: 6 / 4, 16: 6 / 4, 64: 6 / 4}


def test_an_empty_block_has_figures(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("sealane: 1\n")
    (row,) = survey([str(tmp_path / "empty.yaml")], workers=0)
    figures = row.figures
    assert figures is not None
    assert (figures.waves, figures.hottest_group, figures.parallelism_by_count) == (0, None, 1.0)
    assert (figures.critical_path_share, figures.parallelism_by_cost) == (1.0, 1.0)


def test_votes_are_left_out_on_request() -> None:
    (row,) = survey([str(MAINNET)], workers=0, settings=Settings(no_votes=True))
    assert row.figures is not None
    assert (row.figures.transactions, row.figures.votes) == (602 - 158, 0)


def test_any_number_of_workers_gives_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("[]")
    files = [
        *write_chains(tmp_path, 5, 2, 9),
        str(tmp_path / "bad.json"),
        str(DEEP_CHAINS),
        str(tmp_path / "missing.yaml"),
        *write_chains(tmp_path, 5),
        str(tmp_path),
    ]
    rows = survey(files, workers=0)
    assert [row.file for row in rows] == files
    assert [row.file for row in rows if row.error] == [files[3], files[5], files[7]]
    for workers in (1, 3):
        assert survey(files, workers=workers) == rows


def test_other_settings_have_other_words() -> None:
    several = [
        Settings(),
        Settings(no_votes=True),
        Settings(labels={"x": "the till"}),
        Settings(labels={"x": "the counter"}),
        Settings(programs=builtin_programs()[:1]),
    ]
    words = [tuple(settings.words()) for settings in several]
    assert len(set(words)) == len(several)
    assert words[0] == ()


def test_programs_and_labels_of_the_user_are_sent_to_workers(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(fixtures)
    settings = Settings(programs=(import_program("counter:counter"),), labels={"bob": "Bob"})
    files = [str(fixtures / "counter.yaml")]
    rows = survey(files, workers=1, settings=settings)
    assert rows == survey(files, workers=0, settings=settings)
    assert rows[0].figures is not None
    assert rows[0].figures.hottest_group is not None
    assert rows[0].figures.hottest_group.label == "Bob"
    (without,) = survey(files, workers=1)
    assert "counter" in (without.error or "")


def test_a_worker_that_dies_costs_its_files_row_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deadly_worker.py").write_text(DEADLY)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr("sealane.analysis.survey.pool.SERVER", ForkServer(serving="deadly_worker"))
    (tmp_path / "deadly.yaml").write_text("sealane: 1\n")
    fine = write_chains(tmp_path, 2, 3, 4)
    deadly = str(tmp_path / "deadly.yaml")
    rows = survey([deadly, fine[0], deadly, *fine[1:]], workers=2)
    assert [row.error is None for row in rows] == [False, True, False, True, True]
    assert "ended (signal SIGKILL), perhaps out of memory" in (rows[0].error or "")


class Enough(Exception):
    """Raised by a test that has seen enough."""


@pytest.mark.parametrize("workers", [0, 2])
def test_an_interrupted_survey_goes_on_where_it_was(tmp_path: Path, workers: int) -> None:
    files = write_chains(tmp_path, 2, 3, 4, 5)
    path = str(tmp_path / "journal")

    def interrupt(done: int) -> None:
        if done == 2:
            raise Enough

    with Journal(path) as journal, pytest.raises(Enough):
        survey(files, workers=workers, journal=journal, done=interrupt)
    assert until(lambda: not leftovers())
    counts: list[int] = []
    with Journal(path) as journal:
        rows = survey(files, workers=workers, journal=journal, done=counts.append)
    assert counts == [2, 3, 4]
    assert rows == survey(files, workers=0)


@pytest.mark.parametrize("workers", [-1, 257])
def test_an_impossible_number_of_workers_is_refused(workers: int) -> None:
    with pytest.raises(UsageError, match="0 to 256 are possible"):
        survey([], workers=workers)


def test_no_files_are_no_rows() -> None:
    assert survey([], workers=256) == []


def test_each_block_of_several_chains_has_a_row(tmp_path: Path) -> None:
    files = {path: json.loads(path.read_text()) for path in shared_files("ethereum/eip7928")}
    several = next(path for path, tests in files.items() if len(tests) > 1)
    cases = sum(len(test["blocks"]) for test in files[several].values())
    (fixture,) = write_chains(tmp_path, 4)
    given = [str(several), str(SHARED / "sei" / "dag_cases.json"), fixture, str(DEEP_CHAINS)]
    rows = survey(given, workers=2)
    chains = [row.figures and row.figures.chain for row in rows]
    assert chains == ["ethereum"] * cases + ["sei", "fixture", "solana"]
    assert [row.file for row in rows] == [given[0]] * cases + given[1:]
    names = {row.case for row in rows[:cases]}
    assert None not in names
    assert len(names) == cases
    assert {row.case for row in rows[cases:]} == {None}
    journal = tmp_path / "journal"
    for _ in range(2):
        with Journal(str(journal)) as kept:
            assert survey(given, workers=0, journal=kept) == rows
