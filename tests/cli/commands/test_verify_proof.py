"""`verify-proof`: what a proof proves, to somebody who has nothing but the root."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.cli.app import main
from sealane.merkle import (
    PROOF_LEN_MAX,
    AccountContent,
    Existence,
    Inclusion,
    MerkleTree,
    ProofDocument,
    proof_document,
    prove,
)
from sealane.merkle.hashing import leaf_digest, path_of_key
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


def test_a_key_that_names_no_account(sealane: Command, proof_file: Callable[..., Path]) -> None:
    path = proof_file(document("alice"))
    ending = sealane("verify-proof", path, "--root", ROOT, "--key", "\udcff")
    assert ending.code == 2
    assert "names no account" in ending.err


def test_the_largest_numbers_are_written_exactly(
    sealane: Command, proof_file: Callable[..., Path]
) -> None:
    account = Pubkey.of("huge")
    value = AccountContent(2**64 - 1, account, True, 2**64 - 1, bytes(32)).value
    proof = Inclusion(Existence(account, value, ()))
    root = leaf_digest(path_of_key(account), value)
    path = proof_file(proof_document(ProofDocument(proof, root, 2**64 - 1, "merkle")))
    ending = sealane("verify-proof", path, "--root", root.hex(), "--json")
    assert ending.code == 0
    assert ending.document["account"]["data_len"] == str(2**64 - 1)
    assert ending.document["claimed"]["height"] == str(2**64 - 1)
    shown = sealane("verify-proof", path, "--root", root.hex())
    assert "18,446,744,073,709,551,615 bytes of data, not in the proof" in shown.out


@settings(max_examples=25)
@given(st.data())
def test_a_file_with_bytes_changed_is_a_proof_that_fails_or_none(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    raw = bytearray(json.dumps(document(data.draw(st.sampled_from(["alice", "carol"])))).encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    old, end = bytes(raw), data.draw(st.integers(at, min(at + 4, len(raw))))
    raw[at:end] = data.draw(st.binary(min_size=1, max_size=4))
    path = tmp_path_factory.getbasetemp() / "mutated.json"
    path.write_bytes(raw)
    code = main(["verify-proof", str(path), "--root", ROOT, "--quiet"])
    try:
        same = proven_part(bytes(raw)) == proven_part(old)
    except ValueError:
        same = False
    # 2 for both: what is only claimed has to be spelled rightly, too.
    assert code in ((0, 2) if same else (1, 2))


def proven_part(raw: bytes) -> object:
    """What a proof proves; the rest is only claimed."""
    content = json.loads(raw)
    return {name: content[name] for name in content if name not in ("root", "height", "root_kind")}


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
