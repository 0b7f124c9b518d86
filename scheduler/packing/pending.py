"""Those that wait, as columns: what a packer has to know of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from ...primitives import UsageError
from ..access import AccessLists
from .block_costs import Item


@dataclass(frozen=True, eq=False, repr=False)
class Pending:
    """Transactions 0 … n-1, in the order of arrival. `of` checks the columns.

    `costs`: by the cost model, of what is declared. `priorities`: the higher, the earlier. `items`:
    what counts towards limits. `expected_costs`: what they will cost by experience, or None.
    """

    access: AccessLists
    priorities: Sequence[int]
    items: list[Item]
    expected_costs: Sequence[int] | None = None

    def __len__(self) -> int:
        """The number of transactions."""
        return len(self.items)

    def __repr__(self) -> str:
        return f"<Pending: {len(self):,} transactions>"

    @classmethod
    def of(
        cls,
        access: AccessLists,
        costs: Sequence[int],
        priorities: Sequence[int],
        *,
        sizes: Sequence[int] | None = None,
        allocated: Sequence[int] | None = None,
        simple_votes: Sequence[bool] | None = None,
        expected_costs: Sequence[int] | None = None,
    ) -> Self:
        """`sizes` (bytes), `allocated` (bytes of account data): 0 by default; no votes by default.

        Raises UsageError for a column of another length, and for a cost or size below 0.

        >>> access, _ = AccessLists.from_sets([([], ["alice"]), (["alice"], ["bob"])])
        >>> Pending.of(access, costs=[1_000, 2_000], priorities=[5, 9])
        <Pending: 2 transactions>
        """
        count = len(access)
        no_bytes = [0] * count
        sizes = no_bytes if sizes is None else sizes
        allocated = no_bytes if allocated is None else allocated
        simple_votes = [False] * count if simple_votes is None else simple_votes
        for name, column in (
            ("costs", costs),
            ("priorities", priorities),
            ("sizes", sizes),
            ("allocated", allocated),
            ("simple_votes", simple_votes),
            ("expected_costs", costs if expected_costs is None else expected_costs),
        ):
            if len(column) != count:
                raise UsageError(f"{name} has {len(column)} entries for {count} transactions")
        for name, column in (("costs", costs), ("sizes", sizes), ("allocated", allocated)):
            if min(column, default=0) < 0:
                raise UsageError(f"{name} has an entry below 0: {min(column)}")
        rows = zip(costs, _written(access), simple_votes, allocated, sizes, strict=True)
        return cls(access, priorities, [Item(*row) for row in rows], expected_costs)


def _written(access: AccessLists) -> list[list[int]]:
    """The accounts that each transaction writes; adding to one is writing it."""
    writes = access.writes if access.adds is None else access.writes | access.adds
    accounts: list[int] = access.accounts[writes].tolist()
    before = np.concatenate(([0], np.cumsum(writes)))
    bounds: list[int] = before[access.offsets].tolist()
    return [accounts[start:stop] for start, stop in pairwise(bounds)]
