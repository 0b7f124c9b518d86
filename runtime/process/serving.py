"""The fork server's main loop: forks a process on request, and reports when one ends.

What those processes do is up to the module that serves (see `ForkServer`); here they are workers.

It leaves the terminal's process group, so that only the calling process gets Ctrl-C. It adopts the
orphans of workers, so that everything a program started remains its descendant, and kills all of
them when it ends. It ends when the calling process is gone.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NoReturn, cast

import multiprocess  # pyright: ignore[reportMissingTypeStubs]

from .connection import Connection
from .fork_server import ANSWER_HEAD, EXIT_CODE
from .process_lifetime import adopt_orphans
from .process_table import ProcessEntry, descendants, kill_processes

_FD_MAX: Final = 2


def serve_forks(control_fd: int, work: Callable[[Connection], None]) -> NoReturn:
    """Serve the process at the other end of the pipe until it is gone.

    Each worker calls `work` with its end of the pipe to that process, and ends when it returns.
    """
    os.setsid()
    adopt_orphans()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = os.getpid()
    try:
        with socket.socket(fileno=control_fd) as control:
            control.set_inheritable(False)
            _Serving(control, work).run()
    except BaseException:
        traceback.print_exc()
    finally:
        _kill_descendants(server)
        os._exit(0)  # there is nothing to clean up, and unloading numpy would take 0.1 s


class _Serving:
    """`_workers`, by pid: each worker's process and the descriptor to write its exit code to."""

    def __init__(self, control: socket.socket, work: Callable[[Connection], None]) -> None:
        self._control = control
        self._run_worker = work
        self._context: Any = cast(Any, multiprocess).get_context("fork")
        self._workers: dict[int, tuple[Any, int]] = {}
        # The caller's limit may be low only for a while, and this process outlives that.
        self._open_files = resource.getrlimit(resource.RLIMIT_NOFILE)
        _, most = self._open_files
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self._wakes, self._woken = os.pipe()
        for descriptor in (self._wakes, self._woken):
            os.set_blocking(descriptor, False)

    def run(self) -> None:
        signal.signal(signal.SIGCHLD, _do_nothing)  # an ignored signal would not wake the poll
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
        """Answer one request. False if the caller is gone."""
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
        """Run the worker. Exits directly: multiprocess would wait for the program's threads."""
        code = 1
        try:
            self._leave(status)
            os.set_inheritable(connection, False)
            self._run_worker(Connection(connection))
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError, AttributeError):
                    stream.flush()
            os._exit(code)

    def _leave(self, status: int) -> None:
        """In a worker: close everything that belongs to the server."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_NOFILE, self._open_files)
        self._control.close()
        others = [told for _, told in self._workers.values()]
        for descriptor in (self._wakes, self._woken, status, *others):
            os.close(descriptor)

    def _reap(self) -> None:
        """Reap every descendant that has ended, and report the workers among them."""
        # multiprocess reaps workers that have ended whenever it starts one, so ask it first.
        workers = [(pid, worker) for pid, (worker, _) in self._workers.items()]
        for pid in [pid for pid, worker in workers if worker.exitcode is not None]:
            self._tell(pid)
        with suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if ended.si_pid in self._workers:
                    self._tell(ended.si_pid)
                else:
                    os.waitpid(ended.si_pid, 0)  # an adopted orphan

    def _tell(self, pid: int) -> None:
        """Write this worker's exit code to its descriptor."""
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
