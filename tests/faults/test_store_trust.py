"""Rows 52 and 53: files of a store that are not what a store put there.

Checked: what is no regular file is refused by name and never followed; what belongs to another
store, or to a copy that went its own way, is told apart; no field of the manifest is believed for
its checksum alone; nothing is removed or overwritten but what only a store can have made.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane import Pubkey
from sealane.primitives import (
    Account,
    StoreCorrupt,
    StoreFormatError,
    StoreMismatch,
    StoreUnavailable,
    UsageError,
)
from sealane.runtime import Runtime, Store
from sealane.runtime.state.block_record import RECORD_LEN
from sealane.runtime.store.manifest import FORMAT, MANIFEST_LEN_MAX, MANIFEST_NAME

from .store_scenario import Story, contents, open_store
from .test_store_opening import NOBODY

BLOCKS = 23


def made(folder: Path, seed: int = 53, blocks: int = BLOCKS) -> Path:
    """A store with runs, a history and a log that has entries."""
    with open_store(folder) as store:
        Story(seed).run(store, blocks)
    return folder


def use(folder: Path) -> None:
    """Everything that reads a file of the store."""
    with open_store(folder) as store:
        story = Story(53)
        story.check(store)
        assert store.find_block(bytes(32)) is None
        story.run(store, 3)
        story.check(store)


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


def sealed(fields: object) -> bytes:
    text = f"{FORMAT}\n{fields if isinstance(fields, str) else json.dumps(fields)}\n".encode()
    return text + f"blake2b {hashlib.blake2b(text, digest_size=32).hexdigest()}\n".encode()


def fields_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / MANIFEST_NAME).read_bytes().split(b"\n")[1])


Wrong = dict[str, tuple[Any, ...]]

NO_NUMBERS: tuple[Any, ...] = (None, "1", 1.0, -1, 2**64, True, [], 10**30)
NO_DIGITS: tuple[Any, ...] = (None, 7, "", "zz", "é" * 64, "AB" * 32, " " * 64, [])
WRONG: Wrong = {
    "height": (*NO_NUMBERS, 2**62),
    "accounts": NO_NUMBERS,
    "log": (*NO_NUMBERS, 0),
    "next_file": (*NO_NUMBERS, 0),
    "root": NO_DIGITS,
    "store": NO_DIGITS,
    "log_id": NO_DIGITS,
    "runs": (None, 7, {}, [None], [[]], [{}], "accounts-000001"),
    "history": (
        None,
        [],
        {},
        {"blocks": 1},
        {"blocks": "1", "checksum": 0},
        {"blocks": 2**62, "checksum": 0},
        {"blocks": 1, "checksum": 2**32},
    ),
    "surprise": (1,),
}


def each(wrong: Wrong) -> list[tuple[str, Any]]:
    return [(name, value) for name, values in wrong.items() for value in values]


def test_row_53_a_manifest_with_wrong_types(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    good = fields_of(folder)
    path = folder / MANIFEST_NAME
    for name, wrong in each(WRONG):
        path.write_bytes(sealed(good | {name: wrong}))
        with pytest.raises(StoreCorrupt) as caught:
            Store(folder)
        assert str(folder) in str(caught.value), (name, wrong)
    for name in good:
        path.write_bytes(sealed({key: value for key, value in good.items() if key != name}))
        with pytest.raises(StoreCorrupt, match=f"lacks '{name}'"):
            use(folder)
    deep = "[" * 100_000 + "]" * 100_000
    for text in ("7", "[]", "null", '"text"', "{", "", deep, "NaN", "9" * 5000, '{"a": "\\ud800"}'):
        path.write_bytes(sealed(text))
        with pytest.raises(StoreCorrupt):
            use(folder)
    path.write_bytes(sealed(good | {"surprise": "x" * MANIFEST_LEN_MAX}))
    with pytest.raises(StoreCorrupt, match="at most"):
        use(folder)
    path.write_bytes(sealed(good))
    use(folder)


FOREIGN_NAMES = (
    "../important",
    "/etc/hostname",
    "accounts-000001/../../important",
    "lock",
    "manifest",
    "blocks",
    "log-000001",
    "accounts-1",
    "accounts-0000001",
    "accounts-00000²",
    "accounts-+00001",
    "accounts-999999",
    ".",
    "accounts-",
)
WRONG_RUNS: Wrong = {
    "file": (*FOREIGN_NAMES, "accounts-" + "9" * 40, "", None, 7, []),
    "accounts": (*NO_NUMBERS, 2**62),
    "index_offset": (*NO_NUMBERS, 2**62),
    "size": (*NO_NUMBERS, 2**62),
    "index_digest": (None, "00", "00" * 16),
}


def test_row_53_a_manifest_that_names_foreign_files(tmp_path: Path) -> None:
    folder = made(tmp_path / "state")
    important = tmp_path / "important"
    important.write_text("an important file")
    good = fields_of(folder)
    first = good["runs"][0]
    for name, wrong in each(WRONG_RUNS):
        runs = [*good["runs"][1:], first | {name: wrong}]
        (folder / MANIFEST_NAME).write_bytes(sealed(good | {"runs": runs}))
        with pytest.raises(StoreCorrupt), open_store(folder) as store:
            store.compact()
    assert important.read_text() == "an important file"
    twice = [*good["runs"], first]
    (folder / MANIFEST_NAME).write_bytes(sealed(good | {"runs": twice}))
    with pytest.raises(StoreCorrupt, match="one file"):
        use(folder)
    (folder / MANIFEST_NAME).write_bytes(sealed(good))
    use(folder)


CHUNK = struct.Struct("<32sQQII")


@pytest.mark.parametrize("field", ["offset", "length", "accounts"])
@pytest.mark.parametrize("value", [0, 1, 63, 2**31, 2**32 - 1])
def test_row_53_an_index_that_its_maker_sealed(tmp_path: Path, field: str, value: int) -> None:
    """All checksums hold, and the places that they vouch for are wrong."""
    folder = made(tmp_path / "state")
    fields = fields_of(folder)
    run = fields["runs"][0]
    path = folder / run["file"]
    raw = bytearray(path.read_bytes())
    place = list(CHUNK.unpack_from(raw, run["index_offset"]))
    at = {"offset": 1, "length": 2, "accounts": 3}[field]
    if place[at] == value:
        return
    place[at] = value
    CHUNK.pack_into(raw, run["index_offset"], *place)
    path.write_bytes(raw)
    index = bytes(raw[run["index_offset"] :])
    store = bytes.fromhex(fields["store"])
    run["index_digest"] = hashlib.blake2b(index, digest_size=16, key=store).hexdigest()
    (folder / MANIFEST_NAME).write_bytes(sealed(fields))
    with pytest.raises(StoreCorrupt):
        use(folder)


def test_row_53_files_of_another_store(tmp_path: Path) -> None:
    ours, theirs = made(tmp_path / "ours"), made(tmp_path / "theirs", seed=54)
    same = made(tmp_path / "same")  # the same blocks, another store
    for other in (theirs, same):
        for name, raw in contents(other).items():
            if contents(ours).get(name) in (None, raw):
                continue  # records and runs of the same blocks are the same
            copy = tmp_path / "copy"
            shutil.copytree(ours, copy)
            (copy / name).write_bytes(raw)
            with pytest.raises(StoreCorrupt):
                use(copy)
            shutil.rmtree(copy)


def test_row_53_a_manifest_of_yesterday_takes_nothing_with_it(tmp_path: Path) -> None:
    folder = made(tmp_path / "state", blocks=2)
    older = (folder / MANIFEST_NAME).read_bytes()
    with open_store(folder) as store:
        Story(53).run(store, BLOCKS - 2)
    today = contents(folder)
    (folder / MANIFEST_NAME).write_bytes(older)
    with pytest.raises(StoreCorrupt):
        use(folder)
    (folder / MANIFEST_NAME).write_bytes(today[MANIFEST_NAME])
    assert contents(folder) == today
    use(folder)


def test_row_53_the_log_of_another_store_is_named_so(tmp_path: Path) -> None:
    ours, theirs = made(tmp_path / "ours", blocks=1), made(tmp_path / "theirs", blocks=2)
    (log,) = ours.glob("log-*")
    log.write_bytes((theirs / log.name).read_bytes())
    with pytest.raises(StoreCorrupt, match="the log of another store"):
        Store(ours)


def test_row_53_the_log_of_a_copy_that_went_its_own_way(tmp_path: Path) -> None:
    """Same id, same numbers, same heights: only the logs' own ids differ."""
    ours = made(tmp_path / "ours", blocks=2)
    copy = tmp_path / "copy"
    shutil.copytree(ours, copy)
    for folder, seed in ((ours, 1), (copy, 2)):
        with Store(folder) as store:
            story = Story(seed)
            story.know(2)
            store.commit(story.changed(3), story.summary(3))
            store.compact()
            store.commit(story.changed(4), story.summary(4))
    (log,) = ours.glob("log-*")
    assert (copy / log.name).exists()
    log.write_bytes((copy / log.name).read_bytes())
    with pytest.raises(StoreCorrupt, match="another log of this store"):
        Store(ours)


