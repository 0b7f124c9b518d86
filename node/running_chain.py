"""A chain that has begun, over a runtime: what the application needs to judge and execute blocks.

Guarantees: follows from the state alone, and so is the same after a restart. Does not: commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import Any, Final

from ..primitives import Pubkey
from ..programs.kit import Rent, Sysvars
from ..runtime import Block, Runtime
from ..scheduler.packing import LIMITS_BY_SIMD, Policy
from ..signatures.schemes import SignatureCheck
from ..signatures.verifying import verify
from .admission import Admission, Judged, admitted_of
from .candidates import Candidates, Executed, execute, identity_of
from .chain.chain import Chain
from .chain.recent_blocks import RecentBlocks
from .limits import BLOCK_LEN_MAX, BLOCK_TRANSACTIONS_MAX, ProposalLimits, carried_len
from .parsed import ParsedTransactions
from .proposing import BuiltBlock, Choice, propose, within

FEW_CHECKS_MAX: Final = 8  # signatures that are verified in this process


class RunningChain:
    """The chain `chain` at the last block that `runtime` has committed. Raises UsageError for a
    state whose last blocks were not made by a node."""

    def __init__(self, chain: Chain, runtime: Runtime) -> None:
        self.chain = chain
        self._runtime = runtime
        height = chain.height_of(runtime.height)
        self.parsed = ParsedTransactions(
            chain.lamports_per_signature, self._verify if chain.signatures else None
        )
        self.recent = RecentBlocks(chain, height, runtime.state.root, runtime.state.load)
        self.admission = Admission(runtime, self.parsed, self.recent)
        self._limits = LIMITS_BY_SIMD[chain.block_limits]
        self._candidates = Candidates()
        self._set_sysvars()

    @property
    def next_height(self) -> int:
        return self.chain.height_of(self._runtime.height) + 1

    def lamports(self, key: Pubkey) -> int:
        """What an account holds after the last block."""
        return self._runtime.account(key).lamports

    def propose(
        self, txs: Sequence[bytes], limits: ProposalLimits, packing: Policy = Policy.GREEDY
    ) -> list[bytes]:
        """A proposal of these transactions, for the next block. Raises MachineError."""
        within_all = within(self._limits, limits)
        choice = propose(self._runtime, self.parsed, self.admission, txs, within_all, packing)
        raws = [each.raw for each in choice.transactions]
        if any(each.fee for each in choice.transactions):
            return self._paid(raws, choice)
        return raws

    def accept(self, txs: Sequence[bytes]) -> bool:
        """Whether every transaction of a proposal can be executed, within all limits, and pays its
        fee. It is executed to find that out. Raises MachineError."""
        if len(txs) > BLOCK_TRANSACTIONS_MAX or sum(map(carried_len, txs)) > BLOCK_LEN_MAX:
            return False
        began = monotonic()
        judged = self.admission.judge(txs)
        admitted = admitted_of(judged)
        if len(admitted) < len(judged):
            return False
        built = BuiltBlock.of(self._runtime, admitted)
        if built.excess(self._limits) is not None:
            return False
        identity = identity_of(txs)
        executed = self._candidates.find(identity)
        if executed is None:
            executed = self._execute(judged, built.block, monotonic() - began)
            self._candidates.keep(identity, executed)
        return not executed.unpaid

    def execute(self, txs: Sequence[bytes]) -> Executed:
        """Execute a list of transactions as the next block, or find what came of it before.

        Raises MachineError; nothing has changed then.
        """
        identity = identity_of(txs)
        found = self._candidates.find(identity)
        if found is not None:
            return found
        began = monotonic()
        judged = self.admission.judge(txs)
        block = self._runtime.prepare([each.transaction for each in admitted_of(judged)])
        executed = self._execute(judged, block, monotonic() - began)
        self._candidates.keep(identity, executed)
        return executed

    def _paid(self, raws: Sequence[bytes], choice: Choice) -> list[bytes]:
        """Those of a choice whose payers have the fee at their turn.

        The others have changed nothing, and so the rest needs no second look without them.
        """
        identity = identity_of(raws)
        executed = self._candidates.find(identity)
        if executed is None:
            chosen = choice.transactions
            block = self._runtime.prepare([each.transaction for each in chosen])
            executed = self._execute([*chosen], block, choice.judged_s)
            if not executed.unpaid:
                self._candidates.keep(identity, executed)
        unpaid = frozenset(executed.unpaid)
        return [raw for position, raw in enumerate(raws) if position not in unpaid]

    def _verify(self, checks: Sequence[SignatureCheck]) -> Iterable[Any]:
        """A few in this process, where to wake workers costs more; others on the workers."""
        if len(checks) <= FEW_CHECKS_MAX:
            return verify(checks)
        return self._runtime.verify_signatures(checks)

    def _execute(self, judged: Judged, block: Block, judged_s: float) -> Executed:
        return execute(self._runtime, self.recent, judged, block, judged_s)

    def committed(self, executed: Executed) -> None:
        """This was committed: go on with the next height."""
        self._candidates.clear()
        self.recent.advance(executed.entry, self._runtime.state.root)
        self._set_sysvars()

    def _set_sysvars(self) -> None:
        """What programs may know of the next block: all of it follows from the state."""
        self._runtime.sysvars = Sysvars(
            clock=self.chain.clock(self.next_height),
            rent=Rent(enforced=self.chain.rent),
            recent_blockhashes=self.recent.blockhashes,
            lamports_per_signature=self.chain.lamports_per_signature,
        )
