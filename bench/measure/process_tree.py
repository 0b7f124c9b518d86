"""Memory and processor time of this process and all that it started, from /proc."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from ...runtime.process.process_table import all_processes, descendants

_PROC: Final = Path("/proc")
_PSS: Final = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_PEAK: Final = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
_BYTES_PER_KB: Final = 1024
_BYTES_PER_MB: Final = 1e6
_USER_TIME, _SYSTEM_TIME = 11, 12  # fields of /proc/pid/stat behind the name


def started_processes() -> set[int]:
    """The ids of all living descendants of this process."""
    return descendants([os.getpid()], [each for each in all_processes() if each.state != "Z"])


def proportional_mb() -> float:
    """Memory of this process and its descendants; what several share counts once."""
    kilobytes = 0
    for pid in {os.getpid(), *started_processes()}:
        found = _PSS.search(_read(pid, "smaps_rollup"))
        kilobytes += int(found[1]) if found else 0
    return kilobytes * _BYTES_PER_KB / _BYTES_PER_MB


def peak_resident_mb() -> float:
    """The most memory that this process ever had resident.

    Not getrusage's ru_maxrss: that begins with what the parent had when it started this process.
    """
    found = _PEAK.search(_read(os.getpid(), "status"))
    return int(found[1]) * _BYTES_PER_KB / _BYTES_PER_MB if found else 0.0


def processor_seconds(pids: set[int]) -> float:
    """Processor time that these processes have used, in user and system mode."""
    ticks = 0
    for pid in pids:
        fields = _read(pid, "stat").rpartition(")")[2].split()
        ticks += int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME]) if fields else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _read(pid: int, name: str) -> str:
    try:
        return (_PROC / str(pid) / name).read_text(encoding="ascii", errors="replace")
    except OSError:  # gone in the meantime
        return ""
