"""`sealane keys`: makes keys and shows what is public of them, and nothing else."""

from __future__ import annotations

import base64
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme

from ..command import Ending, on_a_terminal

Run = Callable[..., Ending]
SEED = bytes(range(100, 132))


@pytest.fixture
def seed_file(tmp_path: Path) -> Path:
    path = tmp_path / "seed"
    path.write_bytes(SEED)
    return path


@pytest.mark.parametrize("scheme", ["ed25519", "ml-dsa-44"])
def test_a_key_is_made_and_shown(
    scheme: str, sealane: Run, tmp_path: Path, seed_file: Path
) -> None:
    expected = Keypair(Scheme(scheme), SEED)
    path = tmp_path / "alice.json"
    made = sealane("keys", "new", path, "--scheme", scheme, "--seed-file", seed_file, "--json")
    assert (made.code, made.err) == (0, "")
    assert made.document == {
        "address": str(expected.address),
        "scheme": scheme,
        "public_key": f"base64:{base64.b64encode(expected.public_key).decode()}",
    }
    shown = sealane("keys", "show", path)
    assert shown.out.startswith(f"address     {expected.address}\nscheme      {scheme}\n")
    assert base64.b64encode(SEED).decode() not in made.out + shown.out


def test_keys_are_random_unless_told(sealane: Run, tmp_path: Path) -> None:
    first, second = (sealane("keys", "new", tmp_path / name).out for name in ("a", "b"))
    assert first != second


def test_a_seed_comes_in_by_standard_input(
    sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SEED.hex().encode() + b"\n")))
    made = sealane("keys", "new", tmp_path / "a", "--seed-file", "-", "--json")
    assert made.document["address"] == str(Keypair(Scheme.ED25519, SEED).address)


def test_an_existing_file_is_kept_unless_forced(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "alice.json"
    first = sealane("keys", "new", path).out
    again = sealane("keys", "new", path)
    assert (again.code, again.out) == (2, "")
    assert "the file exists; keep it, or replace it with --force" in again.err
    assert sealane("keys", "show", path).out == first
    assert sealane("keys", "new", path, "--force").code == 0
    assert sealane("keys", "show", path).out != first


def test_a_file_that_others_can_read_is_warned_of(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "alice.json"
    sealane("keys", "new", path)
    os.chmod(path, 0o644)
    shown = sealane("keys", "show", path)
    assert shown.code == 0
    warning = f"{path}: other users of this machine can open it; chmod 600 {path}"
    assert shown.err == f"warning: {warning}\n"


def test_debug_shows_nothing_of_a_broken_key(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "alice.json"
    path.write_text("[100,101,102,")
    shown = sealane("keys", "show", path, "--debug")
    assert shown.code == 2
    assert "this is no file of a key" in shown.err
    assert "100,101" not in shown.err


def test_without_a_command_it_says_where_they_are(sealane: Run) -> None:
    ending = sealane("keys")
    assert ending.code == 2
    assert "Missing command. See: sealane keys --help" in ending.err


FIXTURE = """\
sealane: 1
transactions:
  - id: pay
    instructions:
      - system.transfer: {source: alice, destination: bob, lamports: 0}
"""


def test_a_fixture_is_signed_and_verified(
    sealane: Run, tmp_path: Path, written: Callable[[str, str], Path]
) -> None:
    fixture, key, out = written("f.yaml", FIXTURE), tmp_path / "alice.json", tmp_path / "out.yaml"
    sealane("keys", "new", key)
    before = sealane("keys", "verify", fixture)
    assert (before.code, before.out) == (1, "")
    assert "f.yaml:3: transactions[0]: 'pay' is not signed by 'alice'" in before.err

    signed = sealane("keys", "sign", fixture, "--key", f"alice={key}", "-o", out)
    assert (signed.code, signed.out, signed.err) == (0, "", "1 signature made\n")
    assert sealane("keys", "verify", out).out == "1 signature verified\n"
    assert sealane("keys", "verify", out, "--json").document == {
        "file": str(out),
        "signatures": {"verified": 1, "wrong": [], "unchecked": []},
    }
    assert sealane("run", out, "--quiet").code == 0

    shown = sealane("keys", "sign", out, "--key", key, "-o", "-")
    assert shown.out == out.read_text()

    out.write_text(out.read_text().replace('"lamports":0', '"lamports":1'))
    after = sealane("keys", "verify", out)
    assert (after.code, after.out) == (1, "")
    assert sealane("keys", "verify", out, "--json").document["signatures"] == {
        "verified": 0,
        "wrong": [{"transaction": "pay", "signer": "alice"}],
        "unchecked": [],
    }
    assert "transactions[0].signatures.alice: 'pay' is not signed by 'alice'" in after.err


def test_who_has_still_to_sign_is_said(
    sealane: Run, tmp_path: Path, written: Callable[[str, str], Path]
) -> None:
    text = FIXTURE.replace("    instr", "    payer: carol\n    instr")
    carol = Keypair(Scheme.ED25519, SEED).address
    fixture = written("f.yaml", f"{text}keys: {{carol: {{public_key: {carol}}}}}\n")
    sealane("keys", "new", tmp_path / "alice.json")
    signed = sealane("keys", "sign", fixture, "--key", f"alice={tmp_path}/alice.json", "-o", "-")
    assert signed.err == "1 signature made\npay is still to be signed by carol\n"


def test_a_name_keeps_its_key_unless_told(
    sealane: Run, tmp_path: Path, written: Callable[[str, str], Path]
) -> None:
    pinned, key, out = Keypair(Scheme.ED25519, SEED).address, tmp_path / "a.json", tmp_path / "out"
    fixture = written("f.yaml", f"{FIXTURE}keys: {{alice: {{public_key: {pinned}}}}}\n")
    other = sealane("keys", "new", key, "--json").document["address"]
    arguments = ("keys", "sign", fixture, "--key", f"alice={key}", "-o", out)
    refused = sealane(*arguments)
    assert refused.code == 2
    assert f"the key of 'alice' is {pinned}, and this one is {other}; give" in refused.err
    assert not out.exists()
    assert sealane(*arguments, "--replace").code == 0
    assert sealane("keys", "verify", out).code == 0
    assert sealane("keys", "sign", out, "--key", f"alice={key}", "-o", "-").code == 0  # the same


@pytest.mark.slow
def test_a_long_public_key_is_whole_but_for_a_terminal(sealane: Run, tmp_path: Path) -> None:
    key = tmp_path / "a.json"
    sealane("keys", "new", key, "--scheme", "ml-dsa-44")
    public_key = sealane("keys", "show", key, "--json").document["public_key"]
    assert sealane("keys", "show", key).out.endswith(f"public key  {public_key}\n")
    shown = on_a_terminal(["keys", "show", key], columns=80).out
    assert shown.endswith(f"public key  {public_key[:20]}… (1,312 bytes; --json prints them all)\n")


def test_the_list_of_commands_is_whole(sealane: Run) -> None:
    assert "..." not in sealane("keys", "--help").out.partition("Commands:")[2]
