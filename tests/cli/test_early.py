"""What begins before the command line is read: a survey's fork server, and only if it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.analysis.survey.server import SERVER
from sealane.cli.early import begin_early

from ..analysis.survey.rows import write_chains
from .command import DEADLINE_S, in_process_of_its_own


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    yield
    SERVER.stop()


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("survey a.json", True),
        ("survey a.json -w 2", True),
        ("survey -w 0 a.json", False),
        ("survey a.json --workers=0", False),
        ("survey --help", False),
        ("plan survey", False),
        ("", False),
    ],
)
def test_it_begins_where_workers_will_be_needed(words: str, begins: bool) -> None:
    begin_early(words.split())
    assert (SERVER.pid is not None) == begins


def test_a_wrong_command_line_is_reported_as_ever() -> None:
    ending = in_process_of_its_own("survey", "--wrong")
    assert ending.code == 2
    assert "No such option: --wrong" in ending.err
    assert ending.err.count("\n") == 1


def test_the_command_itself_imports_nothing_that_only_its_workers_need(tmp_path: Path) -> None:
    """It would take the core on which they start."""
    files = write_chains(tmp_path, 2)
    code = (
        "import json, sys; from sealane.cli.app import main; main(['survey', *sys.argv[1:]]);"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *files, "-w", "1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=DEADLINE_S,
    )
    assert "1 block, 3 transactions" in done.stdout
    assert {"numpy", "rustworkx", "yaml"}.isdisjoint(json.loads(done.stderr))
