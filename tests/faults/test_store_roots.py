"""Rows 36, 37, 38, 41, 43 and 53 for stores whose root covers all accounts: what the commitment
keeps is durable, killed and damaged as the rest is.

The model computes each root anew from all accounts.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from sealane.primitives import (
    Account,
    StoreCorrupt,
    StoreFailed,
    StoreFormatError,
    StoreMismatch,
    UsageError,
)
from sealane.runtime import Runtime, Store
from sealane.runtime.commitments.kinds import ROOT_KINDS
from sealane.runtime.store.log import Log, LogEntry
from sealane.runtime.store.manifest import FORMAT, FORMAT_WITH_KIND, MANIFEST_NAME

from .faulty_files import FailingFiles, ForgetfulFiles, PowerLoss
from .store_files import fields_of, sealed
from .store_scenario import KEYS, Story, contents, open_store
from .test_store_kill import KILLS, SEED, StoreMachine, run_killer

KINDS = [name for name, kind in ROOT_KINDS.items() if kind.COVERS_PLACED]
FLIPS = int(os.environ.get("SEALANE_FLIPS", "500")) // 5
BLOCKS = 11

kinds = pytest.mark.parametrize("kind", KINDS)


def made(folder: Path, kind: str, blocks: int = BLOCKS) -> Story:
    """A store with runs, a history and a log that has entries, and its story."""
    story = Story(seed=36, root_kind=kind)
    with open_store(folder, root_kind=kind) as store:
        story.run(store, blocks)
        while store.height == store.manifest.height:
            story.run(store)
        assert store.manifest.runs
    return story


@pytest.mark.slow
@kinds
def test_row_36_killed_at_random_moments(tmp_path: Path, kind: str) -> None:
    kills = max(2, KILLS // 5)
    said = run_killer("loop", tmp_path / "state", kills, SEED, kind)
    assert int(said.split()[2]) > kills


@pytest.mark.slow
@kinds
def test_row_37_power_lost_at_every_step(tmp_path: Path, kind: str) -> None:
    story = Story(37, kind)
    rnd = random.Random(SEED)
    for step in count(1, 3):
        folder = tmp_path / str(step)
        with open_store(folder, root_kind=kind) as store:
            story.run(store, 3)
        files = ForgetfulFiles(step, rnd)
        acknowledged, finished = 3, False
        try:
            with open_store(folder, files) as store:
                for _ in range(4):
                    story.run(store)
                    acknowledged += 1
            finished = True
        except PowerLoss:
            pass
        files.lose()
        with open_store(folder) as store:
            assert acknowledged <= store.height <= acknowledged + 1, f"SEALANE_SEED={SEED} {step}"
            story.check(store)
            story.run(store)
            story.check(store)
        if finished:
            return


@kinds
def test_row_38_a_commit_that_fails_leaves_the_commitment(tmp_path: Path, kind: str) -> None:
    story = made(tmp_path / "state", kind)
    files = FailingFiles(1, call="write")
    with open_store(tmp_path / "state", files) as store:
        before = store.commitment.stored
        with pytest.raises(StoreFailed) as caught:
            story.run(store)
        assert caught.value.usable
        assert store.commitment.stored == before
        store.discard()
        story.check(store)
        story.run(store)
        story.check(store)


@pytest.mark.slow
@kinds
def test_row_41_one_flipped_bit_is_found_or_harmless(tmp_path: Path, kind: str) -> None:
    story = made(tmp_path / "sound", kind)
    height = len(story.roots) - 1
    rnd = random.Random(SEED)
    seen = {"right": 0, "corrupt": 0}
    for number in range(FLIPS):
        files = {name: raw.rstrip(b"\0") for name, raw in contents(tmp_path / "sound").items()}
        name = rnd.choice([name for name, raw in files.items() if raw])
        bit = rnd.randrange(len(files[name]) * 8)
        folder = tmp_path / str(number)
        shutil.copytree(tmp_path / "sound", folder)
        changed = bytearray((folder / name).read_bytes())
        changed[bit // 8] ^= 1 << bit % 8
        (folder / name).write_bytes(changed)
        try:
            with open_store(folder) as store:
                assert store.height == height, f"SEALANE_SEED={SEED} {name} bit {bit}"
                story.check(store)
                story.run(store, 2)
                story.check(store)
            seen["right"] += 1
        except StoreCorrupt:
            seen["corrupt"] += 1
        shutil.rmtree(folder)
    assert seen["corrupt"], seen


@kinds
def test_verify_finds_a_commitment_to_other_accounts(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All checksums hold, and what was written is wrong."""
    story = Story(1, kind)
    whole = Log.append

    def wrong(self: Log, entry: LogEntry) -> None:
        whole(self, entry._replace(commitment=bytes(len(entry.commitment))))

    with Store(tmp_path / "state", root_kind=kind) as store:
        with monkeypatch.context() as patch:
            patch.setattr(Log, "append", wrong)
            story.run(store)
        with pytest.raises(StoreCorrupt, match="commitment"):
            store.verify()


