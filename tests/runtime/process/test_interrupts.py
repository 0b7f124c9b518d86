"""Signals are distinguished from exceptions of programs, and can be deferred."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from sealane.runtime.process.interrupts import (
    held_signals,
    is_interrupt,
    raise_if_interrupted,
    watched_signals,
)


class Rung(Exception):
    """Raised by the signal handler of these tests."""


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The signals that a handler of SIGUSR1 and SIGUSR2 received; it raises."""
    numbers: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        numbers.append(number)
        raise Rung(number)

    before = {each: signal.signal(each, hear) for each in (signal.SIGUSR1, signal.SIGUSR2)}
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


def test_an_exception_of_a_signal_handler_is_recognized(heard: list[int]) -> None:
    with watched_signals():
        with pytest.raises(Rung) as caught:
            signal.raise_signal(signal.SIGUSR1)
        assert is_interrupt(caught.value)
        assert not is_interrupt(Rung(signal.SIGUSR1))
        with pytest.raises(Rung) as again:
            raise_if_interrupted()
        assert again.value is caught.value
    with watched_signals():
        raise_if_interrupted()  # it was of the block before


def test_the_handlers_are_restored(heard: list[int]) -> None:
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGUSR1, signal.SIGTERM)]
    with watched_signals(), held_signals():
        pass
    after = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGUSR1, signal.SIGTERM)]
    assert after == before


def test_a_handler_that_was_set_inside_stays(heard: list[int]) -> None:
    with watched_signals():
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_IGN


def test_all_held_signals_are_delivered_at_the_end(heard: list[int]) -> None:
    done: list[str] = []

    def work() -> None:
        with held_signals():
            signal.raise_signal(signal.SIGUSR2)
            with held_signals():
                signal.raise_signal(signal.SIGUSR1)
            done.append("all")

    with pytest.raises(Rung):
        work()
    assert done == ["all"]
    assert heard == [signal.SIGUSR2, signal.SIGUSR1]


def test_in_other_threads_nothing_is_deferred(heard: list[int]) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with watched_signals(), held_signals():
            inside.set()
            assert go_on.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(Rung):
        signal.raise_signal(signal.SIGUSR1)
    go_on.set()
    thread.join(10)
