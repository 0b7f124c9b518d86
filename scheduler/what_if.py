"""What if: access lists with other locks, or with fewer transactions.

Guarantees: the rest keeps its order, and account ids do not change; new ones follow the last.
Does not: look at costs; a caller that removes transactions removes their costs too.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .access import ADD, READ, WRITE, AccessLists


def without_accounts(access: AccessLists, gone: NDArray[np.bool_]) -> AccessLists:
    """The same transactions, none of which locks an account in `gone` (bool[account_count])."""
    return kept_accesses(access, ~gone[access.accounts])


def without_transactions(access: AccessLists, gone: NDArray[np.bool_]) -> AccessLists:
    """The transactions that are not in `gone` (bool[n]), renumbered without gaps."""
    rows = kept_accesses(access, ~gone[access.positions])
    kept = np.concatenate(([True], ~gone))
    return AccessLists(
        rows.offsets[kept], rows.accounts, rows.writes, access.account_count, rows.adds
    )


def read_only(access: AccessLists, accounts: NDArray[np.bool_]) -> AccessLists:
    """The same, but all that lock one of `accounts` (bool[account_count]) only read it."""
    chosen = accounts[access.accounts]
    return AccessLists(
        access.offsets,
        access.accounts,
        access.writes & ~chosen,
        access.account_count,
        None if access.adds is None else access.adds & ~chosen,
    )


def commutative(access: AccessLists, accounts: NDArray[np.bool_]) -> AccessLists:
    """The same, but all that write one of `accounts` (bool[account_count]) only add to it.

    Those that only read it still do, and wait for the adds before, as the next adds wait for them.
    """
    chosen = access.writes & accounts[access.accounts]
    adds = chosen if access.adds is None else access.adds | chosen
    return AccessLists(
        access.offsets, access.accounts, access.writes & ~chosen, access.account_count, adds
    )


def split(access: AccessLists, account: int, parts: int) -> AccessLists:
    """The same, but `account` is `parts` accounts: itself, and new ones with the highest ids.

    The i-th transaction that writes or adds to it locks part i % parts instead; those that only
    read it must read every part. Raises ValueError for less than one part.
    """
    chosen = np.zeros(access.account_count, dtype=np.bool_)
    chosen[account] = True
    return split_each(access, chosen, parts)


def split_each(access: AccessLists, accounts: NDArray[np.bool_], parts: int) -> AccessLists:
    """As `split` of each of `accounts` (bool[account_count]) in turn, the lowest id first.

    Raises ValueError for less than one part.
    """
    if parts < 1:
        raise ValueError(f"{parts} parts: an account is split into one at least")
    # By account: how many are split before it. Its new parts follow theirs.
    nth = np.cumsum(accounts) - accounts
    chosen = accounts[access.accounts]
    changes = chosen & (access.kinds_of(slice(None)) != READ)
    times = np.where(chosen & ~changes, parts, 1)
    starts = np.cumsum(times) - times
    part = np.arange(int(times.sum())) - np.repeat(starts, times)
    part[starts[changes]] = _places_in_account(access.accounts[changes]) % parts
    whole = np.repeat(access.accounts, times).astype(np.int64)
    new_ids = access.account_count + nth[whole] * (parts - 1) + part - 1
    return AccessLists(
        np.concatenate(([0], np.cumsum(times)))[access.offsets],
        np.where(part == 0, whole, new_ids).astype(np.uint32),
        np.repeat(access.writes, times),
        access.account_count + int(accounts.sum()) * (parts - 1),
        None if access.adds is None else np.repeat(access.adds, times),
    )


def _places_in_account(accounts: NDArray[np.uint32]) -> NDArray[np.int64]:
    """int64[m]: how often each account has come before."""
    order = np.argsort(accounts, kind="stable")
    firsts = np.flatnonzero(np.diff(accounts[order].astype(np.int64), prepend=-1))
    places = np.empty(len(accounts), dtype=np.int64)
    lens = np.diff(np.append(firsts, len(accounts)))
    places[order] = np.arange(len(accounts)) - np.repeat(firsts, lens)
    return places


def with_locks(access: AccessLists, locks: Mapping[tuple[int, int], int | None]) -> AccessLists:
    """The same transactions, some of which lock some accounts differently.

    `locks`: by (position, account id), READ, WRITE or ADD, or None for no lock at all. Ids from
    `account_count` on are new accounts.
    """
    changed = np.array([*locks], dtype=np.int64).reshape(-1, 2)
    kept = ~np.isin(_packed(access.positions, access.accounts), _packed(*changed.T))
    listed = [(*place, kind) for place, kind in locks.items() if kind is not None]
    positions, accounts, kinds = np.array(listed, dtype=np.int64).reshape(-1, 3).T
    positions = np.concatenate((access.positions[kept], positions))
    order = positions.argsort(kind="stable")
    kinds = np.concatenate((access.kinds_of(slice(None))[kept], kinds))[order]
    return AccessLists(
        np.concatenate(([0], np.bincount(positions, minlength=len(access)).cumsum())),
        np.concatenate((access.accounts[kept], accounts.astype(np.uint32)))[order],
        kinds == WRITE,
        max(access.account_count, int(accounts.max(initial=-1)) + 1),
        None if access.adds is None and ADD not in kinds else kinds == ADD,
    )


def kept_accesses(access: AccessLists, kept: NDArray[np.bool_]) -> AccessLists:
    """The same transactions with only those accesses that are `kept` (bool[m])."""
    before = np.concatenate(([0], np.cumsum(kept)))
    return AccessLists(
        before[access.offsets],
        access.accounts[kept],
        access.writes[kept],
        access.account_count,
        None if access.adds is None else access.adds[kept],
    )


def _packed(positions: NDArray[np.integer], accounts: NDArray[np.integer]) -> NDArray[np.int64]:
    return positions.astype(np.int64) << 32 | accounts.astype(np.int64)
