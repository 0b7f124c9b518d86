"""Reads a whole store and checks it.

Verifies: every checksum; that keys ascend; that heights are consecutive; every state root of a
block in the log, from the accounts that it changed; that the last root in the history is the one
that the log starts from; the number of accounts; and, if accounts determine what the store's
commitment keeps, that, computed anew from all accounts. Does not: recompute the roots of older
blocks, as their changes have been merged into the runs; only their checksums protect them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ...primitives import StoreCorrupt
from ..columns.key_column import KeyColumn
from ..commitments.commitment import Commitment
from ..commitments.kinds import root_kind_named
from ..commitments.lattice import LatticeCommitment, Summing
from ..commitments.state_change import StateChange
from .account_table import merge_tables
from .compaction import merged_windows
from .file_system import FileSystem
from .history import History
from .kept_commitment import require_commitment, restored_commitment
from .log import Log, LogEntry
from .manifest import Manifest, log_name
from .resident import ResidentAccounts
from .sorted_run import Run, find_in_runs


class StoreCheck(NamedTuple):
    """What was checked. `roots`: how many of the roots of `blocks` were recomputed. `chunks` and
    log `entries`: how many checksums were compared."""

    accounts: int
    blocks: int
    chunks: int
    entries: int
    roots: int


class StoreParts(NamedTuple):
    """The files of a store that is open: its folder, manifest and runs, oldest first."""

    files: FileSystem
    folder: Path
    manifest: Manifest
    runs: Sequence[Run]


def check_files(parts: StoreParts, history: History, sum_many: Summing) -> StoreCheck:
    """Check all files; `sum_many` sums lattice hashes. Raises StoreCorrupt for the first damage."""
    files, folder, manifest, runs = parts
    kind = root_kind_named(manifest.root_kind)
    chunks = sum(run.check() for run in runs)
    _check_history(history, manifest, kind)
    path = folder / log_name(manifest.log)
    identity, length = manifest.log_identity, kind.STORED_LEN
    log = Log(files, path, identity, commitment_len=length, writable=False)
    try:
        entries = list(log.read())
    finally:
        log.close()
    commitment, roots = _replay(parts, kind, entries)
    if isinstance(commitment, LatticeCommitment):
        commitment.sum_with(sum_many)
    tables = [table for entry in entries for table in (entry.placed, entry.changed)]
    require_commitment(folder, commitment, runs, tables)
    accounts = sum(len(part) for part in merged_windows(runs, merge_tables(tables)))
    counted = entries[-1].account_count if entries else manifest.account_count
    if accounts != counted:
        raise StoreCorrupt(str(folder), f"it holds {accounts:,} accounts and says {counted:,}")
    return StoreCheck(accounts, history.entry.blocks + roots, chunks, len(entries), roots)


def _check_history(history: History, manifest: Manifest, kind: type[Commitment]) -> None:
    height, root = 0, b""
    for record in history.records():
        height, root = record.height, record.root
    if not height:
        root = kind.of_nothing().root
    if (root, height) != (manifest.root, manifest.height):
        raise StoreCorrupt(
            str(history.path),
            f"it ends at block {height:,}, the log begins after {manifest.height:,}",
        )


def _replay(
    parts: StoreParts, kind: type[Commitment], entries: Sequence[LogEntry]
) -> tuple[Commitment, int]:
    """Recompute the roots in the log. Returns the last commitment, and how many roots there are."""
    _, folder, manifest, runs = parts
    path = folder / log_name(manifest.log)
    height = manifest.height
    states = ResidentAccounts(partial(find_in_runs, runs), merge_tables(()))
    commitment = restored_commitment(folder, manifest, runs)
    for entry in entries:
        if entry.block is None and not kind.COVERS_PLACED:
            continue
        placed, changed = entry.placed.keyed_states(), entry.changed.keyed_states()
        change = StateChange(changed, dict(entry.placed.accounts()), states.committed)
        following = commitment.next(change)
        if entry.block is not None:
            height += 1
            if (entry.block.height, entry.block.root) != (height, following.root):
                what = f"the root of block {height:,} is not that of its changes"
                raise StoreCorrupt(str(path), what)
        if entry.commitment != following.stored:
            what = f"the commitment kept after block {height:,} is not to its accounts"
            raise StoreCorrupt(str(path), what)
        commitment = following.commitment()
        if kind.COVERS_PLACED:
            for part in (placed, changed):
                states.put(states.rows(KeyColumn(part.keys)), part.states)
    return commitment, height - manifest.height
