"""Ends a process that a handler forks as soon as the handler returns in it.

A fork copies the whole process, including the runtime that called the handler. Only one of the two
may continue with it, or both would store, answer and commit. So the new process watches the
handler's frame from the fork on, and exits when that ends. It costs nothing unless a program forks.

    runtime ──▶ handler ──▶ os.fork() ──▶ the rest of the handler ──▶ runtime
                               └────────▶ the rest of the handler ──▶ exit

Exits as a script would: with the code of sys.exit(), or with 1 and a traceback for any other
exception. Does not: catch a fork by C code that bypasses Python. Answers of such a process are
refused because of their sender (see connection.py).
"""

from __future__ import annotations

import inspect
import os
import sys
from contextlib import suppress
from types import FrameType
from typing import Any, Final, NoReturn

_RUNTIME: Final = f"{__name__.rpartition('.process.')[0]}."
_FORKS_WORKERS: Final = f"{_RUNTIME}process.serving"  # by way of multiprocess


def watch_forks() -> None:
    """From now on, end processes that handlers fork together with the handler. Call it once."""
    os.register_at_fork(before=_flush_streams, after_in_child=_watch_handler)


def _watch_handler() -> None:
    """In a new fork: if a handler forked it, end the process when the handler ends."""
    frame = _handler_frame(_caller())
    if frame is None:
        return
    watch = _Watch()
    frame.f_trace = watch.see
    sys.settrace(_trace_nothing_else)


class _Watch:
    """The trace function of the handler's frame: sees its lines, exceptions and end."""

    def __init__(self) -> None:
        self._raised: BaseException | None = None

    def see(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "exception":
            self._raised = argument[1]
        elif event == "line":
            self._raised = None  # the exception was caught
        elif event == "return":
            _exit(self._raised)
        return self.see


def _trace_nothing_else(frame: FrameType, event: str, argument: Any) -> None:
    """Do not trace new frames."""


def _caller() -> FrameType | None:
    """The frame that called os.fork: the interpreter itself calls the hook."""
    asking = inspect.currentframe()
    return asking.f_back.f_back if asking is not None and asking.f_back is not None else None


def _handler_frame(frame: FrameType | None) -> FrameType | None:
    """The handler's frame: of those above this one, the one that the runtime called, if any."""
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
    """The exit code for sys.exit(), as the interpreter would: a text is printed, and means 1."""
    if asked.code is None:
        return 0
    if isinstance(asked.code, int):
        return asked.code & 0xFF
    print(asked.code, file=sys.stderr)
    return 1


def _flush_streams() -> None:
    """Before a fork: otherwise both processes would write the buffered output."""
    if _handler_frame(_caller()) is None:
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
