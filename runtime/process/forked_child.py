"""What becomes of a process that a handler forks: it lives until the handler returns in it.

A fork copies the whole process, the runtime that called the handler included. Only one of the two
may go on with it: the other would store, answer and commit as well. So in the new process the
handler's frame is watched from the moment of the fork, and its end is the end of the process. It
costs nothing where nobody forks.

    runtime ──▶ handler ──▶ os.fork() ──▶ the rest of the handler ──▶ runtime
                               └────────▶ the rest of the handler ──▶ exit

Exits as a script would: with the code of sys.exit(), with 1 and a traceback for another exception.
Does not: hold a program that forks behind Python's back, by C code. Its answers are refused by
their sender (see connection.py).
"""

from __future__ import annotations

import inspect
import os
import sys
from contextlib import suppress
from types import FrameType
from typing import Any, Final, NoReturn

_RUNTIME: Final = f"{__name__.rpartition('.process.')[0]}."
_FORKS_WORKERS: Final = f"{_RUNTIME}workers.fork_server_main"  # by way of multiprocess


def watch_forks() -> None:
    """From now on, what handlers fork is ended with them. To be called once in a process."""
    os.register_at_fork(before=_flush_streams, after_in_child=_watch_handler)


def _watch_handler() -> None:
    """In a process that was just forked: end it with the handler that forked it, if one did."""
    frame = _handler_frame(_caller())
    if frame is None:
        return
    watch = _Watch()
    frame.f_trace = watch.see
    sys.settrace(_trace_nothing_else)


class _Watch:
    """Sees the lines, exceptions and the end of the handler's frame."""

    def __init__(self) -> None:
        self._raised: BaseException | None = None

    def see(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception":
            self._raised = argument[1]
        elif event == "line":
            self._raised = None  # whatever was raised has been caught
        elif event == "return":
            _exit(self._raised)
        return self.see


def _trace_nothing_else(frame: FrameType, event: str, argument: Any) -> None:
    """Frames that begin from now on are nobody's business."""


def _caller() -> FrameType | None:
    """The frame that forks: the interpreter itself calls the function that asks."""
    asking = inspect.currentframe()
    return asking.f_back.f_back if asking is not None and asking.f_back is not None else None


def _handler_frame(frame: FrameType | None) -> FrameType | None:
    """The frame that the runtime called directly and below which this one runs, if any."""
    if _is_of_runtime(frame):
        return None
    while frame is not None:
        caller = frame.f_back
        if _is_of_runtime(caller):
            return None if _module_of(caller) == _FORKS_WORKERS else frame
        frame = caller
    return None


def _is_of_runtime(frame: FrameType | None) -> bool:
    return _module_of(frame).startswith(_RUNTIME)


def _module_of(frame: FrameType | None) -> str:
    return "" if frame is None else str(frame.f_globals.get("__name__"))


def _exit(raised: BaseException | None) -> NoReturn:
    code = 0
    try:
        sys.settrace(None)
        if isinstance(raised, SystemExit):
            code = _exit_code(raised)
        elif raised is not None:
            code = 1
            sys.excepthook(type(raised), raised, raised.__traceback__)
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # closed, or none
                stream.flush()
    finally:
        os._exit(code)


def _exit_code(asked: SystemExit) -> int:
    """As the interpreter ends for sys.exit(): a text is printed, and stands for 1."""
    if asked.code is None:
        return 0
    if isinstance(asked.code, int):
        return asked.code & 0xFF
    print(asked.code, file=sys.stderr)
    return 1


def _flush_streams() -> None:
    """Before a handler forks: what is buffered would be written by both."""
    if _handler_frame(_caller()) is None:
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
