"""Digests of what each transaction stored in each account, to compare two executions.

A trace has one uint64 for each access of the block (aligned with `block.access.accounts`): the
digest of the state that the transaction stored there, 0 where it stored nothing. Equal traces
mean equal effects, transaction by transaction, whatever the order of execution.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import Account
from ...primitives.account import EMPTY_ACCOUNT
from ...programs.kit.accounts.added_record import Place
from ..block.block import Block
from .account_source import AccountSource

_DIGEST_LEN: Final = 8
_FIELDS: Final = struct.Struct("<32sQ?Q")


class TracedAccounts:
    """An AccountSource that also notes in the trace what the current transaction stores."""

    def __init__(self, block: Block, accounts: AccountSource, trace: NDArray[np.uint64]) -> None:
        self._access = block.access
        self._accounts = accounts
        self._trace = trace
        self._row_of: dict[int, int] = {}

    def begin(self, position: int) -> None:
        """The transaction at `position` stores from now on."""
        start, end = self._access.offsets[position : position + 2].tolist()
        touched = self._access.accounts[start:end].tolist()
        self._row_of = {account: start + index for index, account in enumerate(touched)}

    def load(self, account: int) -> Account:
        return self._accounts.load(account)

    def store(self, account: int, state: Account) -> None:
        self._trace[self._row_of[account]] = _digest(state)
        self._accounts.store(account, state)

    def load_to_add(self, account: int) -> Account:
        return self._accounts.load_to_add(account)

    def add(self, account: int, lamports: int, sums: Mapping[Place, int]) -> None:
        # What the account holds then depends on the order of the adds.
        added = repr((lamports, sorted(sums.items()))).encode()
        self._trace[self._row_of[account]] = _digest(EMPTY_ACCOUNT._replace(data=added))
        self._accounts.add(account, lamports, sums)

    def note(self, position: int, before: Mapping[int, Account]) -> None:
        """Note what a transaction stored without this source, given the states before it."""
        self.begin(position)
        for account, row in self._row_of.items():
            state = self._accounts.load(account)
            if state != before[account]:
                self._trace[row] = _digest(state)

    def states(self, positions: Iterable[int]) -> dict[int, Account]:
        """The current states of all accounts that these transactions declare."""
        states: dict[int, Account] = {}
        for position in positions:
            self.begin(position)
            states |= {account: self._accounts.load(account) for account in self._row_of}
        return states


def _digest(state: Account) -> int:
    fields = _FIELDS.pack(state.owner, state.lamports, state.executable, len(state.data))
    digest = hashlib.blake2b(fields, digest_size=_DIGEST_LEN)
    digest.update(state.data)
    return int.from_bytes(digest.digest(), "little") or 1


def empty_trace(block: Block) -> NDArray[np.uint64]:
    """A trace in which nothing is stored yet."""
    return np.zeros(len(block.access.accounts), dtype=np.uint64)
