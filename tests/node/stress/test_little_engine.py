"""The little engine against real nodes over real sockets, in time that tests pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from sealane import Runtime
from sealane.errors import UsageError
from sealane.node import Application
from sealane.node.abci.client import Client
from sealane.node.answers import Answer, Checked, Finalized
from sealane.node.limits import ProposalLimits
from sealane.node.stress.little_engine import (
    BLOCK_TRANSACTIONS_MAX,
    RATE_MAX,
    SECONDS_MAX,
    WAITING_BLOCKS_MAX,
    Clock,
    LittleEngine,
    Load,
    require_bounded,
)
from sealane.node.stress.transfers import Transfers
from sealane.node.stress.wallets import genesis_of, make_wallets

from ..abci.nodes import MadeUp, running

WALLETS = make_wallets(8, 1)
CHAIN = "stress-test"


class Ticks(Clock):
    """Each look takes a hundredth of a second, and a sleep as long as it says."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self.slept_s = 0.0

    def now_s(self) -> float:
        self._now_s += 0.01
        return self._now_s

    def sleep(self, seconds: float) -> None:
        self._now_s += seconds
        self.slept_s += seconds


class Lying(Application):
    """A node whose hash is wrong from height 2 on."""

    def finalize(self, height: int, txs: Sequence[bytes]) -> Finalized:
        told = super().finalize(height, txs)
        return told._replace(root=bytes(32)) if height > 1 else told


class Refusing(Application):
    """A node that refuses every third transaction."""

    count = 0

    def check(self, tx: bytes, *, again: bool = False) -> Checked:
        self.count += 1
        if self.count % 3 == 0:
            return Checked(5, "sealane", "INVALID_SIGNATURE: not by its signer", 0, 0, "")
        return super().check(tx, again=again)


def engine_of(
    applications: Sequence[Application | MadeUp], stack: ExitStack, load: Load
) -> tuple[LittleEngine, list[Client]]:
    nodes = [stack.enter_context(running(application)) for application in applications]
    clients = [stack.enter_context(Client(node.address)) for node in nodes]
    transfers = Transfers(WALLETS, zipf=None, seed=1)
    return LittleEngine(clients, transfers, load, clock=Ticks()), clients


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def application(stack: ExitStack, kind: type[Application] = Application) -> Application:
    return kind(stack.enter_context(Runtime(workers=0)))


def test_two_nodes_agree_and_commit_what_is_sent(stack: ExitStack) -> None:
    applications = [application(stack), application(stack)]
    engine, clients = engine_of(applications, stack, Load(4.0, None, 10))
    engine.start(genesis_of(WALLETS), CHAIN)
    report = engine.run()
    assert report.ok
    assert report.blocks > 1
    assert report.committed == report.checked - report.waiting
    assert 10 * (report.blocks - 1) < report.committed <= 10 * report.blocks
    assert report.failed == 0
    for client in clients:
        info = client.info()
        assert info.last_block_height == report.height == report.blocks
        assert info.last_block_app_hash.hex() == report.root
    summaries = {stage: each.summary() for stage, each in report.latencies.items()}
    assert summaries["check"].number == 2 * report.checked
    assert summaries["check-to-commit"].number == report.committed
    assert summaries["finalize"].number == summaries["commit"].number == 2 * report.blocks
    assert all(each.p50 > 0 for each in summaries.values())
    assert report.seconds >= 4.0


def test_only_the_first_node_may_check(stack: ExitStack) -> None:
    applications = [application(stack), application(stack)]
    load = Load(1.0, None, 10, checked_by_all=False)
    engine, _ = engine_of(applications, stack, load)
    engine.start(genesis_of(WALLETS), CHAIN)
    report = engine.run()
    assert report.ok
    assert report.latencies["check"].summary().number == report.checked
    assert report.latencies["commit"].summary().number == 2 * report.blocks


def test_it_goes_on_where_the_chain_is(stack: ExitStack) -> None:
    served = application(stack)
    for _ in range(2):
        engine, _ = engine_of([served], stack, Load(1.0, None, 5))
        engine.start(genesis_of(WALLETS), CHAIN)
        before = engine.report.height
        report = engine.run()
        assert report.ok, report.errors
        assert report.height == before + report.blocks


