"""Committed state in memory: accounts, height and state root, changed block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..primitives import Account, Pubkey
from .root import GENESIS_ROOT, next_root


class MemoryState:
    """Accounts by key. Only `commit` and `set` change it, each at once."""

    def __init__(self) -> None:
        self._accounts: dict[Pubkey, Account] = {}
        self.height = 0
        self.root = GENESIS_ROOT

    def get(self, key: Pubkey) -> Account | None:
        return self._accounts.get(key)

    def set(self, key: Pubkey, state: Account) -> None:
        """Put an account in place outside any block; the root does not tell of it."""
        self._accounts[key] = state

    def copy(self) -> MemoryState:
        """A state that goes its own way from here."""
        copied = MemoryState()
        copied._accounts = dict(self._accounts)
        copied.height, copied.root = self.height, self.root
        return copied

    def commit(self, changed: Mapping[Pubkey, Account]) -> bytes:
        """Take over what a block changed, and return the new root."""
        root = next_root(self.root, changed)
        self._accounts.update(changed)
        self.root = root
        self.height += 1
        return root

    def __iter__(self) -> Iterator[Pubkey]:
        return iter(self._accounts)

    def __len__(self) -> int:
        return len(self._accounts)
