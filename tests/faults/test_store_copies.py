"""Row 53: what belongs to another store, or to a copy that went its own way, is told apart."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path

import pytest

from sealane.primitives import (
    StoreCorrupt,
    StoreMismatch,
    StoreUnavailable,
    UsageError,
)
from sealane.runtime import Runtime, Store
from sealane.runtime.state.block_record import RECORD_LEN
from sealane.runtime.store.manifest import MANIFEST_NAME

from .store_files import BLOCKS, fields_of, made, sealed, use
from .store_scenario import Story, contents, open_store


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
