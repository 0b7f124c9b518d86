"""Makes a proposal of transactions that wait: what every node accepts, best price first.

    offered ──▶ judged, by priority ──▶ of equal calls, the best offer ──▶ packed under the limits

Guarantees: no limit is exceeded, the chain's or the engine's; all of the proposal can be in one
block. Does not: execute, and so does not know whose payer will have spent its fee by its turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple

from ..runtime import Block, Runtime
from ..runtime.block.allocation import find_allocations
from ..scheduler.packing import BlockLimits, Excess, Pending, Policy, first_excess, pack
from .admission import Admission, admitted_of
from .limits import BLOCK_LEN_MAX, BLOCK_TRANSACTIONS_MAX, ProposalLimits, carried_len
from .parsed import Parsed, ParsedTransactions


class Choice(NamedTuple):
    """What could be proposed, in order. `judged_s`: seconds that it took to judge what was
    offered."""

    transactions: list[Parsed]
    judged_s: float


class BuiltBlock(NamedTuple):
    """Transactions as the block that they are, and what they count towards limits."""

    block: Block
    pending: Pending

    @classmethod
    def of(cls, runtime: Runtime, transactions: Sequence[Parsed]) -> BuiltBlock:
        block = runtime.prepare([each.transaction for each in transactions])
        columns = block.instructions
        allocations = find_allocations(
            columns.offsets, columns.programs, columns.data_offsets, columns.data, block.program_ids
        )
        pending = Pending.of(
            block.access,
            costs=[each.cost for each in transactions],
            priorities=[each.priority for each in transactions],
            sizes=[carried_len(each.raw) for each in transactions],
            allocated=[allocations.get(place, 0) for place in range(len(transactions))],
        )
        return cls(block, pending)

    def excess(self, limits: BlockLimits) -> Excess | None:
        """The first transaction that is above a limit; None if the block keeps all."""
        return first_excess(self.pending.items, limits)


def within(limits: BlockLimits, engine: ProposalLimits) -> BlockLimits:
    """A chain's limits, with those of its engine and of every node."""
    return limits.of_engine(
        transactions_max=max(0, min(engine.transactions_max, BLOCK_TRANSACTIONS_MAX)),
        bytes_max=max(0, min(engine.bytes_max, BLOCK_LEN_MAX)),
    )


def propose(
    runtime: Runtime,
    parsed: ParsedTransactions,
    admission: Admission,
    txs: Sequence[bytes],
    limits: BlockLimits,
    packing: Policy,
) -> Choice:
    """Choose among the transactions that are offered. Raises MachineError."""
    began = monotonic()
    readable = [each for each in map(parsed.parse, txs) if isinstance(each, Parsed)]
    readable.sort(key=lambda each: -each.priority)  # stable: equals stay in the order given
    judged = admission.judge_parsed(readable)
    judged_s = monotonic() - began
    admitted = _best_offers(admitted_of(judged))
    packed = pack(BuiltBlock.of(runtime, admitted).pending, limits, packing)
    return Choice([admitted[place] for place in packed.positions], judged_s)


def _best_offers(transactions: Sequence[Parsed]) -> list[Parsed]:
    """The first of those with the same payer and calls: the others were to replace each other."""
    first: dict[bytes, Parsed] = {}
    for each in transactions:
        first.setdefault(each.calls, each)
    return list(first.values())
