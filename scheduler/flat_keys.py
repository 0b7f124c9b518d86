"""Flat keys: access lists over a hierarchy, as plain lists that conflict in exactly the same way.

Two accesses conflict if their accounts are related (one is the other, or above it) and their kinds
differ or both write. So an access concerns its own account, and, as an *intention*, each account
above that: siblings share intentions only, and these never conflict. Each account has three keys,
and two accesses conflict if and only if they do on some key, as flat accesses do:

                     own WRITE   own READ   own ADD   intention to   WRITE   READ   ADD
    account          WRITE       READ       ADD                      -       -      ADD
    + count          WRITE       READ       READ                     ADD     -      -
    + 2 × count      WRITE       -          ADD                      -       READ   -

The first key orders the account's own accesses among themselves, and against intentions to add;
the others order own accesses against intentions to write and to read. On one key, only own
accesses are of two kinds. Where one transaction reads and adds on one key, WRITE stands for both:
it conflicts with just what either of them does, which is everything.

Source: the intention locks of J. N. Gray et al., Granularity of Locks in a Shared Data Base, 1975.
O(accesses × ancestors that are accessed themselves) beside a sort: others order nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .access import ADD, READ, WRITE, AccessLists
from .hierarchy import ancestors, nearest_among

_KEYS: Final = 3  # of each account
_POSITION_BITS: Final = 30  # see TRANSACTIONS_MAX
_KEY_BITS: Final = 31  # 3 × NESTED_ACCOUNTS_MAX, beside 30 bits of a position and 2 of a kind
_NONE: Final = 3  # where an access does not concern a key
# By key, then by kind (READ, WRITE, ADD): how an account's own accesses concern it.
_OWN: Final = np.array([[READ, WRITE, ADD], [READ, WRITE, READ], [_NONE, WRITE, ADD]], np.uint8)
# By kind: the key that an intention concerns, and how.
_INTENTION_KEY: Final = np.array([2, 1, 0])
_INTENTION: Final = np.array([READ, ADD, ADD], np.uint8)


class _Rows(NamedTuple):
    """Accesses in no order: positions and accounts (or keys) int64, kinds uint8."""

    positions: NDArray[np.int64]
    accounts: NDArray[np.int64]
    kinds: NDArray[np.uint8]

    def chosen(self, rows: NDArray[np.bool_]) -> _Rows:
        return _Rows(self.positions[rows], self.accounts[rows], self.kinds[rows])


def flattened(access: AccessLists) -> AccessLists:
    """The same transactions over flat keys; the very same lists where there is no hierarchy.

    `account_of_key` says which account a key is of: of two related ones, the upper. Keys that
    could order nothing have no access.
    """
    if access.parents is None:
        return access
    own = _own(access)
    intentions = _intentions(own, access.parents)
    if not len(intentions.positions):
        return AccessLists(
            access.offsets, access.accounts, access.writes, access.account_count, access.adds
        )
    keyed = [own, *_own_on_other_keys(own, intentions, access.account_count)]
    keyed.append(_on_their_keys(intentions, access.account_count))
    return _merged(keyed, len(access), _KEYS * access.account_count)


def account_of_key(access: AccessLists, keys: NDArray[np.integer]) -> NDArray[np.int64]:
    """int64: the accounts whose keys these are, of `flattened(access)`."""
    return keys.astype(np.int64) % max(1, access.account_count)


def touching(access: AccessLists) -> NDArray[np.int64]:
    """int64[k, 2]: (account, position) of all that access it or what is below it; sorted, unique.

    Only of accounts that some transaction accesses itself.
    """
    rows = _own(access)
    accounts, positions = rows.accounts, rows.positions
    if access.parents is not None:
        below = _intentions(rows, access.parents)
        accounts = np.concatenate((accounts, below.accounts))
        positions = np.concatenate((positions, below.positions))
    packed = np.unique(accounts << _POSITION_BITS | positions)
    return np.stack((packed >> _POSITION_BITS, packed & (1 << _POSITION_BITS) - 1), axis=1)


def _own(access: AccessLists) -> _Rows:
    return _Rows(
        access.positions.astype(np.int64),
        access.accounts.astype(np.int64),
        access.kinds_of(slice(None)),
    )


def _intentions(own: _Rows, parents: NDArray[np.int64]) -> _Rows:
    """Those of all accesses, by account above that is accessed itself."""
    is_accessed = np.zeros(len(parents), dtype=np.bool_)
    is_accessed[own.accounts] = True
    nearest = nearest_among(parents, is_accessed)
    parts = [own.chosen(np.zeros(len(own.accounts), dtype=np.bool_))]
    rows = own
    while True:
        above = nearest[rows.accounts]
        rows = _Rows(rows.positions, above, rows.kinds).chosen(above >= 0)
        if not len(rows.accounts):
            break
        parts.append(rows)
    return _Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _own_on_other_keys(own: _Rows, intentions: _Rows, count: int) -> Iterator[_Rows]:
    """Accesses of accounts that have intentions, on the keys that those concern."""
    for key in range(1, _KEYS):
        concerned = np.zeros(count, dtype=np.bool_)
        concerned[intentions.accounts[_INTENTION_KEY[intentions.kinds] == key]] = True
        kinds = _OWN[key][own.kinds]
        rows = _Rows(own.positions, own.accounts + key * count, kinds)
        yield rows.chosen(concerned[own.accounts] & (kinds != _NONE))


def _on_their_keys(intentions: _Rows, count: int) -> _Rows:
    keys = intentions.accounts + _INTENTION_KEY[intentions.kinds] * count
    return _Rows(intentions.positions, keys, _INTENTION[intentions.kinds])


def _merged(parts: list[_Rows], transactions: int, key_count: int) -> AccessLists:
    """One access for each transaction and key: a WRITE if any is, or if kinds differ."""
    rows = _Rows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    packed = (rows.positions << _KEY_BITS | rows.accounts) << 2 | rows.kinds
    packed.sort()
    places = packed >> 2
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    first, last = packed[starts] & 3, packed[np.append(starts[1:], len(packed)) - 1] & 3
    kinds = np.where(first == last, first, WRITE)
    offsets = np.searchsorted(places[starts] >> _KEY_BITS, np.arange(transactions + 1))
    return AccessLists(
        offsets.astype(np.int64),
        (places[starts] & ((1 << _KEY_BITS) - 1)).astype(np.uint32),
        kinds == WRITE,
        key_count,
        kinds == ADD if (kinds == ADD).any() else None,
    )


def every_key(access: AccessLists, locks: Mapping[int, int]) -> dict[int, int]:
    """READ, WRITE or ADD by flat key, of one transaction's `locks` by account id.

    Also keys that order nothing as the block is. An id from `account_count` on is an account that
    nobody else locks; its key is none of the block's.
    """
    if access.parents is None:
        return dict(locks)
    count = access.account_count
    found: dict[int, int] = {}
    for account, kind in locks.items():
        if account >= count:
            found[account + (_KEYS - 1) * count] = kind
            continue
        for key in range(_KEYS):
            _add(found, account + key * count, int(_OWN[key][kind]))
        for above in ancestors(access.parents, account):
            _add(found, above + int(_INTENTION_KEY[kind]) * count, int(_INTENTION[kind]))
    return found


def _add(found: dict[int, int], key: int, kind: int) -> None:
    if kind != _NONE:
        found[key] = kind if found.get(key, kind) == kind else WRITE
