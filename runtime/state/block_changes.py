"""The accounts that a block changed, by key: for the state root, the store and the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from ...primitives import Account, Pubkey
from ..block.block import Block
from ..columns.account_columns import ChangedAccounts
from ..columns.key_order import ascends, key_order
from ..commitments.keyed_states import KeyedStates


class BlockChanges(Mapping[Pubkey, Account]):
    """Changed accounts in key order.

    `ids` int64[n]: the block's account ids; `key_bytes` uint8[n, 32]; `columns`: the new states.
    """

    def __init__(self, block: Block, changed: ChangedAccounts) -> None:
        self.block = block
        self.ids = changed.ids
        self.columns = changed.columns
        self.key_bytes = block.key_rows(changed.ids)
        if not ascends(self.key_bytes):
            order = key_order(self.key_bytes)
            self.ids = changed.ids[order]
            self.columns = changed.columns.take(order)
            self.key_bytes = block.key_rows(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"<BlockChanges of {len(self)} accounts>"

    def __iter__(self) -> Iterator[Pubkey]:
        keys = self.block.keys
        ids: list[int] = self.ids.tolist()
        return (keys[account] for account in ids)

    def __getitem__(self, key: Pubkey) -> Account:
        return self.columns[self._row_of[key]]

    @cached_property
    def _row_of(self) -> dict[Pubkey, int]:
        return {key: row for row, key in enumerate(self)}


def in_key_order(changed: Mapping[Pubkey, Account]) -> KeyedStates:
    """The keys, ascending, and the states in the same order."""
    if isinstance(changed, BlockChanges):
        return KeyedStates(changed.key_bytes, changed.columns)
    return KeyedStates.of(changed)
