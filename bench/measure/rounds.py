"""Measures sides in rounds: warmed up, and alternating.

Guarantees: every side runs once in each round (A B A B …), so that other load on the machine
affects all alike, and ratios compare measurements close in time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from .scenario import Side

WARM_UPS: Final = 1
ROUNDS_DEFAULT: Final = 5
ROUNDS_MAX: Final = 1000

Prepared = TypeVar("Prepared")
Samples = dict[str, list[float]]


def measure_rounds(
    sides: Sequence[Side], rounds: int, announce: Callable[[str], None] | None = None
) -> Samples:
    """The figures of every side by name, in the order of the rounds."""
    samples: Samples = {side.name: [] for side in sides}
    for number in range(-WARM_UPS, rounds):
        for side in sides:
            if announce is not None:
                announce(f"{side.name}, round {number + 1} of {rounds}")
            gc.collect()  # one side's garbage must not be collected in another's time
            figure = side.measure()
            if number >= 0:
                samples[side.name].append(figure)
    return samples


def seconds_of(prepare: Callable[[], Prepared], work: Callable[[Prepared], object]) -> float:
    """The seconds that `work` takes on the result of `prepare`, without creating or freeing it."""
    given = prepare()
    started = perf_counter()
    done = work(given)
    elapsed = perf_counter() - started
    del done
    return elapsed


def rate(
    count: int, prepare: Callable[[], Prepared], work: Callable[[Prepared], object]
) -> Callable[[], float]:
    """A `measure` that returns a rate: `count` per second."""
    return lambda: count / seconds_of(prepare, work)


def duration(
    prepare: Callable[[], Prepared], work: Callable[[Prepared], object]
) -> Callable[[], float]:
    """A `measure` that returns seconds."""
    return lambda: seconds_of(prepare, work)
