"""Process-wide state that a handler may change: detects changes and restores it.

In two parts: state that is nearly free to check, and state that takes some microseconds.
Does not: cover everything. Random states, umask, resource limits, modules and their attributes are
not checked; `verify` finds programs that depend on them.
"""

from __future__ import annotations

import gc
import locale
import os
import signal
import sys
import threading
import time
import warnings
from contextlib import suppress
from gc import get_threshold, isenabled
from sys import get_int_max_str_digits, getprofile, getswitchinterval, gettrace
from typing import Any, Final, NamedTuple, cast

from .cpython import handler_of, raw_environment

# Signals that programs use. Not SIGINT: a worker ignores it, and a command handles it itself.
_SIGNALS: Final = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGALRM,
    signal.SIGCHLD,
    signal.SIGUSR1,
    signal.SIGUSR2,
)


class CheapState(NamedTuple):
    """The part that is checked after each loop, too."""

    switch_interval: float
    int_digits: int
    collecting: bool
    thresholds: tuple[int, int, int]
    trace: Any
    profile: Any
    stdout: Any
    stderr: Any
    warning_filters: list[Any]
    import_path: list[str]

    @classmethod
    def now(cls) -> CheapState:
        """The current state. Its lists are copies."""
        *values, filters, path = _cheap()
        return cls._make([*values, list(filters), list(path)])

    def is_unchanged(self) -> bool:
        return self == _cheap()

    def restore(self) -> None:
        sys.setswitchinterval(self.switch_interval)
        sys.set_int_max_str_digits(self.int_digits)
        (gc.enable if self.collecting else gc.disable)()
        gc.set_threshold(*self.thresholds)
        sys.settrace(self.trace)
        sys.setprofile(self.profile)
        sys.stdout, sys.stderr = self.stdout, self.stderr
        if warnings.filters != self.warning_filters:
            warnings.resetwarnings()  # invalidates the filters that modules have cached
            cast("list[Any]", warnings.filters)[:] = self.warning_filters
        sys.path[:] = self.import_path


def _cheap() -> tuple[Any, ...]:
    return (
        getswitchinterval(),
        get_int_max_str_digits(),
        isenabled(),
        get_threshold(),
        gettrace(),
        getprofile(),
        sys.stdout,
        sys.stderr,
        warnings.filters,
        sys.path,
    )


class CostlyState(NamedTuple):
    """The part that is checked only at the end of a block, or for impure programs.

    `folder`: None if it was removed. `handlers`: None in a thread, which cannot change them.
    `alarm`: whether one is set.
    """

    environment: dict[bytes, bytes]
    folder: str | None
    locale: str
    handlers: tuple[Any, ...] | None
    alarm: bool

    @classmethod
    def now(cls) -> CostlyState:
        handlers = None
        if threading.current_thread() is threading.main_thread():
            handlers = tuple(map(handler_of, _SIGNALS))
        return cls(
            raw_environment(),
            _folder(),
            locale.setlocale(locale.LC_ALL),
            handlers,
            signal.getitimer(signal.ITIMER_REAL)[0] > 0,
        )

    def restore(self, now: CostlyState) -> None:
        """Restore the parts of this state that differ from `now`."""
        self._restore_environment(now.environment)
        if now.folder != self.folder and self.folder is not None:
            with suppress(OSError):  # the folder was removed
                os.chdir(self.folder)
        if now.locale != self.locale:
            locale.setlocale(locale.LC_ALL, self.locale)
        if now.alarm and not self.alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, before, after in zip(
            _SIGNALS, self.handlers or (), now.handlers or (), strict=False
        ):
            if before is not after and before is not None:  # None: set by C code
                signal.signal(number, before)

    def _restore_environment(self, now: dict[bytes, bytes]) -> None:
        for name in now.keys() - self.environment.keys():
            del os.environb[name]
        for name, value in self.environment.items():
            if now.get(name) != value:
                os.environb[name] = value
        if now.get(b"TZ") != self.environment.get(b"TZ"):
            time.tzset()


def _folder() -> str | None:
    with suppress(FileNotFoundError):
        return os.getcwd()
    return None
