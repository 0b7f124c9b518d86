"""Sets many accounts at once: a million calls of `set_account` would take longer than a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...primitives import Account, Pubkey
from ...runtime import Block, Runtime, build_block
from ...runtime.columns.account_columns import AccountColumns, ChangedAccounts
from ...runtime.state.block_changes import BlockChanges


def place(runtime: Runtime, keys: Sequence[Pubkey], states: Sequence[Account]) -> None:
    """Commit these accounts, as if a block had created them."""
    made = ChangedAccounts(np.arange(len(keys)), AccountColumns.of(states))
    runtime.state.commit(BlockChanges(empty_block(keys), made))


def empty_block(keys: Sequence[Pubkey]) -> Block:
    """A block without transactions, with these keys."""
    empty = build_block([])
    return replace(empty, keys=keys, access=replace(empty.access, account_count=len(keys)))
