"""What lanes are executing, and which of them have stalled."""

from __future__ import annotations

import numpy as np
import pytest

from sealane.runtime.memory.progress import ProgressCell, StallDetector, empty_progress, suspects_of

ORDER = np.array([3, 1, 0, 2], dtype=np.uint32)


def test_a_cell_shows_a_transaction_a_group_or_nothing() -> None:
    progress = empty_progress(2)
    cell = ProgressCell(progress, 1)
    assert suspects_of(progress[1], ORDER).tolist() == []
    cell.position[0] = 0
    assert suspects_of(progress[1], ORDER).tolist() == [0]
    cell.begin_group(1, 4, 0, ORDER[1:4])
    assert suspects_of(progress[1], ORDER).tolist() == [1, 0, 2]
    cell.rest()
    assert suspects_of(progress[1], ORDER).tolist() == []
    assert suspects_of(progress[0], ORDER).tolist() == []


def test_a_lane_that_makes_progress_has_no_deadline() -> None:
    progress = empty_progress(3)
    cell = ProgressCell(progress, 1)
    stall_detector = StallDetector(progress, limit_s=1.0)
    for position in range(10):
        cell.position[0] = position
        assert stall_detector.stalled([1], 0.9) == []


@pytest.mark.parametrize(("looks", "late"), [(3, []), (4, [2])])
def test_a_lane_is_late_past_the_limit_and_not_at_it(looks: int, late: list[int]) -> None:
    progress = empty_progress(3)
    other = ProgressCell(progress, 1)
    ProgressCell(progress, 2).position[0] = 99
    stall_detector = StallDetector(progress, limit_s=1.0)
    found: list[int] = []
    for position in range(looks):
        other.position[0] = position
        found = stall_detector.stalled([1, 2], 0.5)
    assert found == late


def test_progress_restarts_the_time_of_a_lane() -> None:
    progress = empty_progress(2)
    cell = ProgressCell(progress, 1)
    stall_detector = StallDetector(progress, limit_s=1.0)
    for _ in range(3):
        assert stall_detector.stalled([1], 0.5) == []
    cell.position[0] = 7
    for _ in range(3):
        assert stall_detector.stalled([1], 0.5) == []
    assert stall_detector.stalled([1], 0.5) == [1]


def test_a_lane_that_waits_for_a_busy_one_is_not_late() -> None:
    progress = empty_progress(3)
    worker = ProgressCell(progress, 1)
    stall_detector = StallDetector(progress, limit_s=1.0)
    for position in range(4):
        worker.position[0] = position
        assert stall_detector.stalled([1, 2], 0.9) == []
    for _ in range(2):
        assert 2 not in stall_detector.stalled([1, 2], 0.9)


def test_lanes_that_all_wait_become_late() -> None:
    stall_detector = StallDetector(empty_progress(3), limit_s=1.0)
    assert stall_detector.stalled([1, 2], 0.6) == []
    assert stall_detector.stalled([1, 2], 0.6) == []
    assert stall_detector.stalled([1, 2], 0.6) == [1, 2]
