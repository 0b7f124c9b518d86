"""A runtime on a store, killed at random moments of a run of many blocks.

python runtime_killer.py loop FOLDER ROUNDS SEED WORKERS    kill, check, go on
python runtime_killer.py run FOLDER SEED WORKERS            the process that is killed
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from faults.killing import run_and_kill

from sealane import Runtime, Transaction
from sealane.programs.library import system

ACCOUNTS = 40
TRANSFERS = 60
KILL_AFTER_MAX_S = 0.6  # after the first block was acknowledged


def block(seed: int, height: int) -> list[Transaction]:
    """Block `height` of a seed: transfers, some of which fail for lack of funds."""
    rnd = random.Random(f"{seed} {height}")
    transfers: list[Transaction] = []
    for _ in range(TRANSFERS):
        source, destination = rnd.sample(range(ACCOUNTS), 2)
        lamports = rnd.randrange(1, 2_000)
        call = system.transfer(
            source=f"a{source}", destination=f"a{destination}", lamports=lamports
        )
        transfers.append(Transaction([call]))
    return transfers


def fund(runtime: Runtime) -> None:
    for number in range(ACCOUNTS):
        runtime.set_account(f"a{number}", lamports=10_000)


def run(folder: str, seed: int, workers: int) -> None:
    """Execute blocks without end, and say each height once it is acknowledged."""
    with Runtime(workers=workers, store=folder) as runtime:
        if runtime.height == 0:
            fund(runtime)
        while True:
            result = runtime.execute(block(seed, runtime.height + 1))
            print(result.height, flush=True)


def loop(folder: str, rounds: int, seed: int, workers: int) -> None:
    """No acknowledged block is lost, and the store always opens to a root of the sequence."""
    rnd = random.Random(seed)
    acknowledged = 0
    with Runtime(workers=0) as model:
        fund(model)
        roots = [model.state_root]
        for number in range(rounds):
            wait_s = rnd.random() * KILL_AFTER_MAX_S
            acknowledged = max(acknowledged, run_and_kill(__file__, folder, seed, workers, wait_s))
            with Runtime(workers=0, store=folder) as runtime:
                assert acknowledged <= runtime.height <= acknowledged + 1, (number, acknowledged)
                acknowledged = runtime.height
                while len(roots) <= acknowledged:
                    roots.append(model.execute(block(seed, len(roots))).state_root)
                assert runtime.state_root == roots[acknowledged], number
                for name in (f"a{account}" for account in range(ACCOUNTS)):
                    assert runtime.account(name) == model.account(name), (number, name)
    print(f"{rounds} kills, {acknowledged} blocks")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", folder, seed, workers]:
            run(folder, int(seed), int(workers))
        case ["loop", folder, rounds, seed, workers]:
            loop(folder, int(rounds), int(seed), int(workers))
        case _:
            sys.exit(__doc__)
