"""The limit on a block's allocations: every route refuses the same transactions."""

from __future__ import annotations

from typing import Final

import pytest

from sealane import Instruction, Limits, Route, Runtime, Transaction
from sealane.primitives import WorkerDied
from sealane.programs.library.system import system
from sealane.runtime.block.block_building import build_block
from sealane.runtime.block.limits import ACCOUNT_DATA_GROWTH_MAX, BLOCK_DATA_GROWTH_MAX

from ...routes import ALL_BUT_SERIAL

MOST: Final = 10 * 1024 * 1024  # of one account
LAST: Final = BLOCK_DATA_GROWTH_MAX - 9 * MOST  # what is left once nine accounts have so much


def allocate(n: int, space: int) -> Transaction:
    return Transaction([system.allocate(account=f"a{n}", space=space)], payer=f"a{n}")


@pytest.mark.parametrize(
    ("spaces", "too_many"),
    [
        ([MOST] * 9, []),
        ([MOST] * 10, [9]),
        ([*[MOST] * 9, LAST], []),
        ([*[MOST] * 9, LAST + 1], [9]),
        ([*[MOST] * 9, LAST + 1, LAST, 1], [9, 11]),
        ([MOST + 1, *[MOST] * 9, LAST], []),  # the first one is bound to fail
    ],
)
def test_transactions_that_no_longer_fit_fail_in_block_order(
    spaces: list[int], too_many: list[int]
) -> None:
    block = build_block([allocate(n, space) for n, space in enumerate(spaces)])
    assert sorted(block.beyond_data) == too_many


SEEDED: Final = {"base": "b", "seed": "some seed", "owner": "token"}
ASKING: Final[list[tuple[list[Instruction], int]]] = [
    ([system.create_account(source="s", account="a", lamports=1, space=7, owner="token")], 7),
    (
        [
            system.create_account_with_seed(
                source="s", account="a", base_account=None, lamports=1, space=8, **SEEDED
            )
        ],
        8,
    ),
    ([system.allocate(account="a", space=9)], 9),
    ([system.allocate_with_seed(account="a", base_account="b", space=10, **SEEDED)], 10),
    ([system.transfer(source="a", destination="b", lamports=5)], 0),
    ([system.allocate(account=name, space=MOST) for name in "abc"], ACCOUNT_DATA_GROWTH_MAX),
    ([system.allocate(account="a", space=5), system.allocate(account="b", space=MOST + 1)], 0),
    ([Instruction(system.id, (), b"\x08\0\0\0")], 0),
    ([Instruction(system.id, (), b"")], 0),
    ([Instruction(system.id, (), b"\3\0\0\0" + bytes(32) + b"\xff" * 8)], 0),
]


@pytest.mark.parametrize(("calls", "asked"), ASKING)
def test_requested_allocations(calls: list[Instruction], asked: int) -> None:
    block = build_block([Transaction(calls, payer="payer")])
    assert block.allocations == ({0: asked} if asked else {})


@pytest.mark.parametrize("route", [None, *ALL_BUT_SERIAL])
def test_every_route_refuses_the_same_transactions(route: Route | None) -> None:
    """The accounts have data already, so nothing grows; but only the requests count."""
    block = [allocate(n, MOST) for n in range(12)] + [allocate(12, LAST)]
    with Runtime(workers=0 if route is None else 2, route=route) as runtime:
        for n in range(13):
            runtime.set_account(f"a{n}", lamports=100, data=b"x")
        receipts = runtime.execute(block).transactions
    names = [receipt.error.name if receipt.error else None for receipt in receipts]
    used, refused = "AccountAlreadyInUse", "WouldExceedAccountDataBlockLimit"
    assert names == [used] * 9 + [refused] * 3 + [used]
    assert receipts[9].error is not None
    assert "10,485,760 bytes" in receipts[9].error.message


def test_a_refused_transaction_pays_no_fee() -> None:
    block = [
        Transaction([system.allocate(account=f"a{n}", space=MOST)], payer=f"a{n}", fee=5)
        for n in range(10)
    ]
    with Runtime(workers=0) as runtime:
        for n in range(10):
            runtime.set_account(f"a{n}", lamports=100, data=b"x")
        receipts = runtime.execute(block).transactions
        assert receipts[9].fee == 0
        assert runtime.account("a9").lamports == 100


def test_blocks_that_may_exceed_a_workers_memory_go_to_workers() -> None:
    limits = Limits(worker_memory_bytes=64 * 1024 * 1024)
    with Runtime(workers=1, limits=limits) as runtime:
        for n in range(9):
            runtime.set_account(f"a{n}", lamports=100)
        with pytest.raises(WorkerDied, match=r"t[0-8].*worker_memory_bytes"):
            runtime.execute([allocate(n, MOST) for n in range(9)])
        assert runtime.account("a0").data == b""
        assert runtime.execute([allocate(0, 1000)]).workers == 0
