"""Fixtures that every test folder shares."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .faults.aftermath import leftovers, until

REPOSITORY = Path(__file__).parent.parent

# No deadlines: how long an example takes is the machine's, not the code's. What fails is printed so
# that it can be run again; CI draws the same examples each time, and is red for what was changed.
settings.register_profile("people", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "people")


def pytest_collection_finish() -> None:
    """Take ten thousand collected tests out of every later garbage collection.

    A runtime collects garbage to find a view that a program kept: a tenth of a second each, with
    them, which made one test in three hundred take half the time of all.
    """
    draw_nothing()  # Hypothesis registers numpy's generator, and looks who refers to it
    gc.collect()
    gc.freeze()


@settings(max_examples=1, database=None)
@given(st.none())
def draw_nothing(nothing: None) -> None:
    assert nothing is None


@pytest.fixture(scope="session", autouse=True)
def nothing_left_at_the_end() -> Iterator[None]:
    """When all tests are done, no process, zombie or segment of ours is left."""
    yield
    until(lambda: not leftovers())
    assert leftovers() == []
