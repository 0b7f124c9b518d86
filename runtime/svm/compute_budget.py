"""A transaction's compute unit limit, read from a block's columns before it runs.

Does not: charge a price per unit (the block states its fees).
"""

from __future__ import annotations

from collections.abc import Iterator

from ...primitives import Failure
from ...primitives.known_keys import COMPUTE_BUDGET_ID
from ...wire.compute_budget import default_budget, read_budget
from ..block.block import Block


class ComputeBudgets:
    """The compute budgets of one block's transactions."""

    def __init__(self, block: Block) -> None:
        self._columns = block.instructions
        ids = list(block.program_ids)
        # Most blocks never call the program, and then there is nothing to read.
        self._program = ids.index(COMPUTE_BUDGET_ID) if COMPUTE_BUDGET_ID in ids else None

    def limit_of(self, start: int, end: int) -> int | Failure:
        """The compute units that a transaction with the instructions `start` to `end` may use.

        Returns a Failure instead if it sets the same value twice, or an invalid one.
        """
        if self._program is None:
            return default_budget(end - start).limit
        budget = read_budget(end - start, self._requests(start, end))
        return budget if isinstance(budget, Failure) else budget.limit

    def _requests(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        columns = self._columns
        called: list[int] = columns.programs[start:end].tolist()
        for index, program in enumerate(called):
            if program == self._program:
                row = start + index
                first, after = columns.data_offsets[row : row + 2].tolist()
                yield index, bytes(columns.data[first:after])
