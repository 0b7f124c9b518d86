"""Signals that arrive while a block executes: told apart from what programs raise, and held back
where nothing may be interrupted.

Programs run in the calling process, too, and whatever they raise fails their transaction. What a
signal handler raises (KeyboardInterrupt, as a rule) comes up in the middle of them all the same.
So inside `watched_signals` every handler is wrapped: what it raises is remembered and known again.

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

# Those that somebody handles by raising; asking for all 64 would take most of a millisecond.
_SIGNALS: Final = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGALRM,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
_handlers: Final[dict[int, _Handler]] = {}  # those that are wrapped now
_raised: Final[list[BaseException]] = []
_waiting: Final[list[int]] = []  # signals that arrived while they were held
_held_depth = 0


def is_interrupt(error: BaseException) -> bool:
    """Whether a signal handler raised this very exception."""
    return any(error is raised for raised in _raised)


def raise_if_interrupted() -> None:
    """Raise again what a signal handler raised and a program swallowed."""
    if _raised:
        raise _raised[0]


@contextmanager
def watched_signals() -> Generator[None]:
    """Inside, interrupts are told apart, and `held_signals` can hold them."""
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
    """Inside, no handler runs; what arrived is delivered at the end. For short work only."""
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
        # Whoever set another handler meanwhile wants that one.
        if signal.getsignal(number) is _on_signal:
            signal.signal(number, handler)
    _handlers.clear()


@contextmanager
def _blocked_signals() -> Generator[None]:
    """Inside, the kernel delivers none: handlers are never half exchanged."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _deliver(numbers: list[int]) -> None:
    """Let each signal arrive, though the handler of one before it raised."""
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
