"""A chain that has begun, over a runtime: what the application needs to judge and execute blocks.

Guarantees: follows from the state alone, and so is the same after a restart. Does not: commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from ..runtime import Runtime
from ..signatures.verifying import verify
from .admission import Admission
from .chain import Chain
from .limits import BLOCK_LEN_MAX, BLOCK_TRANSACTIONS_MAX, carried_len
from .parsed import ParsedTransactions
from .proposals import Executed, Proposals, execute, identity_of
from .recent_blocks import RecentBlocks


class RunningChain:
    """The chain `chain` at the last block that `runtime` has committed. Raises UsageError for a
    state whose last blocks were not made by a node."""

    def __init__(self, chain: Chain, runtime: Runtime) -> None:
        self.chain = chain
        self._runtime = runtime
        height = chain.height_of(runtime.height)
        self.parsed = ParsedTransactions(
            chain.lamports_per_signature, verify if chain.signatures else None
        )
        self.recent = RecentBlocks(chain, height, runtime.state.root, runtime.state.load)
        self.admission = Admission(runtime, self.parsed, self.recent)
        self._proposals = Proposals()
        self._set_sysvars()

    @property
    def next_height(self) -> int:
        return self.chain.height_of(self._runtime.height) + 1

    def execute(self, txs: Sequence[bytes]) -> Executed:
        """Execute a list of transactions as the next block, or find what came of it before.

        Raises MachineError; nothing has changed then.
        """
        identity = identity_of(txs)
        found = self._proposals.find(identity)
        if found is None:
            began = monotonic()
            judged = self.admission.judge(txs)
            judged_s = monotonic() - began
            found = execute(self._runtime, self.recent, judged, txs, judged_s)
            self._proposals.keep(identity, found)
        return found

    def committed(self, executed: Executed) -> None:
        """This was committed: go on with the next height."""
        self._proposals.clear()
        self.recent.advance(executed.entry, self._runtime.state.root)
        self._set_sysvars()

    def _set_sysvars(self) -> None:
        """The clock and the blockhashes of the next block: functions of the state."""
        self._runtime.sysvars = replace(
            self._runtime.sysvars,
            clock=self.chain.clock(self.next_height),
            recent_blockhashes=self.recent.blockhashes,
            lamports_per_signature=self.chain.lamports_per_signature,
        )


def is_within_limits(txs: Sequence[bytes]) -> bool:
    """Whether a block may have so many transactions, and so many bytes."""
    return len(txs) <= BLOCK_TRANSACTIONS_MAX and sum(map(carried_len, txs)) <= BLOCK_LEN_MAX
