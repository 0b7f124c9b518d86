"""The plan: waves cut into shares for lanes, with as few barriers as pay for themselves.

A *step* is what runs between two barriers. Waves too narrow to be worth a barrier are merged
into one *span*, a step of one share, which one lane runs alone and in order. A wide wave is a
step of several shares of near-equal cost, which any lanes run at the same time.

Guarantees: steps one after another respect every edge; two shares of the same step never
conflict; the same input always gives the same plan. It is known before anything runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .costs import checked_costs, running_costs
from .dag import Dag


@dataclass(frozen=True, eq=False)
class Plan:
    """Steps of shares of transactions, as columns.

    `order` uint32[n]: positions, wave after wave, ascending within each.
    `wave_offsets` int64[w+1]: wave i is order[wave_offsets[i]:wave_offsets[i+1]].
    `share_offsets` int64[k+1]: share i is order[share_offsets[i]:share_offsets[i+1]].
    `step_offsets` int64[s+1]: step j has shares step_offsets[j]:step_offsets[j+1], at least one.
    `step_wave_first`, `step_wave_last` int64[s]: the waves of each step, both included.
    """

    order: NDArray[np.uint32]
    wave_offsets: NDArray[np.int64]
    share_offsets: NDArray[np.int64]
    step_offsets: NDArray[np.int64]
    step_wave_first: NDArray[np.int64]
    step_wave_last: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of steps."""
        return len(self.step_offsets) - 1

    def shares(self, step: int) -> list[NDArray[np.uint32]]:
        """The positions of each share of one step. Raises IndexError."""
        if not 0 <= step < len(self):
            raise IndexError(f"no step {step} among {len(self)}")
        first, last = self.step_offsets[step : step + 2]
        bounds: list[int] = self.share_offsets[first : last + 1].tolist()
        return [self.order[start:stop] for start, stop in pairwise(bounds)]


def cut_shares(costs: ArrayLike, workers: int, share_cost_min: int) -> NDArray[np.int64]:
    """Cut one wave into at most `workers` contiguous shares of near-equal cost.

    `costs` int64[n], in the order of the wave. Returns int64[k+1] offsets: share i is
    offsets[i]:offsets[i+1], never empty (k = 0 only for an empty wave). There are as many shares
    as `share_cost_min` allows each on average, and none costs more than total / k' (rounded up) +
    the largest cost, where k' is their number before those that would be empty are dropped.
    """
    column = checked_costs(costs, np.size(costs))
    running = running_costs(column, max(1, workers))
    wave = np.array([0, len(column)], dtype=np.int64)
    if len(column) == 0:
        return wave[:1]
    counts = _share_counts(running, wave, workers, share_cost_min)
    return np.concatenate((wave[:1], _cuts(running, wave, counts), wave[1:]))


def make_plan(
    dag: Dag, costs: ArrayLike, workers: int, wave_cost_narrow: int, share_cost_min: int = 1
) -> Plan:
    """The plan of a block for `workers` lanes; with 0 or 1 of them, one span.

    `costs` int64[n] by position. A wave that costs less than `wave_cost_narrow`, or that makes
    a single share (see `cut_shares`), goes into a span. Raises ValueError for bad costs.
    """
    waves = dag.waves
    column = checked_costs(costs, len(dag))[waves.order]
    running = running_costs(column, max(1, workers))
    counts = _share_counts(running, waves.offsets, workers, share_cost_min)
    counts[np.diff(running[waves.offsets]) < wave_cost_narrow] = 1
    cuts = _cuts(running, waves.offsets, counts)
    # A wave whose cuts all fell on its ends has one share after all.
    inner = np.searchsorted(waves.offsets, cuts, side="right") - 1
    wide = np.bincount(inner, minlength=len(waves)) > 0
    starts_step = wide.copy()
    starts_step[:1] = True
    starts_step[1:] |= wide[:-1]
    first = np.flatnonzero(starts_step)
    last = np.append(first[1:], len(waves)) - 1 if len(first) else first
    step_bounds = np.append(waves.offsets[first], len(dag))
    share_offsets = np.sort(np.concatenate((step_bounds, cuts))) if len(first) else step_bounds
    step_offsets = np.searchsorted(share_offsets, step_bounds)
    return Plan(waves.order, waves.offsets, share_offsets, step_offsets, first, last)


def _share_counts(
    running: NDArray[np.int64], waves: NDArray[np.int64], workers: int, share_cost_min: int
) -> NDArray[np.int64]:
    """How many shares each wave is worth: 1 … workers, and no more than it has transactions."""
    affordable = np.diff(running[waves]) // max(1, share_cost_min)
    return np.minimum(np.clip(affordable, 1, max(1, workers)), np.diff(waves))


def _cuts(
    running: NDArray[np.int64], waves: NDArray[np.int64], counts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where to cut, strictly inside the waves: ascending, each once.

    Cut k of c lies where the running cost comes nearest to k/c of its wave's total.
    """
    wave = np.repeat(np.arange(len(counts)), counts - 1)
    if len(wave) == 0:
        return np.empty(0, dtype=np.int64)
    before = np.cumsum(counts - 1) - (counts - 1)
    k = np.arange(len(wave)) - before[wave] + 1
    start, stop = waves[wave], waves[wave + 1]
    target = running[start] + (running[stop] - running[start]) * k // counts[wave]
    above = np.clip(np.searchsorted(running, target), start + 1, stop)
    below_is_nearer = target - running[above - 1] <= running[above] - target
    cuts = np.where(below_is_nearer, above - 1, above)
    inside = (cuts > start) & (cuts < stop)
    return np.unique(cuts[inside])
