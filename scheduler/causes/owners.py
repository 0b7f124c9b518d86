"""Groups by who has the accounts: by program, or by payer.

Of an owner's accounts only those count on which any transactions conflict.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..access import AccessLists
from .groups import AccountGroup, conflicting_accounts

NOBODY = -1


def groups_by_owner(access: AccessLists, owner_of: NDArray[np.int64]) -> list[AccountGroup]:
    """A group for each owner, by owner. `owner_of` int64[account_count]: a number, or NOBODY."""
    counted = conflicting_accounts(access) & (owner_of != NOBODY)
    rows = np.flatnonzero(counted[access.accounts])
    owners = owner_of[access.accounts[rows]]
    accounts = _by_owner(owners, access.accounts[rows])
    positions = _by_owner(owners, access.positions[rows])
    return [
        AccountGroup(tuple(mine.tolist()), locked)
        for mine, locked in zip(accounts, positions, strict=True)
    ]


def _by_owner(owners: NDArray[np.int64], values: NDArray[np.uint32]) -> list[NDArray[np.uint32]]:
    """The values of each owner, by owner: ascending, each once."""
    order = np.lexsort((values, owners))
    owners, values = owners[order], values[order]
    first_of_owner = np.diff(owners, prepend=NOBODY) != 0
    kept = first_of_owner | (np.diff(values.astype(np.int64), prepend=NOBODY) != 0)
    starts = np.flatnonzero(first_of_owner[kept])
    return np.split(values[kept], starts[1:]) if len(starts) else []


def sole_payers(access: AccessLists, payers: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[account_count]: who pays for all transactions that lock an account; else NOBODY.

    `payers` int64[n]: a number for each payer, or NOBODY.
    """
    paying = payers[access.positions]
    lowest = np.full(access.account_count, np.iinfo(np.int64).max)
    highest = np.full(access.account_count, NOBODY, dtype=np.int64)
    np.minimum.at(lowest, access.accounts, paying)
    np.maximum.at(highest, access.accounts, paying)
    return np.where(lowest == highest, lowest, NOBODY)
