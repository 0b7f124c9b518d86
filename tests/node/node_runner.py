"""A node in a process of its own, for tests that compare nodes or kill them.

    python node_runner.py lead FILE BLOCKS SEED               runs blocks, writes them to a file
    python node_runner.py follow FILE BLOCKS SEED WORKERS [ROUTE]  runs those of the file
    python node_runner.py run FOLDER SEED WORKERS              the process that is killed
    python node_runner.py loop FOLDER ROUNDS SEED WORKERS      kill, check, go on

The traffic of a height follows from the seed, the height and the blockhash: a block that was lost
comes again as it was.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import sys
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from faults.killing import run_and_kill
from node.traffic import Market, Traffic, market

from sealane import FixedRoute, Route, Runtime
from sealane.node import Application, Finalized

CHAIN_ID: Final = "random"
TRANSACTIONS_MAX: Final = 24  # of a block
MARKET_TRANSACTIONS: Final = 600
FEE: Final = 10
ROOTS: Final = ("history", "lattice", "merkle")  # a third of all seeds has each
KILL_AFTER_MAX_S: Final = 0.5  # after the first block was acknowledged


def opened(
    seed: int, workers: int = 0, store: str | None = None, route: FixedRoute | None = None
) -> Runtime:
    return Runtime(
        workers=workers,
        store=store,
        lamports_per_signature=FEE,
        route=route,
        root=ROOTS[seed % len(ROOTS)],
    )


def open_node(runtime: Runtime, traded: Market) -> Application:
    node = Application(runtime)
    if runtime.height == 0:
        node.start_chain(CHAIN_ID, traded.accounts)
    return node


def run_round(node: Application, traded: Market, seed: int) -> Finalized:
    """One height, as an engine may go about it: proposals of several rounds, one of them decided.

    Which are proposed is a matter of chance and of this process only; what is decided is not.
    """
    height = node.next_height
    sent = Traffic(traded, seed * 1_000_003 + height, TRANSACTIONS_MAX).block(node.blockhash)
    others = random.Random(os.urandom(8))
    for raw in sent[:3]:
        node.check(raw)
    for _ in range(others.randrange(3)):
        assert node.process(node.prepare(others.sample(sent, len(sent) // 2)))
    # Every third block is one that no honest node proposes: with all that cannot be executed.
    decided = sent if height % 3 == 0 else node.prepare(sent)
    if others.random() < 0.5:
        node.process(decided)
    if others.random() < 0.3:
        node.finalize(height, others.sample(sent, len(sent) // 2))
    return node.finalize(height, decided)


def lead(file: str, blocks: int, seed: int) -> None:
    """Run blocks, write each to a file as it was decided, and say what came of it.

    The bytes themselves are handed on: a signer of ML-DSA-44 never signs twice alike.
    """
    traded = market(blocks * TRANSACTIONS_MAX // 3, seed)
    traffic = Traffic(traded, seed, TRANSACTIONS_MAX)
    with (
        Path(file).open("wb") as written,
        opened(seed) as runtime,
    ):
        node = open_node(runtime, traded)
        for height in range(1, blocks + 1):
            sent = traffic.block(node.blockhash)
            decided = sent if height % 3 == 0 else node.prepare(sent)
            pickle.dump((sent, decided), written)
            tell(node, decided)


def follow(file: str, blocks: int, seed: int, workers: int, route: str | None) -> None:
    """Run the blocks of a file on a store, and say what came of each."""
    traded = market(blocks * TRANSACTIONS_MAX // 3, seed)
    policy = None if route is None else FixedRoute(Route(route))
    with (
        Path(file).open("rb") as written,
        opened(seed, workers, f"{file}-{workers}", policy) as runtime,
    ):
        node = open_node(runtime, traded)
        for height in range(1, blocks + 1):
            sent, decided = pickle.load(written)
            # What a node was asked before must not matter.
            node.process(sent[: height % 5])
            assert node.process(node.prepare(sent))
            tell(node, decided)


def tell(node: Application, decided: list[bytes]) -> None:
    """Run a block, and say its height, root, a digest of its outcomes and its size."""
    finalized = node.finalize(node.next_height, decided)
    assert node.commit().root == finalized.root
    outcomes = hashlib.sha256(repr(finalized.outcomes).encode()).hexdigest()
    print(finalized.height, finalized.root.hex(), outcomes, len(decided), flush=True)


def run(folder: str, seed: int, workers: int) -> None:
    """Run blocks without end, and say each height once it is acknowledged."""
    traded = market(MARKET_TRANSACTIONS, seed)
    with opened(seed, workers, folder) as runtime:
        node = open_node(runtime, traded)
        while True:
            run_round(node, traded, seed)
            print(node.commit().height, flush=True)


def loop(folder: str, rounds: int, seed: int, workers: int) -> None:
    """No acknowledged block is lost, and the node is always at a block of the model's chain."""
    rnd = random.Random(seed)
    acknowledged = 0
    traded = market(MARKET_TRANSACTIONS, seed)
    with opened(seed) as of_model:
        model = open_node(of_model, traded)
        roots = [model.info().root]
        for number in range(rounds):
            wait_s = rnd.random() * KILL_AFTER_MAX_S
            acknowledged = max(acknowledged, run_and_kill(__file__, folder, seed, workers, wait_s))
            with opened(seed, 0, folder) as runtime:
                info = open_node(runtime, traded).info()
                assert acknowledged <= info.height <= acknowledged + 1, (number, acknowledged)
                acknowledged = info.height
                while len(roots) <= acknowledged:
                    run_round(model, traded, seed)
                    roots.append(model.commit().root)
                assert info.root == roots[acknowledged], number
                for key in traded.accounts:
                    assert runtime.account(key) == of_model.account(key), (number, key)
    print(f"{rounds} kills, {acknowledged} blocks")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["lead", file, blocks, seed]:
            lead(file, int(blocks), int(seed))
        case ["follow", file, blocks, seed, workers, *route]:
            follow(file, int(blocks), int(seed), int(workers), route[0] if route else None)
        case ["run", folder, seed, workers]:
            run(folder, int(seed), int(workers))
        case ["loop", folder, rounds, seed, workers]:
            loop(folder, int(rounds), int(seed), int(workers))
        case _:
            sys.exit(__doc__)
