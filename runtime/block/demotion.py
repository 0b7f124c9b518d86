"""Demotion: accounts that instructions cannot lock for writing, whatever they declare.

Guarantees: the same rule as in a node (primitives/reserved_keys.py), and for recorded blocks. A
demoted account is read-only everywhere: in plans, for the handler, and for nested calls. Does not:
demote the payer, or the `writes` of a transaction without instructions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...primitives.known_keys import UPGRADEABLE_LOADER
from ...primitives.reserved_keys import RESERVED_KEYS
from ..columns.key_column import KeyColumn
from .block import SIGNER, WRITABLE
from .transaction_columns import IN_CALL, TransactionColumns

_START_LEN: Final = 2  # leading bytes of a key, enough to rule most keys out


def demoted_rights(
    columns: TransactionColumns, accounts: NDArray[np.uint32], keys: KeyColumn
) -> NDArray[np.uint8]:
    """The rights of mentions, without the write right where the account is demoted.

    `accounts` uint32[k]: the account id of each mention. `keys`: the key of each id.
    """
    mentions = columns.mentions
    special = _special_accounts(keys, columns.program_ids)
    if not special:
        return mentions.rights
    declared = (mentions.places == IN_CALL) & (mentions.rights & WRITABLE > 0)
    rows = (declared & np.isin(accounts, [*special.values()])).nonzero()[0]
    if not len(rows):
        return mentions.rights
    reserved = [account for key, account in special.items() if key in RESERVED_KEYS]
    taken_back = np.isin(accounts[rows], reserved)
    taken_back |= _are_invoked(columns, accounts, rows, special)
    rights = mentions.rights.copy()
    rights[rows[taken_back]] &= SIGNER
    return rights


def _special_accounts(keys: KeyColumn, program_ids: Sequence[Pubkey]) -> dict[Pubkey, int]:
    """The account ids of reserved keys and of called programs, as far as they are accounts."""
    wanted = RESERVED_KEYS.union(program_ids)
    likely = np.zeros(1 << 8 * _START_LEN, dtype=np.bool_)
    likely[[int.from_bytes(key[:_START_LEN], "little") for key in wanted]] = True
    starts = np.ascontiguousarray(keys.array).view("<u2")[:, 0]
    found: list[int] = likely[starts].nonzero()[0].tolist()
    return {keys[account]: account for account in found if keys[account] in wanted}


def _are_invoked(
    columns: TransactionColumns,
    accounts: NDArray[np.uint32],
    rows: NDArray[np.int64],
    special: Mapping[Pubkey, int],
) -> NDArray[np.bool_]:
    """bool[·]: whether the account of each of these mentions is a program that its transaction
    calls, and the upgradeable loader is not among the transaction's accounts."""
    transactions = columns.mentions.transactions
    callers = np.arange(len(columns.calls.counts)).repeat(columns.calls.counts)
    programs = np.array([special.get(key, -1) for key in columns.program_ids], dtype=np.int64)
    called = programs[columns.calls.programs]
    known = called >= 0
    pairs = transactions[rows] << 32 | accounts[rows]
    invoked = np.isin(pairs, callers[known] << 32 | called[known])
    if UPGRADEABLE_LOADER in special:
        named = transactions[accounts == special[UPGRADEABLE_LOADER]]
        invoked &= ~np.isin(transactions[rows], named)
    if UPGRADEABLE_LOADER in columns.program_ids:  # calling it makes it one of the accounts, too
        loader = columns.program_ids.index(UPGRADEABLE_LOADER)
        invoked &= ~np.isin(transactions[rows], callers[columns.calls.programs == loader])
    return invoked
