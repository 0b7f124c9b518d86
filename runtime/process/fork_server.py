"""The calling process's side of the fork server, from which workers are forked.

    calling process ── control ──▶ fork server ──▶ worker ──▶ what its program starts
    if it is gone:                 ends, kills ──▶ (the kernel kills it, too) ──▶ killed

It is a fresh interpreter: a fork of the calling process would copy locks that threads hold, but not
the threads. It has the calling process's import path and no other: neither the current folder nor
the running script matters. Starting it changes nothing process-wide, so any thread may do it.
Its main loop is in serving.py. Which module it imports, and so what its processes do, is a choice:
a runtime's are its workers, of workers/fork_server_main.py.
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

from .cpython import interpreter_flags
from .descriptors import above_standard_streams
from .process_table import is_stopped

_log = logging.getLogger(__package__)

STOP_TIMEOUT_S: Final = 2.0
# Starting it and forking a worker takes 0.3 s; much longer on a machine that swaps.
ANSWER_TIMEOUT_S: Final = 60.0
# How often a request is sent, each time to a new fork server if the last was killed or stopped.
TRIES_MAX: Final = 5
ANSWER_HEAD: Final = struct.Struct("<qI")  # a pid or -1, and the length of the text after it
EXIT_CODE: Final = struct.Struct("<i")  # negative: the signal that ended it
_LOOK_INTERVAL_S: Final = 0.1
_PACKAGE: Final = __name__.partition(".")[0]
_WORKERS: Final = f"{__name__.rpartition('.process.')[0]}.workers.fork_server_main"
# The package is loaded from the same files as in this process. Errors are sent to this process:
# a traceback among a command's messages would be useless.
_PROGRAM: Final = f"""\
import os, sys
control = int(sys.argv[1])
sys.path[:] = sys.argv[4:]
try:
    import importlib.util
    spec = importlib.util.spec_from_file_location({_PACKAGE!r}, sys.argv[2])
    sys.modules[{_PACKAGE!r}] = package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    serve = importlib.import_module(sys.argv[3]).serve
except BaseException as error:
    text = f"{{type(error).__name__}}: {{error}}".encode("utf-8", "replace")[:1000]
    head = (-1).to_bytes(8, "little", signed=True) + len(text).to_bytes(4, "little")
    try:
        os.write(control, head + text)
    finally:
        os._exit(1)  # at once: after Ctrl-C nobody may be left to write to
serve(control)
"""


class ForkServer:
    """Starts on the first request; `stop` ends it together with all its descendants.

    `environment`: variables that it and its workers have in addition to this process's, or in
    place of them. `serving`: the module whose `serve(control_fd)` calls `serve_forks` with what the
    workers do. It is imported there before the first fork, and never here.
    """

    def __init__(
        self, environment: Mapping[str, str] | None = None, *, serving: str = _WORKERS
    ) -> None:
        self._environment = dict(environment or {})
        self._serving = serving
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        _made.add(self)

    @property
    def pid(self) -> int | None:
        """Its pid, None if it is not running."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start it, if it is not running: it imports while the caller does something else.

        Raises OSError.
        """
        with self._lock:
            self._running()

    def fork_worker(self, connection: int, status: int) -> int:
        """Fork a worker and pass it these two descriptors; returns its pid.

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
        """Ask it to end, then kill it: if a process forked from this one holds the pipe open, the
        fork server would never see that it was closed."""
        with self._lock:
            self._end(timeout_s=timeout_s)

    def forget(self) -> None:
        """Forget the process. For a fork of this process, which does not own it."""
        self._lock = threading.Lock()  # a thread that the fork did not copy may hold it
        process, self._process = self._process, None
        control, self._control = self._control, None
        if process is not None:
            process.returncode = 0  # otherwise Popen would wait for it
        if control is not None:
            control.close()

    def _running(self) -> socket.socket:
        """The pipe to the fork server. Starts it if it is not running."""
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
                [*command, str(given.fileno()), package, self._serving, *import_path()],
                stdin=subprocess.DEVNULL,
                pass_fds=[given.fileno()],
                env={**os.environ, **self._environment},
            )
            self._control = above_standard_streams(ours)
        _log.info("fork server started, process %d", self._process.pid)

    def _answer(self, control: socket.socket) -> int:
        """The pid in the answer. Raises EOFError if the fork server ended, or is stopped."""
        deadline = monotonic() + ANSWER_TIMEOUT_S
        poll = select.poll()
        poll.register(control, select.POLLIN)
        while not poll.poll(int(_LOOK_INTERVAL_S * 1000)):
            # Checked repeatedly: a SIGSTOP may come at any time, and takes effect with a delay.
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
        """Whether it is stopped (SIGSTOP, a debugger)."""
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
    # Not with its `poll` and `kill`: they use the os.waitpid from when subprocess was imported,
    # which may have been a test's temporary replacement.
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        return False
    return True


_made: Final[weakref.WeakSet[ForkServer]] = weakref.WeakSet()
# Shared by all pools without a special environment, as starting one takes 0.3 s.
SHARED: Final = ForkServer()


def _forget_in_fork() -> None:
    for server in _made:
        server.forget()


os.register_at_fork(after_in_child=_forget_in_fork)


def import_path() -> list[str]:
    """This process's import path, as absolute paths that other processes can use."""
    path: list[str] = []
    for entry in cast("list[object]", sys.path):
        with suppress(FileNotFoundError):  # the current folder was removed
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
