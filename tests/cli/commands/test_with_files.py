"""`--with` and `--granularity`: what else is known of a block, and what counts as one account."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ...ingest.ethereum.node_answers.samples import (
    CAROL,
    HASHES,
    POOL,
    TWO,
    diff_frames,
    header,
    plain_frames,
    receipts,
    rpc_block,
    trace_file,
)
from ..command import Ending

Run = Callable[..., Ending]
Save = Callable[[str, object], str]


@pytest.fixture
def saved(tmp_path: Path) -> Save:
    def save(name: str, document: object) -> str:
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        return str(path)

    return save


def called_twice() -> dict[str, Any]:
    """The samples' block, both of whose transactions call the pool."""
    document = trace_file()
    first, second = document["txs"]
    first["traces"][POOL] = second["traces"][POOL] | {"storage_written": {"0x7": "0x1"}}
    return document


def test_a_plan_joins_what_several_files_say(sealane: Run, saved: Save) -> None:
    block = saved("block.json", rpc_block())
    beside = [saved("plain.json", plain_frames()), saved("diff.json", diff_frames())]
    ending = sealane(
        "plan", block, "--with", beside[0], "--with", beside[1], "--with",
        saved("receipts.json", receipts()), "--json",
    )  # fmt: skip
    document = ending.document
    assert document["waves"] == [HASHES]
    assert document["critical_path"]["cost"] == 40_960
    assert document["notes"] == ["reads are those of plain.json", "writes are those of diff.json"]


@pytest.mark.parametrize(
    "command",
    [("plan",), ("graph", "--format", "json"), ("simulate", "--json"), ("explain", "tx", "--json")],
)
def test_every_command_that_plans_takes_both(
    command: tuple[str, ...], sealane: Run, saved: Save
) -> None:
    trace, beside = saved("trace.json", called_twice()), saved("header.json", header())
    name, *rest = command
    if rest[:1] == ["tx"]:
        rest[0] = HASHES[1]
    ending = sealane(name, trace, *rest, "--with", beside, "--granularity", "account")
    assert ending.code == 0, ending.err
    assert f"{POOL}:0x" not in ending.out


def test_accounts_conflict_where_slots_do_not(sealane: Run, saved: Save) -> None:
    trace = saved("trace.json", called_twice())
    by_slot = sealane("plan", trace, "--json").document
    assert by_slot["waves"] == [HASHES]
    by_account = sealane("plan", trace, "--granularity", "account", "--json").document
    assert by_account["waves"] == [[HASHES[0]], [HASHES[1]]]
    assert POOL in [each["account"] for each in by_account["hot_accounts"]]


@pytest.mark.parametrize("command", ["plan", "graph", "simulate", "report"])
def test_what_cannot_be_joined_ends_with_2(command: str, sealane: Run, saved: Save) -> None:
    out = ("-o", "-") if command == "report" else ()
    block = saved("block.json", rpc_block())
    other = saved("other.json", header() | {"number": "0x11"})
    ending = sealane(command, block, "--with", other, *out)
    assert ending.code == 2
    assert "block.json and other.json are of different blocks" in ending.err
    ending = sealane(command, block, "--granularity", "page", *out)
    assert ending.code == 2
    assert "choose slot or account" in ending.err
    fixture = saved("fixture.json", {"sealane": 1, "transactions": []})
    ending = sealane(command, fixture, "--with", block, *out)
    assert ending.code == 2
    assert "--with is for blocks of Ethereum" in ending.err


def test_a_transaction_says_who_sent_it_where(sealane: Run, saved: Save) -> None:
    trace = saved("trace.json", trace_file())
    labels = saved("labels.json", {POOL.replace("a", "A"): "the Pool"})
    ending = sealane("explain", trace, HASHES[1][:10], "--labels", labels)
    assert f"from {CAROL} to the Pool {POOL}, method deposit 0xd0e30db0" in ending.out
    document = sealane("explain", trace, HASHES[1], "--json").document
    assert document["phrase"] == f"from {CAROL} to {POOL}, method deposit 0xd0e30db0"
    assert f"from {CAROL}" not in sealane("explain", trace, HASHES[1], "--quiet").out
    path = sealane("plan", trace, "--labels", labels).out.partition("Critical path")[2]
    assert f"  {HASHES[1]}  from {CAROL} to the Pool" in path


def test_keys_are_found_by_address_label_and_any_spelling(sealane: Run, saved: Save) -> None:
    trace = saved("trace.json", called_twice())
    labels = saved("labels.json", {POOL: "pool"})
    shouted = "0x" + POOL[2:].upper()
    for word in f"{POOL}:0x7", f"{shouted}:7", f"{POOL}:0x{7:064x}", "pool:0x7":
        ending = sealane("explain", trace, "--account", word, "--labels", labels, "--json")
        assert ending.document["account"] == f"{POOL}:0x7", word
    everything = sealane("explain", trace, "--account", "pool", "--labels", labels)
    assert everything.code == 2
    assert "'pool' stands for" in everything.err


def test_an_address_its_label_and_its_callers_can_be_left_out(sealane: Run, saved: Save) -> None:
    document = called_twice()
    document["txs"][0]["traces"][POOL]["storage_written"] = {TWO: "0x1"}
    trace, labels = saved("trace.json", document), saved("labels.json", {POOL: "pool"})

    def simulated(*words: str) -> dict[str, Any]:
        return sealane("simulate", trace, "--labels", labels, "--json", *words).document

    assert simulated()["critical_path_cost"] == 61_960
    for word in POOL, POOL.replace("a", "A"), "pool":
        assert simulated("--without", word)["critical_path_cost"] == 40_960
    for word in f"program:{POOL}", "program:pool":
        assert simulated("--without", word)["transactions"] == 1
