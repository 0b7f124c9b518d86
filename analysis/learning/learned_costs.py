"""What transactions cost, learned from blocks that say so, by what the transactions call.

Three moving averages, the most telling first: of transactions that make the very same calls, in the
same order; by instruction, of which a transaction costs the sum; and of all transactions. What an
instruction alone costs no block says. So what a transaction costs more or less than the sum of its
instructions' averages shifts each of them by an equal part (the rule of least mean squares), and
instructions that were not seen before share what the others leave.

Guarantees: integers throughout; the same blocks in the same order give the same averages. At most
KINDS_MAX kinds of calls, and of instructions, are remembered, those learned last: strangers decide
what they call.
Source of the rule: B. Widrow, M. E. Hoff, Adaptive Switching Circuits, 1960.
"""

from __future__ import annotations

from enum import StrEnum
from math import isqrt
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...scheduler import Schedule
from .moving_average import MovingAverage

Calls = tuple[str, ...]
Kind = TypeVar("Kind", Calls, str)

KINDS_MAX: Final = 65_536


class Source(StrEnum):
    """What a cost was predicted from."""

    SAME_CALLS = "same_calls"
    INSTRUCTIONS = "instructions"
    AVERAGE = "average"


class PredictedCost(NamedTuple):
    """What one transaction is likely to cost, how far such ones lie from that, and the source.

    The deviation of several instructions is that of their sum if they vary independently.
    """

    cost: int
    deviation: int
    source: Source


class PredictedCosts(NamedTuple):
    """`costs` int64[n], and by how many transactions' costs each source predicted."""

    costs: NDArray[np.int64]
    sources: dict[Source, int]


class LearnedCosts:
    """Averages over the blocks learned so far, the latest counting most.

    >>> from sealane import load
    >>> block = load(b'''
    ... sealane: 1
    ... transactions:
    ...   - {id: long, cost: 90, instructions: [{memo.add_memo: {memo: hello}}]}
    ... ''').schedule()
    >>> costs = LearnedCosts()
    >>> costs.learn(block)
    >>> costs.predict(block).costs.tolist()
    [90]
    """

    def __init__(self) -> None:
        self.blocks = 0
        self._by_calls: dict[Calls, MovingAverage] = {}
        self._by_instruction: dict[str, MovingAverage] = {}
        self._of_all = MovingAverage()

    @property
    def transactions(self) -> int:
        """How many were learned from."""
        return self._of_all.count

    def learn(self, block: Schedule) -> None:
        """Learn from the transactions of a block that have a cost of their own."""
        self.blocks += 1
        costs: list[int] = block.costs.tolist()
        known: list[bool] = block.about.own_cost.tolist()
        for calls, cost, own in zip(block.about.calls, costs, known, strict=True):
            if own:
                self.learn_one(calls, cost)

    def learn_one(self, calls: Calls, cost: int) -> None:
        """Learn from one transaction: what it calls, and what it did cost."""
        self._of_all.add(cost)
        _latest(self._by_calls, calls).add(cost)
        self._learn_instructions(calls, cost)

    def _learn_instructions(self, calls: Calls, cost: int) -> None:
        unseen = [call for call in calls if call not in self._by_instruction]
        averages = [_latest(self._by_instruction, call) for call in calls]
        difference = cost - sum(average.value for average in averages)
        by_call = dict(zip(calls, averages, strict=True))
        shifted = [by_call[call] for call in dict.fromkeys(unseen)] or averages
        parts = len(unseen or calls)
        for average in shifted:
            average.shift(difference // parts)

    def predict(self, block: Schedule) -> PredictedCosts:
        """What a block's transactions are likely to cost, whether or not it says so."""
        found = [self.predict_one(calls) for calls in block.about.calls]
        costs = np.array([each.cost for each in found], dtype=np.int64)
        sources = [each.source for each in found]
        return PredictedCosts(costs, {source: sources.count(source) for source in Source})

    def predict_one(self, calls: Calls) -> PredictedCost:
        """What a transaction that calls this is likely to cost."""
        same = self._by_calls.get(calls)
        if same is not None and calls:
            return PredictedCost(same.value, same.deviation, Source.SAME_CALLS)
        if calls and all(call in self._by_instruction for call in calls):
            averages = [self._by_instruction[call] for call in calls]
            total = sum(average.value for average in averages)
            deviation = isqrt(sum(average.deviation**2 for average in averages))
            return PredictedCost(total, deviation, Source.INSTRUCTIONS)
        return PredictedCost(self._of_all.value, self._of_all.deviation, Source.AVERAGE)


def _latest(averages: dict[Kind, MovingAverage], kind: Kind) -> MovingAverage:
    """The average of a kind, which becomes the last to be forgotten."""
    average = averages.pop(kind, None)
    if average is None:
        average = MovingAverage()
        if len(averages) >= KINDS_MAX:
            del averages[next(iter(averages))]
    averages[kind] = average
    return average
