"""Kills a process that runs blocks on a store, at a moment that a test has drawn."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from time import monotonic
from typing import Final

START_MAX_S: Final = 120.0  # until the first block was acknowledged


def run_and_kill(script: str, folder: str, seed: int, workers: int, wait_s: float) -> int:
    """Kill a script this long after its first block; the last height that it acknowledged.

    `script run FOLDER SEED WORKERS` prints each height, a line each, once its block is committed.
    """
    process = subprocess.Popen(
        [sys.executable, script, "run", folder, str(seed), str(workers)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    heights = b""
    with process:
        deadline = monotonic() + START_MAX_S
        while (left := deadline - monotonic()) > 0:
            if select.select([process.stdout], [], [], left)[0]:
                if not heights:
                    deadline = monotonic() + wait_s
                heights += os.read(process.stdout.fileno(), 65_536)
                assert process.poll() is None, f"it ended by itself: {process.returncode}"
        process.kill()
        heights += process.stdout.read()
    # The last line may be cut short.
    lines = heights.rpartition(b"\n")[0].split()
    assert lines, "no block was acknowledged in time"
    return int(lines[-1])
