"""What `sealane state` reports about a store, collected while the store is open."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from ...primitives import Account, Pubkey
from ...primitives.account import EMPTY_ACCOUNT
from ...primitives.exact_integers import exact_integer
from ...runtime import BlockRecord, Store
from ...runtime.proving import accounts_tree
from ...runtime.store.checking import StoreCheck
from ...testing.names import KeyNames
from .json_documents import Document, account_document


class StoreFiles(NamedTuple):
    """Disk space used by a store."""

    files: int
    bytes: int


class Compaction(NamedTuple):
    """The store's files before and after."""

    before: StoreFiles
    after: StoreFiles


def files_of(folder: str) -> StoreFiles:
    """The files now in the store's folder."""
    with os.scandir(folder) as entries:
        sizes = [entry.stat().st_size for entry in entries if entry.is_file()]
    return StoreFiles(len(sizes), sum(sizes))


class StoreReport:
    """The report; parts that were not asked for are None.

    A store has keys only; `names` are those of programs and those given to this command.
    """

    def __init__(self, store: Store, names: KeyNames) -> None:
        self._store = store
        self.names = names
        self.imported: int | None = None
        self.compacted: Compaction | None = None
        self.exported: int | None = None
        self.check: StoreCheck | None = None
        self.states: dict[Pubkey, Account] | None = None
        self.blocks: list[BlockRecord] | None = None
        self.height = 0
        self.state_root = ""
        self.root_kind = store.commitment.KIND
        self.account_count = 0
        self.accounts_root: str | None = None

    @property
    def was_asked(self) -> bool:
        """Whether anything besides the figures was asked for."""
        parts = (
            self.imported,
            self.compacted,
            self.check,
            self.exported,
            self.states,
            self.blocks,
            self.accounts_root,
        )
        return any(part is not None for part in parts)

    def collect(
        self, account: Pubkey | None, *, accounts: bool, log: bool, accounts_root: bool = False
    ) -> None:
        """Copy the store's figures, and the accounts, blocks and root asked for."""
        store = self._store
        self.height = store.height
        self.state_root = store.root.hex()
        self.account_count = len(store)
        if accounts:
            self.states = dict(store.accounts())
        elif account is not None:
            self.states = {account: store.get(account) or EMPTY_ACCOUNT}
        if log:
            self.blocks = store.blocks()
        if accounts_root:
            self.accounts_root = accounts_tree(store).digest.hex()


def state_document(report: StoreReport) -> Document:
    """`state --json`: the figures, then what was asked for."""
    document: Document = {
        "height": report.height,
        "state_root": report.state_root,
        "root_kind": report.root_kind,
        "accounts": report.account_count,
    }
    if report.accounts_root is not None:
        document["accounts_root"] = report.accounts_root
    if report.imported is not None:
        document["imported"] = report.imported
    if report.compacted is not None:
        document["compacted"] = {
            when: {"files": files.files, "bytes": exact_integer(files.bytes)}
            for when, files in report.compacted._asdict().items()
        }
    if report.exported is not None:
        document["exported"] = report.exported
    if report.check is not None:
        document["verified"] = report.check._asdict()
    if report.states is not None:
        document["states"] = [
            {"name": report.names.of(key)} | account_document(key, state)
            for key, state in report.states.items()
        ]
    if report.blocks is not None:
        document["log"] = [_block_document(block) for block in report.blocks]
    return document


def _block_document(block: BlockRecord) -> dict[str, Any]:
    return {
        "height": block.height,
        "state_root": block.root.hex(),
        "input_hash": block.input_hash.hex(),
        "transactions": exact_integer(block.transactions),
        "failed": exact_integer(block.failed),
        "changed": exact_integer(block.changed),
        "seconds": block.seconds,
        "time": block.time,
    }
