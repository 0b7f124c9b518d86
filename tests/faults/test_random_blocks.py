"""Random blocks, some of which kill their workers, under every policy and worker count: each comes
out as if one by one.

`SEALANE_SOAK_S=600` goes on for ten minutes; `SEALANE_SEED=…` begins with the seed of a failure.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from sealane import FixedRoute, Instruction, Route, Runtime, Transaction
from sealane.programs.library.system import system

from .hazards import Tally, add, be_killed, crash, grow, hazard, leave
from .rule_breaking import Vault, mint, offence, raise_it, recurse, withdraw

BLOCKS_MIN = 12
WORKER_COUNTS = (1, 2, 3)
# As it is; every wave cut as far as it goes; every transaction scheduled singly.
POLICIES = (
    None,
    FixedRoute(Route.LANES, share_len_min=1),
    FixedRoute(Route.LANES, share_len_min=1 << 20),
)


@pytest.fixture
def runtimes() -> Iterator[list[Runtime]]:
    with ExitStack() as stack:
        ways = [(n, policy) for n in WORKER_COUNTS for policy in POLICIES]
        yield [
            stack.enter_context(
                Runtime(
                    workers=n, programs=[hazard, offence], lamports_per_signature=3, route=policy
                )
            )
            for n, policy in (*ways, (0, None))
        ]


@pytest.mark.slow
def test_random_blocks_come_out_as_if_one_by_one(runtimes: list[Runtime], tmp_path: Path) -> None:
    end = monotonic() + float(os.environ.get("SEALANE_SOAK_S", "0"))
    seed = int(os.environ.get("SEALANE_SEED") or random.randrange(2**32))
    blocks = 0
    while blocks < BLOCKS_MIN or monotonic() < end:
        print(f"seed {seed}")
        require_equal(runtimes, random_block(seed, tmp_path), tmp_path)
        blocks += 1
        seed += 1


def require_equal(
    runtimes: list[Runtime],
    block: list[Transaction],
    markers: Path,
) -> None:
    results: list[tuple[object, ...]] = []
    for runtime in runtimes:
        if runtime.workers:
            for marker in markers.iterdir():
                marker.unlink()  # the harm is done anew; serially, last, it is not done
        for n in range(12):
            runtime.set_account(f"t{n}", lamports=50, owner=hazard, data=Tally(count=0))
            runtime.set_account(f"v{n}", lamports=50, owner=offence, data=Vault(amount=9, delta=0))
            runtime.set_account(f"p{n}", lamports=100)
        result = runtime.execute(block)
        results.append(
            (list(result.transactions), dict(result.accounts), result.state_root, result.waves)
        )
    for result in results:
        assert result == results[-1]


def random_block(seed: int, markers: Path) -> list[Transaction]:
    """A block that follows from the seed alone; one in three kills a worker."""
    rnd = random.Random(seed)
    count = rnd.choice((1, 5, 40, 150))
    calls = [[random_call(rnd) for _ in range(rnd.choice((1, 1, 1, 2, 3)))] for _ in range(count)]
    if rnd.random() < 0.34:
        harm = rnd.choice((be_killed, crash, leave))
        marker = os.fsencode(markers / "done")
        calls[rnd.randrange(count)] = [harm(tally=f"t{rnd.randrange(12)}", by=1, marker=marker)]
    return [
        Transaction(each, payer=f"p{rnd.randrange(12)}" if rnd.random() < 0.5 else None)
        for each in calls
    ]


def random_call(rnd: random.Random) -> Instruction:
    def one(letter: str) -> str:
        return f"{letter}{int(rnd.random() ** 2 * 12)}"  # some are hotter than others

    match rnd.randrange(10):
        case 0 | 1 | 2:
            return system.transfer(
                source=one("p"), destination=one("p"), lamports=rnd.choice((0, 1, 7, 200))
            )
        case 3 | 4:
            return add(tally=one("t"), by=rnd.choice((1, 2**64 - 1)))
        case 5:
            return grow(account=one("t"), length=rnd.choice((0, 8, 9, 3000)))
        case 6:
            return withdraw(vault=one("v"), amount=rnd.choice((1, 5, 10)))
        case 7:
            return mint(vault=one("v"), other=one("p"), amount=rnd.choice((-1, 0, 1)))
        case 8:
            return raise_it(vault=one("v"), which=rnd.choice((0, 1, 2, 5)))
        case _:
            return recurse(vault=one("v"))
