"""Vanishing: an account without lamports is gone when its transaction ends, data, owner and all.

On the chain no account is there that holds no lamports. A test, or a fixture, may put one in place
all the same: such a *resident without lamports* stays as long as nothing funds and then empties it.

Source: Agave's accounts database, for which an account of zero lamports does not exist, and the
loader, which gives an account that does not exist the system program for an owner and no data.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....primitives import Account
from ....primitives.account import EMPTY_ACCOUNT


def left_behind(before: Account, after: Account) -> Account:
    """What a transaction leaves of an account, `before` it and as it made it."""
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
    """bool[n]: accounts of which more than the lamports goes, as they vanish.

    Of unchanged owner and size, and none executable; one without data that the system program owns
    is as good as reset.
    """
    bare = (data_lens == 0) & system_owned
    return (before != 0) & (after == 0) & ~bare


def emptied_text(before: str, after: str) -> str:
    """A condition on variables of these names: the account was emptied, so that it vanishes."""
    return f"{before} and not {after}"
