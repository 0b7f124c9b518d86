"""`replay` and `verify` of Ethereum's blocks: lists, and files of several cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane.ingest.ethereum.access_list.from_json import access_list_of_json

from ...ingest.ethereum.spec_documents import BOB, SENDER, two_blocks
from ...real_data import shared_files
from ..command import Ending

Run = Callable[..., Ending]


def saved(folder: Path, content: Any) -> Path:
    path = folder / "test.json"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A file of three blocks: two of one case, one of another."""
    one = two_blocks()
    one["blocks"].pop()
    del one["post"]
    return saved(tmp_path, {"pays": two_blocks(), "pays once": one})


def test_each_case_is_replayed(sealane: Run, cases: Path) -> None:
    documents: Any = sealane("replay", cases, "-w", "0", "--json").document
    assert [each["case"] for each in documents] == ["pays#1", "pays#2", "pays once"]
    for document in documents:
        assert document["mismatches"] == []
        # The balances of three and a nonce, found and left.
        assert document["checked"] >= 8
        assert [each["id"] for each in document["transactions"]] == ["tx0"]
    key = documents[0]["accounts"][f"{BOB}:balance"]
    assert key["value"] == "0x5"


def test_one_case_is_one_document(sealane: Run, cases: Path) -> None:
    by_name = sealane("replay", cases, "-w", "0", "--json", "--case", "pays#2").document
    by_number = sealane("replay", cases, "-w", "0", "--json", "--case", "1").document
    assert by_name["case"] == by_number["case"] == "pays#2"
    assert by_name["state_root"] == by_number["state_root"]


def test_an_unknown_case_names_those_there_are(sealane: Run, cases: Path) -> None:
    ending = sealane("replay", cases, "--case", "pays#3")
    assert ending.code == 2
    assert "no case 'pays#3'" in ending.err
    assert "pays once" in ending.err


def test_the_view_shows_each_case(sealane: Run, cases: Path) -> None:
    out = sealane("replay", cases, "-w", "0").out
    for case in ("pays#1", "pays#2", "pays once"):
        assert case in out
    assert out.count("values checked, 0 mismatches") == 3
    assert "payments to it run in turn here" in out
    assert sealane("replay", cases, "-w", "0", "--quiet").out == ""


def test_another_state_than_expected_is_a_mismatch(sealane: Run, tmp_path: Path) -> None:
    test = two_blocks()
    test["post"][SENDER]["balance"] = "0x51"
    path = saved(tmp_path, {"pays": test})
    ending = sealane("replay", path, "-w", "0", "--json", "--case", "1")
    assert ending.code == 1
    assert ending.document["mismatches"][-1] == {
        "transaction": None,
        "account": f"{SENDER}:balance",
        "message": "0x50 after the block, 0x51 expected",
    }
    view = sealane("replay", path, "-w", "0", "--quiet")
    assert view.code == 1
    assert f"{SENDER}:balance" in view.out
    assert "pays#2" in view.out


def test_a_broken_rule_is_bad_input(sealane: Run, tmp_path: Path) -> None:
    test = two_blocks()
    test["blocks"][0]["blockAccessList"].reverse()
    path = saved(tmp_path, {"pays": test})
    ending = sealane("replay", path, "-w", "0")
    assert ending.code == 2
    assert f"{path}: pays#1: accounts[1] ({BOB}): comes after" in ending.err
    # The one behind it can be replayed, without the state before it.
    assert sealane("replay", path, "-w", "0", "--case", "pays#2").code == 0


def with_hash(test: dict[str, Any], number: int, found: str | None = None) -> None:
    block = test["blocks"][number]
    right = access_list_of_json(block["blockAccessList"]).hash
    block["blockAccessListHash"] = right if found is None else found


def test_the_hash_of_a_list_is_compared_with_the_headers(sealane: Run, tmp_path: Path) -> None:
    test = two_blocks()
    with_hash(test, 0)
    with_hash(test, 1, "0x" + 64 * "1")
    path = saved(tmp_path, {"pays": test})
    right = sealane("verify", path, "-w", "1", "--case", "0", "--json")
    assert right.code == 0
    assert right.document["differences"] == []
    hashes = right.document["list_hash"]
    assert hashes["header"] == hashes["computed"]
    wrong = sealane("verify", path, "-w", "1", "--case", "1")
    assert wrong.code == 1
    assert "0x" + 64 * "1" in wrong.out
    both: Any = sealane("verify", path, "-w", "0", "--json")
    assert both.code == 1
    assert [each["case"] for each in both.document] == ["pays#1", "pays#2"]


def test_without_a_header_the_hash_is_said(sealane: Run, tmp_path: Path) -> None:
    path = saved(tmp_path, two_blocks()["blocks"][0]["blockAccessList"])
    ending = sealane("verify", path, "-w", "1")
    assert ending.code == 0
    assert "access list hash 0x" in ending.out
    assert "case" not in sealane("replay", path, "-w", "0", "--json").document


def test_real_lists_replay_from_the_command_line(sealane: Run) -> None:
    path = shared_files("ethereum/mainnet-bal")[4]
    roots = {
        sealane("replay", path, "-w", workers, "--json").document["state_root"]
        for workers in (0, 2)
    }
    assert len(roots) == 1


def test_plan_shows_each_case_of_a_file(sealane: Run, cases: Path) -> None:
    documents: Any = sealane("plan", cases, "--json").document
    assert [each["case"] for each in documents] == ["pays#1", "pays#2", "pays once"]
    assert all(each["waves"] == [["tx0"]] for each in documents)
    out = sealane("plan", cases).out
    assert [out.count(case) for case in ("pays#1", "pays#2", "pays once")] == [1, 1, 1]
    assert sealane("plan", cases, "--case", "2", "--json").document["case"] == "pays once"


@pytest.mark.parametrize("words", [["explain", "tx0"], ["graph"], ["simulate"]])
def test_other_commands_take_one_case(words: list[str], sealane: Run, cases: Path) -> None:
    command, *more = words
    none = sealane(command, cases, *more)
    assert none.code == 2
    assert "3 blocks in one file; name a case: 0: pays#1, 1: pays#2" in none.err
    assert sealane(command, cases, *more, "--case", "pays#2").code == 0


def test_verify_takes_the_header_from_another_file(sealane: Run, tmp_path: Path) -> None:
    block = two_blocks()["blocks"][0]
    path = saved(tmp_path, block["blockAccessList"])
    found = sealane("verify", path, "-w", "0", "--json").document["list_hash"]["computed"]
    header = {
        "number": "0x1",
        "hash": "0x" + 64 * "a",
        "parentHash": "0x" + 64 * "b",
        "stateRoot": "0x" + 64 * "c",
        "miner": block["coinbase"],
        "gasLimit": "0x1c9c380",
    }
    for list_hash, code in ((found, 0), ("0x" + 64 * "1", 1)):
        beside = tmp_path / "header.json"
        beside.write_text(json.dumps(header | {"blockAccessListHash": list_hash}))
        ending = sealane("verify", path, "--with", beside, "-w", "0", "--json")
        assert ending.code == code
        assert ending.document["list_hash"] == {"header": list_hash, "computed": found}
