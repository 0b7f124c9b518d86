"""Percentiles held to those of the sorted times themselves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.node.stress.latencies import RELATIVE_ERROR, Latencies

times = st.lists(st.floats(1e-6, 1e3), min_size=1, max_size=200)


@given(times)
def test_percentiles(seconds: list[float]) -> None:
    latencies = Latencies()
    for each in seconds:
        latencies.add(each)
    ranked = sorted(seconds)
    for share in (0.01, 0.5, 0.9, 0.99, 1.0):
        exact = ranked[math.ceil(share * len(ranked)) - 1]
        found = latencies.percentile(share)
        assert exact * (1 - 1e-9) <= found <= exact * (1 + RELATIVE_ERROR) * (1 + 1e-9)
    summary = latencies.summary()
    assert (summary.number, summary.max) == (len(seconds), ranked[-1])
    assert summary.mean == pytest.approx(sum(seconds) / len(seconds))


def test_nothing_measured() -> None:
    assert Latencies().summary() == (0, 0, 0, 0, 0, 0)


def test_what_took_no_time_counts() -> None:
    latencies = Latencies()
    latencies.add(0.0)
    assert latencies.summary() == (1, 0, 0, 0, 0, 0)


def test_memory_does_not_grow_with_the_number_of_times() -> None:
    latencies = Latencies()
    for number in range(100_000):
        latencies.add(0.001 + number * 1e-9)
    assert latencies.bucket_count < 20
