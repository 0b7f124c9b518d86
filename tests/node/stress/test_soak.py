"""Sustained load: a node of its own process, driven for a while, grows in nothing.

A few seconds in CI; as long as SEALANE_SOAK_S says on demand, which also prints what was measured:

    SEALANE_SOAK_S=600 python3 dev test tests/node/stress/test_soak.py -s

Checks: that both nodes agree; memory of each and of its workers, files that are open, segments of
shared memory, files of the store. Does not: check speed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from sealane import Transaction
from sealane.node.abci.client import Client
from sealane.node.metrics.resources import StoreSize, measure_resources, measure_store
from sealane.node.stress.little_engine import LittleEngine, Load
from sealane.node.stress.report import StressReport
from sealane.node.stress.transfers import Transfers
from sealane.node.stress.wallets import CHAIN_ID, genesis_of, make_wallets
from sealane.runtime.process.proc import has_proc
from sealane.runtime.store.store import LOG_LEN_MAX
from sealane.signatures.keypair import Keypair
from sealane.wire import sign_transaction

from ...cli.commands.node_process import node_process
from .tally_program import touch

SOAK_S = float(os.environ.get("SEALANE_SOAK_S", "3"))
RATE = float(os.environ.get("SEALANE_SOAK_RATE", "100"))
BLOCKS_A_SECOND = 4
PAPERS = 50
SAMPLES_MAX = 40
HERE = Path(__file__).parent
OPTIONS = ("--abci", "tcp://127.0.0.1:0", "--workers", "2", "--program", "tally_program:tally")
# A node remembers 150 blocks and 65,536 transactions, and has its log in memory until it is full.
# What it has at most is reached only after minutes; a few seconds show leaks of whole blocks.
GROWTH_MAX = 0.1
GROWTH_ALLOWED = 64 << 20
STORE_FILES_MAX = 16
HISTORY_LEN = 512  # bytes of a block's record, at most


class Sample(NamedTuple):
    """A node at one moment. Sizes in bytes."""

    at_s: float
    memory: int
    workers_memory: int
    shared_memory: int
    open_files: int
    segments: int
    store: StoreSize

    @classmethod
    def of(cls, pid: int, store: Path, at_s: float) -> Sample:
        found, files = measure_resources(pid), measure_store(store)
        assert None not in found
        assert files is not None
        memory, workers, shared, descriptors, segments = (figure or 0 for figure in found)
        return cls(at_s, memory, workers, shared, descriptors, segments, files)


class Mixed:
    """Transfers, and as many calls of a program that nodes execute on their workers."""

    def __init__(self, wallets: Sequence[Keypair]) -> None:
        self._wallets = wallets
        self._transfers = Transfers(wallets, zipf=None, seed=1)
        self._made = 0
        self.first = self._transfers.first

    def make(self, count: int, blockhash: bytes) -> list[bytes]:
        calls = [self._call(blockhash) for _ in range(count // 2)]
        return [*self._transfers.make(count - len(calls), blockhash), *calls]

    def _call(self, blockhash: bytes) -> bytes:
        self._made += 1
        wallet = self._wallets[self._made % len(self._wallets)]
        paper = f"paper {self._made % PAPERS}"
        call = touch(paper=paper, by=wallet.address, mark=self._made)
        return sign_transaction(Transaction([call], payer=wallet.address), [wallet], blockhash)


class Watch:
    """Takes samples of nodes now and then, while the engine reports its blocks."""

    def __init__(self, nodes: Sequence[tuple[int, Path]]) -> None:
        self._nodes = nodes
        self._count = 0
        self.samples: list[list[Sample]] = [[] for _ in nodes]

    def __call__(self, report: StressReport) -> None:
        if report.seconds < self._count * SOAK_S / SAMPLES_MAX:
            return
        self._count += 1
        for (pid, store), samples in zip(self._nodes, self.samples, strict=True):
            samples.append(Sample.of(pid, store, report.seconds))


@pytest.mark.slow
@pytest.mark.timeout(SOAK_S + 300)
@pytest.mark.skipif(not has_proc(), reason="this system has no /proc")
def test_nothing_grows(tmp_path: Path) -> None:
    """The second node meets every transaction in a proposal."""
    wallets = make_wallets(200, seed=1)
    workload = Mixed(wallets)
    load = Load(SOAK_S, RATE, max(1, round(RATE / BLOCKS_A_SECOND)), checked_by_all=False)
    with ExitStack() as stack:
        stores = [tmp_path / name for name in ("first", "second")]
        nodes = [
            stack.enter_context(node_process(*OPTIONS, "--store", each, cwd=HERE))
            for each in stores
        ]
        clients = [stack.enter_context(Client(node.address)) for node in nodes]
        watch = Watch([(node.pid, store) for node, store in zip(nodes, stores, strict=True)])
        # A block, for which nodes start their workers.
        warm_up = LittleEngine(clients, workload, load._replace(seconds=0.1, rate=None))
        warm_up.start(genesis_of(wallets), CHAIN_ID)
        assert warm_up.run().ok
        engine = LittleEngine(clients, workload, load, told=watch)
        engine.start(b"", CHAIN_ID)
        report = engine.run()
    print(json.dumps(report.document(), indent=1))
    for samples in watch.samples:
        print(*samples, sep="\n")
    assert report.ok
    assert report.blocks > 0
    assert all(sample.workers_memory for samples in watch.samples for sample in samples)
    for samples in watch.samples:
        require_steady(samples, report)


def require_steady(samples: Sequence[Sample], report: StressReport) -> None:
    """Compare the last quarter with the second, when all has been used once."""
    quarter = len(samples) // 4
    assert quarter > 0
    warm, late = samples[quarter : 2 * quarter], samples[-quarter:]
    for name in ("memory", "workers_memory", "shared_memory"):
        before, after = (median(getattr(each, name) for each in part) for part in (warm, late))
        assert after <= before * (1 + GROWTH_MAX) + GROWTH_ALLOWED, name
    for name in ("open_files", "segments"):
        before, after = (max(getattr(each, name) for each in part) for part in (warm, late))
        assert after <= before, name
    store = samples[-1].store
    assert store.files <= STORE_FILES_MAX
    assert store.size <= 3 * LOG_LEN_MAX + HISTORY_LEN * report.height
