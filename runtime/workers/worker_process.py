"""The parent's side of one worker process: start it, exchange messages, end it.

Guarantees: no call waits forever; once `end_workers` returns, neither the process nor anything that
its program started is left.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

from ...primitives import MachineError
from ..block.limits import Limits
from ..process.fork_server import ForkServer
from ..process.forked_process import ForkedProcess
from ..process.process_table import ProcessEntry, descendants, kill_processes, process_entry
from .messages import START, STOP, ParentEnvironment

# For one read or write of a pipe, once the message has begun.
PIPE_TIMEOUT_S: Final = 10
STOP_TIMEOUT_S: Final = 2.0

_lock = threading.Lock()  # held while a worker exists that `_living` does not have yet
_living: Final[set[int]] = set()


class WorkerProcess(ForkedProcess):
    """A started worker. Raises MachineError if it cannot be started."""

    def __init__(
        self, server: ForkServer, lane: int, limits: Limits, *, spoofed: bool = False
    ) -> None:
        self.lane = lane
        try:
            with _lock:
                super().__init__(server)
                _living.add(self.pid)
            self.connection.bound_waits(PIPE_TIMEOUT_S)
            start = pickle.dumps((lane, limits, ParentEnvironment.current(), spoofed))
            self.connection.send(0, START + start)
        except OSError as error:
            raise MachineError(
                f"a worker process could not be started ({error}); nothing was committed. End "
                "other processes, allow more open files (ulimit -n) or use fewer workers, and "
                "run the block again"
            ) from error

    def request_stop(self) -> None:
        with suppress(OSError):  # already gone
            self.connection.send(0, STOP)

    def release(self) -> None:
        """As for every forked process; its pid no longer counts as a worker's."""
        _living.discard(self.pid)
        super().release()


def end_workers(workers: Sequence[WorkerProcess], server: ForkServer, *, ask: bool) -> None:
    """End workers of this fork server, and all processes that their programs started.

    `ask`: they are idle, so ask them to end before killing them.
    """
    if not workers:
        return
    if ask:
        for worker in workers:
            worker.request_stop()
        _join(workers)
    for worker in workers:
        worker.kill()
    _join(workers)
    for worker in workers:
        worker.release()
    kill_orphans([worker.pid for worker in workers], server)


def _join(workers: Sequence[WorkerProcess]) -> None:
    deadline = monotonic() + STOP_TIMEOUT_S
    for worker in workers:
        worker.join(deadline)


def kill_orphans(ended: Iterable[int], server: ForkServer) -> None:
    """Kill the processes that the programs of ended workers (by pid) left running.

    A worker leads a session, by which its children are found. A child that started another session
    has been adopted by the fork server.
    """
    sessions = set(ended)
    with _lock:
        subreaper = _subreaper(server)
        known = frozenset(_living)

        def left_over(processes: list[ProcessEntry]) -> set[int]:
            orphans = {
                entry.pid
                for entry in processes
                if entry.session in sessions
                or (
                    entry.parent == subreaper
                    and entry.session != subreaper
                    and entry.pid not in known
                    and entry.session not in known
                )
            }
            return orphans | descendants(orphans, processes)

        kill_processes(left_over)


def _subreaper(server: ForkServer) -> int | None:
    """The fork server, if it adopts orphans (PR_SET_CHILD_SUBREAPER)."""
    entry = None if server.pid is None else process_entry(server.pid)
    return server.pid if entry is not None and entry.session == server.pid else None


def _forget_in_fork() -> None:
    """In a fork: forget the workers, which belong to the original process."""
    global _lock
    _lock = threading.Lock()  # a thread that the fork did not copy may hold it
    _living.clear()


os.register_at_fork(after_in_child=_forget_in_fork)
