"""Vanishing: an account without lamports is removed when its transaction ends, with all its data.

On the chain no account exists without lamports. A test or a fixture may still place one: such a
*resident without lamports* stays until something funds and then empties it.

Source: Agave's accounts database, in which an account of zero lamports does not exist, and its
loader, for which an account that does not exist has no data and belongs to the system program.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....primitives import Account
from ....primitives.account import EMPTY_ACCOUNT


def left_behind(before: Account, after: Account) -> Account:
    """The state that remains of an account. `before`, `after`: around the transaction."""
    if after.lamports == 0 and not _is_resident_without_lamports(before):
        return EMPTY_ACCOUNT
    return after


def _is_resident_without_lamports(state: Account) -> bool:
    return state.lamports == 0 and state != EMPTY_ACCOUNT


def must_be_reset(
    before: NDArray[np.uint64],
    after: NDArray[np.uint64],
    data_lens: NDArray[np.int64],
    system_owned: NDArray[np.bool_] | bool,
) -> NDArray[np.bool_]:
    """bool[n]: accounts that vanish and have data or another owner, which must be reset.

    For accounts of unchanged owner and size that are not executable. An account of the system
    program without data is in the reset state already.
    """
    bare = (data_lens == 0) & system_owned
    return (before != 0) & (after == 0) & ~bare


def emptied_text(before: str, after: str) -> str:
    """The condition, on variables of these names, that the account was emptied, so it vanishes."""
    return f"{before} and not {after}"
