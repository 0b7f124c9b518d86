"""Views rendered to text, as on a terminal of some width or in a pipe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from sealane.cli.render.page import Page
from sealane.scheduler import Schedule
from sealane.scheduler.picture.part import Choice, Part, choose

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def block_of(
    jobs: dict[str, tuple[list[str], list[str]]], costs: list[int] | None = None
) -> Schedule:
    return Schedule.from_sets(jobs.values(), costs, ids=list(jobs))


def shown(
    view: Callable[[Part, Page], object],
    schedule: Schedule,
    capsys: pytest.CaptureFixture[str],
    *,
    columns: int | None,
    choice: Choice | None = None,
) -> list[str]:
    """The lines of a view; on a terminal so many columns wide, or piped."""
    page = Page(width=columns, is_terminal=columns is not None)
    view(choose(schedule, choice or Choice()), page)
    page.write()
    lines = ESCAPE.sub("", capsys.readouterr().out).rstrip("\n").split("\n")
    assert columns is None or max(map(len, lines)) <= columns
    return [line.rstrip() for line in lines]
