"""Chooses how many workers execute a block: small or highly dependent blocks are faster on one.

    few, quick transactions     one worker, whole     packing would take longer
    quick ones in many waves    one lane              planning and waiting would take longer
    all others                  one lane per worker

The time of transactions is estimated from the last block that called the same programs.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ...primitives import Pubkey
from ...scheduler import Waves
from ..block.block import Block

TRANSACTIONS_MAX: Final = 512  # in an inline block
# The fixed cost of having several lanes: packing, planning, waking, waiting.
_LANES_S: Final = 1e-3
# The cost for each transaction that is scheduled individually: finding its lane, publishing that it
# is done, and checking what it waits for. Measured between 2.5 and 3.5 µs.
_SCHEDULED_S: Final = 3e-6
# The cost of a task outside of barrier waves, beside that of its transactions.
_TASK_S: Final = 5e-6
# The estimate for a transaction before any was measured. More than most take: lanes cost little
# compared with starting workers, and may save a lot.
_GUESSED_S: Final = 1e-4
_KNOWN_MAX: Final = 256


class MeasuredCosts:
    """The measured time of transactions, by the set of programs that their block called."""

    def __init__(self) -> None:
        self._transaction_s: dict[frozenset[Pubkey], float] = {}

    def transaction_s(self, block: Block) -> float:
        """Estimate of the average seconds per transaction of this block."""
        return self._transaction_s.get(frozenset(block.program_ids), _GUESSED_S)

    def learn(self, block: Block, processor_s: float, tasks: int = 0) -> None:
        """Note the processor time that a block took; `tasks`: those outside of barrier waves."""
        if not len(block):
            return
        known = self._transaction_s
        programs = frozenset(block.program_ids)
        known.pop(programs, None)
        if len(known) == _KNOWN_MAX:
            del known[next(iter(known))]  # the one that was seen longest ago
        known[programs] = max(0.0, processor_s - tasks * _TASK_S) / len(block)


def should_inline(transactions: int, lane_count: int, transaction_s: float) -> bool:
    """Whether several lanes would cost a block more than they save, whatever its DAG."""
    if transactions > TRANSACTIONS_MAX:
        return False
    return transactions * transaction_s * (1 - 1 / lane_count) < _LANES_S


def lanes_that_pay(
    waves: Waves, lane_count: int, barrier_len_min: int, transaction_s: float
) -> int:
    """`lane_count`, or 1 if several lanes would cost more than they save.

    Barrier waves, of at least `barrier_len_min` transactions, are divided at once; the transactions
    of all others are scheduled one by one.
    """
    counts = np.diff(waves.offsets)
    transactions = int(counts.sum())
    scheduled = int(counts[counts < barrier_len_min].sum())
    # Brent, 1974: a greedy schedule takes at most n/lanes + waves · (1 - 1/lanes) steps.
    saved = max(0, transactions - len(waves)) * (1 - 1 / lane_count)
    return lane_count if saved * transaction_s >= scheduled * _SCHEDULED_S else 1
