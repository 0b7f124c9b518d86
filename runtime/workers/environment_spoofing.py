"""Spoofs a worker's environment for `verify`: another machine, another time.

A program that reads any of these gets other values than in other workers, so its outcome differs:
    the clock, by days and hours    the name of the machine, its cores    the user
    arguments, environment          the current folder, the import path   language and time zone
    the number of threads           an object's reference count           a handler's line number
Programs are loaded afterwards, so that they import the spoofed values. Does not: affect C code, or
code that calls the system directly.
"""

from __future__ import annotations

import datetime
import os
import platform
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any, Final, cast

from ...programs.kit import Program
from ..svm.failure_mapping import FILE_LINES_MAX

# Changes the year, month, day of the week, hour, minute and second.
CLOCK_AHEAD_S: Final = 400 * 86_400 + 5 * 3_600 + 13 * 60 + 7
# Variables that an interpreter reads when it starts.
ENVIRONMENT: Final = {
    "TZ": "Pacific/Kiritimati",
    "LANG": "C",
    "LC_ALL": "C",
    "USER": "somebody",
    "LOGNAME": "somebody",
    "HOME": "/nowhere",
    "HOSTNAME": "elsewhere",
    "PYTHONUTF8": "1",
    "COLUMNS": "57",
    "LINES": "19",
}
_OF_NOW: Final = ("localtime", "gmtime", "ctime", "asctime", "strftime")
_THREADS: Final = 3
_CORES: Final = 57


def spoof_environment() -> None:
    """Make this process look like another machine. Only for a worker that runs for `verify`."""
    _put_clock_ahead()
    references = sys.getrefcount
    pretended: list[tuple[Any, str, Callable[..., Any]]] = [
        (os, "cpu_count", lambda: _CORES),
        (os, "process_cpu_count", lambda: _CORES),
        (os, "sched_getaffinity", lambda *_: set(range(_CORES))),
        (os, "getlogin", lambda: "somebody"),
        (socket, "gethostname", lambda: "elsewhere"),
        (platform, "node", lambda: "elsewhere"),
        (sys, "getrefcount", lambda *value: references(*value) + 7),
    ]
    for module, name, pretence in pretended:
        if hasattr(module, name):
            setattr(module, name, pretence)
    sys.argv[:] = ["elsewhere", *sys.argv]
    sys.path.append("/nowhere")
    os.chdir(tempfile.gettempdir())
    for _ in range(_THREADS):
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def shift_lines(program: Program) -> None:
    """Shift the line numbers of the program's functions. Messages undo the shift."""
    modules = {spec.handler.__module__ for spec in program.instructions.values()}
    spaces = [vars(sys.modules[name]) for name in modules if name in sys.modules]
    functions = [spec.handler for spec in program.instructions.values()]
    functions += [value for space in spaces for value in space.values()]
    for function in functions:
        if isinstance(function, FunctionType) and function.__module__ in modules:
            function.__code__ = _shifted(function.__code__)


def _shifted(code: CodeType) -> CodeType:
    if code.co_firstlineno > FILE_LINES_MAX:
        return code
    constants = tuple(_shifted(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + FILE_LINES_MAX, co_consts=constants)


def _put_clock_ahead() -> None:
    now, now_ns = time.time, time.time_ns
    real = {name: getattr(time, name) for name in _OF_NOW}

    def ahead() -> float:
        return now() + CLOCK_AHEAD_S

    def strftime(form: str, *at: Any) -> str:
        return real["strftime"](form, *(at or [real["localtime"](ahead())]))

    replacements: dict[str, Callable[..., Any]] = {
        "time": ahead,
        "time_ns": lambda: now_ns() + CLOCK_AHEAD_S * 10**9,
        "localtime": lambda *at: real["localtime"](*(at or [ahead()])),
        "gmtime": lambda *at: real["gmtime"](*(at or [ahead()])),
        "ctime": lambda *at: real["ctime"](*(at or [ahead()])),
        "asctime": lambda *at: real["asctime"](*(at or [real["localtime"](ahead())])),
        "strftime": strftime,
    }
    for name, replacement in replacements.items():
        setattr(time, name, replacement)

    class Ahead(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(ahead(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(ahead(), datetime.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    class DateAhead(datetime.date):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(ahead())

    cast(Any, datetime).datetime, cast(Any, datetime).date = Ahead, DateAhead
