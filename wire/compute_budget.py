"""What a transaction asks for by compute budget instructions, which are read before it runs.

Guarantees: one reading of them for all; the same value twice, or an invalid one, is a Failure, by
the chain's rules. Does not: charge anything, or size a heap.

Source: process_compute_budget_instructions of Agave.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final, NamedTuple

from ..primitives import Failure, InstructionErrors, TransactionErrors

COMPUTE_UNITS_PER_INSTRUCTION: Final = 200_000  # default limit, times top-level instructions
COMPUTE_UNITS_MAX: Final = 1_400_000  # of one transaction
REQUEST_COMPUTE_UNITS: Final = 3_000  # default for a compute budget instruction, as any builtin's
HEAP_LEN_MIN: Final = 32 * 1024
HEAP_LEN_MAX: Final = 256 * 1024
_HEAP_STEP: Final = 1024
# The instructions' tags.
_HEAP_FRAME: Final = 1
UNIT_LIMIT: Final = 2
_UNIT_PRICE: Final = 3
DATA_LIMIT: Final = 4
_VALUES: Final = {
    _HEAP_FRAME: struct.Struct("<I"),
    UNIT_LIMIT: struct.Struct("<I"),
    _UNIT_PRICE: struct.Struct("<Q"),
    DATA_LIMIT: struct.Struct("<I"),
}


class ComputeBudget(NamedTuple):
    """The compute units that a transaction may use, and what it offers for each, in millionths of a
    lamport."""

    limit: int
    price: int = 0


def default_budget(instructions: int) -> ComputeBudget:
    """The budget of a transaction that asks for nothing."""
    return ComputeBudget(min(COMPUTE_UNITS_MAX, COMPUTE_UNITS_PER_INSTRUCTION * instructions))


def read_budget(
    instructions: int, requests: Iterable[tuple[int, bytes]]
) -> ComputeBudget | Failure:
    """The budget of a transaction of so many instructions.

    `requests`: those of the compute budget program, each with its position and data.
    """
    asked: dict[int, int] = {}
    count = 0
    for index, data in requests:
        count += 1
        refused = _read(index, data, asked)
        if refused is not None:
            return refused
    if asked.get(DATA_LIMIT) == 0:
        return Failure.of_rule(TransactionErrors.InvalidLoadedAccountsDataSizeLimit)
    default = COMPUTE_UNITS_PER_INSTRUCTION * (instructions - count) + REQUEST_COMPUTE_UNITS * count
    limit = min(COMPUTE_UNITS_MAX, asked.get(UNIT_LIMIT, default))
    return ComputeBudget(limit, asked.get(_UNIT_PRICE, 0))


def _read(index: int, data: bytes, asked: dict[int, int]) -> Failure | None:
    """Add what one instruction requests to `asked`; returns a failure if it is invalid."""
    value = _VALUES.get(data[0]) if data else None
    if value is None or len(data) <= value.size:
        return Failure.of_rule(InstructionErrors.InvalidInstructionData, instruction=index)
    if data[0] in asked:
        return Failure.of_rule(TransactionErrors.DuplicateInstruction, instruction=index)
    (asked[data[0]],) = value.unpack_from(data, 1)
    if data[0] == _HEAP_FRAME and not _is_heap_len(asked[_HEAP_FRAME]):
        return Failure.of_rule(InstructionErrors.InvalidInstructionData, instruction=index)
    return None


def _is_heap_len(length: int) -> bool:
    return HEAP_LEN_MIN <= length <= HEAP_LEN_MAX and length % _HEAP_STEP == 0
