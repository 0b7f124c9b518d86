"""Files of keys: as solana-keygen writes them, for their owner alone, and silent about secrets."""

from __future__ import annotations

import base64
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from solders.keypair import Keypair as SoldersKeypair

from sealane.primitives import InputError
from sealane.signatures.key_file import (
    FILE_LEN_MAX,
    open_to_others,
    read_keypair,
    read_seed,
    write_keypair,
)
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme

SEED = bytes(range(100, 132))
ED25519, ML_DSA = Keypair(Scheme.ED25519, SEED), Keypair(Scheme.ML_DSA_44, SEED)


@pytest.mark.parametrize("keypair", [ED25519, ML_DSA], ids=lambda each: str(each.scheme))
@pytest.mark.parametrize("umask", [0, 0o277])
def test_what_is_written_is_read(keypair: Keypair, umask: int, tmp_path: Path) -> None:
    path = str(tmp_path / "key.json")
    before = os.umask(umask)
    try:
        write_keypair(path, keypair)
    finally:
        os.umask(before)
    found = read_keypair(path)
    assert (found, found.seed) == (keypair, keypair.seed)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert not open_to_others(path)
    assert os.listdir(tmp_path) == ["key.json"]


def test_solana_reads_what_is_written_and_the_other_way_round(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    write_keypair(str(ours), ED25519)
    assert bytes(SoldersKeypair.from_json(ours.read_text()).pubkey()) == ED25519.public_key
    theirs.write_text(SoldersKeypair.from_seed(SEED).to_json())
    assert read_keypair(str(theirs)) == ED25519


def test_the_fields_of_other_schemes(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    write_keypair(str(path), ML_DSA)
    assert json.loads(path.read_text()) == {
        "scheme": "ml-dsa-44",
        "seed": "base64:" + base64.b64encode(SEED).decode(),
        "public_key": "base64:" + base64.b64encode(ML_DSA.public_key).decode(),
    }


def test_nothing_that_exists_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text("mine")
    with pytest.raises(InputError, match=r"key\.json: the file exists; .* --force"):
        write_keypair(str(path), ED25519)
    assert path.read_text() == "mine"
    write_keypair(str(path), ED25519, replace=True)
    assert read_keypair(str(path)) == ED25519
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    path, other = tmp_path / "key.json", tmp_path / "other"
    path.symlink_to(other)  # which does not exist
    with pytest.raises(InputError, match="the file exists"):
        write_keypair(str(path), ED25519)
    write_keypair(str(path), ED25519, replace=True)
    assert not path.is_symlink()
    assert not other.exists()


def test_what_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key.json"
    link = os.link

    def late(draft: str, target: str) -> None:
        path.write_text("mine")
        link(draft, target)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(InputError, match="the file exists"):
        write_keypair(str(path), ED25519)
    assert path.read_text() == "mine"
    assert os.listdir(tmp_path) == ["key.json"]


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_keypair(str(tmp_path / "key.json"), ED25519)
    assert os.listdir(tmp_path) == []


def numbers(change: Callable[[list[Any]], object]) -> str:
    found: list[Any] = list(SEED + ED25519.public_key)
    change(found)
    return json.dumps(found)


def fields(**changed: object) -> str:
    found = {
        "scheme": "ml-dsa-44",
        "seed": "base64:" + base64.b64encode(SEED).decode(),
        "public_key": "base64:" + base64.b64encode(ML_DSA.public_key).decode(),
    }
    return json.dumps({key: value for key, value in (found | changed).items() if value is not None})


BAD = {
    "empty": ("", "expected 64 numbers in brackets"),
    "no JSON": (numbers(len)[:-1], "expected 64 numbers in brackets"),
    "text": ('"100"', "expected 64 numbers in brackets"),
    "deep": ("[" * 10_000, "expected 64 numbers in brackets"),
    "63 numbers": (numbers(lambda found: found.pop()), "expected 64 numbers from 0 to 255"),
    "65 numbers": (numbers(lambda found: found.append(1)), "expected 64 numbers"),
    "256": (numbers(lambda found: found.append(found.pop() + 256)), "expected 64 numbers"),
    "true": (numbers(lambda found: found.append(bool(found.pop()))), "expected 64 numbers"),
    "other key": (numbers(lambda found: found.append(found.pop() ^ 1)), "not that of its seed"),
    "unknown field": (fields(secret=1), "expected the keys scheme, seed, public_key"),
    "no seed": (fields(seed=None), "expected the keys"),
    "scheme": (fields(scheme="ed25519"), "expected scheme ml-dsa-44 or secp256k1"),
    "bare": (fields(seed=base64.b64encode(SEED).decode()), 'expected `seed` as "base64:…"'),
    "not base64": (fields(seed="base64:ZGVm=="), "`seed` is not base64"),
    "short seed": (fields(seed="base64:ZGVm"), "expected a seed of 32 bytes"),
    "no pair": (fields(public_key="base64:ZGVm"), "not that of its seed"),
}


@pytest.mark.parametrize(("text", "complaint"), BAD.values(), ids=BAD.keys())
def test_what_is_no_key_is_refused_without_a_word_of_it(
    text: str, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "key.json"
    path.write_text(text)
    with pytest.raises(InputError, match=complaint) as caught:
        read_keypair(str(path))
    told = caught.value.message
    assert "100" not in told
    assert "ZGVm" not in told
    assert base64.b64encode(SEED).decode()[:6] not in told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None, "a parser's error keeps the text"


def test_files_at_the_limit_and_past_it(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    text = numbers(len)
    path.write_text(text.ljust(FILE_LEN_MAX))
    assert read_keypair(str(path)) == ED25519
    path.write_text(text.ljust(FILE_LEN_MAX + 1))
    with pytest.raises(InputError, match="over 16,384 bytes: this is no file of a key"):
        read_keypair(str(path))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_keypair(str(tmp_path / "none"))
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_keypair(str(tmp_path))


@pytest.mark.parametrize("raw", [SEED, SEED.hex().encode(), SEED.hex().encode() + b"\n"])
def test_seeds_in_files(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.write_bytes(raw)
    assert read_seed(str(path)) == SEED


@pytest.mark.parametrize("raw", [b"", SEED[1:], SEED + b"1", b"x" * 64])
def test_what_is_no_seed(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.write_bytes(raw)
    with pytest.raises(InputError, match="a seed is 32 bytes, or 64 hex digits"):
        read_seed(str(path))


@pytest.mark.parametrize(("mode", "is_open"), [(0o600, False), (0o400, False), (0o640, True)])
def test_files_that_others_can_open(mode: int, is_open: bool, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    write_keypair(str(path), ED25519)
    path.chmod(mode)
    assert open_to_others(str(path)) is is_open
