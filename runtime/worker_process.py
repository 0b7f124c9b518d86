"""One worker process as the parent sees it: started, spoken to, ended with all that it started.

Guarantees: no call waits for ever; once `end` returns, neither the process nor anything that its
program started is left.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from types import ModuleType
from typing import Any, Final, cast

import multiprocess  # pyright: ignore[reportMissingTypeStubs]
from multiprocess import process  # pyright: ignore[reportMissingTypeStubs]

from ..primitives import MachineError
from . import fork_server
from .limits import Limits
from .messages import STOP
from .process_table import ProcessEntry, descendants, kill_processes, process_entry
from .worker import Connection, run_worker

# For one read or write of a pipe, once the other side has begun.
PIPE_TIMEOUT_S: Final = 10
STOP_TIMEOUT_S: Final = 2.0
_TIMEVAL: Final = struct.Struct("@ll")

_lock = threading.Lock()  # held while a worker exists that `_living` does not have yet
_living: Final[set[int]] = set()


class WorkerProcess:
    """A started worker. `connection` carries messages; `sentinel` becomes readable at its end."""

    def __init__(self, context: Any, lane: int, limits: Limits) -> None:
        ours, theirs = context.Pipe(duplex=True)
        self.lane = lane
        self.connection: Connection = ours
        self._process = context.Process(
            target=run_worker, args=(theirs, lane, limits), name=f"sealane-worker-{lane}"
        )
        self._process.daemon = True
        try:
            _bound_waits(ours)
            with _lock:
                fork_server.ask_fork_server(self._process.start)
                self.pid: int = self._process.pid
                _living.add(self.pid)
            # multiprocess would end it at exit, too, and wait for it without a deadline; or end it
            # at the exit of a process forked from this one.
            cast(Any, process)._children.discard(self._process)
        except (OSError, EOFError) as error:
            ours.close()
            raise MachineError(
                f"a worker process could not be started ({error}); nothing was committed. End "
                "other processes or use fewer workers, and run the block again"
            ) from error
        finally:
            theirs.close()

    @property
    def sentinel(self) -> int:
        return self._process.sentinel

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it (SIGSTOP, a debugger)."""
        entry = process_entry(self.pid)
        return entry is not None and entry.stopped

    def cause_of_death(self) -> str:
        """How it ended, for a worker that can no longer be spoken to."""
        self._process.join(STOP_TIMEOUT_S)
        code = self._process.exitcode
        if code is None:
            return "it was stopped from outside" if self.stopped else "it no longer answers"
        return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

    def request_stop(self) -> None:
        with suppress(OSError):  # it is gone already
            self.connection.send_bytes(STOP)

    def kill(self) -> None:
        if self._process.is_alive():
            self._process.kill()

    def join(self, deadline: float) -> None:
        """Wait until it has ended, or until `deadline` on the monotonic clock."""
        self._process.join(max(0.0, deadline - monotonic()))

    def release(self) -> None:
        """Give back what it took here, once it has ended."""
        _living.discard(self.pid)
        self.connection.close()
        with suppress(ValueError):  # it cannot be killed yet, being in uninterruptible sleep
            self._process.close()


def end_workers(workers: Sequence[WorkerProcess], *, ask: bool) -> None:
    """End workers and all that their programs started. `ask`: they are idle, and end when told."""
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
    end_strays(worker.pid for worker in workers)


def _join(workers: Sequence[WorkerProcess]) -> None:
    deadline = monotonic() + STOP_TIMEOUT_S
    for worker in workers:
        worker.join(deadline)


def end_strays(ended: Iterable[int]) -> None:
    """Kill what the programs of ended workers, by pid, have left running.

    A worker leads a session, so its children are known by that. One that made a session of its
    own has become the fork server's child.
    """
    sessions = set(ended)
    with _lock:
        server = _orphanage()
        known = _living | {child.pid for child in cast(Any, multiprocess).active_children()}

        def left_over(processes: list[ProcessEntry]) -> set[int]:
            strays = {
                entry.pid
                for entry in processes
                if entry.session in sessions
                or (
                    entry.parent == server
                    and entry.session != server
                    and entry.pid not in known
                    and entry.session not in known
                )
            }
            return strays | descendants(strays, processes)

        kill_processes(left_over)


def worker_context(*, fresh: bool) -> Any:
    """How workers are started: by a fork server on Linux; elsewhere, and if asked, afresh."""
    method = "forkserver" if sys.platform == "linux" and not fresh else "spawn"
    context = cast(Any, multiprocess).get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([fork_server.__name__, run_worker.__module__])
    return context


def _orphanage() -> int | None:
    """The fork server, if it is one that takes orphans in."""
    pid = fork_server.fork_server_pid()
    entry = None if pid is None else process_entry(pid)
    return pid if entry is not None and entry.session == pid else None


def _bound_waits(connection: Any) -> None:
    """No read or write of this pipe may take for ever, even if the worker stops half-way."""
    timeout = _TIMEVAL.pack(PIPE_TIMEOUT_S, 0)
    with socket.socket(fileno=os.dup(connection.fileno())) as pipe:
        pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
        pipe.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)


@contextmanager
def hash_seed_of_children(seed: int | None) -> Generator[None]:
    """Give interpreters started inside this hash seed; None leaves them theirs."""
    name = "PYTHONHASHSEED"
    before = os.environ.get(name)
    if seed is not None:
        os.environ[name] = str(seed)
    try:
        yield
    finally:
        if seed is not None and before is None:
            del os.environ[name]
        elif before is not None:
            os.environ[name] = before


@contextmanager
def without_main_module() -> Generator[None]:
    """Keep a starting worker from running the user's script again.

    The start of a process imports the parent's main module there, for functions defined in it.
    Workers get their programs another way, so a script needs no `if __name__ == "__main__"`.
    """
    main = sys.modules.get("__main__")
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        if main is not None:
            sys.modules["__main__"] = main


def _forget_in_fork() -> None:
    """A process forked from this one has neither workers nor a fork server, and starts its own."""
    global _lock
    _lock = threading.Lock()  # a thread that is not here may have held it
    _living.clear()
    fork_server.let_go_of_fork_server()


os.register_at_fork(after_in_child=_forget_in_fork)