def test_the_rate_is_kept(stack: ExitStack) -> None:
    engine, _ = engine_of([application(stack)], stack, Load(10.0, 5.0, 10))
    engine.start(genesis_of(WALLETS), CHAIN)
    report = engine.run()
    assert report.checked == 50
    assert report.per_second <= 5.0


def test_nodes_that_disagree_stop_it_before_the_commit(stack: ExitStack) -> None:
    applications = [application(stack), application(stack, Lying)]
    engine, clients = engine_of(applications, stack, Load(60.0, None, 5))
    engine.start(genesis_of(WALLETS), CHAIN)
    report = engine.run()
    assert not report.ok
    (found,) = report.disagreements
    assert found.height == 2
    assert found.answers.keys() == {client.address for client in clients}
    assert found.answers[clients[1].address] == "00" * 32
    assert [client.info().last_block_height for client in clients] == [1, 1]


def test_what_is_refused_is_counted_by_its_name(stack: ExitStack) -> None:
    engine, _ = engine_of([application(stack, Refusing)], stack, Load(1.0, None, 6))
    engine.start(genesis_of(WALLETS), CHAIN)
    report = engine.run()
    assert not report.ok
    assert dict(report.errors) == {"check: INVALID_SIGNATURE": report.checked // 3}
    assert report.committed + report.waiting + report.checked // 3 == report.checked


class Full(Application):
    """A node whose mempool has room for every second transaction."""

    count = 0

    def check(self, tx: bytes, *, again: bool = False) -> Checked:
        self.count += 1
        if self.count % 2:
            return Checked(1, "mempool", "MEMPOOL_FULL: come again", 0, 0, "")
        return super().check(tx, again=again)


def test_what_a_mempool_has_no_room_for_is_no_error(stack: ExitStack) -> None:
    engine, _ = engine_of([application(stack, Full)], stack, Load(1.0, None, 6))
    engine.start(genesis_of(WALLETS), CHAIN)
    report = engine.run()
    assert report.ok
    assert report.held_back == (report.checked + 1) // 2
    assert report.document()["held_back"] == report.held_back


class Choosy(MadeUp):
    """A node that puts nothing into blocks."""

    def query(self, path: str, data: bytes, *, height: int = 0, prove: bool = False) -> Answer:
        return Answer(0, "", "", b"", b'{"lamports": 1}' if data else bytes(32), height, b"")

    def prepare(self, txs: Sequence[bytes], limits: ProposalLimits) -> list[bytes]:
        return []

    def check(self, tx: bytes, *, again: bool = False) -> Checked:
        return Checked(0, "", "", 1, 0, "")


def test_no_more_wait_than_so_many_blocks(stack: ExitStack) -> None:
    choosy = Choosy()
    engine, _ = engine_of([choosy], stack, Load(20.0, None, 5))
    engine.start(b"", CHAIN)
    report = engine.run()
    assert report.checked == report.waiting == 5 * WAITING_BLOCKS_MAX
    assert report.blocks > WAITING_BLOCKS_MAX


def test_nodes_at_different_heights_are_refused(stack: ExitStack) -> None:
    ahead, behind = MadeUp(), MadeUp()
    ahead.height = 3
    engine, _ = engine_of([ahead, behind], stack, Load(1.0, None, 5))
    with pytest.raises(UsageError, match="not at the same block"):
        engine.start(b"", CHAIN)


MOST = Load(SECONDS_MAX, RATE_MAX, BLOCK_TRANSACTIONS_MAX)


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (MOST._replace(seconds=SECONDS_MAX + 1), "86401 seconds: choose"),
        (MOST._replace(seconds=0), "0 seconds: choose"),
        (MOST._replace(seconds=float("nan")), "nan seconds: choose"),
        (MOST._replace(rate=RATE_MAX * 2), "a second: choose"),
        (MOST._replace(rate=0.0), "a second: choose"),
        (MOST._replace(block_transactions=BLOCK_TRANSACTIONS_MAX + 1), "a block: choose"),
        (MOST._replace(block_transactions=0), "a block: choose"),
    ],
)
def test_a_load_beyond_its_bounds(load: Load, words: str) -> None:
    require_bounded(MOST)
    require_bounded(Load(0.001, None, 1))
    with pytest.raises(UsageError, match=words):
        require_bounded(load)
