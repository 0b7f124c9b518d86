"""The state root: recomputed from its description, and what it does and does not cover."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest

from sealane import Account, Pubkey, Runtime, Transaction
from sealane.programs import Mut, Program, Signer, UncheckedAccount
from sealane.programs.library.system import system
from sealane.runtime.commitments.history import LEAF_LEN, history_root
from sealane.runtime.commitments.keyed_states import KeyedStates

writer = Program("writer")


@writer.instruction(tag=0)
def write(state: Mut[UncheckedAccount], payer: Signer, text: str) -> None:
    state.resize(len(text))
    state.data = text.encode()


def described_root(parent: bytes, changed: Mapping[Pubkey, Account]) -> bytes:
    states = [changed[key] for key in sorted(changed)]
    raw = b"".join(sorted(changed)) + b"".join(state.owner for state in states)
    raw += b"".join(state.lamports.to_bytes(8, "little") for state in states)
    raw += bytes(state.executable for state in states)
    raw += b"".join(len(state.data).to_bytes(8, "little") for state in states)
    raw += b"".join(state.data + bytes(-len(state.data) % 8) for state in states)
    leaves = [raw[start : start + 2**20] for start in range(0, len(raw), 2**20)]
    digests = [hashlib.sha256(leaf).digest() for leaf in leaves]
    head = parent + len(changed).to_bytes(8, "little")
    return hashlib.sha256(head + b"".join(digests)).digest()


def pay(lamports: int, source: str = "alice") -> Transaction:
    return Transaction([system.transfer(source=source, destination="bob", lamports=lamports)])


def note(text: str) -> Transaction:
    return Transaction([write(state="note", payer="alice", text=text)])


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_the_documented_chain(workers: int) -> None:
    root = bytes(32)
    with Runtime(workers=workers) as runtime:
        assert runtime.state_root == root.hex()
        runtime.set_account("alice", lamports=2**64 - 1)
        runtime.set_account("note", owner=writer, lamports=1, data=b"first")
        assert runtime.state_root == root.hex()
        blocks = [
            [pay(5), note("second, longer")],
            [],
            [pay(2**63), pay(2**63, "bob"), note("x")],
            [pay(1, "nobody")],
            [note("x")],
        ]
        for height, block in enumerate(blocks, 1):
            before = {name: runtime.account(name) for name in ("alice", "bob", "note")}
            result = runtime.execute(block)
            after = {name: runtime.account(name) for name in before}
            changed = {Pubkey.of(n): after[n] for n in before if after[n] != before[n]}
            assert dict(result.accounts) == changed
            root = described_root(root, changed)
            assert result.state_root == runtime.state_root == root.hex()
            assert result.height == runtime.height == height


def test_a_block_without_changes_changes_the_root() -> None:
    with Runtime(workers=0) as runtime:
        first = runtime.execute([]).state_root
        assert first == described_root(bytes(32), {}).hex()
        assert runtime.execute([]).state_root != first


def test_an_account_that_comes_back_to_what_it_was_has_not_changed() -> None:
    block = [pay(5), Transaction([system.transfer(source="bob", destination="alice", lamports=5)])]
    for workers in (0, 2):
        with Runtime(workers=workers) as runtime:
            runtime.set_account("alice", lamports=5)
            result = runtime.execute(block)
            assert result.ok
            assert dict(result.accounts) == {}
            assert result.state_root == described_root(bytes(32), {}).hex()


def test_every_part_of_an_account_counts() -> None:
    states = [
        Account(1, Pubkey.of("a"), b"x", False),
        Account(2, Pubkey.of("a"), b"x", False),
        Account(1, Pubkey.of("b"), b"x", False),
        Account(1, Pubkey.of("a"), b"y", False),
        Account(1, Pubkey.of("a"), b"x", True),
        Account(1, Pubkey.of("a"), b"x\0", False),
    ]
    roots = {described_root(bytes(32), {Pubkey.of("k"): state}) for state in states}
    assert len(roots) == len(states)


def some_accounts(count: int, data_len: int) -> dict[Pubkey, Account]:
    return {Pubkey.of(f"k{n}"): Account(n, data=bytes([n % 256]) * data_len) for n in range(count)}


@pytest.mark.parametrize(
    ("count", "data_len"),
    [
        (0, 0),
        (1, 0),
        (1, LEAF_LEN - 88),
        (1, LEAF_LEN - 81),
        (3, LEAF_LEN),
        (30_000, 0),
        (9_000, 165),
    ],
)
def test_leaves_may_begin_anywhere(count: int, data_len: int) -> None:
    changed = some_accounts(count, data_len)
    assert history_root(b"\1" * 32, KeyedStates.of(changed)) == described_root(b"\1" * 32, changed)
