"""A transaction's compute unit limit, read from all its instructions before it runs.

Does not: charge a price per unit (the block states its fees), or size any heap.
"""

from __future__ import annotations

import struct
from typing import Final

from ...primitives import Failure, InstructionErrors, Pubkey, TransactionErrors
from ..block.block import Block
from ..block.limits import COMPUTE_UNITS_MAX, COMPUTE_UNITS_PER_INSTRUCTION

COMPUTE_BUDGET_ID: Final = Pubkey.of("compute_budget")
REQUEST_COMPUTE_UNITS: Final = 3_000  # default for a compute budget instruction, as any builtin's
HEAP_LEN_MIN: Final = 32 * 1024
HEAP_LEN_MAX: Final = 256 * 1024
_HEAP_STEP: Final = 1024
_HEAP_FRAME, _UNIT_LIMIT, _UNIT_PRICE, _DATA_LIMIT = 1, 2, 3, 4  # the instructions' tags
_VALUES: Final = {
    _HEAP_FRAME: struct.Struct("<I"),
    _UNIT_LIMIT: struct.Struct("<I"),
    _UNIT_PRICE: struct.Struct("<Q"),
    _DATA_LIMIT: struct.Struct("<I"),
}


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
            return min(COMPUTE_UNITS_MAX, COMPUTE_UNITS_PER_INSTRUCTION * (end - start))
        asked: dict[int, int] = {}
        called: list[int] = self._columns.programs[start:end].tolist()
        for index, program in enumerate(called):
            if program != self._program:
                continue
            refused = self._read(start + index, index, asked)
            if refused is not None:
                return refused
        requests = called.count(self._program)
        default = COMPUTE_UNITS_PER_INSTRUCTION * (len(called) - requests)
        limit = asked.get(_UNIT_LIMIT, default + REQUEST_COMPUTE_UNITS * requests)
        if asked.get(_DATA_LIMIT) == 0:
            return Failure.of_rule(TransactionErrors.InvalidLoadedAccountsDataSizeLimit)
        return min(COMPUTE_UNITS_MAX, limit)

    def _read(self, row: int, index: int, asked: dict[int, int]) -> Failure | None:
        """Add what one instruction requests to `asked`; returns a failure if it is invalid."""
        data = self._columns.data
        start, end = self._columns.data_offsets[row : row + 2].tolist()
        raw = bytes(data[start:end])
        value = _VALUES.get(raw[0]) if raw else None
        if value is None or len(raw) <= value.size:
            return Failure.of_rule(InstructionErrors.InvalidInstructionData, instruction=index)
        if raw[0] in asked:
            return Failure.of_rule(TransactionErrors.DuplicateInstruction, instruction=index)
        (asked[raw[0]],) = value.unpack_from(raw, 1)
        if raw[0] == _HEAP_FRAME and not _is_heap_len(asked[_HEAP_FRAME]):
            return Failure.of_rule(InstructionErrors.InvalidInstructionData, instruction=index)
        return None


def _is_heap_len(length: int) -> bool:
    return HEAP_LEN_MIN <= length <= HEAP_LEN_MAX and length % _HEAP_STEP == 0
