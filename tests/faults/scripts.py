"""Python processes that tests start, to kill or fork them: what they run is given as text."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from .aftermath import DEADLINE_S, below

REPOSITORY = Path(__file__).parents[2]
DEADLINE_OF_SCRIPT_S = 60

_HEAD = """
import os, signal, sys, threading
import sealane
from sealane import Limits, Runtime, Transaction
from tests.faults.hazards import *

def runtime_of(workers, **more):
    runtime = Runtime(workers=workers, programs=[hazard], **more)
    for number in range(40):
        runtime.set_account(f"t{number}", lamports=1, owner=hazard, data=Tally(count=0))
    return runtime

def block_of(*calls):
    return [Transaction([call]) for call in calls]

every = [add(tally=f"t{number}", by=1) for number in range(40)]
"""


@contextmanager
def running(
    script: str, *arguments: str | Path, **variables: str
) -> Generator[subprocess.Popen[str]]:
    """A script in a process of its own, its output piped; killed at the end."""
    path = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path)} | variables
    process = subprocess.Popen(
        [sys.executable, "-c", _HEAD + script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield process
    finally:
        # Processes that it started may hold the pipes open, and live on for as long as it does.
        started = [entry.pid for entry in below(process.pid)]
        process.kill()
        for pid in started:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=DEADLINE_S)


def output_of(script: str, *arguments: str | Path, **variables: str) -> str:
    """What a script prints, which must end well and complain of nothing."""
    with running(script, *arguments, **variables) as process:
        out, err = process.communicate(timeout=DEADLINE_OF_SCRIPT_S)
        assert (process.returncode, err) == (0, "")
    return out
