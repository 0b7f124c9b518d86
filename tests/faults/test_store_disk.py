"""Rows 38, 39 and 40: writes that fail, a full disk, a store that outgrows its log.

Not checked: what a disk does that says it synced and did not.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count, pairwise
from pathlib import Path

import pytest

from sealane.primitives import Account, StoreFailed, StoreUnavailable
from sealane.runtime import Store
from sealane.runtime.store.file_system import FileSystem
from sealane.runtime.store.manifest import log_name

from .faulty_files import FailingFiles
from .store_scenario import KEYS, LOG_LEN_MAX, Story, open_store


@pytest.mark.slow
@pytest.mark.parametrize("forever", [False, True], ids=["once", "forever"])
@pytest.mark.parametrize("blocks_before", [0, 6], ids=["a plain commit", "a commit that merges"])
def test_row_38_the_nth_write_or_sync_fails(
    tmp_path: Path, blocks_before: int, forever: bool
) -> None:
    """Every step of making a store and committing to it, until one gets through."""
    story = Story(seed=38)
    for step in count(1):
        folder = tmp_path / str(step)
        with open_store(folder) as store:
            story.run(store, blocks_before)
        files = FailingFiles(step, forever=forever)
        acknowledged = blocks_before
        store = open_store(folder, files)
        with store:
            for _ in range(4):
                failure = failure_of(story, store)
                if failure is None:
                    acknowledged += 1
                elif not failure.usable:
                    check_refuses_all(story, store, files.after)
                    break
                assert store.height == acknowledged
        with open_store(folder) as store:
            assert acknowledged <= store.height <= acknowledged + 1
            story.check(store)
            story.run(store)
            story.check(store)
        if not files.after:
            assert step > 12  # merging takes that many
            return


def failure_of(story: Story, store: Store) -> StoreFailed | None:
    """Commit the next block, and say how that failed, if it did."""
    try:
        story.run(store)
    except StoreFailed as error:
        return error
    return None


def check_refuses_all(story: Story, store: Store, after: list[str]) -> None:
    """After what cannot be undone, nothing is written any more."""
    made = list(after)
    height = store.height
    with pytest.raises(StoreFailed, match="open the store again"):
        story.run(store)
    with pytest.raises(StoreFailed):
        store.compact()
    assert store.height == height
    assert after == made


def test_row_38_a_failed_sync_is_the_end(tmp_path: Path) -> None:
    story = Story(seed=38)
    with open_store(tmp_path) as store:
        story.run(store, 2)
    files = FailingFiles(1, call="sync")
    with open_store(tmp_path, files) as store:
        with pytest.raises(StoreFailed, match="may not have reached the disk") as caught:
            story.run(store)
        assert files.after == ["sync"]
        assert not caught.value.usable
        assert store.height == 2
        check_refuses_all(story, store, files.after)
    with open_store(tmp_path) as store:
        assert store.height in (2, 3)
        story.check(store)


def test_row_38_what_a_failed_sync_left_is_written_again_before_it_counts(tmp_path: Path) -> None:
    """It may lie in the kernel's memory only, and no later sync would say so."""
    story = Story(seed=38)
    with open_store(tmp_path) as store:
        story.run(store, 2)
    files = FailingFiles(1, call="sync")
    with open_store(tmp_path, files) as store, pytest.raises(StoreFailed):
        story.run(store)
    files = FailingFiles(10**9)
    with open_store(tmp_path, files) as store:
        assert store.height == 3
        assert files.calls[:3] == ["write", "second half of a write", "sync"]
    files = FailingFiles(10**9)
    with open_store(tmp_path, files) as store:
        assert store.height == 3
        assert files.calls == []


class TooManyOpen(FileSystem):
    """Opens files until it is told that there are too many."""

    def __init__(self) -> None:
        self.full = False
        self._open: set[int] = set()

    def open(self, path: Path) -> int:
        return self._opened(super().open, path)

    def open_to_read(self, path: Path) -> int:
        return self._opened(super().open_to_read, path)

    def close(self, descriptor: int) -> None:
        self._open.discard(descriptor)
        super().close(descriptor)

    def _opened(self, open_path: Callable[[Path], int], path: Path) -> int:
        if self.full:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        descriptor = open_path(path)
        self._open.add(descriptor)
        return descriptor

    @property
    def left_open(self) -> int:
        return len(self._open)


