"""The README, followed in an empty folder that has nothing but the repository's fixtures."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

import pytest

from ..cli.command import in_process_of_its_own
from . import documented

ROOT: Final = documented.DOCS.parent
PAGE: Final = ROOT / "README.md"
TEXT: Final = PAGE.read_text(encoding="utf-8")
LINES_MAX: Final = 130


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A folder in which all that the README says was done, and printed what it shows."""
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    (tmp_path / "counter.yaml").symlink_to(ROOT / "fixtures" / "counter.yaml")
    assert documented.follow(PAGE, tmp_path) >= 3
    return tmp_path


def test_its_commands_print_what_it_shows_and_its_files_run(followed: Path) -> None:
    fixture = in_process_of_its_own("run", "payments.yaml", cwd=followed)
    assert fixture.code == 0
    assert "✓ 3 expectations met" in fixture.out
    script = documented.run_shown(f"{sys.executable} pay.py", followed)
    assert script == "True 400000\n"


def test_its_first_command_needs_nothing_but_the_clone() -> None:
    (first,) = re.findall(r"^python3 dev run (run \S+)", TEXT, re.MULTILINE)
    ending = in_process_of_its_own(*first.split(), cwd=ROOT)
    assert ending.code == 0
    assert "9 expectations met" in ending.out


def test_its_first_question_is_answered_from_the_clone() -> None:
    (question,) = re.findall(r"^`sealane (plan \S+)`", TEXT, re.MULTILINE)
    ending = in_process_of_its_own(*question.split(), cwd=ROOT)
    assert ending.code == 0
    assert "602 transactions" in ending.out


def test_every_local_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)", TEXT)
    assert len(links) >= 8
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_it_stays_short() -> None:
    assert len(TEXT.splitlines()) <= LINES_MAX