@kinds
def test_verify_computes_the_commitment_from_all_accounts(tmp_path: Path, kind: str) -> None:
    """The manifest was sealed again, with another commitment of the right length."""
    folder = tmp_path / "state"
    made(folder, kind)
    with open_store(folder) as store:
        store.compact()
    fields = fields_of(folder)
    other = bytes(ROOT_KINDS[kind].STORED_LEN - 1) + b"\1"
    raw = sealed(fields | {"commitment": other.hex()}, FORMAT_WITH_KIND)
    (folder / MANIFEST_NAME).write_bytes(raw)
    with pytest.raises(StoreCorrupt, match="accounts"), open_store(folder) as store:
        store.verify()


@kinds
def test_row_43_the_kind_is_part_of_the_format(tmp_path: Path, kind: str) -> None:
    """So earlier releases refuse such a store, and open the others."""
    made(tmp_path / "state", kind)
    first = (tmp_path / "state" / MANIFEST_NAME).read_bytes().split(b"\n")[0].decode()
    assert first == FORMAT_WITH_KIND
    open_store(tmp_path / "usual").close()
    first = (tmp_path / "usual" / MANIFEST_NAME).read_bytes().split(b"\n")[0].decode()
    assert first == FORMAT
    assert "root_kind" not in fields_of(tmp_path / "usual")


@kinds
def test_before_the_first_block_the_root_is_that_of_no_accounts(tmp_path: Path, kind: str) -> None:
    empty = ROOT_KINDS[kind].of_nothing().root
    with Store(tmp_path / "state", expect=f"0:{empty.hex()}", root_kind=kind) as store:
        assert store.root == empty
        store.set(KEYS[0], Account(1))
        store.commit({})
        assert store.root != empty
    Store(tmp_path / "state", expect=f"0:{empty.hex()}").close()
    with pytest.raises(StoreMismatch, match=empty.hex()):
        Store(tmp_path / "state", expect=f"0:{bytes(range(32)).hex()}")


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


@kinds
def test_row_43_a_store_of_another_kind(tmp_path: Path, kind: str) -> None:
    made(tmp_path / "state", kind)
    open_store(tmp_path / "usual").close()
    for folder, found, asked in (("state", kind, "history"), ("usual", "history", kind)):
        before = everything(tmp_path / folder)
        for use in (use_runtime, use_store):
            with pytest.raises(UsageError) as caught:
                use(tmp_path / folder, asked)
            for told in (folder, repr(found), repr(asked), "name another folder"):
                assert told in str(caught.value)
        assert everything(tmp_path / folder) == before
        with Runtime(workers=0, store=tmp_path / folder) as runtime:
            assert runtime.root_kind == found
        with Runtime(workers=0, store=tmp_path / folder, root=found) as runtime:
            assert runtime.root_kind == found


def use_runtime(folder: Path, kind: str) -> None:
    Runtime(workers=0, store=folder, root=kind)


def use_store(folder: Path, kind: str) -> None:
    Store(folder, root_kind=kind)


WRONG: list[Callable[[dict[str, Any]], object]] = [
    lambda fields: fields | {"root_kind": "history"},
    lambda fields: fields | {"root_kind": "patricia"},
    lambda fields: fields | {"root_kind": 7},
    lambda fields: fields | {"commitment": fields["commitment"][2:]},
    lambda fields: fields | {"commitment": fields["commitment"] + "00"},
    lambda fields: fields | {"commitment": "zz" * (len(fields["commitment"]) // 2)},
    lambda fields: fields | {"commitment": None},
    lambda fields: {name: value for name, value in fields.items() if name != "root_kind"},
    lambda fields: {name: value for name, value in fields.items() if name != "commitment"},
]


@kinds
def test_row_53_a_manifest_with_a_wrong_commitment(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "state"
    made(folder, kind)
    good = fields_of(folder)
    for change in WRONG:
        (folder / MANIFEST_NAME).write_bytes(sealed(change(good), FORMAT_WITH_KIND))
        with pytest.raises(StoreCorrupt, match="no store writes what it says"):
            Store(folder)
    (folder / MANIFEST_NAME).write_bytes(sealed(good, "sealane-store 5"))
    with pytest.raises(StoreFormatError, match="sealane-store 3 and 4"):
        Store(folder)
    (folder / MANIFEST_NAME).write_bytes(sealed(good, FORMAT_WITH_KIND))
    Store(folder).close()


@kinds
def test_accounts_saved_without_a_block_are_in_the_next_root(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "state"
    made(folder, kind)
    saved = {key: Account(3, data=b"new") for key in KEYS[:5]}
    with open_store(folder) as store:
        root = store.root
        for key, account in saved.items():
            store.set(key, account)
        store.save()
        assert store.root == root
    for compacting in (False, True):
        with open_store(folder) as store:
            assert store.root == root
            store.verify()
            if compacting:
                store.compact()
                store.verify()
    with open_store(folder) as store, open_store(tmp_path / "other", root_kind=kind) as other:
        store.commit({})
        for key, account in dict(store.accounts()).items():
            other.set(key, account)
        other.commit({})
        assert store.root == other.root != root


class LatticeMachine(StoreMachine):
    ROOT_KIND = "lattice"


TestLatticeMachine = LatticeMachine.TestCase
TestLatticeMachine.settings = settings(
    max_examples=max(1, int(os.environ.get("SEALANE_EXAMPLES", "20")) // 4),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
