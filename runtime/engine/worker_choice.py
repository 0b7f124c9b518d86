"""How many of the workers a block is worth: a small or tangled one is faster on a single one.

    few, quick transactions     one worker, whole       to lay a block out takes longer
    quick ones in many waves    one lane                to plan, and to wait, takes longer
    all others                  a lane for each worker

What transactions take is judged by the last block that called the same programs.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ...primitives import Pubkey
from ...scheduler import Waves
from ..block.block import Block

TRANSACTIONS_MAX: Final = 512  # in an inline block
# What more lanes cost beside what they save: laying out, planning, waking, waiting.
_LANES_S: Final = 1e-3
# And for each transaction that is scheduled by itself: finding its lane, saying that it is done,
# and looking for what it waits for. Measured between 2.5 and 3.5 µs.
_SCHEDULED_S: Final = 3e-6
# What a task outside of barrier waves adds to what its transactions take alone.
_TASK_S: Final = 5e-6
# What a transaction may take before any was seen: more than most do, as what lanes cost is little
# beside starting workers, and what they save may be a lot.
_GUESSED_S: Final = 1e-4
_KNOWN_MAX: Final = 256


class MeasuredCosts:
    """What transactions took, by the programs that their block called."""

    def __init__(self) -> None:
        self._transaction_s: dict[frozenset[Pubkey], float] = {}

    def transaction_s(self, block: Block) -> float:
        """What a transaction of this block will take, on average."""
        return self._transaction_s.get(frozenset(block.program_ids), _GUESSED_S)

    def learn(self, block: Block, processor_s: float, tasks: int = 0) -> None:
        """The block took workers so long, in so many `tasks` outside of barrier waves."""
        if not len(block):
            return
        known = self._transaction_s
        programs = frozenset(block.program_ids)
        known.pop(programs, None)
        if len(known) == _KNOWN_MAX:
            del known[next(iter(known))]  # the one that was seen least lately
        known[programs] = max(0.0, processor_s - tasks * _TASK_S) / len(block)


def should_inline(transactions: int, lane_count: int, transaction_s: float) -> bool:
    """Whether more lanes than one would cost a block more than they save, whatever its DAG."""
    if transactions > TRANSACTIONS_MAX:
        return False
    return transactions * transaction_s * (1 - 1 / lane_count) < _LANES_S


def lanes_that_pay(
    waves: Waves, lane_count: int, barrier_len_min: int, transaction_s: float
) -> int:
    """`lane_count`, or 1 where more lanes would cost more than they save.

    Barrier waves, of `barrier_len_min` transactions and more, are shared out at once; the
    transactions of all others one by one.
    """
    counts = np.diff(waves.offsets)
    transactions = int(counts.sum())
    scheduled = int(counts[counts < barrier_len_min].sum())
    # Brent: greedy schedules need no more than n/lanes + waves · (1 - 1/lanes) steps.
    saved = max(0, transactions - len(waves)) * (1 - 1 / lane_count)
    return lane_count if saved * transaction_s >= scheduled * _SCHEDULED_S else 1
