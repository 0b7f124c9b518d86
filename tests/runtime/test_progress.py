"""What lanes are at, and which of them stand still."""

from __future__ import annotations

import numpy as np
import pytest

from sealane.runtime.progress import (
    OrderRange,
    ProgressCell,
    Standstill,
    empty_progress,
    suspects_of,
)

ORDER = np.array([3, 1, 0, 2], dtype=np.uint32)


def test_a_cell_tells_a_transaction_a_group_or_nothing() -> None:
    progress = empty_progress(2)
    cell = ProgressCell(progress, 1)
    assert suspects_of(progress[1], ORDER) is None
    cell.position[0] = 0
    assert suspects_of(progress[1], ORDER) == OrderRange(2, 3)
    cell.begin_group(1, 4, 0)
    assert suspects_of(progress[1], ORDER) == OrderRange(1, 4)
    cell.rest()
    assert suspects_of(progress[1], ORDER) is None
    assert suspects_of(progress[0], ORDER) is None


def test_a_lane_that_gets_ahead_may_take_as_long_as_it_likes() -> None:
    progress = empty_progress(3)
    cell = ProgressCell(progress, 1)
    standstill = Standstill(progress, limit_s=1.0)
    for position in range(10):
        cell.position[0] = position
        assert standstill.look([1], 0.9) == []


@pytest.mark.parametrize(("looks", "late"), [(3, []), (4, [2])])
def test_a_lane_is_late_past_the_limit_and_not_at_it(looks: int, late: list[int]) -> None:
    progress = empty_progress(3)
    other = ProgressCell(progress, 1)
    standstill = Standstill(progress, limit_s=1.0)
    found: list[int] = []
    for position in range(looks):
        other.position[0] = position
        found = standstill.look([1, 2], 0.5)
    assert found == late


def test_a_lane_that_moves_on_begins_anew() -> None:
    progress = empty_progress(2)
    cell = ProgressCell(progress, 1)
    standstill = Standstill(progress, limit_s=1.0)
    for _ in range(3):
        assert standstill.look([1], 0.5) == []
    cell.position[0] = 7
    for _ in range(3):
        assert standstill.look([1], 0.5) == []
    assert standstill.look([1], 0.5) == [1]
