"""Signals during the execution of a block: distinguishes them from what programs raise, and defers
them where nothing may be interrupted.

Programs may run in the calling process, where any exception they raise fails their transaction. But
an exception of a signal handler (usually KeyboardInterrupt) is raised in the middle of a program,
too. So inside `watched_signals` every signal handler is wrapped, to remember what it raises.

Does nothing outside the main thread, where Python delivers no signals.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_Handler = Callable[[int, FrameType | None], object]

# Signals whose handlers typically raise. Querying all 64 would take most of a millisecond.
_SIGNALS: Final = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGALRM,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
_handlers: Final[dict[int, _Handler]] = {}  # the wrapped ones
_raised: Final[list[BaseException]] = []
_waiting: Final[list[int]] = []  # signals that arrived while deferred
_held_depth = 0


def is_interrupt(error: BaseException) -> bool:
    """Whether a signal handler raised this exception object."""
    return any(error is raised for raised in _raised)


def raise_if_interrupted() -> None:
    """Raise the exception of a signal handler again, in case a program swallowed it."""
    if _raised:
        raise _raised[0]


@contextmanager
def watched_signals() -> Generator[None]:
    """Inside, `is_interrupt` recognizes interrupts, and `held_signals` can defer them."""
    if _handlers or threading.current_thread() is not threading.main_thread():
        yield
        return
    _raised.clear()
    try:
        with _blocked_signals():
            _wrap_handlers()
        yield
    finally:
        with _blocked_signals():
            _unwrap_handlers()


@contextmanager
def held_signals() -> Generator[None]:
    """Inside, no signal handler runs; signals are delivered at the end. For short work only."""
    global _held_depth
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    with watched_signals():
        _held_depth += 1
        try:
            yield
        finally:
            _held_depth -= 1
            if _held_depth == 0:
                waiting = _waiting.copy()
                _waiting.clear()
                _deliver(waiting)


def _wrap_handlers() -> None:
    for number in _SIGNALS:
        handler = signal.getsignal(number)
        if callable(handler):
            _handlers[number] = handler
            signal.signal(number, _on_signal)


def _unwrap_handlers() -> None:
    for number, handler in _handlers.items():
        # If other code has set another handler meanwhile, keep that one.
        if signal.getsignal(number) is _on_signal:
            signal.signal(number, handler)
    _handlers.clear()


@contextmanager
def _blocked_signals() -> Generator[None]:
    """Inside, the kernel delivers no signals, so that handlers are all exchanged or none."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _deliver(numbers: list[int]) -> None:
    """Deliver each signal, even if the handler of an earlier one raised."""
    if numbers:
        try:
            signal.raise_signal(numbers[0])
        finally:
            _deliver(numbers[1:])


def _on_signal(number: int, frame: FrameType | None) -> None:
    if _held_depth:
        _waiting.append(number)
        return
    try:
        _handlers[number](number, frame)
    except BaseException as error:
        _raised.append(error)
        raise
