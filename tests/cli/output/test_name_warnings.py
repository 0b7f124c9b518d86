"""Names that are probably a typo: told on stderr, in all commands that read fixtures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.cli.output.name_warnings import SHOWN_MAX

from ..command import Ending

Run = Callable[..., Ending]
PAYS = (
    "- {id: %s, instructions: [{system.transfer: {source: alice, destination: %s, lamports: 1}}]}\n"
)
HEADER = "sealane: 1\naccounts: {alice: {lamports: 9_000_000}, barbara: {}}\ntransactions:\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [["run", "-w", "0"], ["plan"], ["graph"], ["explain", "", "pay"], ["verify"]]
)
def test_a_typo_is_a_warning_only(command: list[str], sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "typo.yaml"
    path.write_text(HEADER + PAYS % ("pay", "barbra"))
    name, *rest = command
    arguments = [name, path, *[word for word in rest if word]]
    ending = sealane(*arguments)
    assert ending.code == 0
    warning = f"warning: {path}: 'barbra' is neither declared nor a program; did you mean 'barbara'"
    assert warning in ending.err
    assert "warning" not in ending.out
    assert "warning" not in sealane(*arguments, "--quiet").err


def test_many_warnings_are_counted(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "typos.yaml"
    names = [f"{letter}barbara" for letter in "cdefghijklmn"]
    path.write_text(HEADER + "".join(PAYS % (name, name) for name in names))
    ending = sealane("plan", path)
    assert ending.err.count("did you mean") == SHOWN_MAX
    assert f"{len(names) - SHOWN_MAX} more names" in ending.err
