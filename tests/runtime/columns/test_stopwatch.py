"""The stopwatch: what it notes, and what it passes on."""

from __future__ import annotations

import numpy as np
import pytest

from sealane.runtime.columns import stopwatch
from sealane.runtime.columns.stopwatch import NOTHING, ExecutionTimes, Stopwatch
from sealane.runtime.memory.progress import (
    GROUP,
    IDLE,
    ProgressCell,
    empty_progress,
    suspects_of,
)
from sealane.runtime.memory.timed_cell import timed_cell


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock is a nanosecond after the one before it: 1, 2, 3, …"""
    looks = iter(range(1, 100))
    monkeypatch.setattr(stopwatch, "monotonic_ns", lambda: next(looks))


def test_a_transaction_ends_when_the_next_begins_or_nothing_does() -> None:
    times, cell = ExecutionTimes.empty(3), [7]
    watch = Stopwatch(times, cell)
    for position in (2, 0, NOTHING, 1, NOTHING):
        watch[0] = position
        assert cell == [position]
    assert times.begun_ns.tolist() == [2, 4, 1]
    assert times.ended_ns.tolist() == [3, 5, 2]


def test_the_last_begin_counts() -> None:
    times = ExecutionTimes.empty(2)
    watch = Stopwatch(times, [0])
    for position in (0, 1, 0, NOTHING):
        watch[0] = position
    assert times.begun_ns.tolist() == [3, 2]
    assert times.ended_ns.tolist() == [4, 3]


def test_a_group_has_one_time_and_those_executed_again_their_own() -> None:
    cells, times = empty_progress(1), ExecutionTimes.empty(4)
    cell = timed_cell(ProgressCell(cells, 0), times)
    cell.position[0] = 3
    cell.begin_group(0, 3, 5, np.array([0, 1, 2]))
    assert cells[0, :4].tolist() == [GROUP, 0, 3, 5]
    assert suspects_of(cells[0], np.arange(4, dtype=np.uint32)).tolist() == [0, 1, 2]
    cell.rest()
    cell.position[0] = 1
    cell.rest()
    assert cells[0, 0] == IDLE
    assert times.ended_ns[3] < times.begun_ns[0] == times.begun_ns[2]
    assert times.ended_ns[0] == times.ended_ns[2] < times.begun_ns[1] < times.ended_ns[1]


def test_without_times_a_cell_stays_what_it_is() -> None:
    cell = ProgressCell(empty_progress(1), 0)
    assert timed_cell(cell, None) is cell
