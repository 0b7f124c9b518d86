"""`verify-proof`: what a proof proves, to somebody who has nothing but the root."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane.merkle import PROOF_LEN_MAX, MerkleTree, ProofDocument, proof_document, prove
from sealane.primitives import Account, Pubkey

from ..command import DEADLINE_S, Ending, command

Command = Callable[..., Ending]
ACCOUNTS = {
    Pubkey.of("alice"): Account(2**53 + 1, data=b"abc"),
    Pubkey.of("bob"): Account(5, owner=Pubkey.of("token"), executable=True),
}
TREE = MerkleTree.of_accounts(ACCOUNTS.items())
ROOT = TREE.digest.hex()


def document(name: str, *, with_data: bool = True) -> dict[str, Any]:
    proof = prove(TREE, Pubkey.of(name), ACCOUNTS.__getitem__, with_data=with_data)
    return proof_document(ProofDocument(proof, TREE.digest, 7, "merkle"))


@pytest.fixture
def proof_file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: dict[str, Any]) -> Path:
        path = tmp_path / "proof.json"
        path.write_text(json.dumps(content))
        return path

    return write


def test_an_account_that_exists(sealane: Command, proof_file: Callable[..., Path]) -> None:
    ending = sealane("verify-proof", proof_file(document("alice")), "--root", ROOT)
    assert (ending.code, ending.err) == (0, "")
    lines = ending.out.splitlines()
    assert lines[0] == f"✓ account {Pubkey.of('alice')} exists"
    assert lines[1] == "9,007,199,254,740,993 lamports · owner system"
    assert lines[2].startswith("3 bytes of data, in the proof: sha256 ba7816bf")
    assert lines[3] == "said to be of block 7, state roots of kind merkle"
    bob = sealane("verify-proof", proof_file(document("bob")), "--root", ROOT.upper())
    assert "5 lamports · owner token · executable" in bob.out


def test_an_account_that_does_not(sealane: Command, proof_file: Callable[..., Path]) -> None:
    path = proof_file(document("carol"))
    ending = sealane("verify-proof", path, "--root", ROOT, "--key", "carol")
    assert ending.code == 0
    assert ending.out.startswith(f"✓ account {Pubkey.of('carol')} does not exist\n")
    assert sealane("verify-proof", path, "--root", ROOT, "--quiet") == (0, "", "")


def test_a_proof_that_does_not_hold(sealane: Command, proof_file: Callable[..., Path]) -> None:
    tampered = document("alice")
    tampered["exists"]["account"]["lamports"] = 1
    ending = sealane("verify-proof", proof_file(tampered), "--root", ROOT, "--quiet")
    assert ending.code == 1
    assert ending.out.startswith("✗ the proof does not hold: it leads to root ")
    other = sealane("verify-proof", proof_file(document("alice")), "--root", "ab" * 32)
    assert other.code == 1
    assert f"it is said to be for root {ROOT}" in other.out


def test_a_proof_of_another_account(sealane: Command, proof_file: Callable[..., Path]) -> None:
    path = proof_file(document("alice"))
    ending = sealane("verify-proof", path, "--root", ROOT, "--key", "bob")
    assert ending.code == 1
    assert f"about account {Pubkey.of('alice')}, not {Pubkey.of('bob')}" in ending.out


def test_the_json_of_a_verdict(sealane: Command, proof_file: Callable[..., Path]) -> None:
    path = proof_file(document("alice", with_data=False))
    ending = sealane("verify-proof", path, "--root", ROOT, "--json")
    account = ending.document["account"]
    assert account["lamports"] == str(2**53 + 1)
    assert (account["data_len"], account["data"], account["executable"]) == (3, None, False)
    claimed = {"root": ROOT, "height": 7, "root_kind": "merkle"}
    assert ending.document == {
        "holds": True,
        "reason": None,
        "key": str(Pubkey.of("alice")),
        "root": ROOT,
        "exists": True,
        "account": account,
        "claimed": claimed,
    }
    carried = sealane("verify-proof", proof_file(document("alice")), "--root", ROOT, "--json")
    assert carried.document["account"]["data"] == "YWJj"
    absent = sealane("verify-proof", proof_file(document("carol")), "--root", ROOT, "--json")
    assert (absent.document["exists"], absent.document["account"]) == (False, None)
    wrong = sealane("verify-proof", path, "--root", "ab" * 32, "--json")
    assert wrong.code == 1
    assert (wrong.document["holds"], wrong.document["exists"]) == (False, None)
    assert "leads to root" in wrong.document["reason"]


MALFORMED = {
    "no-json": ("{", "not valid JSON"),
    "twice": ('{"key": 1, "key": 2}', "key"),
    "no-proof": ("[]", "the proof: an object is wanted"),
    "nothing": ("", "empty"),
    "fixture": ('{"sealane": 1}', "no known version of a proof"),
    "deep": ("[" * 100_000, "nest"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_file_that_is_no_proof(sealane: Command, tmp_path: Path, name: str) -> None:
    text, message = MALFORMED[name]
    path = tmp_path / "bad.json"
    path.write_text(text)
    ending = sealane("verify-proof", path, "--root", ROOT)
    assert ending.code == 2
    assert str(path) in ending.err
    assert message in ending.err
    assert ending.out == ""


@pytest.mark.parametrize("more", [0, 1])
def test_the_largest_file_and_one_byte_more(sealane: Command, tmp_path: Path, more: int) -> None:
    text = json.dumps(document("alice"))
    path = tmp_path / "large.json"
    path.write_text(text + " " * (PROOF_LEN_MAX - len(text) + more))
    ending = sealane("verify-proof", path, "--root", ROOT)
    assert ending.code == (2 if more else 0)


@pytest.mark.parametrize("root", ["", "ab", "0x" + "a" * 64, "g" * 64])
def test_a_root_that_is_none(sealane: Command, proof_file: Callable[..., Path], root: str) -> None:
    ending = sealane("verify-proof", proof_file(document("alice")), "--root", root)
    assert ending.code == 2
    assert "a root is 64 hex digits" in ending.err


def test_a_file_that_is_missing(sealane: Command) -> None:
    ending = sealane("verify-proof", "missing.json", "--root", ROOT)
    assert ending.code == 2
    assert "missing.json" in ending.err


def test_what_a_proof_says_of_itself_cannot_act_on_a_terminal(
    sealane: Command, proof_file: Callable[..., Path]
) -> None:
    odd = document("alice") | {"root_kind": "\x1b[2J"}
    ending = sealane("verify-proof", proof_file(odd), "--root", ROOT)
    assert ending.code == 0
    assert "\x1b" not in ending.out


def test_from_standard_input() -> None:
    done = subprocess.run(
        command("verify-proof", "-", "--root", ROOT),
        input=json.dumps(document("carol")),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "does not exist" in done.stdout
