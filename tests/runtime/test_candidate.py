"""Candidates: blocks that are executed and not committed, in memory and in a store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane import Account, Pubkey, Runtime, Store, Transaction, UsageError
from sealane.programs.library.system import system

PLACED = {Pubkey.of("kept aside"): Account(0, Pubkey.of("somebody"), b"with the block")}


def pay(lamports: int, *, to: str = "bob") -> list[Transaction]:
    call = system.transfer(source="alice", destination=to, lamports=lamports)
    return [Transaction([call], payer="alice")]


@pytest.fixture(params=["memory", "store"])
def runtime(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Runtime]:
    store = tmp_path / "state" if request.param == "store" else None
    with Runtime(workers=0, store=store) as runtime:
        runtime.set_account("alice", lamports=1_000)
        yield runtime


def test_nothing_changes_before_the_commit(runtime: Runtime) -> None:
    first = runtime.execute_candidate(pay(1), placing=PLACED)
    second = runtime.execute_candidate(pay(2))
    assert (first.height, second.height) == (1, 1)
    assert runtime.height == 0
    assert runtime.account("bob") == Account()
    assert runtime.account("kept aside") == Account()
    assert first.result.accounts[Pubkey.of("bob")].lamports == 1
    result = runtime.commit(second)
    assert (result.height, result.state_root) == (1, runtime.state_root)
    assert result.state_root == second.result.state_root != first.result.state_root
    assert runtime.account("bob").lamports == 2
    assert runtime.account("kept aside") == Account()


def test_a_candidate_gives_what_execute_gives(runtime: Runtime) -> None:
    with Runtime(workers=0) as other:
        other.set_account("alice", lamports=1_000)
        expected = other.execute(pay(7))
    assert runtime.commit(runtime.execute_candidate(pay(7))) == expected


def test_a_candidate_of_another_state_is_refused(runtime: Runtime) -> None:
    first, second = runtime.execute_candidate(pay(1)), runtime.execute_candidate(pay(1))
    runtime.commit(first)
    for stale in (first, second):
        with pytest.raises(UsageError, match="executed on another state; execute the block again"):
            runtime.commit(stale)
    third = runtime.execute_candidate(pay(1))
    runtime.set_account("carol", lamports=1)
    with pytest.raises(UsageError, match="on another state"):
        runtime.commit(third)


def test_the_same_block_twice_is_two_blocks(runtime: Runtime) -> None:
    for height in (1, 2):
        assert runtime.commit(runtime.execute_candidate(pay(1))).height == height
    assert runtime.account("bob").lamports == 2


def test_placed_accounts_are_committed_with_the_block(tmp_path: Path) -> None:
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        runtime.set_account("alice", lamports=1_000)
        candidate = runtime.execute_candidate(pay(1), placing=PLACED)
        assert candidate.result.state_root == runtime.commit(candidate).state_root
        assert runtime.account("kept aside") == PLACED[Pubkey.of("kept aside")]
    with Store(tmp_path / "state") as store:
        assert store.get(Pubkey.of("kept aside")) == PLACED[Pubkey.of("kept aside")]
        assert (store.height, len(store)) == (1, 3)


def test_what_cannot_be_placed_is_refused(runtime: Runtime) -> None:
    with pytest.raises(UsageError, match="lamports of"):
        runtime.execute_candidate(pay(1), placing={Pubkey.of("x"): Account(-1)})
