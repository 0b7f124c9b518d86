"""Reads a whole store and checks it.

Verifies: every checksum; that keys ascend; that heights are consecutive; every state root of a
block in the log, from the accounts that it changed; that the last root in the history is the one
that the log starts from; the number of accounts. Does not: recompute the roots of older blocks, as
their changes have been merged into the runs; only their checksums protect them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ...primitives import StoreCorrupt
from ..state.root import GENESIS_ROOT, PendingRoot
from .account_table import merge_tables
from .compaction import merged_windows
from .file_system import FileSystem
from .history import History
from .log import Log, LogEntry
from .manifest import Manifest, log_name
from .sorted_run import Run


class StoreCheck(NamedTuple):
    """What was checked. `roots`: how many of the roots of `blocks` were recomputed. `chunks` and
    log `entries`: how many checksums were compared."""

    accounts: int
    blocks: int
    chunks: int
    entries: int
    roots: int


def check_files(
    files: FileSystem, folder: Path, manifest: Manifest, runs: Sequence[Run], history: History
) -> StoreCheck:
    """Check all files. Raises StoreCorrupt for the first damage."""
    chunks = sum(run.check() for run in runs)
    _check_history(history, manifest)
    path = folder / log_name(manifest.log)
    log = Log(files, path, manifest.log_identity, writable=False)
    try:
        entries = list(log.read())
    finally:
        log.close()
    roots = _check_log(path, manifest, entries)
    tables = [table for entry in entries for table in (entry.placed, entry.changed)]
    merged = merge_tables(tables)
    accounts = sum(len(part) for part in merged_windows(runs, merged))
    counted = entries[-1].account_count if entries else manifest.account_count
    if accounts != counted:
        raise StoreCorrupt(str(folder), f"it holds {accounts:,} accounts and says {counted:,}")
    return StoreCheck(accounts, history.entry.blocks + roots, chunks, len(entries), roots)


def _check_history(history: History, manifest: Manifest) -> None:
    height, root = 0, GENESIS_ROOT
    for record in history.records():
        height, root = record.height, record.root
    if (root, height) != (manifest.root, manifest.height):
        raise StoreCorrupt(
            str(history.path),
            f"it ends at block {height:,}, the log begins after {manifest.height:,}",
        )


def _check_log(path: Path, manifest: Manifest, entries: Sequence[LogEntry]) -> int:
    """Recompute the chain of roots; returns how many."""
    height, root = manifest.height, manifest.root
    for entry in entries:
        if entry.block is None:
            continue
        height += 1
        changed = entry.changed
        root = PendingRoot(root, changed.key_column(), changed.columns()).result()
        if (entry.block.height, entry.block.root) != (height, root):
            raise StoreCorrupt(
                str(path), f"the root of block {height:,} is not that of its changes"
            )
    return height - manifest.height
