"""The calling process's side of one process that a fork server forked.

Guarantees: no call waits forever. Does not: end what the process itself started.
"""

from __future__ import annotations

import os
import select
import signal
import weakref
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Final

from .connection import Connection
from .fork_server import EXIT_CODE, ForkServer
from .process_table import is_stopped

# Between a closed pipe and the exit code of the process that held it.
_DEATH_TIMEOUT_S: Final = 2.0


class ForkedProcess:
    """`connection` carries messages; `sentinel` is readable once the process has ended.

    Raises OSError if it cannot be started.
    """

    def __init__(self, server: ForkServer) -> None:
        self._exit_code: int | None = None
        with ExitStack() as undone, ExitStack() as given:
            self.connection, theirs = Connection.pair()
            undone.callback(self.connection.close)
            given.callback(theirs.close)
            self.sentinel, status = os.pipe()
            self._close_sentinel = weakref.finalize(self, os.close, self.sentinel)
            self._close_sentinel.atexit = False  # closing pools at exit still needs it
            undone.callback(self._close_sentinel)
            given.callback(os.close, status)
            self.pid = server.fork_worker(theirs.fileno(), status)
            undone.pop_all()

    @property
    def stopped(self) -> bool:
        """Whether it is stopped (SIGSTOP, a debugger)."""
        return is_stopped(self.pid)

    def cause_of_death(self) -> str:
        """Why it no longer answers, in words."""
        self.join(monotonic() + _DEATH_TIMEOUT_S)
        code = self._exit_code
        if code is None:
            return "it was stopped from outside" if self.stopped else "it no longer answers"
        return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"

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
            # A fork server that was killed wrote nothing, and the kernel killed its child, too.
            known = len(told) == EXIT_CODE.size
            self._exit_code = EXIT_CODE.unpack(told)[0] if known else -signal.SIGKILL

    def release(self) -> None:
        """Close the descriptors that this process holds for it, once it has ended."""
        self.connection.close()
        self._close_sentinel()
