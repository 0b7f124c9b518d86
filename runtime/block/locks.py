"""The accounts that each transaction of a block locks: each once, with its strongest right.

Guarantees: account ids are numbered in the order in which the block first names the accounts. A
transaction's rights to an account are the union over all its mentions, except for demoted accounts
(see demotion.py); it only adds to an account if all its mentions do. Does not: check anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...programs.kit import Program
from ...scheduler import AccessLists
from ..columns.group_by import GroupBy
from ..columns.interning import interned
from ..columns.key_column import KeyColumn
from ..columns.ragged import offsets_of, take_keys
from .block import ADDS, NO_PAYER, SIGNER, WRITABLE
from .crediting import credited_rights
from .demotion import demoted_rights
from .transaction_columns import (
    AS_PAYER,
    IN_CALL,
    TransactionColumns,
)


@dataclass(frozen=True, slots=True)
class Locks:
    """The locks of n transactions, whose instructions mention m accounts.

    `keys`: the key of each account id. `access`: the locks. `payers` int64[n]: account ids,
    NO_PAYER where there is none. `signatures` int64[n]: how many accounts sign.
    `accounts` uint32[m], `flags` uint8[m]: the accounts that instructions name, in block order,
    with the SIGNER, WRITABLE and ADDS bits they have in the transaction.
    """

    keys: KeyColumn
    access: AccessLists
    payers: NDArray[np.int64]
    signatures: NDArray[np.int64]
    accounts: NDArray[np.uint32]
    flags: NDArray[np.uint8]


def find_locks(columns: TransactionColumns, crediting: Iterable[Program] | None = None) -> Locks:
    """Find the locks of these transactions. `crediting`: see build_block."""
    mentions, count = columns.mentions, len(columns.ids)
    named, accounts = interned(mentions.keys)
    keys = KeyColumn(take_keys(mentions.keys, named))
    called = mentions.places == IN_CALL
    rights = demoted_rights(columns, accounts, keys)
    if crediting is not None:
        built = [each for each in columns.programs if isinstance(each, Program)]
        rights = credited_rights(columns, rights, [*crediting, *built])
    first, rights = _merged(mentions.transactions << 32 | accounts, rights)
    owners, locked = mentions.transactions[first], rights[first]
    adds = (locked & ADDS) > 0
    pays = mentions.places == AS_PAYER
    payers = np.full(count, NO_PAYER, dtype=np.int64)
    payers[mentions.transactions[pays]] = accounts[pays]
    return Locks(
        keys=keys,
        access=AccessLists(
            offsets_of(np.bincount(owners, minlength=count)),
            accounts[first],
            ((locked & WRITABLE) > 0) & ~adds,
            len(keys),
            adds if adds.any() else None,
        ),
        payers=payers,
        signatures=np.bincount(owners[(locked & SIGNER) > 0], minlength=count),
        accounts=accounts[called],
        flags=rights[called],
    )


def _merged(
    pairs: NDArray[np.int64], rights: NDArray[np.uint8]
) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """For each mention: bool[·], whether it is the transaction's first of this account; uint8[·],
    the union of the rights in all of the transaction's mentions of it; ADDS only if all have it."""
    rows = pairs.argsort(kind="stable")
    ordered = pairs[rows]
    groups = GroupBy(rows, ordered[1:] != ordered[:-1])
    first = np.zeros(len(rows), dtype=np.bool_)
    first[groups.first] = True
    # As the union of "does more than add".
    united = np.bitwise_or.reduceat(rights[rows] ^ np.uint8(ADDS), groups.starts)
    return first, groups.broadcast(united ^ np.uint8(ADDS))
