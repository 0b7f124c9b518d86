"""Bottlenecks: which accounts keep each transaction out of the wave before its own.

An account blocks a transaction if the transaction conflicts on it with one of the wave just before.
Declaring less access to these accounts is the only way to an earlier wave.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..access import CONFLICTING, AccessLists
from ..flat_keys import account_of_key, flattened
from ..waves import Waves


def blocking_accounts(access: AccessLists, waves: Waves) -> NDArray[np.int64]:
    """int64[k, 2]: rows (transaction, account), ascending by transaction, then as it lists them.

    Every transaction has at least one row, but for those in wave 0, which have none. In a
    hierarchy, of two related accounts that conflict, the upper one blocks; ascending by account.
    """
    flat = flattened(access)
    pairs = _blocking(flat, waves.wave_of.tolist())
    if flat is access:
        return pairs
    pairs[:, 1] = account_of_key(access, pairs[:, 1])
    return np.unique(pairs, axis=0)


def _blocking(access: AccessLists, wave_of: list[int]) -> NDArray[np.int64]:
    owners: list[int] = access.positions.tolist()
    accounts: list[int] = access.accounts.tolist()
    kinds: list[int] = access.kinds_of(slice(None)).tolist()
    # By kind of access: the deepest wave, so far, of those that access an account in that way.
    deepest = [[-1] * access.account_count for _ in CONFLICTING]
    pairs: list[tuple[int, int]] = []
    for position, account, kind in zip(owners, accounts, kinds, strict=True):
        wave = wave_of[position]
        before = max([deepest[of][account] for of in CONFLICTING[kind]])
        if 0 <= before == wave - 1:
            pairs.append((position, account))
        if wave > deepest[kind][account]:
            deepest[kind][account] = wave
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


class Bottleneck(NamedTuple):
    """An account, and how many transactions it blocks that no bottleneck before it does."""

    account: int
    transactions: int


def worst_bottlenecks(
    pairs: NDArray[np.int64], transactions: int, limit: int
) -> tuple[list[Bottleneck], NDArray[np.int64]]:
    """At most `limit` accounts that block most; and int64[n], the bottleneck of each transaction.

    `pairs` are those of `blocking_accounts`. Each bottleneck is the account that blocks most of the
    transactions that none before it blocks (ties: the lowest id): accounts that are always
    locked together are not listed twice. A transaction's bottleneck is an index into the list, or
    the list's length where none of them blocks it.
    Raises ValueError for a negative limit.
    """
    if limit < 0:
        raise ValueError(f"limit is {limit}; it cannot be negative")
    bottlenecks: list[Bottleneck] = []
    bottleneck_of = np.full(transactions, -1, dtype=np.int64)
    while len(bottlenecks) < limit:
        remaining = pairs[bottleneck_of[pairs[:, 0]] < 0]
        if len(remaining) == 0:
            break
        counts = np.bincount(remaining[:, 1])
        account = int(counts.argmax())
        bottleneck_of[remaining[remaining[:, 1] == account, 0]] = len(bottlenecks)
        bottlenecks.append(Bottleneck(account, int(counts[account])))
    bottleneck_of[bottleneck_of < 0] = len(bottlenecks)
    return bottlenecks, bottleneck_of
