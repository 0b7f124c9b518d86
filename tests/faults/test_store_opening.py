"""Rows 42, 43 and 44: who may open a store, and what is a store at all."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.primitives import (
    StoreCorrupt,
    StoreFormatError,
    StoreLocked,
    StoreUnavailable,
    UsageError,
)
from sealane.runtime import Runtime, Store
from sealane.runtime.store import lock
from sealane.runtime.store.manifest import FORMAT, MANIFEST_NAME, SUPPORTED

from .store_scenario import Story, contents, open_store

HOLDER = """
import sys
from sealane.runtime import Store
store = Store(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""
NOBODY = 65534  # any user that is not root, whom permissions do not bind


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Clock:
    """Goes on by what is slept, and by nothing else: how fast the machine is has no part."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which a lock is waited for."""
    made = Clock()
    monkeypatch.setattr(lock, "time", made)
    return made


def test_row_42_one_process_twice(tmp_path: Path, clock: Clock) -> None:
    with Store(tmp_path / "state"):
        with pytest.raises(StoreLocked) as caught:
            Store(tmp_path / "state")
        assert clock.now < 1
        assert caught.value.pid == os.getpid()
        assert caught.value.path == str(tmp_path / "state")
        assert str(os.getpid()) in str(caught.value)
    Store(tmp_path / "state").close()


def test_row_42_two_processes_and_a_stale_lock(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "state"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreLocked) as caught:
            Store(folder)
        assert clock.now < 1
        assert caught.value.pid == holder.pid
        holder.kill()
        holder.wait()
        # The lock file still names the dead one, and hinders nobody.
        assert (folder / "lock").read_text().strip() == str(holder.pid)
        with Store(folder):
            assert (folder / "lock").read_text().strip() == str(os.getpid())


def test_row_42_a_runtime_lets_go_of_its_store(tmp_path: Path) -> None:
    with Runtime(workers=0, store=tmp_path / "state"), pytest.raises(StoreLocked):
        Runtime(workers=0, store=tmp_path / "state")
    Runtime(workers=0, store=tmp_path / "state").close()


def test_row_35_a_store_is_not_used_after_close_or_in_a_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "state")
    owner = os.getpid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: owner + 1)
        with pytest.raises(UsageError, match=rf"process {owner}\b"):
            store.commit({})
    store.close()
    store.close()
    with pytest.raises(UsageError, match="closed"):
        store.commit({})


def sealed(first_line: str) -> bytes:
    text = f"{first_line}\n{{}}\n".encode()
    return text + f"blake2b {hashlib.blake2b(text, digest_size=32).hexdigest()}\n".encode()


@pytest.mark.parametrize("version", [0, 1, 2, 5, 10])
def test_row_43_another_version(tmp_path: Path, version: int) -> None:
    with open_store(tmp_path) as store:
        Story(43).run(store, 3)
    found = f"sealane-store {version}"
    (tmp_path / MANIFEST_NAME).write_bytes(sealed(found))
    before = everything(tmp_path)
    with pytest.raises(StoreFormatError) as caught:
        Store(tmp_path)
    assert (caught.value.found, caught.value.supported) == (found, SUPPORTED)
    assert found in str(caught.value)
    assert SUPPORTED in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert everything(tmp_path) == before


FOREIGN: dict[str, Callable[[Path], object]] = {
    "LMDB": lambda folder: (folder / "data.mdb").write_bytes(bytes(8192)),
    "text": lambda folder: (folder / "notes.txt").write_text("mine"),
    "another manifest": lambda folder: (folder / "manifest").write_text("{}"),
    "an empty manifest": lambda folder: (folder / "manifest").write_text(""),
    "a folder": lambda folder: (folder / "photos").mkdir(),
}


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN.keys())
def test_row_43_something_else(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoreFormatError, match=FORMAT):
        Store(tmp_path)
    assert sorted(tmp_path.iterdir()) == before  # not even a lock


def test_row_43_a_flipped_version_is_damage(tmp_path: Path) -> None:
    Store(tmp_path / "state").close()
    path = tmp_path / "state" / MANIFEST_NAME
    path.write_bytes(path.read_bytes().replace(FORMAT.encode(), b"sealane-store 4"))
    with pytest.raises(StoreCorrupt):
        Store(tmp_path / "state")


def test_row_44_a_missing_parent(tmp_path: Path) -> None:
    folder = tmp_path / "missing" / "state"
    with pytest.raises(StoreUnavailable, match=str(folder.parent)):
        Store(folder)
    assert list(tmp_path.iterdir()) == []


def test_row_44_a_missing_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=str(tmp_path / "state")):
        Store(tmp_path / "state", create=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreUnavailable, match=str(tmp_path)):
        Store(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_row_44_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("mine")
    for folder in (path, path / "deeper"):
        with pytest.raises(StoreUnavailable, match=str(folder)):
            Store(folder)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("made_before", [False, True])
def test_row_44_a_read_only_folder(tmp_path: Path, made_before: bool) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    if made_before:
        Store(folder).close()
    before = contents(folder)
    folder.chmod(0o555)
    for path in folder.iterdir():
        path.chmod(0o444)
    script = (
        "import os, sys\n"
        "from sealane.runtime import Store\n"
        f"os.geteuid() or os.seteuid({NOBODY})\n"
        "try:\n"
        "    Store(sys.argv[1])\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    for parent in [tmp_path, *tmp_path.parents]:
        if parent.stat().st_uid == os.getuid() and os.getuid() == 0:
            parent.chmod(parent.stat().st_mode | 0o111)
    done = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, check=True
    )
    folder.chmod(0o755)
    assert done.stdout.startswith(f"StoreUnavailable {folder}: "), done.stdout + done.stderr
    assert contents(folder) == before
