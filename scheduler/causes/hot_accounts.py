"""Hot accounts: those written by the most transactions, the usual reason for a narrow block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..access import AccessLists


class HotAccount(NamedTuple):
    """How many transactions write an account, and how many only read it."""

    account: int
    writes: int
    reads: int


def hot_accounts(access: AccessLists, limit: int) -> list[HotAccount]:
    """At most `limit` accounts: most writes first, then most reads, then the lowest id.

    Accounts that are only read hold nothing back, so they come after all that are written.
    Accounts that no transaction touches are left out. Raises ValueError for a negative limit.
    """
    if limit < 0:
        raise ValueError(f"limit is {limit}; it cannot be negative")
    changing = access.writes if access.adds is None else access.writes | access.adds
    writes = np.bincount(access.accounts[changing], minlength=access.account_count)
    reads = np.bincount(access.accounts[~changing], minlength=access.account_count)
    touched = np.flatnonzero(writes + reads)
    if 0 < limit < len(touched):
        # Sorting only those that can be among the first matters with a million accounts.
        enough = np.partition(writes[touched], -limit)[-limit]
        touched = touched[writes[touched] >= enough]
    ranked = touched[np.lexsort((touched, -reads[touched], -writes[touched]))][:limit]
    columns = (ranked.tolist(), writes[ranked].tolist(), reads[ranked].tolist())
    return [HotAccount(*row) for row in zip(*columns, strict=True)]
