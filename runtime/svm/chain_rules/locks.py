"""Locks: how many accounts a transaction may lock, including the programs that it calls.

Source: validate_account_locks of Agave. A transaction that locks more has no shape, so it is always
executed alone, which uses this check.
"""

from __future__ import annotations

import numpy as np

from ....primitives import Failure, TransactionErrors
from ...block.block import Block
from ...block.limits import ACCOUNT_LOCKS_MAX


def possibly_over_locked(block: Block) -> frozenset[int]:
    """The positions of transactions that may lock too many accounts.

    An upper bound: a program that is also among the accounts is counted twice.
    """
    counts = np.diff(block.access.offsets) + np.diff(block.instructions.offsets)
    return frozenset((counts > ACCOUNT_LOCKS_MAX).nonzero()[0].tolist())


def refuse_locks(block: Block, position: int) -> Failure | None:
    """The failure of a transaction that locks too many keys, programs included; else None."""
    offsets, calls = block.access.offsets, block.instructions.offsets
    start, end = int(offsets[position]), int(offsets[position + 1])
    first, last = int(calls[position]), int(calls[position + 1])
    count = end - start
    if count + last - first <= ACCOUNT_LOCKS_MAX:
        return None
    if count <= ACCOUNT_LOCKS_MAX:  # otherwise a million keys would be made for nothing
        accounts: list[int] = block.access.accounts[start:end].tolist()
        called: list[int] = block.instructions.programs[first:last].tolist()
        keys = {block.keys[account] for account in accounts}
        count = len(keys.union(block.program_ids[index] for index in called))
    if count <= ACCOUNT_LOCKS_MAX:
        return None
    return Failure.of_rule(
        TransactionErrors.TooManyAccountLocks,
        f"{count} accounts locked, programs included; {ACCOUNT_LOCKS_MAX} at most",
    )
