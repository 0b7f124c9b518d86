"""The parent's side of one worker process: start it, exchange messages, end it.

Guarantees: no call waits forever; once `end_workers` returns, neither the process nor anything that
its program started is left.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import threading
import weakref
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Final

from ...primitives import MachineError
from ..block.limits import Limits
from ..process.connection import Connection
from ..process.fork_server import ForkServer
from ..process.process_table import (
    ProcessEntry,
    descendants,
    is_stopped,
    kill_processes,
    process_entry,
)
from .fork_server_main import EXIT_CODE
from .messages import START, STOP, ParentEnvironment

# For one read or write of a pipe, once the message has begun.
PIPE_TIMEOUT_S: Final = 10
STOP_TIMEOUT_S: Final = 2.0

_lock = threading.Lock()  # held while a worker exists that `_living` does not have yet
_living: Final[set[int]] = set()


class WorkerProcess:
    """A started worker. `connection` carries messages; `sentinel` is readable once it has ended."""

    def __init__(
        self, server: ForkServer, lane: int, limits: Limits, *, spoofed: bool = False
    ) -> None:
        self.lane = lane
        self._exit_code: int | None = None
        with ExitStack() as undone, ExitStack() as given:
            try:
                self.connection, theirs = Connection.pair()
                undone.callback(self.connection.close)
                given.callback(theirs.close)
                self.sentinel, status = os.pipe()
                self._close_sentinel = weakref.finalize(self, os.close, self.sentinel)
                self._close_sentinel.atexit = False  # closing pools at exit still needs it
                undone.callback(self._close_sentinel)
                given.callback(os.close, status)
                self.connection.bound_waits(PIPE_TIMEOUT_S)
                with _lock:
                    self.pid = server.fork_worker(theirs.fileno(), status)
                    _living.add(self.pid)
                start = pickle.dumps((lane, limits, ParentEnvironment.current(), spoofed))
                self.connection.send(0, START + start)
            except OSError as error:
                raise MachineError(
                    f"a worker process could not be started ({error}); nothing was committed. End "
                    "other processes, allow more open files (ulimit -n) or use fewer workers, and "
                    "run the block again"
                ) from error
            undone.pop_all()

    @property
    def stopped(self) -> bool:
        """Whether it is stopped (SIGSTOP, a debugger)."""
        return is_stopped(self.pid)

    def cause_of_death(self) -> str:
        """Why it no longer answers, in words."""
        self.join(monotonic() + STOP_TIMEOUT_S)
        code = self._exit_code
        if code is None:
            return "it was stopped from outside" if self.stopped else "it no longer answers"
        return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

    def request_stop(self) -> None:
        with suppress(OSError):  # already gone
            self.connection.send(0, STOP)

    def kill(self) -> None:
        self.join(monotonic())
        if self._exit_code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def join(self, deadline: float) -> None:
        """Wait until it has ended, or until `deadline` on the monotonic clock."""
        if self._exit_code is not None:
            return
        poll = select.poll()
        poll.register(self.sentinel, select.POLLIN)
        if poll.poll(max(0.0, deadline - monotonic()) * 1000):
            told = os.read(self.sentinel, EXIT_CODE.size)
            # A fork server that was killed wrote nothing, and the kernel killed this worker, too.
            known = len(told) == EXIT_CODE.size
            self._exit_code = EXIT_CODE.unpack(told)[0] if known else -signal.SIGKILL

    def release(self) -> None:
        """Close the descriptors that this process holds for it, once it has ended."""
        _living.discard(self.pid)
        self.connection.close()
        self._close_sentinel()


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
