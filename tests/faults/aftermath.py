"""What is left behind: processes, zombies, shared memory and temporary folders of this process."""

from __future__ import annotations

import os
import select
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from time import monotonic

from sealane.runtime.process.fork_server import SHARED
from sealane.runtime.process.process_table import (
    ProcessEntry,
    all_processes,
    descendants,
    process_entry,
)

# Only so that what hangs fails: how long things take is the machine's.
DEADLINE_S = 60.0


def until(holds: Callable[[], bool], deadline_s: float = DEADLINE_S) -> bool:
    """Wait until something holds that gives no event; False if it does not in time."""
    end = monotonic() + deadline_s
    while not holds():
        if monotonic() > end:
            return False
        select.select([], [], [], 0.005)
    return True


def gone(pids: Collection[int], deadline_s: float = DEADLINE_S) -> bool:
    """Whether these processes end in time, and are no zombies either."""
    return until(lambda: all(process_entry(pid) is None for pid in pids), deadline_s)


def ended(pids: Collection[int], deadline_s: float) -> bool:
    """Whether these processes, of no living parent, end in time. To reap them is init's."""

    def has_ended(pid: int) -> bool:
        entry = process_entry(pid)
        return entry is None or entry.state == "Z"

    return until(lambda: all(map(has_ended, pids)), deadline_s)


def leftovers() -> list[str]:
    """Everything of ours that should not be there while no runtime is open.

    The fork server may be: it lasts as long as the process.
    """
    ours = descendants([os.getpid()], all_processes()) - {SHARED.pid}
    found = [f"process {entry}" for pid in ours if (entry := process_entry(pid)) is not None]
    return found + [str(path) for path in folders_of(os.getpid())]


def below(pid: int) -> list[ProcessEntry]:
    """The processes that a process started, and those that they did."""
    processes = all_processes()
    pids = descendants([pid], processes)
    return [entry for entry in processes if entry.pid in pids]


def folders_of(pid: int) -> list[Path]:
    """Segment folders of a process."""
    roots = {Path("/dev/shm"), Path(tempfile.gettempdir())}
    return [path for root in roots for path in root.glob(f"sealane-{pid}-*")]
