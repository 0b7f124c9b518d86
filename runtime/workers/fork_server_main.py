"""What the fork server does: forks a worker whenever it is asked, and says when one ends.

It leaves the terminal's process group, so that Ctrl-C reaches the calling process alone. It takes
in what workers leave behind, so that everything a program started stays below it; and kills all of
that when it ends, which it does when the calling process is gone.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import struct
import sys
import traceback
from contextlib import suppress
from typing import Any, Final, NoReturn, cast

import multiprocess  # pyright: ignore[reportMissingTypeStubs]

from ..process.connection import Connection
from ..process.fork_server import ANSWER_HEAD
from ..process.process_lifetime import adopt_orphans
from ..process.process_table import ProcessEntry, descendants, kill_processes
from .worker import run_worker

EXIT_CODE: Final = struct.Struct("<i")  # negative: the signal that ended it
_FD_MAX: Final = 2


def serve(control_fd: int) -> NoReturn:
    """Serve the process at the other end of this pipe until it is gone."""
    os.setsid()
    adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = os.getpid()
    try:
        with socket.socket(fileno=control_fd) as control:
            control.set_inheritable(False)
            _Serving(control).run()
    except BaseException:
        traceback.print_exc()
    finally:
        _kill_descendants(server)
        os._exit(0)  # nothing is left to do, and tearing numpy down takes 0.1 s


class _Serving:
    """`_workers`, by pid: each worker's process and the descriptor that its exit code goes to."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._context: Any = cast(Any, multiprocess).get_context("fork")
        self._workers: dict[int, tuple[Any, int]] = {}
        # The caller may be short of files for a while; this process lasts, and holds few.
        self._open_files = resource.getrlimit(resource.RLIMIT_NOFILE)
        _, most = self._open_files
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self._wakes, self._woken = os.pipe()
        for descriptor in (self._wakes, self._woken):
            os.set_blocking(descriptor, False)

    def run(self) -> None:
        signal.signal(signal.SIGCHLD, _do_nothing)  # an ignored signal would wake nobody
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        poll = select.poll()
        for descriptor in (self._control.fileno(), self._wakes):
            poll.register(descriptor, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._wakes in ready:
                os.read(self._wakes, 65_536)
                self._reap()
            if self._control.fileno() in ready and not self._answer():
                return

    def _answer(self) -> bool:
        """Answer a request; False when there are no more."""
        try:
            asked, fds, _, _ = socket.recv_fds(self._control, 1, _FD_MAX)
        except ConnectionResetError:
            return False
        if not asked:
            return False
        pid, text = -1, b"too many open files (see ulimit -n)"
        if len(fds) == _FD_MAX:
            connection, status = fds
            try:
                worker = self._context.Process(target=self._work, args=(connection, status))
                worker.start()
                pid, text = worker.pid, b""
                self._workers[pid] = worker, status
                fds = [connection]
            except OSError as error:
                text = str(error).encode()
        for descriptor in fds:
            os.close(descriptor)
        try:
            self._control.sendall(ANSWER_HEAD.pack(pid, len(text)) + text)
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _work(self, connection: int, status: int) -> NoReturn:
        """What a worker does. It ends here: multiprocess would only wait for threads."""
        code = 1
        try:
            self._leave(status)
            os.set_inheritable(connection, False)
            run_worker(Connection(connection))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError, AttributeError):
                    stream.flush()
            os._exit(code)

    def _leave(self, status: int) -> None:
        """In a worker: keep nothing of the server's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_NOFILE, self._open_files)
        self._control.close()
        others = [told for _, told in self._workers.values()]
        for descriptor in (self._wakes, self._woken, status, *others):
            os.close(descriptor)

    def _reap(self) -> None:
        """Tell of every process below this one that has ended."""
        # Whenever it starts a worker, multiprocess reaps those that have ended.
        workers = [(pid, worker) for pid, (worker, _) in self._workers.items()]
        for pid in [pid for pid, worker in workers if worker.exitcode is not None]:
            self._tell(pid)
        with suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if ended.si_pid in self._workers:
                    self._tell(ended.si_pid)
                else:
                    os.waitpid(ended.si_pid, 0)  # left behind by a program

    def _tell(self, pid: int) -> None:
        """Write how this worker ended."""
        worker, told = self._workers.pop(pid)
        with suppress(BrokenPipeError):
            os.write(told, EXIT_CODE.pack(worker.exitcode))
        os.close(told)
        worker.close()


def _do_nothing(*_: object) -> None:
    pass


def _kill_descendants(server: int) -> None:
    def below(processes: list[ProcessEntry]) -> set[int]:
        return descendants([server], processes)

    kill_processes(below)
