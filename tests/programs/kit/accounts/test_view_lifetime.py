"""A view that a handler makes of a view ends with its instruction, as any other does."""

from __future__ import annotations

import sealane
from sealane import Transaction
from sealane.programs import Layout, Program, UncheckedAccount, u64


class Box(Layout):
    number: u64


box = Program("box", layouts=[Box], trusted=True)
kept: list[Box] = []


@box.instruction(tag=0)
def keep(account: UncheckedAccount) -> None:
    kept.append(Box.view(account))
    assert kept[0].number == 5


@box.instruction(tag=1)
def use() -> None:
    assert kept[0].number == 5


def test_a_view_kept_for_the_next_instruction_raises() -> None:
    with sealane.Runtime(workers=0, programs=[box]) as runtime:
        runtime.set_account("five", owner=box, data=Box(number=5))
        first, second = runtime.execute(
            [
                Transaction([box.keep(account="five")], payer="a"),
                Transaction([box.use()], payer="b"),
            ]
        ).transactions
    assert first.ok
    assert second.error is not None
    assert second.error.name == "AccountBorrowFailed"
