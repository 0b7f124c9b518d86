"""Shared memory that is full, lost, or left by the dead: rows 32 to 34 of the fault list."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sealane import Route, Runtime, SegmentLost, SharedMemoryFull, Transaction
from sealane.runtime.memory import segment
from sealane.runtime.memory.segment import SegmentFolder, sweep_dead_owners
from sealane.runtime.workers.pool import WorkerPool

from .aftermath import folders_of
from .hazards import Tally, add, grow, hazard, vandalise
from .scripts import output_of

MIB = 1024**2


def runtime_with(*names: str, route: Route | None = None) -> Runtime:
    runtime = Runtime(workers=2, programs=[hazard], route=route)
    for name in names:
        runtime.set_account(name, lamports=1, owner=hazard, data=Tally(count=0))
    return runtime


def adding(*names: str) -> list[Transaction]:
    return [Transaction([add(tally=name, by=1)]) for name in names]


@pytest.fixture
def small_shm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A /dev/shm of 6 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount; the test with a file size limit does the same")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", tmp_path], check=True)
    monkeypatch.setattr(segment, "_SHARED_MEMORY", tmp_path)
    try:
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def test_row_32_shared_memory_too_small_for_the_block(small_shm: Path) -> None:
    with runtime_with("t") as runtime:
        runtime.set_account("big", owner=hazard, data=bytes(8 * MIB))
        with pytest.raises(SharedMemoryFull) as caught:
            runtime.execute([Transaction([grow(account="big", length=3)])])
        error = caught.value
        assert error.folder == str(small_shm)
        assert error.needed >= 8 * MIB
        assert error.free <= 6 * MIB
        assert runtime.height == 0
        assert runtime.execute(adding("t")).transactions[0].ok
    assert list(small_shm.iterdir()) == []


def test_row_32_shared_memory_full_in_mid_wave(small_shm: Path) -> None:
    """A worker needs room for an account that grows."""
    with runtime_with("t", route=Route.LANES) as runtime:
        runtime.set_account("a", lamports=1, owner=hazard)
        runtime.set_account("b", lamports=1, owner=hazard)
        block = [Transaction([grow(account=name, length=5 * MIB)]) for name in "ab"]
        with pytest.raises(SharedMemoryFull) as caught:
            runtime.execute(block)
        assert caught.value.needed == 5 * MIB
        assert runtime.account("a").data == b""
        assert runtime.execute(adding("t")).transactions[0].ok


def test_row_32_no_room_for_the_folder_itself(
    small_shm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with runtime_with("t") as runtime:
        with monkeypatch.context() as patched:
            patched.setattr(Path, "mkdir", no_room)
            with pytest.raises(SharedMemoryFull, match=str(small_shm)):
                runtime.execute(adding("t"))
        assert runtime.execute(adding("t")).transactions[0].ok


def test_row_32_a_limit_on_file_sizes_is_the_same_error() -> None:
    out = output_of("""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1024**2, resource.RLIM_INFINITY))
with runtime_of(1) as runtime:
    runtime.set_account("big", owner=hazard, data=bytes(8 * 1024**2))
    try:
        runtime.execute(block_of(grow(account="big", length=3)))
    except sealane.SharedMemoryFull as error:
        print(error.needed > 8 * 1024**2)
