"""What if: access lists with some accounts or transactions taken out of them.

Guarantees: the rest keeps its order, and account ids do not change.
Does not: look at costs; a caller that removes transactions removes their costs too.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .access import AccessLists


def without_accounts(access: AccessLists, gone: NDArray[np.bool_]) -> AccessLists:
    """The same transactions, none of which locks an account in `gone` (bool[account_count])."""
    return _kept_rows(access, ~gone[access.accounts])


def without_transactions(access: AccessLists, gone: NDArray[np.bool_]) -> AccessLists:
    """The transactions that are not in `gone` (bool[n]), renumbered without gaps."""
    rows = _kept_rows(access, ~gone[access.positions])
    kept = np.concatenate(([True], ~gone))
    return AccessLists(rows.offsets[kept], rows.accounts, rows.writes, access.account_count)


def _kept_rows(access: AccessLists, kept: NDArray[np.bool_]) -> AccessLists:
    before = np.concatenate(([0], np.cumsum(kept)))
    return AccessLists(
        before[access.offsets],
        access.accounts[kept],
        access.writes[kept],
        access.account_count,
    )
