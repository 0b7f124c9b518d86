"""Shared memory: reserved before use, removed on close and after its owner's death."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sealane import OutOfMemory, Runtime, SharedMemoryFull, Transaction
from sealane.programs import Mut, Program, UncheckedAccount
from sealane.runtime.memory import segment
from sealane.runtime.memory.segment import SegmentFolder, attach_segment, shared_memory_root

CHILD = """
import os, signal, sys
from pathlib import Path
from sealane.runtime.memory.segment import SegmentFolder
folder = SegmentFolder(Path(sys.argv[1]))
folder.create("left", 10)
print(folder.path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_closing_removes_the_folder_and_its_content(tmp_path: Path) -> None:
    with SegmentFolder(tmp_path) as folder:
        memory = folder.create("one", 10)
        assert bytes(memory[:10]) == bytes(10)
        folder.create("two", 1_000_000)
        assert folder.path.stat().st_mode & 0o777 == 0o700
        folder.remove("two")
        folder.remove("two")
        memory[0] = 7
        assert attach_segment(folder.path / "one", 10)[0] == 7
    assert not list(tmp_path.iterdir())
    assert memory[0] == 7  # who has mapped it keeps it
    folder.close()


def test_the_folders_of_dead_processes_are_removed(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)], capture_output=True, text=True, check=False
    )
    left = Path(child.stdout.strip())
    assert (left / "left").exists(), child.stderr
    other = tmp_path / "sealane-notes-of-somebody"
    other.mkdir()
    with SegmentFolder(tmp_path) as first, SegmentFolder(tmp_path) as second:
        assert not left.exists()
        assert first.path.exists()
        assert second.path.exists()
        assert other.exists()


def test_a_reused_pid_is_not_the_former_owner(tmp_path: Path) -> None:
    stale = tmp_path / f"sealane-{os.getpid()}-12345-abcdef00"
    stale.mkdir()
    with SegmentFolder(tmp_path):
        assert not stale.exists()


def full(descriptor: int, offset: int, size: int) -> None:
    raise OSError(errno.ENOSPC, "no space left on device")


def test_a_full_folder_is_an_error_with_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", full)
    with SegmentFolder(tmp_path) as folder:
        with pytest.raises(SharedMemoryFull) as caught:
            folder.create("one", 5_000_000)
        assert caught.value.needed == 5_000_000
        assert caught.value.folder == str(tmp_path)
        assert not list(folder.path.iterdir())


def no_memory(*_: object) -> None:
    raise OSError(errno.ENOMEM, "cannot allocate memory")


def test_a_mapping_beyond_a_processes_limit_is_not_a_full_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making room in the folder would not help."""
    with SegmentFolder(tmp_path) as folder, monkeypatch.context() as patched:
        patched.setattr(segment.mmap, "mmap", no_memory)
        with pytest.raises(OutOfMemory):
            folder.create("the block's", 5_000_000)
        with pytest.raises(MemoryError):
            segment.create_segment(folder.path / "a worker's", 5_000_000)
        assert not list(folder.path.iterdir())


taker = Program("taker")


@taker.instruction(tag=0)
def take(source: Mut[UncheckedAccount]) -> None:
    source.lamports -= 0


def test_no_room_for_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is committed, no file is left, and the next block runs."""
    block = [Transaction([take(source=f"a{n}")]) for n in range(600)]
    with Runtime(workers=2, programs=[taker]) as runtime:
        for n in range(600):
            runtime.set_account(f"a{n}", lamports=1, owner=taker)
        root = runtime.state_root
        with monkeypatch.context() as patched:
            patched.setattr(os, "posix_fallocate", full)
            with pytest.raises(SharedMemoryFull, match="make room there"):
                runtime.execute(block)
        assert (runtime.state_root, runtime.height) == (root, 0)
        assert runtime.account("a0").lamports == 1
        mine = list(shared_memory_root().glob(f"sealane-{os.getpid()}-*/*"))
        assert not mine
        assert runtime.execute(block).ok
        assert not list(shared_memory_root().glob(f"sealane-{os.getpid()}-*/*"))
    assert not list(shared_memory_root().glob(f"sealane-{os.getpid()}-*"))
