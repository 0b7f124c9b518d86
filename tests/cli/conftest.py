"""Fixtures of the command's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.cli.app import main

from .command import Ending

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def sealane(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ending]:
    """Run a command line in this process, its exit code mapped as for the real one."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> Ending:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ending(code, captured.out, captured.err)

    return run


@pytest.fixture
def fixtures() -> Path:
    """The folder of runnable examples."""
    return REPOSITORY / "fixtures"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file into the test's own folder."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write
