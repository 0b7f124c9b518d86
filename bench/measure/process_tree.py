"""Memory and processor time of this process and its descendants."""

from __future__ import annotations

import os
import re
from typing import Final

from ...runtime.process.proc import read_proc
from ...runtime.process.process_table import all_processes, descendants, process_entry

_PSS: Final = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_BYTES_PER_KB: Final = 1024
_BYTES_PER_MB: Final = 1e6


def started_processes() -> set[int]:
    """The ids of all live descendants of this process."""
    return descendants([os.getpid()], [each for each in all_processes() if each.state != "Z"])


def proportional_mb() -> float:
    """Memory of this process and its descendants; shared memory counts once."""
    kilobytes = 0
    for pid in {os.getpid(), *started_processes()}:
        found = _PSS.search(read_proc(pid, "smaps_rollup") or "")
        kilobytes += int(found[1]) if found else 0
    return kilobytes * _BYTES_PER_KB / _BYTES_PER_MB


def peak_resident_mb() -> float:
    """The peak resident memory of this process.

    Not getrusage's ru_maxrss, which starts at the parent's memory when it started this process.
    """
    found = _PEAK.search(read_proc("self", "status") or "")
    return int(found[1]) * _BYTES_PER_KB / _BYTES_PER_MB if found else 0.0


def processor_seconds(pids: set[int]) -> float:
    """Processor time used by these processes, in user and system mode."""
    entries = [entry for entry in map(process_entry, pids) if entry is not None]
    return sum(entry.processor_ticks for entry in entries) / os.sysconf("SC_CLK_TCK")
