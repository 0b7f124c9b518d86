"""How well learned costs did, on a block that has costs of its own."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives.exact_integers import exact_integer
from ...scheduler import Schedule


class Makespan(NamedTuple):
    """On so many workers: as predicted from learned costs, and at the block's own."""

    workers: int
    predicted: int
    actual: int


class Fit(NamedTuple):
    """Learned costs beside a block's own, over the `transactions` that have one.

    `median_error`: half of the transactions are off by no more than this part of their cost.
    `rank_correlation`: whether the costly ones were told from the cheap, from -1 to 1 (Spearman's);
    0 where all costs are alike. `makespans`: of one policy; none where some costs are missing.
    """

    transactions: int
    median_error: float
    rank_correlation: float
    policy: str
    makespans: tuple[Makespan, ...]

    def to_dict(self) -> dict[str, Any]:
        """As in `learned` of `sealane simulate --json`."""
        makespans = [
            {name: exact_integer(value) for name, value in each._asdict().items()}
            for each in self.makespans
        ]
        return self._asdict() | {"makespans": makespans}


def fit_of(own: Schedule, learned: Schedule, policy: str, workers: list[int]) -> Fit | None:
    """The fit of a block at its own and at learned costs; None where it has none of its own."""
    known = own.about.own_cost
    if not known.any():
        return None
    makespans: tuple[Makespan, ...] = ()
    if known.all():
        pairs = (
            block.simulate(workers, policies=policy).policies[policy] for block in (learned, own)
        )
        makespans = tuple(
            Makespan(there.workers, there.makespan, here.makespan)
            for there, here in zip(*pairs, strict=True)
        )
    costs, guesses = own.costs[known], learned.costs[known]
    errors = np.abs(guesses - costs) / np.maximum(costs, 1)
    return Fit(
        transactions=len(costs),
        median_error=float(np.median(errors)),
        rank_correlation=_rank_correlation(costs, guesses),
        policy=policy,
        makespans=makespans,
    )


def _rank_correlation(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    ranks, other_ranks = _ranks(one), _ranks(other)
    deviations = ranks - ranks.mean(), other_ranks - other_ranks.mean()
    spread = np.sqrt((deviations[0] ** 2).sum() * (deviations[1] ** 2).sum())
    return float((deviations[0] * deviations[1]).sum() / spread) if spread else 0.0


def _ranks(values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each value's place in order; equal values have the middle of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]
