"""Hot accounts: those changed by the most transactions, the usual reason for a narrow block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..access import ADD, READ, WRITE, AccessLists


class HotAccount(NamedTuple):
    """How many transactions write an account, how many only read it, and how many only add."""

    account: int
    writes: int
    reads: int
    adds: int = 0


def hot_accounts(access: AccessLists, limit: int) -> list[HotAccount]:
    """At most `limit` accounts: most writes and adds first, then most reads, then the lowest id.

    Accounts that are only read hold nothing back, so they come after all that are changed.
    Accounts that no transaction accesses are left out, also if some access what is above or below
    them. Raises ValueError for a negative limit.
    """
    if limit < 0:
        raise ValueError(f"limit is {limit}; it cannot be negative")
    kinds = access.kinds_of(slice(None))
    writes, reads, adds = (_counted(access, kinds == kind) for kind in (WRITE, READ, ADD))
    changes = writes + adds
    touched = np.flatnonzero(changes + reads)
    if 0 < limit < len(touched):
        # Sorting only those that can be among the first matters with a million accounts.
        enough = np.partition(changes[touched], -limit)[-limit]
        touched = touched[changes[touched] >= enough]
    ranked = touched[np.lexsort((touched, -reads[touched], -changes[touched]))][:limit]
    columns = (ranked, writes[ranked], reads[ranked], adds[ranked])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [HotAccount(*row) for row in rows]


def _counted(access: AccessLists, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.bincount(access.accounts[chosen], minlength=access.account_count)
