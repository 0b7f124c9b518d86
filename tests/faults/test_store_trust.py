"""Rows 52 and 53: files of a store that are not what a store put there.

Checked: what is no regular file is refused by name and never followed; what belongs to another
store, or to a copy that went its own way, is told apart; no field of the manifest is believed for
its checksum alone; nothing is removed or overwritten but what only a store can have made.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane import Pubkey
from sealane.primitives import (
    Account,
    StoreCorrupt,
    StoreFormatError,
    StoreUnavailable,
    UsageError,
)
from sealane.runtime import Store
from sealane.runtime.store.manifest import MANIFEST_NAME

from .store_files import made, use
from .store_scenario import contents, open_store
from .test_store_opening import NOBODY


def link(path: Path) -> None:
    target = path.parent.parent / "precious"
    target.write_text("precious data")
    path.symlink_to(target)


def dangling(path: Path) -> None:
    path.symlink_to(path.parent.parent / "nowhere")


def listening(path: Path) -> None:
    """A socket; its name may be long, which `bind` does not take."""
    with socket.socket(socket.AF_UNIX) as made:
        here = os.open(path.parent, os.O_RDONLY)
        made.bind(f"/proc/self/fd/{here}/{path.name}")
        os.close(here)


INSTEAD: dict[str, Callable[[Path], None]] = {
    "a symbolic link": link,
    "a symbolic link to nowhere": dangling,
    "a folder": Path.mkdir,
    "a named pipe": os.mkfifo,
    "a socket": listening,
}


@pytest.mark.parametrize("kind", INSTEAD)
def test_row_53_no_regular_file(tmp_path: Path, kind: str) -> None:
    sound = made(tmp_path / "sound")
    names = ["lock", *contents(sound)]
    assert len(names) >= 5
    for name in names:
        copy = tmp_path / "copy"
        shutil.copytree(sound, copy)
        (copy / name).unlink()
        INSTEAD[kind](copy / name)
        with pytest.raises(StoreCorrupt) as caught:
            use(copy)
        assert caught.value.path == str(copy / name)
        assert kind.removesuffix(" to nowhere") in str(caught.value)
        shutil.rmtree(copy)
    assert not (tmp_path / "nowhere").exists()
    if kind == "a symbolic link":
        assert (tmp_path / "precious").read_text() == "precious data"


def test_row_53_a_folder_called_manifest_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).mkdir()
    with pytest.raises(StoreFormatError, match="a folder called manifest"):
        Store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]


def test_row_53_a_lock_file_that_somebody_wants_to_keep(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    for kept in (b"precious data", b"12 monkeys", b"9" * 30, b"1\n2\n"):
        (folder / "lock").write_bytes(kept)
        with pytest.raises(StoreCorrupt, match="lock"):
            Store(folder)
        assert (folder / "lock").read_bytes() == kept


def as_nobody(script: str, *arguments: Path) -> str:
    """What a script prints that runs without the rights of root."""
    head = (
        f"import os, sys\nfrom sealane.runtime import Store\nos.geteuid() or os.seteuid({NOBODY})\n"
    )
    for parent in arguments[0].parents:
        if parent.stat().st_uid == os.getuid() == 0:
            parent.chmod(parent.stat().st_mode | 0o111)
    done = subprocess.run(
        [sys.executable, "-c", head + script, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


TRY = """
try:
    with Store(sys.argv[1], writable=False) as store:
        store.verify()
        print(store.height, store.root.hex(), store.find_block(bytes(32)))
except Exception as error:
    print(type(error).__name__, error)
"""


def test_row_53_files_that_cannot_be_read(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    for name in contents(folder):
        (folder / name).chmod(0)
        said = as_nobody(TRY, folder)
        assert said.startswith(f"StoreUnavailable {folder / name}: "), said
        assert "Permission denied" in said
        (folder / name).chmod(0o644)


def test_row_53_a_read_only_copy_can_be_looked_at(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    with open_store(folder) as store:
        expected = f"{store.height} {store.root.hex()} None\n"
    for lock in (True, False):
        if not lock:
            (folder / "lock").unlink()
        for path in [*folder.iterdir(), folder]:
            path.chmod(0o555 if path == folder else 0o444)
        before = contents(folder)
        assert as_nobody(TRY, folder) == expected
        assert contents(folder) == before
        assert (folder / "lock").exists() == lock
        folder.chmod(0o755)


def test_row_53_a_reader_changes_nothing_and_shares(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    (folder / "accounts-000900.new").write_text("left by a killed commit")
    before = contents(folder)
    with Store(folder, writable=False) as store, Store(folder, writable=False) as other:
        assert other.root == store.root
        for change in (
            store.compact,
            lambda: store.commit({}),
            lambda: store.set(Pubkey.of("alice"), Account(1)),
        ):
            with pytest.raises(UsageError, match="read only"):
                change()
    assert contents(folder) == before
    with pytest.raises(StoreUnavailable, match="no such folder"):
        Store(tmp_path / "missing", writable=False)


def test_row_52_only_what_a_store_made_is_swept(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    kept = (
        "notes.new",
        "lock.new",
        "log-²²²²²²",
        "log-٠٠٠٠٠١",
        "log-" + "9" * 40,
        "accounts-1.new",
    )
    for name in kept:
        (folder / name).write_text("mine")
    (folder / "accounts-000900").mkdir()
    (folder / "manifest.new").symlink_to(tmp_path / "precious")
    swept = ("accounts-000901", "log-000901", "blocks.new", "log-000902.new")
    for name in swept:
        (folder / name).write_text("left by a killed commit")
    use(folder)
    names = {path.name for path in folder.iterdir()}
    assert names >= {*kept, "accounts-000900"}
    assert not names & set(swept)
    assert not (tmp_path / "precious").exists()


FORKED = """
import os, signal, sys
from sealane.runtime import Store

folder, how = sys.argv[1:]
if how == "dies":
    if os.fork() == 0:
        store = Store(folder)
        if os.fork():
            os.kill(os.getpid(), signal.SIGKILL)
        os.close(1)  # what is read there ends with the process that prints
        sys.stdin.read()  # lives on after its parent
        os._exit(0)
    os.wait()
    Store(folder).close()
    print("open")
else:
    store = Store(folder)
    reading, writing = os.pipe()
    if os.fork() == 0:
        if how == "closes":
            store.close()
        os.write(writing, b".")
        sys.stdin.read()
        os._exit(0)
    os.read(reading, 1)
    try:
        Store(folder)
    except Exception as error:
        print(type(error).__name__)
    store.close()
    Store(folder).close()
    print("open")
"""


@pytest.mark.parametrize("how", ["waits", "closes", "dies"])
def test_row_42_a_forked_child_neither_keeps_nor_frees_the_lock(tmp_path: Path, how: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FORKED, tmp_path / "state", how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(1 if how == "dies" else 2)]
    assert lines == (["open\n"] if how == "dies" else ["StoreLocked\n", "open\n"])
