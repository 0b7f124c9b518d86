"""A block at learned costs, in place of its own or of missing ones."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...primitives.one_line import counted
from ...scheduler import Schedule
from .fit import Fit, fit_of
from .learned_costs import LearnedCosts, Source


class LearnedBlock(NamedTuple):
    """`schedule`: the block at learned costs. `blocks`, `transactions`: how many they are from.

    `sources`: by how many of its transactions each source predicted. `fit`: how well, where the
    block has costs of its own.
    """

    schedule: Schedule
    blocks: int
    transactions: int
    sources: dict[Source, int]
    fit: Fit | None

    def to_dict(self) -> dict[str, Any]:
        """As `learned` of `sealane simulate --json`."""
        return {
            "blocks": self.blocks,
            "transactions": self.transactions,
            "predicted_from": {source.value: count for source, count in self.sources.items()},
            "fit": None if self.fit is None else self.fit.to_dict(),
        }


def at_learned_costs(
    block: Schedule, costs: LearnedCosts, policy: str, workers: list[int]
) -> LearnedBlock:
    """The block at these costs; makespans are compared under `policy` on so many workers."""
    predicted = costs.predict(block)
    learned = block.with_costs(
        predicted.costs,
        f"costs are predicted from {counted(costs.transactions, 'transaction')} of "
        f"{counted(costs.blocks, 'earlier block')}",
    )
    fit = fit_of(block, learned, policy, workers)
    return LearnedBlock(learned, costs.blocks, costs.transactions, predicted.sources, fit)
