"""A block that was executed and is not committed: what comes between `execute` and its `Result`.

Several candidates may exist at one height, and all but one are simply dropped: nothing of them is
anywhere else. Does not: outlive the state that it was executed on. As soon as another block is
committed, or an account is placed, a candidate is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import monotonic

from ..primitives import Account, Pubkey
from .block.block import Block
from .commitments.commitment import NextRoot
from .engine.block_executor import LazyDag
from .engine.result import Result, Timing
from .engine.stages import Moments, place_on_clock
from .state.block_changes import BlockChanges
from .state.state import BlockSummary
from .svm.execution_outcome import Execution
from .svm.receipt import Receipts


@dataclass(frozen=True, eq=False)
class ExecutedBlock:
    """A block and what its execution gave. `started_s`, `built_s`, `executed_s`: when the call
    began, its block was built, and it had been executed, in seconds on the monotonic clock."""

    block: Block
    dag: LazyDag
    execution: Execution
    input_hash: bytes
    started_s: float
    built_s: float
    executed_s: float

    @cached_property
    def changed(self) -> BlockChanges:
        return BlockChanges(self.block, self.execution.changed)

    @cached_property
    def receipts(self) -> Receipts:
        done = self.execution
        waves = self.dag().waves.wave_of
        return Receipts(self.block.ids, waves, done.fees, done.compute_units, done.details)

    @cached_property
    def summary(self) -> BlockSummary:
        failed = int(self.receipts.failed.sum())
        return BlockSummary(self.input_hash, len(self.block), failed, self.execute_s)

    @property
    def execute_s(self) -> float:
        return self.executed_s - self.built_s - self.dag.took_s

    def result(self, root: bytes, height: int, *, commit_began_s: float | None = None) -> Result:
        """The result at this height. `commit_began_s`: None if it is not committed."""
        done = monotonic()
        committed_s = 0.0 if commit_began_s is None else done - commit_began_s
        timing = Timing(
            schedule_s=self.built_s - self.started_s + self.dag.took_s,
            execute_s=self.execute_s,
            commit_s=committed_s,
            busy_s=self.execution.busy_s,
        )
        moments = Moments(
            self.started_s, self.built_s, self.executed_s, self.executed_s + committed_s
        )
        return Result(
            block=self.block,
            dag=self.dag(),
            transactions=self.receipts,
            accounts=self.changed,
            state_root=root.hex(),
            height=height,
            tries=self.execution.tries,
            timing=timing,
            timeline=place_on_clock(self.execution, moments, self.dag),
        )


@dataclass(frozen=True, repr=False, eq=False)
class Candidate:
    """What `Runtime.execute_candidate` returns and `Runtime.commit` takes.

    `placing`: accounts that are put in place in the same commit; no transaction of the block sees
    them. `next_root`: computed once, here and in the commit. `base`: what the
    runtime knows the state by that it was executed on.
    """

    executed: ExecutedBlock
    placing: Mapping[Pubkey, Account]
    next_root: NextRoot
    height: int
    base: object

    @property
    def root(self) -> bytes:
        """The state root that the block has if it is committed, 32 bytes."""
        return self.next_root.root

    @cached_property
    def result(self) -> Result:
        """Receipts and changed accounts, with the height and root that it has if committed."""
        return self.executed.result(self.root, self.height)

    def __repr__(self) -> str:
        return f"<Candidate for block {self.height}, root {self.root.hex()[:12]}…>"
