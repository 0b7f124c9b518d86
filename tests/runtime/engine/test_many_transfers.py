"""100,000 generated transfers: every receipt exists, and the root is the same with workers.

A block of transfers only runs without workers by default; with workers, it is made to use lanes.
"""

from __future__ import annotations

import random

import pytest

from sealane import Route, Runtime, Transaction, build_block
from sealane.programs.library.system import system

COUNT = 100_000
ACCOUNTS = 10_000
START = 1_000


@pytest.mark.slow
def test_100_000_transfers() -> None:
    choose = random.Random(7)
    names = [f"account{n}" for n in range(ACCOUNTS)]
    block = build_block(
        Transaction(
            [
                system.transfer(
                    source=names[choose.randrange(ACCOUNTS)],
                    destination=names[choose.randrange(ACCOUNTS)],
                    lamports=choose.randrange(400),
                )
            ],
            fee=1,
        )
        for _ in range(COUNT)
    )
    seen: list[tuple[str, list[int], list[int], dict[int, object], int]] = []
    for route in (None, Route.IN_PROCESS, Route.LANES):
        with Runtime(workers=2 if route else 0, route=route) as runtime:
            for name in names:
                runtime.set_account(name, lamports=START)
            result = runtime.execute(block)
            receipts = result.transactions
            assert len(receipts) == COUNT
            assert [receipt.id for receipt in receipts] == list(block.ids)
            left = sum(runtime.account(name).lamports for name in names)
            assert left == ACCOUNTS * START - int(receipts.fees.sum())
            seen.append(
                (
                    result.state_root,
                    receipts.fees.tolist(),
                    receipts.compute_units.tolist(),
                    dict(receipts.details),
                    left,
                )
            )
    assert seen[0] == seen[1] == seen[2]
    failed = len(seen[0][3])
    assert 0 < failed < COUNT // 2