""")
    assert out == "True\n"


def unlink(path: Path) -> None:
    path.unlink()


def cut_off(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("harm", [unlink, cut_off])
def test_row_33_a_segment_unlinked_or_resized_before_workers_have_it(
    harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with runtime_with("t") as runtime:
        map_memory = WorkerPool.map_memory

        def harm_then_map(pool: WorkerPool, segment: tuple[Path, int]) -> None:
            harm(segment[0])
            map_memory(pool, segment)

        with monkeypatch.context() as patched:
            patched.setattr(WorkerPool, "map_memory", harm_then_map)
            with pytest.raises(SegmentLost, match="arena-"):
                runtime.execute(adding("t"))
        assert runtime.height == 0
        assert runtime.execute(adding("t")).transactions[0].ok


def test_row_33_once_workers_have_a_segment_it_has_no_name() -> None:
    """Then nobody can unlink or resize it: here everything is removed in the middle of a block."""
    with runtime_with("t", "u", route=Route.LANES) as runtime:
        runtime.execute(adding("t"))
        (folder,) = folders_of(os.getpid())
        pattern = os.fsencode(folder / "*")
        block = [
            Transaction([vandalise(tally="t", pattern=pattern, cut=True)]),
            Transaction([vandalise(tally="t", pattern=pattern, cut=False)]),
            *adding("t", "u"),
        ]
        assert not runtime.execute(block).transactions.failed.any()
        assert Tally.decode(runtime.account("t").data).count == 4


@pytest.mark.parametrize("cut", [False, True])
def test_row_33_memory_of_accounts_that_grew_is_lost(cut: bool) -> None:
    with runtime_with("t", route=Route.LANES) as runtime:
        runtime.set_account("a", lamports=1, owner=hazard)
        runtime.execute(adding("t"))
        (folder,) = folders_of(os.getpid())
        pattern = os.fsencode(folder / "heap-*")
        harm = vandalise(tally="t", pattern=pattern, cut=cut)
        # One after the other; no worker touches the account again, so the parent misses it.
        first = Transaction([grow(account="a", length=5000), add(tally="t", by=1)])
        with pytest.raises(SegmentLost, match="heap"):
            runtime.execute([first, Transaction([harm])])
        assert runtime.account("a").data == b""
        assert runtime.execute(adding("t")).transactions[0].ok


def test_row_33_the_whole_folder_removed_between_blocks() -> None:
    """What is mapped needs it no more; what is to be made does."""
    with runtime_with("t", route=Route.LANES) as runtime:
        runtime.set_account("a", lamports=1, owner=hazard)
        runtime.execute(adding("t"))
        (folder,) = folders_of(os.getpid())
        shutil.rmtree(folder)
        assert runtime.execute(adding("t")).transactions[0].ok
        growing = [Transaction([grow(account="a", length=5000)])]
        with pytest.raises(SegmentLost, match=str(folder)):
            runtime.execute(growing)
        assert runtime.execute(growing).transactions[0].ok


def test_row_34_the_process_that_attached_exits() -> None:
    with SegmentFolder() as folder:
        memory = folder.create("lasting", 4096)
        memory[:4] = b"here"
        script = (
            "import sys, pathlib\n"
            "from sealane.runtime.memory.segment import attach_segment\n"
            "memory = attach_segment(pathlib.Path(sys.argv[1]), 4096)\n"
            "memory[4:8] = b'too!'\n"
        )
        path = folder.path / "lasting"
        subprocess.run([sys.executable, "-c", script, path], check=True, timeout=60)
        assert path.exists()
        assert memory[:8] == b"heretoo!"


def test_row_34_a_folder_goes_with_its_owner_only(tmp_path: Path) -> None:
    """A forked process forgets it; one that nobody closed goes when it is collected."""
    out = output_of(
        """
import pathlib
from sealane.runtime.memory.segment import SegmentFolder
folder = SegmentFolder(pathlib.Path(sys.argv[1]))
pid = os.fork()
if pid == 0:
    folder.close()
    sys.exit(0)
os.waitpid(pid, 0)
print(folder.path.is_dir())
kept = str(folder.path)
del folder
print(os.path.isdir(kept))
""",
        tmp_path,
    )
    assert out == "True\nFalse\n"


def test_row_36_sweeping_takes_folders_of_the_dead_alone(tmp_path: Path) -> None:
    """A pid that is used again is somebody else; a folder that is locked has an owner elsewhere."""
    dead = tmp_path / "sealane-999999999-1-abcd"
    reused = tmp_path / f"sealane-{os.getpid()}-1-abcd"
    foreign = tmp_path / "sealane-notes-1-x"
    for folder in (dead, reused, foreign):
        folder.mkdir()
    (dead / "block-0").write_bytes(b"x")
    with SegmentFolder(tmp_path) as alive, SegmentFolder(tmp_path) as other:
        hidden = other.path.rename(tmp_path / "sealane-999999998-1-abcd")  # as from a container
        sweep_dead_owners(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([alive.path, hidden, foreign])
        hidden.rename(other.path)


HOSTILE_NAMES = (
    "sealane-²-0-abcd",  # isdigit() says yes, int() does not
    "sealane-٣-1-abcd",
    "sealane-99999999999999999999-1-abcd",  # past 2^64
    "sealane-4294967295-1-abcd",  # pid_t(-1), every process there is
    "sealane-0-1-abcd",
    "sealane--1-1-abcd",
    "sealane-999999999-1-abcd\n",
    "sealane-999999999-²-abcd",
    "sealane-999999999-1-../../x".replace("/", "∕"),
)


def test_row_52_names_that_are_not_ours_are_passed_over(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_bytes(b"x")
    for name in HOSTILE_NAMES:
        (tmp_path / name).mkdir()
    (tmp_path / "sealane-999999999-1-aaaa").symlink_to(kept)
    (tmp_path / "sealane-999999999-1-bbbb").write_bytes(b"x")
    os.mkfifo(tmp_path / "sealane-999999999-1-cccc")
    before = sorted(tmp_path.iterdir())
    with SegmentFolder(tmp_path):
        pass
    assert sorted(tmp_path.iterdir()) == before
    assert (kept / "file").exists()


def test_row_52_what_belongs_to_another_user_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sealane-999999999-1-abcd").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: os.getuid() + 1)
        sweep_dead_owners(tmp_path)
        assert len(list(tmp_path.iterdir())) == 1
    sweep_dead_owners(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_row_52_a_start_sweeps_a_bounded_number(tmp_path: Path) -> None:
    """Thousands would keep it for seconds."""
    for number in range(segment.SWEPT_MAX + 1):
        (tmp_path / f"sealane-999999999-1-{number:08x}").mkdir()
    sweep_dead_owners(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    sweep_dead_owners(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_row_52_a_folder_that_cannot_be_listed_is_no_reason_to_fail(tmp_path: Path) -> None:
    sweep_dead_owners(tmp_path / "missing")
