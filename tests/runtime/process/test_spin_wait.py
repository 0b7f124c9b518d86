"""Spinning for a message: only briefly, and only while the core is not contended."""

from __future__ import annotations

import os
import select
from typing import cast

import pytest

from sealane.runtime.process import spin_wait
from sealane.runtime.process.spin_wait import SPIN_S, spin_until_ready

YIELD_S = 0.01


class Clock:
    """A clock that only advances on a yield."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, yield_s: float) -> None:
        self.now = 1000.0
        self.yield_s = yield_s
        self.yields = 0
        monkeypatch.setattr(spin_wait, "perf_counter", lambda: self.now)
        monkeypatch.setattr(os, "sched_yield", self.pass_on)
        monkeypatch.setattr(spin_wait, "_contended_until", 0.0)

    def pass_on(self) -> None:
        self.yields += 1
        self.now += self.yield_s


class Polled:
    """A poll object that is ready after a number of calls."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def poll(self, timeout: int) -> list[tuple[int, int]]:
        assert timeout == 0
        self.looks -= 1
        return [(0, select.POLLIN)] if self.looks < 0 else []


def spin(looks: int) -> None:
    spin_until_ready(cast(select.poll, Polled(looks)))


def test_it_ends_when_something_is_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 1e-6)
    spin(5)
    assert clock.yields == 5


def test_it_ends_after_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 1e-5)
    spin(10**9)
    assert clock.now == pytest.approx(1000.0 + SPIN_S, abs=2e-5)


def test_it_ends_at_once_if_the_core_is_contended(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, YIELD_S)
    spin(10**9)
    assert clock.yields == 1
    spin(10**9)
    assert clock.yields == 1  # and is not tried again soon
    clock.now += 1.0
    clock.yield_s = 1e-6
    spin(5)
    assert clock.yields == 6
