"""Reads /proc, the kernel's view of processes. No other module opens files there.

Without /proc (outside Linux) there is nothing to read, which is not an error.

Why not psutil: it has neither a process's session, by which orphans of a worker are found, nor a
process's peak resident memory, and is a compiled package for what remains.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def read_proc(*parts: str | int) -> str | None:
    """The text of a file: `read_proc(pid, "stat")`. None if it does not exist (any more)."""
    try:
        return _PROC.joinpath(*map(str, parts)).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def has_proc() -> bool:
    """Whether this system has /proc, with an entry for this process."""
    return (_PROC / "self").exists()


def process_ids() -> list[int]:
    """The pids of all visible processes."""
    try:
        return [int(name) for name in os.listdir(_PROC) if name.isdigit()]
    except OSError:
        return []


def open_file_count(pid: int) -> int | None:
    """How many files and sockets a process has open. None if it cannot be known."""
    try:
        return len(os.listdir(_PROC / str(pid) / "fd"))
    except OSError:
        return None
