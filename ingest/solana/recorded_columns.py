"""A recorded block as the runtime's columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...runtime import Block
from ...runtime.block.block import NO_PAYER, InstructionColumns
from ...scheduler import AccessLists
from .recorded import RecordedBlock


def plan_only_block(recorded: RecordedBlock) -> Block:
    """A block with the recorded locks and costs only: it can be planned, not run."""
    count = len(recorded.ids)
    return recorded_block(
        recorded,
        payers=np.full(count, NO_PAYER, dtype=np.int64),
        fees=recorded.fee,
        instructions=InstructionColumns.none(count),
    )


def recorded_block(
    recorded: RecordedBlock,
    *,
    payers: NDArray[np.int64],
    fees: NDArray[np.uint64],
    instructions: InstructionColumns,
    program_ids: Sequence[Pubkey] = (),
    programs: tuple[object, ...] = (),
) -> Block:
    """A block with the recorded ids, keys, locks and compute units, and the given instructions."""
    return Block(
        ids=recorded.ids,
        keys=recorded.keys,
        access=AccessLists.from_columns(*recorded.access_columns()),
        payers=payers,
        fees=fees,
        costs=recorded.compute_units.astype(np.int64),
        instructions=instructions,
        program_ids=program_ids,
        programs=programs,
    )
