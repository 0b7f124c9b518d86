"""What if: access lists with other locks, or with fewer transactions.

Guarantees: the rest keeps its order, and account ids do not change; new ones follow the last. In a
hierarchy, what is done to an account is done to all below it as well.
Does not: look at costs; a caller that removes transactions removes their costs too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .access import ADD, READ, WRITE, AccessLists
from .hierarchy import NO_PARENT, with_descendants

_EVERY_PART: Final = -1  # of an account that is split: what only reads it


def without_accounts(access: AccessLists, gone: NDArray[np.bool_]) -> AccessLists:
    """The same transactions, none of which locks an account in `gone` (bool[account_count])."""
    return kept_accesses(access, ~with_descendants(access.parents, gone)[access.accounts])


def without_transactions(access: AccessLists, gone: NDArray[np.bool_]) -> AccessLists:
    """The transactions that are not in `gone` (bool[n]), renumbered without gaps."""
    rows = kept_accesses(access, ~gone[access.positions])
    kept = np.concatenate(([True], ~gone))
    return replace(rows, offsets=rows.offsets[kept])


def read_only(access: AccessLists, accounts: NDArray[np.bool_]) -> AccessLists:
    """The same, but all that lock one of `accounts` (bool[account_count]) only read it."""
    chosen = with_descendants(access.parents, accounts)[access.accounts]
    adds = None if access.adds is None else access.adds & ~chosen
    return replace(access, writes=access.writes & ~chosen, adds=adds)


def commutative(access: AccessLists, accounts: NDArray[np.bool_]) -> AccessLists:
    """The same, but all that write one of `accounts` (bool[account_count]) only add to it.

    Those that only read it still do, and wait for the adds before, as the next adds wait for them.
    """
    chosen = access.writes & with_descendants(access.parents, accounts)[access.accounts]
    adds = chosen if access.adds is None else access.adds | chosen
    return replace(access, writes=access.writes & ~chosen, adds=adds)


def ordinary(access: AccessLists, accounts: NDArray[np.bool_]) -> AccessLists:
    """The same, but all that add to one of `accounts` (bool[account_count]) write it."""
    if access.adds is None:
        return access
    chosen = access.adds & with_descendants(access.parents, accounts)[access.accounts]
    adds = access.adds & ~chosen
    return replace(access, writes=access.writes | chosen, adds=adds if adds.any() else None)


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
    accounts = with_descendants(access.parents, accounts)
    # By account: how many are split before it. Its new parts follow theirs.
    nth = np.cumsum(accounts) - accounts
    chosen = accounts[access.accounts]
    turns = _turns(access, accounts, chosen)
    takes_turns = turns != _EVERY_PART
    times = np.where(chosen & ~takes_turns, parts, 1)
    starts = np.cumsum(times) - times
    part = np.arange(int(times.sum())) - np.repeat(starts, times)
    part[starts[takes_turns]] = turns[takes_turns] % parts
    whole = np.repeat(access.accounts, times).astype(np.int64)
    new_ids = access.account_count + nth[whole] * (parts - 1) + part - 1
    return AccessLists(
        np.concatenate(([0], np.cumsum(times)))[access.offsets],
        np.where(part == 0, whole, new_ids).astype(np.uint32),
        np.repeat(access.writes, times),
        access.account_count + int(accounts.sum()) * (parts - 1),
        None if access.adds is None else np.repeat(access.adds, times),
        None if access.parents is None else _parents_of_parts(access.parents, accounts, parts),
    )


def _turns(
    access: AccessLists, accounts: NDArray[np.bool_], chosen: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """int64[m]: the how-manieth an access is that takes one part; elsewhere _EVERY_PART.

    In a hierarchy all accesses of a transaction below one account that is split take its turn.
    """
    changes = chosen & (access.kinds_of(slice(None)) != READ)
    turns = np.full(len(changes), _EVERY_PART)
    if access.parents is None:
        turns[changes] = _places_in_account(access.accounts[changes])
        return turns
    rows = np.flatnonzero(chosen)
    tops = _tops(access.parents, accounts)[access.accounts[rows]]
    pairs, pair_of = np.unique(_packed(access.positions[rows], tops), return_inverse=True)
    turn_of = np.full(len(pairs), _EVERY_PART)
    changing = np.unique(pair_of[changes[rows]])
    turn_of[changing] = _places_in_account((pairs[changing] & 0xFFFFFFFF).astype(np.uint32))
    turns[rows] = turn_of[pair_of]
    return turns


def _tops(parents: NDArray[np.int64], accounts: NDArray[np.bool_]) -> NDArray[np.int64]:
    """int64[account_count]: of each of `accounts`, which have all that is below them, the top."""
    tops = np.arange(len(parents))
    while True:
        above = parents[tops]
        rises = np.flatnonzero(accounts & (above >= 0) & accounts[above])
        if not len(rises):
            return tops
        tops[rises] = above[rises]


def _parents_of_parts(
    parents: NDArray[np.int64], accounts: NDArray[np.bool_], parts: int
) -> NDArray[np.int64]:
    """The parents with those of the new parts: part k of an account is below part k of its own."""
    split_accounts = np.flatnonzero(accounts)
    above = np.repeat(parents[split_accounts], parts - 1)
    part = np.tile(np.arange(parts - 1), len(split_accounts))
    nth = np.cumsum(accounts) - accounts
    is_split_above = (above >= 0) & accounts[above]
    new = len(parents) + nth[above] * (parts - 1) + part
    return np.append(parents, np.where(is_split_above, new, above))


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
    count = max(access.account_count, int(accounts.max(initial=-1)) + 1)
    return AccessLists(
        np.concatenate(([0], np.bincount(positions, minlength=len(access)).cumsum())),
        np.concatenate((access.accounts[kept], accounts.astype(np.uint32)))[order],
        kinds == WRITE,
        count,
        None if access.adds is None and ADD not in kinds else kinds == ADD,
        _with_new_at_top(access, count - access.account_count),
    )


def _with_new_at_top(access: AccessLists, new: int) -> NDArray[np.int64] | None:
    """The parents, if there is a hierarchy, with so many new accounts that have none."""
    if access.parents is None:
        return None
    return np.append(access.parents, np.full(new, NO_PARENT))


def kept_accesses(access: AccessLists, kept: NDArray[np.bool_]) -> AccessLists:
    """The same transactions with only those accesses that are `kept` (bool[m])."""
    before = np.concatenate(([0], np.cumsum(kept)))
    return replace(
        access,
        offsets=before[access.offsets],
        accounts=access.accounts[kept],
        writes=access.writes[kept],
        adds=None if access.adds is None else access.adds[kept],
    )


def _packed(positions: NDArray[np.integer], accounts: NDArray[np.integer]) -> NDArray[np.int64]:
    return positions.astype(np.int64) << 32 | accounts.astype(np.int64)