def test_row_38_a_new_log_that_cannot_be_opened_leaves_nothing_open(tmp_path: Path) -> None:
    """Closing the old log twice would fail, or close a file of somebody else, and keep the lock."""
    story = Story(seed=38)
    files = TooManyOpen()
    with open_store(tmp_path, files) as store:
        story.run(store, 1)
        files.full = True
        with pytest.raises(StoreFailed, match="Too many open files"):
            store.compact()
    assert files.left_open == 0
    with open_store(tmp_path) as store:
        assert store.height == 1
        story.check(store)


@pytest.mark.parametrize(("code", "word"), [(errno.ENOSPC, "is full"), (errno.EDQUOT, "quota")])
def test_row_39_a_full_disk_rolls_back_and_works_again(
    tmp_path: Path, code: int, word: str
) -> None:
    story = Story(seed=39)
    with open_store(tmp_path) as store:
        story.run(store, 1)
    files = FailingFiles(1, code, forever=True)
    with open_store(tmp_path, files) as store:
        for _ in range(3):
            with pytest.raises(StoreFailed, match=r"the disk .*make room") as caught:
                story.run(store)
            assert caught.value.usable
            story.check(store)
        assert store.height == 1
        assert set(files.after) <= {"reserve", "write"}
        files.make_room()
        story.run(store, 2)
        story.check(store)
    with open_store(tmp_path) as store:
        assert store.height == 3
        story.check(store)


def test_row_39_a_disk_too_full_to_merge_does_not_stop_commits(tmp_path: Path) -> None:
    """The log goes on as it is, and is merged once there is room."""
    story = Story(seed=39)

    class NoNewFiles(FileSystem):
        full = True

        def create(self, path: Path) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().create(path)

    open_store(tmp_path).close()
    files = NoNewFiles()
    with open_store(tmp_path, files) as store:
        story.run(store, 12)
        story.check(store)
        assert not list(tmp_path.glob("accounts-*"))
        files.full = False
        story.run(store, 1)
        story.check(store)
        assert list(tmp_path.glob("accounts-*"))


LIMITED = """
import resource, signal, sys
from sealane.primitives import Account, Pubkey, StoreFailed
from sealane.runtime import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(sys.argv[1])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
big = {Pubkey(bytes([n]) * 32): Account(n, data=bytes(5_000)) for n in range(1, 60)}
try:
    store.commit(big)
except StoreFailed as error:
    print(error.usable, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
store.commit(big)
print(store.height, len(store))
"""


def test_row_39_a_limit_that_the_kernel_sets(tmp_path: Path) -> None:
    """The same with a real error: a limit on the size of files."""
    folder = tmp_path / "state"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, folder], capture_output=True, text=True, check=True
    )
    first, second = done.stdout.splitlines()
    assert first.startswith(f"True {folder}: a limit on the size of files is reached")
    assert "ulimit -f" in first
    assert second == "1 59"


def test_row_39_no_room_for_a_new_store(tmp_path: Path) -> None:
    files = FailingFiles(2, errno.ENOSPC, forever=True)
    with pytest.raises(StoreUnavailable, match=str(tmp_path)):
        open_store(tmp_path, files)
    with open_store(tmp_path) as store:  # what is half made is no obstacle
        assert store.height == 0


def test_row_40_a_store_outgrows_its_log_again_and_again(tmp_path: Path) -> None:
    story = Story(seed=40)
    logs: set[str] = set()
    with open_store(tmp_path) as store:
        for _ in range(60):
            story.run(store)
            logs |= {path.name for path in tmp_path.glob("log-*")}
            (log,) = tmp_path.glob("log-*")
            assert log.name == log_name(store.manifest.log)
        story.check(store)
        assert len(logs) > 10
        # Each run at least twice the next: few, however many blocks there were.
        sizes = [run.size for run in store.manifest.runs]
        assert all(older >= 2 * newer for older, newer in pairwise(sizes))
    with open_store(tmp_path) as store:
        story.check(store)


def test_row_40_one_block_larger_than_the_log(tmp_path: Path) -> None:
    big = {key: Account(1, data=bytes(LOG_LEN_MAX // 10)) for key in KEYS}
    with open_store(tmp_path) as store:
        store.commit(big)
        assert store.load(KEYS) == list(big.values())
    with open_store(tmp_path) as store:
        assert store.load(KEYS) == list(big.values())
