"""The facts about a block from which its route is chosen.

Facts that take time to compute (waves, an estimate, the size of a message) are computed on first
access: a block of ten transactions is executed in less time than its DAG takes to build.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np

from ...programs.kit.program.program_set import ProgramSet
from ...scheduler import Dag, Waves
from ..batch.call_signatures import CallSignature, CallSignatures
from ..block.block import Block
from ..block.limits import BLOCK_DATA_GROWTH_MAX
from ..svm.execution_inputs import ExecutionInputs
from ..workers.inline_blocks import InlineDraft, draft_block

_SAMPLE_LEN: Final = 1024
# Rough time for one transaction: vectorized; in a row loop; in a row loop with a context, through
# which most handlers call another program; executed alone.
_VECTORIZED_S: Final = 0.2e-6
_ROW_LOOP_S: Final = 2e-6
_WITH_CONTEXT_S: Final = 15e-6
_ALONE_S: Final = 20e-6


class BlockFacts:
    """What is known about a block before it is executed. Passed to a RoutePolicy.

    `transactions`: how many it has. `workers`: how many the runtime may use, at least 1.
    `started`: whether they are running. `worker_memory_bytes`: the limit for each. `measured_s`:
    a worker's seconds per transaction in the last block that called the same programs, or a guess.
    """

    def __init__(
        self,
        inputs: ExecutionInputs,
        dag: Callable[[], Dag],
        *,
        workers: int,
        started: bool,
        worker_memory_bytes: int,
        measured_s: float,
    ) -> None:
        self.transactions = len(inputs.block)
        self.workers = workers
        self.started = started
        self.worker_memory_bytes = worker_memory_bytes
        self.measured_s = measured_s
        self._inputs = inputs
        self._dag = dag

    @cached_property
    def trusted(self) -> bool:
        """Whether the block calls only programs that cannot crash the caller's process."""
        return calls_trusted_only(self._inputs.block, self._inputs.programs)

    @cached_property
    def new_data_bytes(self) -> int:
        """Bytes of account data that the block may allocate, at most."""
        return min(sum(self._inputs.block.allocations.values()), BLOCK_DATA_GROWTH_MAX)

    @cached_property
    def waves(self) -> Waves:
        """The block's waves. Builds its DAG unless that exists."""
        return self._dag().waves

    @cached_property
    def estimated_s(self) -> float:
        """Estimate of the seconds that the block takes in the caller's process, from a sample."""
        signatures = CallSignatures(self._inputs.block, self._inputs.programs)
        sample = np.arange(
            0, self.transactions, 1 + self.transactions // _SAMPLE_LEN, dtype=np.int64
        )
        found = signatures.of(sample)
        seconds = [_transaction_s(signature) for signature in signatures.table]
        # NO_SIGNATURE is -1, which selects the last item.
        return float(np.array([*seconds, _ALONE_S])[found].mean()) * self.transactions

    @property
    def message_bytes(self) -> int:
        """Size in bytes of a message with the whole block and the states of its accounts."""
        return self.inline_draft.size

    @cached_property
    def inline_draft(self) -> InlineDraft:
        """The draft of that message."""
        return draft_block(self._inputs)


def calls_trusted_only(block: Block, programs: ProgramSet) -> bool:
    """Whether the block calls only programs that cannot crash this process."""
    called = [programs.get(program_id) for program_id in block.program_ids]
    return all(program is None or program.trusted for program in called)


def _transaction_s(signature: CallSignature) -> float:
    if signature.vectorized:
        return _VECTORIZED_S
    if signature.by_row:
        return _WITH_CONTEXT_S if signature.takes_context else _ROW_LOOP_S
    return _ALONE_S
