"""Compaction: moves the content of the log into the runs, so that a new log can begin.

The order matters: runs, records and the new log are on the disk before the manifest names them, and
old files are removed only after it no longer names them. If killed at any point, the store is
either the old or the new one, with the same accounts and root.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from ..state.block_record import BlockRecord
from .account_table import AccountTable, merge_tables
from .file_system import FileSystem, sync_names
from .history import History
from .log import Log
from .manifest import Manifest, log_name, new_id, run_name
from .sorted_run import Run, RunWriter

WINDOW_LEN: Final = 8 * 1024 * 1024  # bytes of the largest run that a merge keeps in memory
# A run is merged with newer accounts once it is at most this many times their size.
_RATIO: Final = 2


class LogContents(NamedTuple):
    """The content of the log, and the state at its end. Tables are oldest first."""

    tables: Sequence[AccountTable]
    records: Sequence[BlockRecord]
    height: int
    root: bytes
    commitment: bytes
    account_count: int


def begin_log(
    files: FileSystem,
    folder: Path,
    manifest: Manifest,
    runs: Sequence[Run],
    history: History,
    contents: LogContents,
    *,
    merge_all: bool,
) -> Manifest:
    """Write all files of a new manifest, then the manifest; returns it."""
    table = merge_tables(contents.tables)
    kept = 0 if merge_all else _kept_count(runs, len(table.encode()))
    number = manifest.next_file
    entries = [run.entry for run in runs[:kept]]
    if len(table) or kept < len(runs):
        with RunWriter(files, folder / run_name(number), manifest.store) as writer:
            for part in merged_windows(runs[kept:], table):
                writer.append(part)
            entries.append(writer.finish())
    records = history.append(contents.records)
    after = Manifest(
        store=manifest.store,
        log_id=new_id(),
        height=contents.height,
        root=contents.root,
        root_kind=manifest.root_kind,
        commitment=contents.commitment,
        account_count=contents.account_count,
        log=number,
        next_file=number + 1,
        runs=tuple(entries),
        history=records,
    )
    Log.create(files, folder / log_name(number), after.log_identity)
    sync_names(files, folder)
    after.write(files, folder)
    return after


def remove_unnamed(files: FileSystem, folder: Path, before: Manifest, after: Manifest) -> None:
    """Remove the files that the new manifest no longer names."""
    left = {run.file for run in before.runs} - {run.file for run in after.runs}
    for name in sorted(left | {log_name(before.log)}):
        files.remove(folder / name)


def merged_windows(runs: Sequence[Run], table: AccountTable) -> Iterator[AccountTable]:
    """Merge runs, oldest first, with a newer table. Yields tables in key order, with each account
    in its newest state."""
    largest = max(runs, key=lambda run: run.entry.size, default=None)
    cuts = [] if largest is None else largest.windows(WINDOW_LEN)
    keys = table.keys
    for first, end in pairwise([None, *cuts, None]):
        low = 0 if first is None else int(keys.searchsorted(first))
        high = len(keys) if end is None else int(keys.searchsorted(end))
        yield merge_tables([*(run.between(first, end) for run in runs), table.part(low, high)])


def _kept_count(runs: Sequence[Run], size: int) -> int:
    """How many of the runs are kept unchanged when `size` bytes of newer accounts are added."""
    kept = len(runs)
    while kept and runs[kept - 1].entry.size < _RATIO * size:
        kept -= 1
        size += runs[kept].entry.size
    return kept
