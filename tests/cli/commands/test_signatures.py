"""`--signatures` of replay, verify and run: wrong ones are named, and end with exit code 1."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane import Runtime, load
from sealane.errors import UsageError
from sealane.ingest.building.signed.fixture_signatures import FAULTS_MAX
from sealane.ingest.solana.envelope import find_block
from sealane.signatures.key_file import write_keypair
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme

from ...real_data import ENCODINGS, INDEPENDENT, document
from ..command import Ending

Run = Callable[..., Ending]
IN_JSON, IN_JSON_PARSED, _ = ENCODINGS
PAY = """sealane: 1
accounts: {alice: {lamports: 1_000}, bob: {}}
transactions:
  - {id: pay, payer: alice, instructions: [
      {system.transfer: {source: alice, destination: bob, lamports: 5}}]}
"""


@pytest.fixture
def altered(tmp_path: Path) -> Path:
    """A block in which one transaction names another blockhash than was signed."""
    recorded = document(IN_JSON)
    entries: Any = find_block(recorded)["transactions"]
    entries[3]["transaction"]["message"]["recentBlockhash"] = "1" * 32
    path = tmp_path / "altered.json"
    path.write_text(json.dumps(recorded))
    return path


@pytest.fixture
def signed(sealane: Run, tmp_path: Path) -> Path:
    """A fixture that alice, an ML-DSA-44 key, has signed."""
    (tmp_path / "pay.yaml").write_text(PAY)
    write_keypair(str(tmp_path / "alice.json"), Keypair(Scheme.ML_DSA_44, bytes(32)))
    key = f"alice={tmp_path / 'alice.json'}"
    path = tmp_path / "signed.yaml"
    made = sealane("keys", "sign", tmp_path / "pay.yaml", "--key", key, "-o", path)
    assert made.code == 0, made.err
    return path


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("mode", ["recorded", "on"])
def test_a_recorded_block_is_verified(workers: int, mode: str, sealane: Run) -> None:
    ending = sealane("replay", INDEPENDENT, "--signatures", mode, "-w", workers)
    assert ending.code == 0
    assert "✓ 19 signatures verified" in ending.out


@pytest.mark.parametrize("command", ["replay", pytest.param("verify", marks=pytest.mark.slow)])
def test_what_came_of_it_is_in_the_document(command: str, sealane: Run) -> None:
    without = sealane(command, IN_JSON, "--json", "-w", "0").document
    assert "signatures" not in without
    found = sealane(command, IN_JSON, "--json", "-w", "0", "--signatures", "recorded").document
    assert found["signatures"] == {"verified": 25, "wrong": [], "unchecked": []}


@pytest.mark.parametrize("command", ["replay", pytest.param("verify", marks=pytest.mark.slow)])
def test_a_wrong_signature_names_transaction_and_signer(
    command: str, sealane: Run, altered: Path
) -> None:
    assert sealane(command, altered, "-w", "0").code == 0
    ending = sealane(command, altered, "-w", "0", "--signatures", "recorded", "--quiet")
    assert ending.code == 1
    assert "✗ 1 of 25 signatures is wrong" in ending.out
    assert "signer 2KgowxogBrGqRcgXQEmqFvC3PGtCu66qERNJevYW8Ajh" in ending.out
    found = sealane(command, altered, "-w", "0", "--signatures", "on", "--json")
    assert found.code == 1
    assert found.document["signatures"]["wrong"] == [
        {
            "transaction": wrong_id(altered),
            "signer": "2KgowxogBrGqRcgXQEmqFvC3PGtCu66qERNJevYW8Ajh",
        }
    ]


def wrong_id(path: Path) -> str:
    entries: Any = find_block(json.loads(path.read_bytes()))["transactions"]
    return entries[3]["transaction"]["signatures"][0]


def test_what_is_not_shown_fails_only_where_every_transaction_has_to_be_checked(
    sealane: Run,
) -> None:
    lenient = sealane("replay", IN_JSON_PARSED, "-w", "0", "--signatures", "recorded")
    assert lenient.code == 0
    assert "✓ 22 signatures verified" in lenient.out
    assert "the signatures of 3 transactions could not be checked" in lenient.out
    assert "the node took instruction 0 apart" in lenient.out
    quiet = sealane("replay", IN_JSON_PARSED, "-w", "0", "--signatures", "recorded", "--quiet")
    assert quiet.out == ""
    strict = sealane("replay", IN_JSON_PARSED, "-w", "0", "--signatures", "on", "--quiet")
    assert strict.code == 1
    assert "✗ the signatures of 3 transactions could not be checked" in strict.out


def test_votes_that_were_left_out_are_not_verified(sealane: Run) -> None:
    ending = sealane(
        *("verify", IN_JSON, "--no-votes", "-w", "0", "--json", "--signatures", "recorded")
    )
    assert ending.document["signatures"]["verified"] == 23


def test_a_signed_fixture_is_executed(sealane: Run, signed: Path) -> None:
    ending = sealane("run", signed, "-w", "0", "--signatures", "on", "--json")
    assert ending.code == 0
    assert ending.document["accounts"]["bob"]["lamports"] == 5
    assert ending.document["signatures"] == {"verified": 1, "wrong": [], "unchecked": []}
    card = sealane("run", signed, "-w", "0", "--signatures", "on").out
    assert re.search(r"^signatures +1 verified$", card, re.MULTILINE)
    assert "signatures" not in sealane("run", signed, "-w", "0").out
    found = sealane("verify", signed, "-w", "0", "--signatures", "on")
    assert found.code == 0
    assert "✓ 1 signature verified" in found.out


def test_an_unsigned_fixture_is_not_executed(sealane: Run, signed: Path, tmp_path: Path) -> None:
    store = tmp_path / "state"
    pay = signed.with_name("pay.yaml")
    ending = sealane("run", signed, pay, "-w", "0", "-s", store, "--signatures", "on", "--json")
    assert ending.code == 1
    first, second = ending.document
    assert first["transactions"][0]["status"] == "ok"
    wrong = [{"transaction": "pay", "signer": "alice"}]
    assert second == {
        "file": str(pay),
        "signatures": {"verified": 0, "wrong": wrong, "unchecked": []},
    }
    assert "'pay' is not signed by 'alice'" in ending.err
    assert sealane("state", store, "--json").document["height"] == 1
    found = sealane("verify", pay, "-w", "0", "--signatures", "on", "--json")
    assert found.code == 1
    assert found.document["signatures"] == second["signatures"]


def test_a_fixture_signed_for_something_else(sealane: Run, signed: Path) -> None:
    altered, count = re.subn(r'(lamports"?: ?)5\b', r"\g<1>6", signed.read_text())
    assert count == 1
    signed.write_text(altered)
    ending = sealane("run", signed, "-w", "0", "--signatures", "on")
    assert ending.code == 1
    assert (
        "'pay' is not signed by 'alice': this signature does not count by ml-dsa-44" in ending.err
    )


def test_nothing_of_a_fixture_is_recorded(sealane: Run, signed: Path) -> None:
    ending = sealane("run", signed, "--signatures", "recorded")
    assert ending.code == 2
    assert "'off', 'on'" in ending.err


def test_an_unknown_mode(sealane: Run) -> None:
    ending = sealane("replay", IN_JSON, "--signatures", "yes")
    assert ending.code == 2
    assert "off" in ending.err


def test_a_recorded_block_is_verified_without_being_replayed(sealane: Run, altered: Path) -> None:
    right = sealane("keys", "verify", INDEPENDENT)
    assert right.code == 0
    assert right.out.splitlines()[1:] == ["", "✓ 19 signatures verified"]
    wrong = sealane("keys", "verify", altered, "--json")
    assert wrong.code == 1
    assert len(wrong.document["signatures"]["wrong"]) == 1
    partly = sealane("keys", "verify", IN_JSON_PARSED)
    assert partly.code == 0
    assert "the signatures of 3 transactions could not be checked" in partly.out


def test_a_block_of_a_chain_whose_signatures_are_not_read(sealane: Run, fixtures: Path) -> None:
    found = sealane("keys", "verify", fixtures / "chains" / "sei_payments.json")
    assert found.code == 0
    assert "a block of Sei is read without its signatures" in found.out


def test_signatures_from_python(signed: Path) -> None:
    loaded = load(str(signed))
    assert loaded.signatures().verified() == (1, (), ())
    recorded = load(str(INDEPENDENT))
    with Runtime(workers=2) as runtime:
        assert recorded.signatures().verified(runtime.verify_signatures) == (19, (), ())
    with pytest.raises(UsageError, match="load the file again"):
        pickle.loads(pickle.dumps(recorded)).signatures()


@pytest.mark.parametrize("count", [FAULTS_MAX, FAULTS_MAX + 1])
def test_of_many_missing_signatures_the_first_are_named(
    count: int, sealane: Run, tmp_path: Path
) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(
        "sealane: 1\n"
        f"generate: {{program: system.transfer, n: {count}, accounts: 1000, zipf: 0, seed: 7}}\n"
    )
    ending = sealane("run", path, "-w", "0", "--signatures", "on")
    assert ending.code == 1
    said = ending.err.splitlines()
    assert len(said) == count
    assert ("and 1 more signature that" in said[-1]) is (count > FAULTS_MAX)
