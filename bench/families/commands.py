"""The command in its own process: the time that a user of the shell waits."""

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
from ..measure.contestants import COMMAND
from ..measure.rounds import duration
from ..measure.scenario import Scale, Scenario, Side, Target, Unit

_TIMEOUT_S: Final = 60
_LIBRARY_FIXTURE: Final = """\
sealane: 1
why: a small fixture, to see how long starting takes
accounts:
  alice: {lamports: 1_000_000}
transactions:
  - {id: pays, instructions: [{system.transfer: {source: alice, destination: bob, lamports: 400}}]}
expect: {accounts: {bob: {lamports: 400}}}
"""
# A library program would not start any worker.
_USER_FIXTURE: Final = """\
sealane: 1
why: a small fixture of a user's program, to see how long starting workers takes
accounts:
  alice: {lamports: 1_000_000, owner: payments}
transactions:
  - {id: pays, instructions: [{payments.transfer: {source: alice, destination: bob, amount: 400}}]}
expect: {accounts: {bob: {lamports: 400}}}
"""
_USER_PROGRAM: Final = "sealane.bench.workload.programs:payments"


def commands() -> tuple[Scenario, ...]:
    """Target 10."""
    return (
        Scenario(
            "command-help",
            "sealane --help",
            partial(_command, ("--help",), None),
            (Target(10, "command", at_most=0.25),),
        ),
        Scenario(
            "command-run-serial",
            "sealane run on a small fixture, --workers 0",
            partial(_command, ("run", "--workers", "0"), _LIBRARY_FIXTURE),
            (Target(10, "command", at_most=0.5),),
        ),
        Scenario(
            "command-run-workers",
            "sealane run on a small fixture of a user's program, --workers 2",
            partial(_command, ("run", "--workers", "2", "--program", _USER_PROGRAM), _USER_FIXTURE),
            (Target(10, "command", at_most=0.9),),
        ),
    )


@contextmanager
def _command(
    words: tuple[str, ...], fixture: str | None, scale: Scale
) -> Generator[Sequence[Side]]:
    del scale  # a process start has no size
    with TemporaryDirectory(prefix="sealane-bench-") as folder:
        line = [*sealane_command(), *words]
        if fixture is not None:
            path = Path(folder) / "small.yaml"
            path.write_text(fixture, encoding="utf-8")
            line.append(str(path))
        run = partial(run_command, bytecode=Path(folder) / "bytecode")
        measure = duration(lambda: line, run)
        includes = "from starting the process to its end, modules compiled, output to a pipe"
        yield (Side("command", COMMAND, Unit.SECONDS, includes, measure),)


def sealane_command() -> list[str]:
    """The installed command; if there is none, the module."""
    beside = Path(sys.executable).with_name("sealane")
    return [str(beside)] if beside.is_file() else [sys.executable, "-m", "sealane"]


def run_command(line: Sequence[str], bytecode: Path) -> None:
    """Run the command. The warm-up run compiles modules, as pip does on installation."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    done = subprocess.run(
        line, capture_output=True, timeout=_TIMEOUT_S, check=False, env=environment
    )
    if done.returncode:
        raise InternalError(f"{' '.join(line)} ended with {done.returncode}: {done.stderr!r}")
