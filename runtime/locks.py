"""Which accounts the transactions of a block lock: each once, at its strongest right.

Guarantees: account ids count up in the order in which the block first names the accounts. A
transaction's rights to an account are those of all its mentions together. As on a node, no
instruction can lock a sysvar for writing, whatever it declares. Does not: check anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..programs.kit.sysvars import SYSVAR_IDS
from ..scheduler import AccessLists
from .account_columns import take_keys
from .block import NO_PAYER, SIGNER, WRITABLE
from .interning import interned
from .key_column import KeyColumn
from .listing import AS_PAYER, IN_CALL, Mentions

_SYSVAR_WORDS: Final = KeyColumn.of([*SYSVAR_IDS]).array.view(np.uint64)[:, 0]


@dataclass(frozen=True, slots=True)
class Locks:
    """The locks of n transactions, whose instructions name m accounts.

    `keys`: the key of each account id. `access`: the locks. `payers` int64[n]: account ids,
    NO_PAYER where there is none. `signatures` int64[n]: how many accounts sign.
    `accounts` uint32[m], `flags` uint8[m]: the accounts that instructions name, in block order,
    with the SIGNER and WRITABLE bits they have in the transaction.
    """

    keys: KeyColumn
    access: AccessLists
    payers: NDArray[np.int64]
    signatures: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    flags: NDArray[np.uint8]


def find_locks(mentions: Mentions, count: int) -> Locks:
    """The locks of this many transactions, of which these are all the mentions."""
    named, accounts = interned(mentions.keys)
    keys = KeyColumn(take_keys(mentions.keys, named))
    called = mentions.places == IN_CALL
    declared = mentions.rights.copy()
    declared[called & np.isin(accounts, _sysvars(keys))] &= SIGNER
    first, rights = _merged(mentions.transactions << 32 | accounts, declared)
    owners, locked = mentions.transactions[first], rights[first]
    pays = mentions.places == AS_PAYER
    payers = np.full(count, NO_PAYER, dtype=np.int64)
    payers[mentions.transactions[pays]] = accounts[pays]
    return Locks(
        keys=keys,
        access=AccessLists.from_columns(
            np.concatenate(([0], np.cumsum(np.bincount(owners, minlength=count)))),
            accounts[first],
            (locked & WRITABLE) > 0,
            len(keys),
        ),
        payers=payers,
        signatures=np.bincount(owners[(locked & SIGNER) > 0], minlength=count),
        accounts=accounts[called],
        flags=rights[called],
    )


def _sysvars(keys: KeyColumn) -> list[int]:
    """The ids of the accounts that are sysvars."""
    likely = np.flatnonzero(np.isin(keys.array.view(np.uint64)[:, 0], _SYSVAR_WORDS))
    return [account for account in likely.tolist() if keys[account] in SYSVAR_IDS]


def _merged(
    pairs: NDArray[np.int64], rights: NDArray[np.uint8]
) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Of each pair of transaction and account: bool[·], whether this is its first mention;
    uint8[·], the rights of all its mentions together."""
    rows = np.argsort(pairs, kind="stable")
    starts = np.flatnonzero(np.diff(pairs[rows], prepend=-1))
    first = np.zeros(len(rows), dtype=np.bool_)
    first[rows[starts]] = True
    together = np.empty(len(rows), dtype=np.uint8)
    strongest = np.bitwise_or.reduceat(rights[rows], starts)
    together[rows] = np.repeat(strongest, np.diff(starts, append=len(rows)))
    return first, together
