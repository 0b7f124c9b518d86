"""Two clocks for one block: waves count transactions, time counts costs.

By count, a wave is a step. By cost, a wave is over only when its costliest transaction is, and
a transaction need not wait for its wave at all, only for those that it conflicts with.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..chains import heaviest_until
from ..dag import Dag
from ..waves import Waves


class BarrierClock(NamedTuple):
    """Wave after wave, each transaction of a wave beginning with it, however many there are.

    `starts` [w+1]: when each wave begins, and when the last one ends. `held`: what all transactions
    take, each from the begin of its wave to its end. `idle`: the part of it, 0 to 1, in which they
    are done and wait for the costliest of their wave.
    """

    starts: list[int]
    held: int
    idle: float


def barrier_clock(waves: Waves, costs: Sequence[int]) -> BarrierClock:
    """When waves begin if each waits for the one before. Exact at any size of the costs."""
    spans: list[int] = []
    held = used = 0
    for wave in waves:
        positions: list[int] = wave.tolist()
        own = [costs[position] for position in positions]
        spans.append(max(own))
        held += spans[-1] * len(own)
        used += sum(own)
    return BarrierClock([0, *accumulate(spans)], held, 1 - used / held if held else 0.0)


def earliest_starts(dag: Dag, costs: Sequence[int]) -> list[int]:
    """When each transaction can begin if it waits for those before it alone, by position."""
    ends = dag.order.by_position(heaviest_until(dag.order, costs))
    return [end - cost for end, cost in zip(ends, costs, strict=True)]


def mean_running(
    starts: Sequence[int], ends: Sequence[int], span: tuple[int, int], columns: int
) -> NDArray[np.float64]:
    """float64[columns]: how many run, on average, in each of so many equal parts of a span of time.

    Rounded as floats are: for drawings.
    """
    first, last = span
    borders = np.linspace(first, last, columns + 1)
    if last <= first:
        return np.zeros(columns)
    run_until = _time_since(np.array(starts, np.float64), borders) - _time_since(
        np.array(ends, np.float64), borders
    )
    return np.maximum(np.diff(run_until), 0) * (columns / (last - first))


def _time_since(moments: NDArray[np.float64], borders: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each border, the sum over all moments before it of the time that has gone by since."""
    ordered = np.sort(moments)
    sums = np.concatenate(([0.0], np.cumsum(ordered)))
    before = np.searchsorted(ordered, borders, side="right")
    return before * borders - sums[before]
