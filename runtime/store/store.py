"""The durable state of a runtime: a folder of checksummed files, one commit a block.

    manifest ──▶ accounts-N …  runs: sorted, never changed          ┐ the state is the content
        │    └─▶ blocks        records of the blocks in the runs    │ of the runs, overridden
        └──────▶ log-N         the changes of later blocks, and     │ by the log
                               their records                        ┘

Guarantees: a commit is in the log, synced, before it returns. Placed accounts, changed accounts,
height, input hash, root and what its commitment keeps are committed together or not at all. All
data that is read is checked against a checksum first: damage is StoreCorrupt, never wrong data.
After a failed sync this object refuses all use. A block loads only the accounts that it names, so
state may be larger than memory. Does not: share a store between processes or threads.

When the log has reached its limit, its content is merged into the runs and a new log is begun; the
manifest is replaced once both are on the disk. Runs at least double in size from newest to oldest,
so there are few, and each account is rewritten a logarithmic number of times.

Why not LMDB, for which this was first designed: it trusts its file. Of 300 single flipped bits,
35 made accounts vanish without an error (a branch of its tree no longer led to them), a truncated
file killed the process (SIGBUS), and checksums on records detect neither. Here a commit appends:
2 ms for 20,000 of 1,000,000 accounts, where LMDB rewrites most of its leaves (100 ms).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from ...primitives import Account, MachineError, Pubkey, StoreCorrupt, UsageError
from ...primitives.one_line import in_one_line, shortened
from ..columns.account_columns import AccountColumns
from ..commitments.commitment import Commitment, NextRoot
from ..commitments.kinds import root_kind_named
from ..commitments.lattice import Summing
from ..commitments.lattice_hash import sum_accounts
from ..commitments.state_change import StateChange
from ..state.block_changes import in_key_order
from ..state.block_record import BlockRecord
from ..state.state import NO_SUMMARY, NOTHING, BlockSummary
from .account_table import AccountTable, join_tables, merge_tables
from .block_log import BlockLog
from .checking import StoreCheck, StoreParts, check_files
from .compaction import LogContents, begin_log, merged_windows, remove_unnamed
from .expected_block import ExpectedBlock
from .file_system import FileSystem
from .health import StoreHealth
from .history import History
from .kept_commitment import restored_commitment
from .log import Log, LogEntry
from .manifest import Manifest, log_name
from .opening import Access, enter_folder, remove_leftovers
from .resident import ResidentAccounts
from .sorted_run import Run, find_in_runs

_events = logging.getLogger(__package__)

LOG_LEN_MAX: Final = 32 * 1024 * 1024  # bytes; more, and the log is merged into the runs
RESIDENT_LEN_MAX: Final = 256 * 1024 * 1024  # bytes of accounts in memory before they are evicted
SLOW_SYNC_S: Final = 1.0  # what a commit takes is milliseconds
_EMPTY: Final = join_tables(())


class Store:
    """The store in `folder`, a State. With `create`, it is created if there is none.

    Without `writable`, it is only read, and nothing in its folder changes: a copy on a read-only
    medium is fine. `expect`, "HEIGHT:ROOT": a block that the store must have, with that state root
    after it, which an older copy of the store does not have. `root_kind`: that of its state
    root, as in `Runtime(root=…)`; None: whichever it is, and "history" for a new one.

    Raises StoreUnavailable, StoreFormatError, StoreLocked, StoreCorrupt or StoreMismatch. `files`
    and `clock` are for tests. `manifest`: the files that make up the store.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        create: bool = True,
        writable: bool = True,
        expect: str | None = None,
        root_kind: str | None = None,
        files: FileSystem | None = None,
        clock: Callable[[], float] = time.time,
        log_len_max: int = LOG_LEN_MAX,
    ) -> None:
        self.folder = Path(folder)
        self._files = FileSystem() if files is None else files
        self._clock = clock
        self._log_len_max = log_len_max
        self._health = StoreHealth(self.folder)
        self._writable = writable
        self._runs: list[Run] = []
        self._log: Log | None = None
        self._blocks: BlockLog | None = None
        expected = None if expect is None else ExpectedBlock.of(expect)
        # A store that must have blocks cannot be a new one.
        create = create and writable and (expected is None or expected.height == 0)
        access = Access(create, writable, root_kind)
        self._lock, manifest = enter_folder(self._files, self.folder, access)
        try:
            with self._health.changing():
                self._open(manifest, expected)
        except BaseException:
            self.close()
            raise

    def _open(self, manifest: Manifest, expected: ExpectedBlock | None) -> None:
        self.manifest = manifest
        self.height = manifest.height
        self.root = manifest.root
        self._count = manifest.account_count
        self._pending: dict[Pubkey, Account] = {}
        self._tables: list[AccountTable] = []
        for run in manifest.runs:
            self._runs.append(Run(self._files, self.folder, manifest.store, run))
        writable = self._writable
        self._blocks = BlockLog(
            History(self._files, self.folder, manifest.store, manifest.history, writable=writable),
            root_kind_named(manifest.root_kind),
        )
        self._log = self._log_of(manifest)
        kept = manifest.commitment
        for entry in self._log.read():
            if entry.block is not None and entry.block.height != self.height + 1:
                what = f"block {entry.block.height:,} follows block {self.height:,}"
                raise StoreCorrupt(str(self._log.path), what)
            self._take(entry)
            kept = entry.commitment
        if expected is not None:
            self._blocks.require(expected)
        self.commitment: Commitment = restored_commitment(
            self.folder, manifest, self._runs, self._tables, (self.root, kept)
        )
        if writable:
            remove_leftovers(self._files, self.folder, manifest)
        self._forget()
        _events.info("opened %s at block %d: %d accounts", self.folder, self.height, self._count)

    def __repr__(self) -> str:
        folder, root = shortened(str(self.folder), 40), self.root.hex()[:12]
        return in_one_line(f"Store {folder} at height {self.height:,}, root {root}…")

    def get(self, key: Pubkey) -> Account | None:
        return self.load((key,))[0]

    def load(self, keys: Sequence[Pubkey]) -> list[Account | None]:
        self._health.require()
        states = self._resident.load(keys)
        for at, state in self._pending_among(keys).items():
            states[at] = state
        return states

    def committed(self, key: Pubkey) -> Account | None:
        self._health.require()
        return self._resident.load((key,))[0]

    def states(self, keys: Sequence[Pubkey], unset: Mapping[Pubkey, Account]) -> AccountColumns:
        self._health.require()
        if self._resident.memory_len > self._resident_len_max:
            self._forget()
        states = self._resident.states(keys, unset)
        pending = self._pending_among(keys)
        return states.replaced(pending) if pending else states

    def find_block(self, input_hash: bytes) -> BlockRecord | None:
        self._health.require()
        assert self._blocks is not None
        return self._blocks.find(input_hash)

    def blocks(self) -> list[BlockRecord]:
        """Every block committed, oldest first."""
        self._health.require()
        assert self._blocks is not None
        return self._blocks.all()

    def accounts(self) -> Iterator[tuple[Pubkey, Account]]:
        """Every committed account, in key order. Reads one window of the runs at a time."""
        self._health.require()
        for table in merged_windows(self._runs, merge_tables(self._tables)):
            yield from table.accounts()

    def verify(self, sum_many: Summing = sum_accounts) -> StoreCheck:
        """Compare every checksum, recompute the roots of blocks in the log, and the commitment.

        `sum_many`: sums the lattice hashes of accounts. Raises StoreCorrupt.
        """
        self._health.require()
        assert self._blocks is not None
        parts = StoreParts(self._files, self.folder, self.manifest, self._runs)
        return check_files(parts, self._blocks.history, sum_many)

    def __len__(self) -> int:
        """The number of committed accounts."""
        return self._count

    def set(self, key: Pubkey, state: Account) -> None:
        self._require_writable()
        self._pending[key] = state

    def discard(self) -> None:
        self._pending.clear()

    def save(self) -> None:
        if self._pending:
            following = self.next_root({}) if self.commitment.COVERS_PLACED else None
            self._append(None, self._pending, _EMPTY, {}, following)

    def next_root(
        self, changed: Mapping[Pubkey, Account], placing: Mapping[Pubkey, Account] = NOTHING
    ) -> NextRoot:
        """The root that `commit` would return."""
        self._health.require()
        placed = {**self._pending, **placing}
        change = StateChange(in_key_order(changed), placed, self._resident.committed)
        return self.commitment.next(change)

    def commit(
        self,
        changed: Mapping[Pubkey, Account],
        summary: BlockSummary = NO_SUMMARY,
        placing: Mapping[Pubkey, Account] = NOTHING,
        next_root: NextRoot | None = None,
    ) -> bytes:
        """Commit a block's changes, accounts that were `set` before, and those in `placing`.

        On the disk on return. Raises StoreFailed. If its `usable` is true, nothing was committed;
        otherwise the store must be opened again, and will be at the state before or after this
        block.
        """
        following = self.next_root(changed, placing) if next_root is None else next_root
        table = AccountTable.of(changed)
        root = following.root
        record = BlockRecord(
            self.height + 1,
            summary.input_hash,
            root,
            summary.transactions,
            summary.failed,
            len(table),
            summary.seconds,
            self._clock(),
        )
        self._append(record, {**self._pending, **placing}, table, changed, following)
        return root

    def compact(self) -> None:
        """Merge everything into a single run, and begin a new log."""
        self._require_writable()
        assert self._blocks is not None
        if self._tables or self._blocks.recent or len(self._runs) > 1:
            self._begin_log(merge_all=True)

    def close(self) -> None:
        """Close the files, release the lock, drop accounts that were `set` and not committed."""
        if self._health.closed:
            return
        self._health.closed = True
        history = None if self._blocks is None else self._blocks.history
        for part in (*self._runs, history, self._log):
            if part is not None:
                part.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _require_writable(self) -> None:
        self._health.require()
        if not self._writable:
            raise UsageError(f"the store {self.folder} was opened to be read only; open it anew")

    def _append(
        self,
        record: BlockRecord | None,
        placed: Mapping[Pubkey, Account],
        table: AccountTable,
        changed: Mapping[Pubkey, Account],
        following: NextRoot | None,
    ) -> None:
        """Commit an entry: a block if there is a record, and the accounts placed before it.

        `following`: the root after it; None if the accounts have none.
        """
        self._require_writable()
        assert self._log is not None
        placed_rows, placed_states = self._resident.rows_of_changes(placed)
        rows, states = self._resident.rows_of_changes(changed)
        new = self._resident.absent_count(placed_rows, rows)
        stored = (self.commitment if following is None else following).stored
        entry = LogEntry(record, AccountTable.of(placed), table, self._count + new, stored)
        with self._health.appending():
            self._log.append(entry)
        with self._health.changing():
            started = time.monotonic()
            self._log.sync()
            took_s = time.monotonic() - started
            if took_s > SLOW_SYNC_S:
                _events.warning("the disk of %s took %.1f s to sync", self.folder, took_s)
            self._take(entry)
            if following is not None:
                self.commitment = following.commitment()
            self._resident.put(placed_rows, placed_states)
            self._resident.put(rows, states)
            self._pending.clear()
        if self._log.end > self._log_len_max:
            self._make_room()

    def _take(self, entry: LogEntry) -> None:
        """Update everything for a new log entry, except the accounts in memory."""
        self._tables += [table for table in (entry.placed, entry.changed) if len(table)]
        self._count = entry.account_count
        if entry.block is not None:
            assert self._blocks is not None
            self._blocks.add(entry.block)
            self.height = entry.block.height
            self.root = entry.block.root

    def _forget(self) -> None:
        """Evict all accounts from memory except those in the log."""
        newest = merge_tables(self._tables)
        self._resident = ResidentAccounts(lambda keys: find_in_runs(self._runs, keys), newest)
        # At least twice what must stay, or every block would begin with an eviction.
        self._resident_len_max = max(RESIDENT_LEN_MAX, 2 * self._resident.memory_len)

    def _pending_among(self, keys: Sequence[Pubkey]) -> dict[int, Account]:
        """Accounts that were set and not committed, by position in `keys`."""
        pending = self._pending
        if not pending:
            return {}
        return {at: pending[key] for at, key in enumerate(keys) if key in pending}

    def _make_room(self) -> None:
        """Begin a new log after a commit, which stands even if this fails."""
        try:
            self._begin_log(merge_all=False)
        except MachineError:
            return  # disk full: the old log is used on; or unusable: the next call raises

    def _begin_log(self, *, merge_all: bool) -> None:
        assert self._blocks is not None
        started = time.monotonic()
        before = self.manifest
        records = self._blocks.recent
        contents = LogContents(
            self._tables, records, self.height, self.root, self.commitment.stored, self._count
        )
        with self._health.changing(up_to_full_disk=True):
            after = begin_log(
                self._files,
                self.folder,
                before,
                self._runs,
                self._blocks.history,
                contents,
                merge_all=merge_all,
            )
        with self._health.changing():
            self._follow(after)
            remove_unnamed(self._files, self.folder, before, after)
        _events.info(
            "merged the log of %s at block %d: %d runs, before %d; took %.2f s",
            self.folder,
            self.height,
            len(after.runs),
            len(before.runs),
            time.monotonic() - started,
        )

    def _log_of(self, manifest: Manifest) -> Log:
        path, length = self.folder / log_name(manifest.log), len(manifest.commitment)
        identity = manifest.log_identity
        return Log(self._files, path, identity, commitment_len=length, writable=self._writable)

    def _follow(self, manifest: Manifest) -> None:
        """Switch to the files of a new manifest. Their content is known already."""
        assert self._log is not None
        open_runs = {run.entry.file: run for run in self._runs}
        before, self._log = self._log, self._log_of(manifest)  # if that fails, `close` closes it
        before.close()
        for _ in self._log.read():
            raise AssertionError("a new log has entries")
        self._runs = [
            open_runs.pop(entry.file, None) or Run(self._files, self.folder, manifest.store, entry)
            for entry in manifest.runs
        ]
        for run in open_runs.values():
            run.close()
        assert self._blocks is not None
        self._blocks.follow(manifest.history)
        self.manifest = manifest
        self._tables = []
