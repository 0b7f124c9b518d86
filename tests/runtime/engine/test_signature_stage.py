"""Signatures on the worker pool: the same answers as here, in bounded chunks, whatever dies."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from sealane import Route, Runtime, Transaction
from sealane.errors import RuntimeClosed, UsageError, WorkerDied
from sealane.programs.library import system
from sealane.runtime.engine import signature_stage
from sealane.runtime.engine.signature_stage import (
    CHUNK_BYTES_MAX,
    CHUNK_S,
    START_S,
    WAKE_S,
    Costs,
    verify_on_workers,
)
from sealane.runtime.workers.messages import VERDICTS, VERIFY
from sealane.runtime.workers.pool import LaneFailed
from sealane.runtime.workers.retry import TRIES_MAX
from sealane.signatures.keypair import Keypair
from sealane.signatures.schemes import Scheme, SignatureCheck

KEYS = [Keypair(scheme, bytes([9]) * 32) for scheme in Scheme]


def some_checks(count: int) -> list[SignatureCheck]:
    """Of all schemes in turn; every third does not count."""
    signed = [key.check(bytes(32)) for key in KEYS]
    return [
        signed[n % len(signed)] if n % 3 else signed[n % len(signed)]._replace(message=b"\1" * 32)
        for n in range(count)
    ]


def counting(count: int) -> list[bool]:
    return [n % 3 != 0 for n in range(count)]


class FakePool:
    """Two workers that find every signature good, and keep what they were sent."""

    def __init__(self, fails: int = 0) -> None:
        self.sent: list[list[list[tuple[Any, ...]]]] = []
        self.restarts = 0
        self._fails = fails

    def __len__(self) -> int:
        return 2

    def exchange(
        self, messages: Mapping[int, bytes], *, meanwhile: Callable[[], object]
    ) -> list[bytes]:
        assert list(messages) == list(range(1, len(messages) + 1))
        assert all(message[:1] == VERIFY for message in messages.values())
        bodies = [pickle.loads(message[1:]) for message in messages.values()]
        meanwhile()
        if self._fails:
            self._fails -= 1
            raise LaneFailed(1, "signal SIGKILL")
        self.sent.append(bodies)
        return [VERDICTS + b"\1" * len(body) for body in bodies]

    def restart(self, worker_count: int) -> None:
        assert worker_count == 2
        self.restarts += 1


def verified_by(pool: Any, checks: list[SignatureCheck]) -> list[bool]:
    restarts: list[None] = []
    found = verify_on_workers(checks, Costs(checks), pool, lambda: restarts.append(None))
    assert len(restarts) == pool.restarts
    return found.tolist()


@pytest.fixture
def workers_always_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature_stage, "START_S", 0)
    monkeypatch.setattr(signature_stage, "WAKE_S", 0)


@pytest.fixture
def two_workers(workers_always_pay: None) -> Iterator[Runtime]:
    with Runtime(workers=2, route=Route.LANES) as runtime:
        yield runtime


def kill_a_worker(runtime: Runtime) -> None:
    pool: Any = runtime._executor.pool  # pyright: ignore[reportPrivateUsage]
    os.kill(pool._workers[-1].pid, signal.SIGKILL)


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
@pytest.mark.usefixtures("workers_always_pay")
def test_the_answers_are_the_same_on_any_number_of_workers(workers: int) -> None:
    with Runtime(workers=workers) as runtime:
        for count in (0, 1, 2, 5, 50):
            found = runtime.verify_signatures(some_checks(count))
            assert found.dtype == bool
            assert found.tolist() == counting(count)
        started = runtime._executor.pool is not None  # pyright: ignore[reportPrivateUsage]
        assert started is (workers > 1)


def test_a_worker_that_dies_is_replaced_and_blocks_still_run(two_workers: Runtime) -> None:
    two_workers.set_account("alice", lamports=1_000)
    pay = Transaction([system.transfer(source="alice", destination="bob", lamports=1)])
    assert two_workers.execute([pay]).ok
    for _ in range(2):
        kill_a_worker(two_workers)
        assert two_workers.verify_signatures(some_checks(20)).tolist() == counting(20)
        assert two_workers.execute([pay]).ok
    assert two_workers.account("bob").lamports == 3


@pytest.mark.parametrize("fails", range(TRIES_MAX))
def test_tries_that_are_enough(fails: int) -> None:
    pool = FakePool(fails)
    assert verified_by(pool, some_checks(7)) == [True] * 7
    assert pool.restarts == fails


def test_one_try_too_many() -> None:
    pool = FakePool(TRIES_MAX)
    with pytest.raises(WorkerDied, match="signal SIGKILL, the last of 3 tries") as raised:
        verified_by(pool, some_checks(7))
    assert raised.value.tries == TRIES_MAX
    assert pool.restarts == TRIES_MAX - 1


def test_after_a_failure_there_are_new_workers(
    two_workers: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert two_workers.verify_signatures(some_checks(4)).tolist() == counting(4)
    pool: Any = two_workers._executor.pool  # pyright: ignore[reportPrivateUsage]

    def fail(*_: object, **__: object) -> None:
        raise LaneFailed(2, "exit code 3")

    monkeypatch.setattr(pool, "exchange", fail)
    with pytest.raises(WorkerDied):
        two_workers.verify_signatures(some_checks(4))
    assert two_workers.verify_signatures(some_checks(4)).tolist() == counting(4)


def test_a_check_that_just_fits_a_message_and_one_that_does_not() -> None:
    alice = KEYS[0]
    room = CHUNK_BYTES_MAX - len(alice.public_key) - 64
    fits, too_large = alice.check(bytes(room)), alice.check(bytes(room + 1))
    wrong = too_large._replace(signature=bytes(64))
    pool = FakePool()
    assert verified_by(pool, [too_large, fits, wrong, fits]) == [True, True, False, True]
    assert [[len(body) for body in bodies] for bodies in pool.sent] == [[1, 1]]


def test_chunks_are_of_about_equal_cost_and_in_order() -> None:
    checks = some_checks(1_001)
    costs = Costs(checks)
    pool = FakePool()
    verified_by(pool, checks)
    (bodies,) = pool.sent
    assert [tuple(check) for check in checks] == [check for body in bodies for check in body]
    shares = [costs.seconds[: len(bodies[0])].sum(), costs.seconds[len(bodies[0]) :].sum()]
    assert abs(shares[0] - shares[1]) < 2 * costs.seconds.max()


@pytest.mark.parametrize("scheme", [0, 2])
def test_chunks_are_bounded_in_time_and_bytes(scheme: int) -> None:
    checks = [KEYS[scheme].check(bytes(100))] * 10_000
    pool = FakePool()
    assert verified_by(pool, checks) == [True] * 10_000
    one = Costs(checks[:1])
    for bodies in pool.sent:
        assert len(bodies) == 2
        for body in bodies:
            assert len(body) * one.seconds[0] <= CHUNK_S + one.seconds[0]
            assert len(body) * one.lens[0] <= CHUNK_BYTES_MAX + one.lens[0]
    assert sum(len(body) for bodies in pool.sent for body in bodies) == 10_000


def test_workers_are_woken_and_started_only_if_they_save_enough() -> None:
    one = float(Costs(some_checks(1)).seconds[0])

    def pays(saved_s: float, workers: int, *, started: bool) -> bool:
        count = round(saved_s / (1 - 1 / workers) / one)
        return Costs(some_checks(1) * count).workers_pay(workers, started=started)

    assert not pays(WAKE_S * 0.9, 2, started=True)
    assert pays(WAKE_S * 1.1, 2, started=True)
    assert not pays(START_S * 0.9, 4, started=False)
    assert pays(START_S * 1.1, 4, started=False)
    many = Costs(some_checks(1) * 100_000)
    assert not many.workers_pay(0, started=False)
    assert not many.workers_pay(1, started=True)  # one worker is not faster than this process


def test_what_is_no_check(two_workers: Runtime) -> None:
    not_checks: Any = [("ed25519", b"", b"", b"")]
    with pytest.raises(UsageError, match="check 0: expected a SignatureCheck, found tuple"):
        two_workers.verify_signatures(not_checks)


def test_a_closed_runtime_verifies_nothing() -> None:
    runtime = Runtime(workers=0)
    runtime.close()
    with pytest.raises(RuntimeClosed):
        runtime.verify_signatures([])
