"""The process table: finds the processes that a program started, and ends them.

Without /proc (outside Linux) nothing is found; see proc.py.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from .proc import process_ids, read_proc

_ROUNDS_MAX: Final = 10  # a process may fork while the table is read


class ProcessEntry(NamedTuple):
    """One process. `state` is ps's letter: R, S, D, T (stopped), t (traced), Z (zombie).

    `start_time` and `processor_ticks`, used in user and system mode, are in clock ticks.
    """

    pid: int
    state: str
    parent: int
    session: int
    start_time: str
    processor_ticks: int

    @property
    def stopped(self) -> bool:
        """Whether it is stopped (SIGSTOP, a debugger)."""
        return self.state in "Tt"


def process_entry(pid: int) -> ProcessEntry | None:
    """The entry of one process, or None if it does not exist."""
    stat = read_proc(pid, "stat")
    if not stat:
        return None
    # The name, in brackets, may hold anything; what follows it is numbers.
    fields = stat.rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return ProcessEntry(pid, fields[0], int(fields[1]), int(fields[3]), fields[19], ticks)


def is_stopped(pid: int) -> bool:
    """Whether the process exists and is stopped (SIGSTOP, a debugger)."""
    entry = process_entry(pid)
    return entry is not None and entry.stopped


def all_processes() -> list[ProcessEntry]:
    """Every visible process."""
    return [entry for entry in map(process_entry, process_ids()) if entry is not None]


def descendants(roots: Iterable[int], processes: Iterable[ProcessEntry]) -> set[int]:
    """The pids of all descendants of these processes."""
    children: dict[int, list[int]] = {}
    for entry in processes:
        children.setdefault(entry.parent, []).append(entry.pid)
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def kill_processes(choose: Callable[[list[ProcessEntry]], set[int]]) -> None:
    """Kill the pids that `choose` selects from all processes, until it selects none."""
    for _ in range(_ROUNDS_MAX):
        living = [entry for entry in all_processes() if entry.state != "Z"]
        chosen = choose(living)
        if not chosen:
            return
        for pid in chosen:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue  # already gone, or not ours
