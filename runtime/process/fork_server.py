"""The process that workers are forked from, as the calling process sees it.

    calling process ── control ──▶ fork server ──▶ worker ──▶ what its program starts
    if it is gone:                 ends, kills ──▶ (the kernel kills it, too) ──▶ killed

It is a fresh interpreter: to fork the calling process would copy its threads and locks half-way.
It imports from where the calling process does, and from nowhere else: neither the current folder
nor the script that runs has a say. Nothing process-wide is touched to start it, so threads may.
See fork_server_main.py for what it does.
"""

from __future__ import annotations

import errno
import logging
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Final, cast

from .connection import above_standard_streams
from .cpython import interpreter_flags
from .process_table import is_stopped

_log = logging.getLogger(__package__)

STOP_TIMEOUT_S: Final = 2.0
# Starting it and forking take 0.3 s; a machine that swaps may need far longer.
ANSWER_TIMEOUT_S: Final = 60.0
# A fork server that is killed or stopped during a request is replaced, at most this many times.
TRIES_MAX: Final = 5
ANSWER_HEAD: Final = struct.Struct("<qI")  # a pid or -1, and how long the text is that follows
_LOOK_INTERVAL_S: Final = 0.1
_PACKAGE: Final = __name__.partition(".")[0]
_SERVING: Final = f"{__name__.rpartition('.process.')[0]}.workers.fork_server_main"
# The package is loaded from where this process has it. Errors go back to the process that asked:
# a traceback among a command's messages would help nobody.
_PROGRAM: Final = f"""\
import os, sys
control = int(sys.argv[1])
sys.path[:] = sys.argv[3:]
try:
    import importlib.util
    spec = importlib.util.spec_from_file_location({_PACKAGE!r}, sys.argv[2])
    sys.modules[{_PACKAGE!r}] = package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    from {_SERVING} import serve
except BaseException as error:
    text = f"{{type(error).__name__}}: {{error}}".encode("utf-8", "replace")[:1000]
    head = (-1).to_bytes(8, "little", signed=True) + len(text).to_bytes(4, "little")
    os.write(control, head + text)
    os._exit(1)
serve(control)
"""


class ForkServer:
    """Started when it is first asked; `stop` ends it with everything below it.

    `environment`: variables that it and its workers have beside or instead of this process's.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(environment or {})
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        _made.add(self)

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        return None if self._process is None else self._process.pid

    def fork_worker(self, connection: int, status: int) -> int:
        """Fork a worker that is given these two descriptors; returns its pid.

        Messages go over `connection`; its exit code is written to `status` when it ends.
        Raises OSError.
        """
        with self._lock:
            for _ in range(TRIES_MAX):
                control = self._running()
                try:
                    socket.send_fds(control, [b"w"], [connection, status])
                    return self._answer(control)
                except (EOFError, BrokenPipeError, ConnectionResetError):
                    self._end(timeout_s=0)
        raise ChildProcessError(errno.ECHILD, "the process that forks workers ends when it starts")

    def stop(self, *, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Ask it to end, then kill it: a process forked from this one may hold the pipe open, and
        the fork server would never see its end."""
        with self._lock:
            self._end(timeout_s=timeout_s)

    def forget(self) -> None:
        """In a process forked from this one, whose fork server it is not."""
        self._lock = threading.Lock()  # it may be held by a thread that the fork did not copy
        process, self._process = self._process, None
        control, self._control = self._control, None
        if process is not None:
            process.returncode = 0  # else it would be waited for
        if control is not None:
            control.close()

    def _running(self) -> socket.socket:
        """The pipe to the fork server, which is started if it does not run."""
        if (self._process is not None and _ends(self._process, 0.0)) or self._stopped():
            self._end(timeout_s=0)
        if self._control is None:
            self._start()
        assert self._control is not None
        return self._control

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs, above_standard_streams(theirs) as given:
            command = [sys.executable, *interpreter_flags(), "-P", "-c", _PROGRAM]
            package = str(sys.modules[_PACKAGE].__file__)
            self._process = subprocess.Popen(
                [*command, str(given.fileno()), package, *import_path()],
                stdin=subprocess.DEVNULL,
                pass_fds=[given.fileno()],
                env={**os.environ, **self._environment},
            )
            self._control = above_standard_streams(ours)
        _log.info("fork server started, process %d", self._process.pid)

    def _answer(self, control: socket.socket) -> int:
        """The pid in the answer. Raises EOFError when the fork server ended, or had to be ended."""
        deadline = monotonic() + ANSWER_TIMEOUT_S
        poll = select.poll()
        poll.register(control, select.POLLIN)
        while not poll.poll(int(_LOOK_INTERVAL_S * 1000)):
            # A stop takes effect some time after its signal was sent, and may be sent at any time.
            if self._stopped():
                raise EOFError
            if monotonic() > deadline:
                self._end(timeout_s=0)
                raise TimeoutError(errno.ETIMEDOUT, "the process that forks workers is silent")
        pid, text_len = ANSWER_HEAD.unpack(_received(control, ANSWER_HEAD.size))
        text = _received(control, text_len).decode()
        if pid < 0:
            raise ChildProcessError(errno.ECHILD, text)
        return pid

    def _stopped(self) -> bool:
        """Whether somebody stopped it (SIGSTOP, a debugger)."""
        return self._process is not None and is_stopped(self._process.pid)

    def _end(self, *, timeout_s: float) -> None:
        control, self._control = self._control, None
        process, self._process = self._process, None
        if control is not None:
            control.close()
        if process is not None and not _ends(process, timeout_s):
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


def _ends(process: subprocess.Popen[bytes], timeout_s: float) -> bool:
    """Whether a child ends in time. Reaps it."""
    # Not by its methods `poll` and `kill`: they keep the os.waitpid of when they were imported,
    # which may have been a test's temporary stand-in.
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        return False
    return True


_made: Final[weakref.WeakSet[ForkServer]] = weakref.WeakSet()
# Shared by all pools that need no environment of their own: starting one takes 0.3 s.
SHARED: Final = ForkServer()


def _forget_in_fork() -> None:
    for server in _made:
        server.forget()


os.register_at_fork(after_in_child=_forget_in_fork)


def import_path() -> list[str]:
    """Where this process imports from, as absolute paths: another process may use them."""
    path: list[str] = []
    for entry in cast("list[object]", sys.path):
        with suppress(FileNotFoundError):  # the current folder, which somebody removed
            if isinstance(entry, (str, Path)):
                path.append(os.path.abspath(entry))
    return path


def _received(control: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = control.recv(length - len(data))
        if not part:
            raise EOFError
        data += part
    return data
