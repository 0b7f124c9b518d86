"""Compares random calls of one instruction in the loop and alone: outcomes and handler calls."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.programs.kit import InstructionSpec
from sealane.testing.batch import BatchRow, compare_rows


def compare_random_rows(
    spec: InstructionSpec,
    rows: Callable[[int], st.SearchStrategy[BatchRow]],
    called: list[int],
    kept: list[object],
) -> tuple[int, set[str]]:
    """Returns how many rows stayed in the loop, and the names of the failures.

    `rows` draws the row of each number. Handlers note their calls in `called`, and may keep things
    in `kept`.
    """
    stayed_in_all = 0
    met: set[str] = set()

    @settings(
        max_examples=400,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    @given(st.integers(1, 14).flatmap(lambda n: st.tuples(*map(rows, range(n)))))
    def check(drawn: tuple[BatchRow, ...]) -> None:
        nonlocal stayed_in_all
        kept.clear()
        called.clear()
        stayed, failures = compare_rows(spec, drawn)
        alone, in_rows = called[: len(called) // 2], called[len(called) // 2 :]
        assert sorted(in_rows) == sorted(alone)  # their order within a wave is free
        stayed_in_all += stayed
        met.update(failures)

    check()
    return stayed_in_all, met
