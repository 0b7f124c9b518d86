"""What the route of a block is chosen by.

What takes time to find out (waves, an estimate, the size of a message) is found out when it is
first asked for: a block of ten transactions is done before its DAG would be.
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
# What a transaction takes, roughly: vectorized; called row by row; the same with a context,
# through which most handlers call another program; executed alone.
_VECTORIZED_S: Final = 0.2e-6
_ROW_LOOP_S: Final = 2e-6
_WITH_CONTEXT_S: Final = 15e-6
_ALONE_S: Final = 20e-6


class BlockFacts:
    """What is known of a block before it is executed.

    `transactions`: how many it has. `workers`: how many there may be, 1 at least; `started`:
    whether they run already. `worker_memory_bytes`: what each may use. `measured_s`: seconds of a
    worker that each transaction took in the last block that called the same programs, or a guess.
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
        """Whether no program that the block calls could take the caller's process down."""
        return calls_trusted_only(self._inputs.block, self._inputs.programs)

    @cached_property
    def new_data_bytes(self) -> int:
        """How much data the block may give accounts, at most."""
        return min(sum(self._inputs.block.allocations.values()), BLOCK_DATA_GROWTH_MAX)

    @cached_property
    def waves(self) -> Waves:
        """Builds the block's DAG, unless there is one."""
        return self._dag().waves

    @cached_property
    def estimated_s(self) -> float:
        """About how long the block takes in the caller's process, judged by a sample."""
        signatures = CallSignatures(self._inputs.block, self._inputs.programs)
        sample = np.arange(
            0, self.transactions, 1 + self.transactions // _SAMPLE_LEN, dtype=np.int64
        )
        found = signatures.of(sample)
        seconds = [_transaction_s(signature) for signature in signatures.table]
        # NO_SIGNATURE is -1, so the last.
        return float(np.array([*seconds, _ALONE_S])[found].mean()) * self.transactions

    @property
    def message_bytes(self) -> int:
        """How large the message is that has the whole block and the states of its accounts."""
        return self.inline_draft.size

    @cached_property
    def inline_draft(self) -> InlineDraft:
        """For the message itself."""
        return draft_block(self._inputs)


def calls_trusted_only(block: Block, programs: ProgramSet) -> bool:
    """Whether no program that the block calls could take this process down."""
    called = [programs.get(program_id) for program_id in block.program_ids]
    return all(program is None or program.trusted for program in called)


def _transaction_s(signature: CallSignature) -> float:
    if signature.vectorized:
        return _VECTORIZED_S
    if signature.by_row:
        return _WITH_CONTEXT_S if signature.takes_context else _ROW_LOOP_S
    return _ALONE_S
