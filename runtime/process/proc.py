"""Reading /proc: what the kernel tells of processes. No other module opens a file there.

Without /proc (outside Linux) there is nothing to read, and no error.

Why not psutil: it knows neither a process's session, by which a worker's strays are found, nor the
most memory that a process had resident, and it would be a compiled package for what is left.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")


def read_proc(*parts: str | int) -> str | None:
    """The text of a file: `read_proc(pid, "stat")`. None if it is not there, or not any more."""
    try:
        return _PROC.joinpath(*map(str, parts)).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None


def has_proc() -> bool:
    """Whether this system has one, and it tells of this process."""
    return (_PROC / "self").exists()


def process_ids() -> list[int]:
    """Of every process that can be seen."""
    try:
        return [int(name) for name in os.listdir(_PROC) if name.isdigit()]
    except OSError:
        return []
