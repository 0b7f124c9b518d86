"""What a block changed, by key: for the state root, the store and whoever asks the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..primitives import Account, Pubkey
from .account_columns import ChangedAccounts
from .block import Block
from .root import HEADER, root_of_encoded


class BlockChanges(Mapping[Pubkey, Account]):
    """Changed accounts in key order. `ids` int64[n]: the block's account ids, in that order."""

    def __init__(self, block: Block, changed: ChangedAccounts) -> None:
        self.block = block
        row_of = np.full(len(block.keys), -1, dtype=np.int64)
        row_of[changed.ids] = np.arange(len(changed.ids))
        rows = row_of[block.key_order]
        rows = rows[rows >= 0]
        self.ids = changed.ids[rows]
        self.columns = changed.columns.take(rows)

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Pubkey]:
        keys = self.block.keys
        ids: list[int] = self.ids.tolist()
        return (keys[account] for account in ids)

    def __getitem__(self, key: Pubkey) -> Account:
        return self.columns[self._row_of[key]]

    @cached_property
    def _row_of(self) -> dict[Pubkey, int]:
        return {key: row for row, key in enumerate(self)}

    def next_root(self, parent: bytes) -> bytes:
        """The state root after these changes."""
        headers, data = self.encoded_headers().tobytes(), self.columns.joined_data()
        return root_of_encoded(parent, len(self), headers, data)

    def encoded_headers(self) -> NDArray[Any]:
        """HEADER[n]: everything about the accounts but their data."""
        columns = self.columns
        headers = np.zeros(len(self), dtype=HEADER)
        raw = headers.view(np.uint8).reshape(len(self), HEADER.itemsize)
        raw[:, :32] = self.block.key_rows(self.ids)
        raw[:, 32:64] = columns.owners
        headers["lamports"] = columns.lamports
        headers["executable"] = columns.executable
        headers["len"] = columns.data_lens
        return headers
