"""What Python says of a file is what the commands print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sealane import load

from .command import Ending

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = [*sorted((FIXTURES / "blocks").glob("*.gz")), FIXTURES / "payments.yaml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:20])
@pytest.mark.parametrize("no_votes", [False, True])
def test_a_schedule_gives_what_plan_and_explain_print(
    path: Path, no_votes: bool, sealane: Callable[..., Ending]
) -> None:
    options = ["--json", *["--no-votes"] * no_votes]
    schedule = load(path, no_votes=no_votes).schedule()
    assert schedule.to_dict(edges=True) == sealane("plan", path, "--edges", *options).document
    for name in schedule.critical_path.transactions[-2:]:
        explained = sealane("explain", path, name, *options).document
        assert schedule.explain(name).to_dict() == explained
