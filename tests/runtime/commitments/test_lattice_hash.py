"""The lattice hash and the bank hash, against the shared vectors and against plain integers."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

import numpy as np
import orjson
import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account, Pubkey, Runtime, Store, UsageError
from sealane.primitives.extras import how_to_install
from sealane.runtime.commitments import lattice_hash
from sealane.runtime.commitments.bank_hash import after_hard_forks, bank_hash
from sealane.runtime.commitments.keyed_states import KeyedStates
from sealane.runtime.commitments.lattice_hash import (
    LATTICE_LEN,
    Lattice,
    account_hash,
    checksum,
    decoded,
    encoded,
    hashes_of,
    lattice_of,
    sum_accounts,
)

from ...real_data import shared_files

Vector = Mapping[str, Any]
ZERO: Final = decoded(bytes(LATTICE_LEN))

accounts = st.dictionaries(
    st.binary(min_size=32, max_size=32).map(Pubkey),
    st.builds(
        Account,
        st.integers(0, 2) | st.integers(0, 2**64 - 1),
        st.binary(min_size=32, max_size=32).map(Pubkey),
        st.binary(max_size=90),
        st.booleans(),
    ),
    max_size=12,
)


def vectors() -> list[Vector]:
    return [
        vector
        for path in shared_files("lthash")
        for vector in orjson.loads(path.read_bytes())["vectors"]
    ]


class Book:
    """The vectors by id, each worked out here by its kind."""

    def __init__(self, given: Sequence[Vector]) -> None:
        self._given = {vector["id"]: vector for vector in given}

    def lattice(self, name: str) -> Lattice:
        """The lattice hash that a vector describes, computed from what it says."""
        if name == "zero":
            return ZERO
        vector = self._given[name]
        match vector["kind"]:
            case "lthash":
                return lattice_of(vector["input_utf8"].encode())
            case "account":
                return account_hash(*account_of(vector))
            case "add":
                return self.lattice(vector["a"]) + self.lattice(vector["b"])
            case "sub":
                return self.lattice(vector["a"]) - self.lattice(vector["b"])
            case _:
                return decoded(bytes.fromhex(vector["lthash_hex"]))

    def checks(self, vector: Vector) -> Iterator[tuple[object, object]]:
        """What was computed, and what the vector says."""
        match vector["kind"]:
            case "checksum":
                found = checksum(self.lattice(vector.get("of", vector["id"])))
                said = vector.get("checksum_hex")
                yield found, bytes.fromhex(said) if said else Pubkey.of(vector["checksum_base58"])
            case "sub":
                yield encoded(self.lattice(vector["id"])), encoded(self.lattice(vector["equals"]))
            case "add":
                said = vector["checksum_hex_of_sum_computed_here"]
                yield checksum(self.lattice(vector["id"])).hex(), said
            case "bank_hash":
                yield bank_hash_of(vector).hex(), vector["bank_hash_hex"]
            case "hard_fork":
                slots = vector["slot"], vector["parent_slot"]
                before = bytes.fromhex(vector["bank_hash_before_hex"])
                after = after_hard_forks(before, *slots, vector["hard_forks"])
                yield after.hex(), vector["bank_hash_after_hex"]
            case _:
                found = encoded(self.lattice(vector["id"]))
                if "lthash_hex" in vector:
                    yield found.hex(), vector["lthash_hex"]
                if "lthash_first_32_hex" in vector:
                    yield found[:32].hex(), vector["lthash_first_32_hex"]


def account_of(vector: Vector) -> tuple[Pubkey, Account]:
    key, owner = (
        Pubkey(bytes.fromhex(vector[f"{name}_hex"]))
        if f"{name}_hex" in vector
        else Pubkey.of(vector[f"{name}_base58"])
        for name in ("pubkey", "owner")
    )
    data = bytearray(bytes.fromhex(vector.get("data_hex", ""))) or bytearray(
        vector.get("data_len", 0)
    )
    for place, value in vector.get("data_nonzero", {}).items():
        data[int(place)] = value
    return key, Account(vector["lamports"], owner, bytes(data), vector["executable"])


def bank_hash_of(vector: Vector) -> bytes:
    return bank_hash(
        bytes.fromhex(vector["prev_bank_hash_hex"]),
        vector["signature_count"],
        bytes.fromhex(vector["last_blockhash_hex"]),
        decoded(bytes.fromhex(vector["accounts_lthash_hex"])),
    )


def test_every_shared_vector() -> None:
    given = vectors()
    book = Book(given)
    for vector in given:
        checks = list(book.checks(vector))
        assert checks, vector["id"]
        for found, said in checks:
            assert found == said, vector["id"]


def plain_hash(key: Pubkey, account: Account) -> list[int]:
    """By the definition: an integer at a time."""
    if not account.lamports:
        return [0] * (LATTICE_LEN // 2)
    lamports, executable = account.lamports.to_bytes(8, "little"), bytes([account.executable])
    digest = blake3(lamports + account.data + executable + account.owner + key).digest(LATTICE_LEN)
    return [digest[at] + 256 * digest[at + 1] for at in range(0, LATTICE_LEN, 2)]


@given(accounts)
def test_the_sum_is_that_of_plain_integers(state: dict[Pubkey, Account]) -> None:
    columns = zip(*(plain_hash(*item) for item in state.items()), strict=True)
    expected = [sum(column) % 2**16 for column in columns] or [0] * (LATTICE_LEN // 2)
    assert sum_accounts(KeyedStates.of(state)).tolist() == expected


@given(accounts, st.integers(1, 5), st.randoms(use_true_random=False))
def test_the_sum_over_any_split_is_the_sum_over_the_whole(
    state: dict[Pubkey, Account], parts: int, rnd: Any
) -> None:
    split: list[dict[Pubkey, Account]] = [{} for _ in range(parts)]
    for key, account in state.items():
        rnd.choice(split)[key] = account
    rnd.shuffle(split)
    total = ZERO
    for part in split:
        total = total + sum_accounts(KeyedStates.of(part))
    assert (total == sum_accounts(KeyedStates.of(state))).all()


@given(accounts, st.integers(1, 13))
def test_parts_in_order_are_the_whole(state: dict[Pubkey, Account], length: int) -> None:
    whole = KeyedStates.of(state)
    parts = list(whole.parts(length))
    assert all(len(part.keys) <= length for part in parts)
    assert [h for part in parts for h in hashes_of(part)] == hashes_of(whole)


@pytest.mark.parametrize("count", [1, 255, 256, 257, 600])
def test_more_hashes_than_are_summed_at_once(count: int) -> None:
    state = {Pubkey.of(f"k{n}"): Account(n + 1, data=bytes(n % 9)) for n in range(count)}
    total = ZERO
    for key, account in state.items():
        total = total + np.array(plain_hash(key, account), np.uint16)
    assert (total == sum_accounts(KeyedStates.of(state))).all()


def test_encoded_lattices() -> None:
    lattice = sum_accounts(KeyedStates.of({Pubkey.of("a"): Account(1)}))
    assert (decoded(encoded(lattice)) == lattice).all()
    for length in (0, LATTICE_LEN - 1, LATTICE_LEN + 1):
        with pytest.raises(ValueError, match="2,048 bytes"):
            decoded(bytes(length))


def test_a_bank_hash_of_no_hashes() -> None:
    whole, short = bytes(32), bytes(31)
    for parent, last, what in ((short, whole, "parent has 31"), (whole, short, "last_blockhash")):
        with pytest.raises(UsageError, match=what):
            bank_hash(parent, 1, last, ZERO)
    for count in (-1, 2**64):
        with pytest.raises(UsageError, match="signature_count"):
            bank_hash(whole, count, whole, ZERO)
    assert bank_hash(whole, 2**64 - 1, whole, ZERO) != bank_hash(whole, 0, whole, ZERO)


def test_hard_forks_between_parent_and_block() -> None:
    bank = bytes(range(32))
    forks = [(5, 1), (7, 2)]
    assert after_hard_forks(bank, 4, 3, forks) == bank
    assert after_hard_forks(bank, 8, 7, forks) == bank
    changed = {after_hard_forks(bank, slot, parent, forks) for slot, parent in ((5, 4), (7, 4))}
    assert len(changed | {bank}) == 3
    assert after_hard_forks(bank, 7, 5, forks) not in changed | {bank}


@pytest.fixture
def no_blake3(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    whole = builtins.__import__

    def lacking(name: str, *rest: Any) -> Any:
        if name == "blake3":
            raise ImportError(name)
        return whole(name, *rest)

    monkeypatch.setattr(builtins, "__import__", lacking)
    forget = cast("Any", lattice_hash)._hasher.cache_clear
    forget()
    yield
    forget()


def test_without_blake3_the_extra_is_named(no_blake3: None, tmp_path: Any) -> None:
    for store in (None, tmp_path / "state"):
        with pytest.raises(UsageError, match=re.escape(how_to_install("lattice"))):
            Runtime(workers=0, store=store, root="lattice")
    assert not (tmp_path / "state").exists()


def test_a_store_can_be_read_without_blake3(tmp_path: Any, request: Any) -> None:
    with Runtime(workers=0, store=tmp_path / "state", root="lattice") as runtime:
        runtime.set_account("alice", lamports=5)
        root = runtime.execute([]).state_root
    request.getfixturevalue("no_blake3")
    with Store(tmp_path / "state", writable=False) as store:
        assert store.root.hex() == root
        assert store.get(Pubkey.of("alice")) == Account(5)
