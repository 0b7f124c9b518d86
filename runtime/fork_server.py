"""The process that workers are forked from: what it does when it starts, and how it is ended.

multiprocess imports this module in its fork server before that serves, and nowhere else does the
import have an effect. There it
- leaves the terminal's process group, so that Ctrl-C reaches the calling process alone;
- takes in what workers leave behind, so that everything a program started stays below it;
- kills all of that when it ends, which it does when the calling process is gone.

                calling process ── pipe ──▶ fork server ──▶ worker ──▶ what its program starts
    if it is gone:                          ends, kills ──▶ (the kernel kills it, too) ──▶ killed
"""

from __future__ import annotations

import atexit
import os
import select
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

from .lifeline import adopt_orphans
from .process_table import ProcessEntry, descendants, kill_processes, process_entry

_STOP_TIMEOUT_MS: Final = 2_000
_LOOK_INTERVAL_S: Final = 0.1
_MARK: Final = "from multiprocess.forkserver import main"


def stop_fork_server(*, timeout_ms: int = _STOP_TIMEOUT_MS) -> None:
    """End the fork server and multiprocess's resource tracker, for the end of a process.

    Both hang on a pipe that a process forked from this one may hold open, too: they are asked,
    then killed.
    """
    from multiprocess import (  # pyright: ignore[reportMissingTypeStubs]
        forkserver,
        resource_tracker,
    )

    server = cast(Any, forkserver)._forkserver
    _end(server, "_forkserver_pid", "_forkserver_alive_fd", timeout_ms)
    server._forkserver_address = None
    _end(cast(Any, resource_tracker)._resource_tracker, "_pid", "_fd", timeout_ms)


def fork_server_pid() -> int | None:
    """The fork server of this process, if it runs."""
    from multiprocess import forkserver  # pyright: ignore[reportMissingTypeStubs]

    return cast("int | None", cast(Any, forkserver)._forkserver._forkserver_pid)


def ask_fork_server(request: Callable[[], None]) -> None:
    """Call what waits for the fork server; if somebody stopped that, kill it, and ask a new one.

    A stop may come at any moment, and a while after its signal was sent: the server is looked at
    for as long as it has not answered. `request` is called again if it fails for that.
    """
    while True:
        if _stopped_pid() is not None:
            stop_fork_server(timeout_ms=0)
        with _killed_once_stopped() as killed:
            try:
                request()
                return
            except (OSError, EOFError):
                if not killed.is_set():
                    raise
        stop_fork_server(timeout_ms=0)


@contextmanager
def _killed_once_stopped() -> Generator[threading.Event]:
    """Inside, the fork server is killed when it is found stopped; tells whether it was.

    Who waits for it is told by its end, as an OSError or EOFError.
    """
    over, killed = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_INTERVAL_S):
            pid = _stopped_pid()
            if pid is not None:
                killed.set()
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    watcher = threading.Thread(target=watch, name="sealane-fork-server-watch", daemon=True)
    watcher.start()
    try:
        yield killed
    finally:
        over.set()
        watcher.join()


def _stopped_pid() -> int | None:
    """The fork server, if somebody stopped it (SIGSTOP, a debugger)."""
    pid = fork_server_pid()
    entry = None if pid is None else process_entry(pid)
    return pid if entry is not None and entry.stopped else None


def let_go_of_fork_server() -> None:
    """In a worker or a forked process: close the pipes that keep the fork server and tracker going.

    They are another process's. One that wants its own starts its own.
    """
    from multiprocess import (  # pyright: ignore[reportMissingTypeStubs]
        forkserver,
        resource_tracker,
    )

    server = cast(Any, forkserver)._forkserver
    tracker = cast(Any, resource_tracker)._resource_tracker
    for owner, name in ((server, "_forkserver_alive_fd"), (tracker, "_fd")):
        descriptor = getattr(owner, name)
        if descriptor is not None:
            setattr(owner, name, None)
            os.close(descriptor)
    server._forkserver_address = server._forkserver_pid = tracker._pid = None


def _end(owner: Any, pid_name: str, descriptor_name: str, timeout_ms: int) -> None:
    """Close the pipe that a helper process lives by; kill it if it lives on all the same."""
    pid, descriptor = getattr(owner, pid_name), getattr(owner, descriptor_name)
    setattr(owner, pid_name, None)
    setattr(owner, descriptor_name, None)
    if descriptor is not None:
        os.close(descriptor)
    if pid is None:
        return
    with suppress(ProcessLookupError, ChildProcessError):
        if not _ends_in_time(pid, timeout_ms):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _ends_in_time(pid: int, timeout_ms: int) -> bool:
    """Wait for a child, for a bounded time. Reaps it."""
    if hasattr(os, "pidfd_open"):
        watched = os.pidfd_open(pid)
        try:
            poll = select.poll()
            poll.register(watched, select.POLLIN)
            poll.poll(timeout_ms)
        finally:
            os.close(watched)
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _prepare() -> None:
    os.setsid()
    adopt_orphans()
    warnings.filterwarnings("ignore", "forkserver: waitpid returned unexpected pid")
    atexit.register(_kill_descendants, os.getpid())


def _kill_descendants(server: int) -> None:
    if os.getpid() != server:
        return  # a worker, which inherited this

    def below(processes: list[ProcessEntry]) -> set[int]:
        return descendants([server], processes)

    kill_processes(below)
    os._exit(0)  # nothing is left to do, and tearing numpy down takes 0.1 s


if any(_MARK in argument for argument in sys.orig_argv):
    _prepare()
