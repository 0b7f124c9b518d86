"""The command in a process of its own: what a user of the shell waits for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ...primitives import InternalError
from ..contestants import COMMAND
from ..rounds import duration
from ..scenario import Scale, Scenario, Side, Target, Unit

_TIMEOUT_S: Final = 60
_FIXTURE: Final = """\
sealane: 1
why: a small fixture, to see how long starting takes
accounts:
  alice: {lamports: 1_000_000}
transactions:
  - {id: pays, instructions: [{system.transfer: {source: alice, destination: bob, lamports: 400}}]}
expect: {accounts: {bob: {lamports: 400}}}
"""


def commands() -> tuple[Scenario, ...]:
    """Target 10."""
    return (
        Scenario(
            "command-help",
            "sealane --help",
            partial(_command, ("--help",)),
            (Target(10, "command", at_most=0.25),),
        ),
        Scenario(
            "command-run-serial",
            "sealane run on a small fixture, --workers 0",
            partial(_command, ("run", "--workers", "0")),
            (Target(10, "command", at_most=0.5),),
        ),
        Scenario(
            "command-run-workers",
            "sealane run on a small fixture, --workers 2",
            partial(_command, ("run", "--workers", "2")),
            (Target(10, "command", at_most=0.9),),
        ),
    )


@contextmanager
def _command(words: tuple[str, ...], scale: Scale) -> Generator[Sequence[Side]]:
    del scale  # a process is a process
    with TemporaryDirectory(prefix="sealane-bench-") as folder:
        fixture = Path(folder) / "small.yaml"
        fixture.write_text(_FIXTURE, encoding="utf-8")
        line = [*_sealane(), *words, *([str(fixture)] if words[0] == "run" else [])]
        run = partial(_run, bytecode=Path(folder) / "bytecode")
        measure = duration(lambda: line, run)
        includes = "from starting the process to its end, modules compiled, output to a pipe"
        yield (Side("command", COMMAND, Unit.SECONDS, includes, measure),)


def _sealane() -> list[str]:
    """The installed command; without one, the module."""
    beside = Path(sys.executable).with_name("sealane")
    return [str(beside)] if beside.is_file() else [sys.executable, "-m", "sealane"]


def _run(line: Sequence[str], bytecode: Path) -> None:
    """Modules are compiled in the first run, as pip compiles those that it installs."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    done = subprocess.run(
        line, capture_output=True, timeout=_TIMEOUT_S, check=False, env=environment
    )
    if done.returncode:
        raise InternalError(f"{' '.join(line)} ended with {done.returncode}: {done.stderr!r}")
