"""Ethereum among the chains: every file there is plans, files join, and faults name their file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sealane
from sealane.errors import InputError, UsageError
from sealane.ingest import loaded_block

from ...real_data import SHARED, shared_files
from .node_answers.samples import (
    HASHES,
    diff_frames,
    header,
    listed,
    plain_frames,
    receipts,
    rpc_block,
    trace_file,
)


@pytest.fixture
def saved(tmp_path: Path):
    def save(name: str, document: object) -> str:
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return str(path)

    return save


@pytest.mark.parametrize("granularity", ["slot", "account"])
def test_every_file_plans(granularity: str) -> None:
    folders = ("traces", "prestate", "mainnet-bal")
    files = [path for folder in folders for path in shared_files(f"ethereum/{folder}")]
    files += [path for path in shared_files("ethereum/blocks") if "pre_state" not in path.name]
    files += [SHARED / "ethereum" / "anvil_block.json"]
    for path in files:
        loaded = sealane.load(str(path), granularity=granularity)
        schedule = loaded.schedule()
        assert loaded.chain == "ethereum", path.name
        assert sum(map(len, schedule.waves)) == len(loaded), path.name
        if granularity == "account":
            assert all(":" not in name for name in loaded.account_names), path.name


def test_the_traces_of_mainnet_need_no_fewer_waves_by_account() -> None:
    paths = map(str, shared_files("ethereum/traces"))
    for path in paths:
        slots, accounts = (
            sealane.load(path, granularity=granularity).schedule()
            for granularity in ("slot", "account")
        )
        assert len(slots.waves) <= len(accounts.waves), path


def test_a_block_is_joined_with_what_stands_in_other_files(saved: Any) -> None:
    files = [
        saved("header.json", {"jsonrpc": "2.0", "id": 1, "result": header()}),
        saved("plain.json", {"jsonrpc": "2.0", "id": 2, "result": plain_frames()}),
        saved("diff.json", diff_frames()),
        saved("receipts.json", receipts()),
    ]
    block = saved("block.json", rpc_block())
    loaded = sealane.load(block, with_files=files)
    assert loaded.notes == ("reads are those of plain.json", "writes are those of diff.json")
    assert list(loaded.ids) == HASHES
    assert loaded.height == 16
    assert loaded.schedule().waves == [HASHES]
    # Any of them may come first.
    other = sealane.load(files[2], with_files=[block, *files[:2], files[3]])
    assert other.notes == loaded.notes
    assert sorted(other.account_names) == sorted(loaded.account_names)


def test_a_list_says_what_was_written_and_a_tracer_beside_it_what_was_read(saved: Any) -> None:
    file = saved("list.json", {"jsonrpc": "2.0", "id": 1, "result": listed()})
    alone = sealane.load(file)
    assert "does not say which transaction reads what" in alone.notes[0]
    block = saved("block.json", rpc_block())
    beside = sealane.load(file, with_files=[block])
    assert list(beside.ids) == HASHES
    assert any("what each transaction read is not known" in note for note in beside.notes)
    assert "writes are those of list.json" in beside.notes
    whole = sealane.load(file, with_files=[block, saved("plain.json", plain_frames())])
    assert not any("lower bound" in note for note in whole.notes)
    traced = sealane.load(saved("trace.json", trace_file()), with_files=[file])
    assert "writes are those of trace.json" in traced.notes


def test_another_list_is_refused(saved: Any) -> None:
    other = listed()
    other[0]["balanceChanges"][0]["value"] = "0x4b"
    files = saved("a.json", listed()), saved("b.json", other)
    with pytest.raises(InputError, match=r"a\.json and b\.json are two different access lists"):
        sealane.load(files[0], with_files=[files[1], saved("c.json", rpc_block())])
    with pytest.raises(InputError, match=r"balance is 74 in c\.json and 75 in b\.json"):
        sealane.load(files[1], with_files=[saved("c.json", diff_frames())])


def test_a_fault_names_the_file_that_it_is_in(saved: Any) -> None:
    block = saved("block.json", rpc_block())
    bad = receipts()
    bad[1]["gasUsed"] = "many"
    file = saved("receipts.json", bad)
    with pytest.raises(InputError) as raised:
        sealane.load(block, with_files=[file])
    assert raised.value.path == file
    assert "transaction 1" in raised.value.message
    with pytest.raises(InputError, match="not valid JSON") as raised:
        sealane.load(block, with_files=[b"{"])
    assert raised.value.path == "<bytes>"
    other = saved("other.json", rpc_block() | {"number": "0x11"})
    with pytest.raises(InputError, match=r"block\.json and other\.json are of different") as raised:
        sealane.load(block, with_files=[other])
    assert raised.value.path == block


def test_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "a.json" for folder in ("one", "two")]
    for path, document in zip(paths, (diff_frames(), plain_frames()), strict=True):
        path.parent.mkdir()
        path.write_text(json.dumps(document), encoding="utf-8")
    notes = sealane.load(str(paths[0]), with_files=[str(paths[1])]).notes
    assert f"reads are those of {paths[1]}" in notes
    assert f"writes are those of {paths[0]}" in notes


def test_only_blocks_of_ethereum_are_joined() -> None:
    fixture = b"{sealane: 1, transactions: [{id: a, writes: [x]}]}"
    with pytest.raises(UsageError, match="--with is for blocks of Ethereum"):
        sealane.load(fixture, with_files=[json.dumps(rpc_block()).encode()])
    with pytest.raises(UsageError, match="--granularity is for blocks of Ethereum"):
        sealane.load(fixture, granularity="account")
    with pytest.raises(UsageError, match="granularity 'block': choose slot or account"):
        sealane.load(fixture, granularity="block")


def test_there_may_be_so_many_files_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    block, beside = (json.dumps(each).encode() for each in (rpc_block(), header()))
    monkeypatch.setattr(loaded_block, "WITH_FILES_MAX", 2)
    sealane.load(block, with_files=[beside] * 2)
    with pytest.raises(UsageError, match="3 files beside a block; at most 2"):
        sealane.load(block, with_files=[beside] * 3)


def test_one_case_of_a_test_file_is_read_without_the_others() -> None:
    refused: list[str] = []
    for path in shared_files("ethereum/eip7928"):
        try:
            assert sealane.load(str(path), case=0).chain == "ethereum", path.name
        except InputError as error:
            refused.append(str(error))
    assert refused
    assert all("expects it to be refused" in each for each in refused)
