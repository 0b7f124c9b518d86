"""Lattice hashes summed on the worker pool: the same sums, in bounded parts, whatever dies."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane import Account, Pubkey, Runtime, Store, WorkerDied
from sealane.primitives import InternalError
from sealane.runtime.commitments import lattice
from sealane.runtime.commitments.keyed_states import KeyedStates
from sealane.runtime.commitments.lattice_hash import encoded, sum_accounts
from sealane.runtime.engine import lattice_stage
from sealane.runtime.engine.lattice_stage import START_S, WAKE_S, sum_on_workers, workers_pay
from sealane.runtime.store_verification import verify_store
from sealane.runtime.workers.asking_again import Asked
from sealane.runtime.workers.messages import LATTICE, SUM
from sealane.runtime.workers.pool import LaneFailed
from sealane.runtime.workers.retry import TRIES_MAX


def some_accounts(count: int, data_len: int = 3) -> dict[Pubkey, Account]:
    return {Pubkey.of(f"k{n}"): Account(n, data=bytes(n % (data_len + 1))) for n in range(count)}


class FakePool:
    """Two workers that sum in this process, and keep what they were sent."""

    def __init__(self, fails: int = 0) -> None:
        self.rounds: list[list[KeyedStates]] = []
        self.restarts = 0
        self._fails = fails

    def __len__(self) -> int:
        return 2

    def exchange(self, messages: Mapping[int, bytes], *, meanwhile: object) -> list[bytes]:
        del meanwhile
        assert list(messages) == list(range(1, len(messages) + 1))
        assert all(message[:1] == SUM for message in messages.values())
        if self._fails:
            self._fails -= 1
            raise LaneFailed(1, "signal SIGKILL")
        parts = [pickle.loads(message[1:]) for message in messages.values()]
        self.rounds.append(parts)
        return [LATTICE + encoded(sum_accounts(part)) for part in parts]

    def restart(self, worker_count: int) -> None:
        assert worker_count == 2
        self.restarts += 1


def summed_by(pool: Any, accounts: KeyedStates) -> bytes:
    return encoded(sum_on_workers(accounts, Asked(pool, lambda: None, "summed")))


@given(st.integers(0, 20), st.integers(0, 9), st.integers(1, 12), st.integers(1, 7))
def test_parts_are_bounded_and_add_up(
    count: int, data_len: int, bytes_max: int, accounts_max: int
) -> None:
    accounts = KeyedStates.of(some_accounts(count, data_len))
    pool = FakePool()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice_stage, "PART_BYTES_MAX", bytes_max)
        patch.setattr(lattice_stage, "PART_ACCOUNTS_MAX", accounts_max)
        assert summed_by(pool, accounts) == encoded(sum_accounts(accounts))
    parts = [part for parts in pool.rounds for part in parts]
    sent = [key.tobytes() for part in parts for key in part.keys]
    small = [len(state.data) <= bytes_max for state in accounts.states]
    assert sent == [key.tobytes() for key, fits in zip(accounts.keys, small, strict=True) if fits]
    for part in parts:
        assert 1 <= len(part.keys) <= accounts_max
        assert int(part.states.data_lens.sum()) <= bytes_max
        assert len(part.states.heap) <= bytes_max + 8 * len(part.keys), "only its own data"
    assert all(len(parts) == 2 for parts in pool.rounds[:-1])


@pytest.mark.parametrize("fails", range(TRIES_MAX + 1))
def test_workers_that_fail_are_asked_again(fails: int) -> None:
    accounts = KeyedStates.of(some_accounts(5))
    pool = FakePool(fails)
    if fails < TRIES_MAX:
        assert summed_by(pool, accounts) == encoded(sum_accounts(accounts))
        assert pool.restarts == fails
    else:
        with pytest.raises(WorkerDied, match="SIGKILL"):
            summed_by(pool, accounts)


def test_a_worker_that_answers_something_else() -> None:
    class Odd(FakePool):
        def exchange(self, messages: Mapping[int, bytes], *, meanwhile: object) -> list[bytes]:
            return [answer + b"\0" for answer in super().exchange(messages, meanwhile=meanwhile)]

    with pytest.raises(InternalError, match="2050 bytes"):
        summed_by(Odd(), KeyedStates.of(some_accounts(1)))


def test_when_workers_pay() -> None:
    assert not workers_pay(10**9, 0, 0, started=True)
    assert not workers_pay(10**9, 0, 1, started=True)
    for started, least_s in ((True, WAKE_S), (False, START_S)):
        fewest = next(n for n in range(0, 10**6, 1000) if workers_pay(n, 0, 2, started=started))
        assert fewest > least_s / 2e-6
        assert workers_pay(0, 10**9, 2, started=started), "much data"


@pytest.fixture
def workers_always_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice_stage, "START_S", 0)
    monkeypatch.setattr(lattice_stage, "WAKE_S", 0)
    monkeypatch.setattr(lattice, "REMEMBERED_MAX", 10)
    monkeypatch.setattr(lattice_stage, "PART_ACCOUNTS_MAX", 7)


def pool_of(runtime: Runtime) -> Any:
    return runtime._executor.pool  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
@pytest.mark.usefixtures("workers_always_pay")
def test_the_root_is_the_same_on_any_number_of_workers(workers: int) -> None:
    with Runtime(workers=workers, root="lattice") as runtime:
        for count in (10, 11, 60):
            accounts = some_accounts(count)
            for key, account in accounts.items():
                runtime.state.set(key, account)
            if count == 60:
                with runtime.snapshot():
                    root = runtime.execute([]).state_root
                assert runtime.state_root != root
            result = runtime.execute([])
            expected = lattice.checksum(sum_accounts(KeyedStates.of(accounts)))
            assert result.state_root == expected.hex()
        assert (pool_of(runtime) is not None) is (workers > 1)


@pytest.fixture
def two_workers(workers_always_pay: None) -> Iterator[Runtime]:
    with Runtime(workers=2, root="lattice") as runtime:
        yield runtime


def test_a_worker_that_dies_is_replaced(two_workers: Runtime) -> None:
    for lamports in (1, 2):
        for n in range(40):
            two_workers.set_account(f"k{n}", lamports=lamports)
        if lamports == 2:
            os.kill(pool_of(two_workers)._workers[-1].pid, signal.SIGKILL)
        root = two_workers.execute([]).state_root
    states = {Pubkey.of(f"k{n}"): Account(2) for n in range(40)}
    assert root == lattice.checksum(sum_accounts(KeyedStates.of(states))).hex()


def test_if_workers_keep_dying_nothing_is_committed(
    two_workers: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = two_workers.execute([]).state_root
    for n in range(40):
        two_workers.set_account(f"k{n}", lamports=1)

    def dying(*_: object) -> object:
        raise WorkerDied("signal SIGKILL", None, TRIES_MAX)

    with monkeypatch.context() as patch:
        patch.setattr("sealane.runtime.engine.block_executor.sum_on_workers", dying)
        with pytest.raises(WorkerDied):
            two_workers.execute([])
    assert (two_workers.height, two_workers.state_root) == (1, root)
    assert two_workers.execute([]).height == 2
    assert two_workers.state_root != root


@pytest.mark.usefixtures("workers_always_pay")
@pytest.mark.parametrize("workers", [0, 2])
def test_a_store_is_verified_on_workers(tmp_path: Path, workers: int) -> None:
    with Store(tmp_path / "state", root_kind="lattice") as store:
        for key, account in some_accounts(60).items():
            store.set(key, account)
        store.commit({})
        store.compact()
        assert verify_store(store, workers) == store.verify()
