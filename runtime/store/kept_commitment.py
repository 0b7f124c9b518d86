"""The commitment to a store's state, from what the store keeps of it and the accounts it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from ...primitives import StoreCorrupt
from ..commitments.commitment import Commitment
from ..commitments.keyed_states import KeyedStates
from ..commitments.kinds import root_kind_named
from .account_table import AccountTable, merge_tables
from .compaction import merged_windows
from .manifest import Manifest
from .sorted_run import Run


def restored_commitment(
    folder: Path,
    manifest: Manifest,
    runs: Sequence[Run],
    newer: Sequence[AccountTable] = (),
    last: tuple[bytes, bytes] | None = None,
) -> Commitment:
    """The commitment to the accounts in the runs and in newer tables.

    `last`: the root after the last block, and what the commitment kept with the last commit; None:
    as the manifest says. Raises StoreCorrupt.
    """
    root, kept = (manifest.root, manifest.commitment) if last is None else last
    try:
        return root_kind_named(manifest.root_kind).restored(
            root, kept, partial(all_accounts, runs, newer)
        )
    except ValueError as error:
        raise StoreCorrupt(str(folder), str(error)) from error


def require_commitment(
    folder: Path, commitment: Commitment, runs: Sequence[Run], newer: Sequence[AccountTable]
) -> None:
    """Raise StoreCorrupt unless it is the commitment to exactly these accounts."""
    if not commitment.check(partial(all_accounts, runs, newer)):
        what = f"its {commitment.KIND} commitment is not to the accounts that it holds"
        raise StoreCorrupt(str(folder), what)


def all_accounts(runs: Sequence[Run], newer: Sequence[AccountTable]) -> Iterator[KeyedStates]:
    """All accounts in runs and in newer tables, in key order."""
    for table in merged_windows(runs, merge_tables(newer)):
        yield table.keyed_states()
