"""Row 41: a bit flipped, a page torn, the file truncated, zeroed, replaced by garbage.

Checked: whatever happens to one file of a store, opening it, reading all of it, committing to it
and opening it again gives StoreCorrupt, or exactly the state of the last acknowledged block.
Not checked: a file replaced by an older copy of itself, whole; nothing in the store could tell.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.primitives import Account, StoreCorrupt

from .store_scenario import KEYS, Story, contents, open_store

FLIPS = int(os.environ.get("SEALANE_FLIPS", "500"))
SEED = int(os.environ.get("SEALANE_SEED", "0")) or random.randrange(1, 2**32)
BLOCKS = 23
MEANT_LEN = 40_000  # no file of the store has more that was written


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Story]:
    """A store with several runs, a history and a log that has entries."""
    folder = tmp_path_factory.mktemp("sound") / "store"
    story = Story(seed=41)
    with open_store(folder) as store:
        story.run(store, BLOCKS)
    names = sorted(contents(folder))
    assert sum(name.startswith("accounts-") for name in names) >= 2, names
    assert (folder / "blocks").stat().st_size
    return folder, story


def outcome(folder: Path, story: Story) -> str:
    """Use a store whose height must be BLOCKS. "right", or "corrupt" where it says so."""
    try:
        with open_store(folder) as store:
            assert store.height == BLOCKS
            story.check(store)
            story.run(store, 3)
            story.check(store)
        with open_store(folder) as store:
            assert store.height == BLOCKS + 3
            story.check(store)
            store.compact()
            story.check(store)
    except StoreCorrupt:
        return "corrupt"
    return "right"


def damaged_copy(sound: Path, target: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(sound, target)
    path = target / name
    path.write_bytes(change(path.read_bytes()))
    return target


def pick_file(rnd: random.Random, folder: Path) -> tuple[str, int]:
    """A file, likelier the longer it is, and its length."""
    lens = {name: len(raw) for name, raw in contents(folder).items() if raw}
    # The room reserved at the end of the log is most of the store, and means nothing.
    name = rnd.choices(list(lens), [min(size, MEANT_LEN) for size in lens.values()])[0]
    return name, lens[name]


@pytest.mark.slow
def test_row_41_one_flipped_bit_is_found_or_harmless(
    sound: tuple[Path, Story], tmp_path: Path
) -> None:
    folder, story = sound
    rnd = random.Random(SEED)
    seen = {"right": 0, "corrupt": 0}
    for number in range(FLIPS):
        name, size = pick_file(rnd, folder)
        bit = rnd.randrange(min(size, MEANT_LEN) * 8)

        def flipped(raw: bytes, bit: int = bit) -> bytes:
            changed = bytearray(raw)
            changed[bit // 8] ^= 1 << bit % 8
            return bytes(changed)

        copy = damaged_copy(folder, tmp_path / "copy", name, flipped)
        try:
            seen[outcome(copy, story)] += 1
        except BaseException:
            print(f"SEALANE_SEED={SEED}: flip {number} was bit {bit} of {name}")
            raise
    assert seen["corrupt"] > FLIPS // 10  # the loop does hit what matters


def test_row_41_every_byte_of_what_leads_a_log(sound: tuple[Path, Story], tmp_path: Path) -> None:
    """The two slots of its head, and the header of its first entry: little, so rarely hit."""
    folder, story = sound
    (log,) = folder.glob("log-*")
    outcomes: list[str] = []
    for at in (*range(32), *range(512, 544), *range(4096, 4320)):

        def changed(raw: bytes, at: int = at) -> bytes:
            return raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]

        outcomes.append(outcome(damaged_copy(folder, tmp_path / "copy", log.name, changed), story))
    # One slot stands in for the other; nothing stands in for an entry.
    assert outcomes == ["right"] * 64 + ["corrupt"] * 224


@pytest.mark.parametrize("length", [1, 512, 4096, 10**9], ids=lambda n: f"{n} bytes")
@pytest.mark.parametrize("how", ["zeroed", "garbage", "cut off", "lengthened"])
def test_row_41_torn_and_truncated(
    sound: tuple[Path, Story], tmp_path: Path, how: str, length: int
) -> None:
    folder, story = sound
    rnd = random.Random(f"{SEED} {how} {length}")
    for name in contents(folder):
        for _ in range(3):
            size = (folder / name).stat().st_size
            at = 0 if length > size else rnd.randrange(0, min(size, MEANT_LEN), min(length, size))

            def torn(raw: bytes, at: int = at) -> bytes:
                end = min(len(raw), at + length)
                if how == "zeroed":
                    return raw[:at] + bytes(end - at) + raw[end:]
                if how == "garbage":
                    return raw[:at] + rnd.randbytes(end - at) + raw[end:]
                return raw[:at] if how == "cut off" else raw + rnd.randbytes(min(length, 4096))

            copy = damaged_copy(folder, tmp_path / "copy", name, torn)
            try:
                outcome(copy, story)
            except BaseException:
                print(f"SEALANE_SEED={SEED}: {how}, {length} bytes of {name} from {at}")
                raise


def test_row_41_a_page_of_an_older_state(sound: tuple[Path, Story], tmp_path: Path) -> None:
    """A write that never reached the disk leaves what was there before: a stale page."""
    older, folder = tmp_path / "older", tmp_path / "newer"
    _, story = sound
    with open_store(older) as store:
        story.run(store, BLOCKS - 1)
    shutil.copytree(older, folder)
    with open_store(folder) as store:
        story.run(store)
    pages = 0
    for name in contents(folder).keys() & contents(older).keys():
        before, after = (older / name).read_bytes(), (folder / name).read_bytes()
        before = before.ljust(len(after), b"\0")
        for at in range(0, len(after), 512):
            if before[at : at + 512] == after[at : at + 512]:
                continue
            pages += 1

            def stale(raw: bytes, at: int = at, before: bytes = before) -> bytes:
                return raw[:at] + before[at : at + 512] + raw[at + 512 :]

            outcome(damaged_copy(folder, tmp_path / "copy", name, stale), story)
    assert pages


def test_row_41_missing_and_exchanged_files(sound: tuple[Path, Story], tmp_path: Path) -> None:
    folder, story = sound
    names = sorted(contents(folder))
    for name in names:
        copy = damaged_copy(folder, tmp_path / "copy", name, lambda raw: raw)
        (copy / name).unlink()
        assert outcome(copy, story) == "corrupt"
        other = (folder / names[names.index(name) - 1]).read_bytes()
        copy = damaged_copy(folder, tmp_path / "copy", name, lambda _, other=other: other)
        assert outcome(copy, story) == "corrupt"


def test_row_41_the_error_names_file_and_account(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        store.commit({key: Account(1) for key in KEYS})
        store.compact()
    (run,) = folder.glob("accounts-*")
    run.write_bytes(run.read_bytes().replace(bytes(KEYS[7]), bytes(KEYS[8])))
    with open_store(folder) as store, pytest.raises(StoreCorrupt) as caught:
        store.get(KEYS[7])
    error = caught.value
    assert error.key == KEYS[7]
    assert error.path == str(run)
    assert str(KEYS[7]) in str(error)
    assert str(run) in str(error)


def test_row_41_the_file_shrinks_while_it_is_open(
    sound: tuple[Path, Story], tmp_path: Path
) -> None:
    """Nothing is mapped, so this is an error and not a SIGBUS."""
    folder, _ = sound
    copy = damaged_copy(folder, tmp_path / "copy", "blocks", lambda raw: raw)
    with open_store(copy) as store:
        for path in copy.glob("accounts-*"):
            os.truncate(path, 100)
        with pytest.raises(StoreCorrupt):
            store.load(KEYS)
        os.truncate(copy / "blocks", 10)
        with pytest.raises(StoreCorrupt):
            store.blocks()