def test_row_53_blocks_of_a_log_follow_the_manifest(tmp_path: Path) -> None:
    folder = made(tmp_path / "state", blocks=2)
    fields = fields_of(folder)
    assert (fields["height"], fields["history"]["blocks"]) == (0, 0)
    with open_store(folder) as store:
        store.compact()
        Story(53).run(store, 1)
    fields = fields_of(folder)
    # A history of one block, as its maker could have written it.
    raw = (folder / "blocks").read_bytes()[:RECORD_LEN]
    checksum = zlib.crc32(raw, zlib.crc32(bytes.fromhex(fields["store"])))
    fields |= {"height": 1, "history": {"blocks": 1, "checksum": checksum}}
    (folder / MANIFEST_NAME).write_bytes(sealed(fields))
    with pytest.raises(StoreCorrupt, match="block 3 follows block 1"):
        Store(folder)


def test_row_53_an_older_whole_copy_is_told_by_expect(tmp_path: Path) -> None:
    folder, older = tmp_path / "state", tmp_path / "older"
    roots: list[str] = []
    with open_store(folder) as store:
        for _ in range(BLOCKS):
            Story(53).run(store)
            roots.append(store.root.hex())
            if store.height == BLOCKS - 1:
                shutil.copytree(folder, older)
    for height, root in enumerate(roots, start=1):
        # A block before the last is remembered by those who were stopped before they heard of it.
        Store(folder, expect=f"{height}:{root}").close()
        Runtime(workers=0, store=folder, expect=f"{height}:{root}").close()
    last = f"{BLOCKS}:{roots[-1]}"
    with pytest.raises(
        StoreMismatch, match=f"ends at block {BLOCKS - 1}: it is an older copy"
    ) as it:
        Store(older, expect=last)
    assert "damaged" not in str(it.value)  # it is sound: nobody should look for a fault of the disk
    for height in (1, BLOCKS // 2, BLOCKS):
        with pytest.raises(StoreMismatch, match="went another way"):
            Store(folder, expect=f"{height}:{'11' * 32}")
    Store(older).close()  # released, whatever was found
    with pytest.raises(StoreUnavailable, match="no such folder"):
        Store(tmp_path / "missing", expect=last)
    assert not (tmp_path / "missing").exists()
    Store(tmp_path / "new", expect=f"0:{'00' * 32}").close()


@pytest.mark.parametrize(
    "wrong",
    ["", "5", "5:", ":" + "0" * 64, "5:abc", "05:" + "0" * 64, "5:" + "G" * 64, "-1:" + "0" * 64,
     "5:" + "A" * 64, "²:" + "0" * 64, "5:" + "0" * 64 + "\n", "1_0:" + "0" * 64],
)  # fmt: skip
def test_row_53_expect_has_one_spelling(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(UsageError, match="HEIGHT:ROOT"):
        Store(tmp_path / "state", expect=wrong)
    assert list(tmp_path.iterdir()) == []


def test_row_53_expect_needs_a_store() -> None:
    with pytest.raises(UsageError, match="store="):
        Runtime(workers=0, expect="0:" + "00" * 32)


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
