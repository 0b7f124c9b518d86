"""What waiting transactions are likely to use, learned from those that were executed before.

A transaction asks for more compute units than it uses, often by far. Whoever packs a block by what
is asked for leaves most of it empty; so what such calls used before is expected of them: the moving
average, and one deviation more, but never more than they ask for. Of calls that were not seen
before, what they ask for is expected.

Guarantees: deterministic, and bounded in memory as LearnedCosts is. Does not: change what counts
towards a block's limits, unless the packer is told so.
"""

from __future__ import annotations

from collections.abc import Iterable

from .learned_costs import Calls, LearnedCosts, Source


class ExpectedUnits:
    """Compute units by what a transaction calls: a name for each program and instruction tag.

    >>> expected = ExpectedUnits()
    >>> for used in (100, 140):
    ...     expected.learn(("token:03",), used)
    >>> expected.expect(("token:03",), asked=200_000), expected.expect(("vote:00",), asked=3_000)
    (140, 3000)
    """

    def __init__(self) -> None:
        self._costs = LearnedCosts()

    def learn(self, calls: Calls, used: int) -> None:
        """A transaction that called this used so many units."""
        self._costs.learn_one(calls, used)

    def learn_all(self, executed: Iterable[tuple[Calls, int]]) -> None:
        """The same of a block."""
        for calls, used in executed:
            self.learn(calls, used)

    def expect(self, calls: Calls, asked: int) -> int:
        """How many a transaction will use that calls this, and asks for so many."""
        found = self._costs.predict_one(calls)
        if found.source is Source.AVERAGE:  # which says nothing about these calls
            return asked
        return min(asked, found.cost + found.deviation)
