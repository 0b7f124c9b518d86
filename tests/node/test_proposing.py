"""Proposals: what transactions count towards limits, the chain's limits, the policy's order."""

from __future__ import annotations

import pytest

from sealane import Account, Instruction, Runtime
from sealane.node import Application
from sealane.node.costs import declared_cost
from sealane.node.parsed import Parsed
from sealane.node.proposing import BuiltBlock
from sealane.programs.library import compute_budget, memo, system
from sealane.scheduler.packing import Policy
from sealane.wire import decode_signed

from .senders import ALICE, CAROL, Sender, begin

# With signature, locks and 64 MiB to load, each costs 1,419,000 or so: 16 of one payer fit.
UNITS_MAX = 1_400_000
OF_ONE_PAYER = 16


def offer(node: Application, sender: Sender, price: int, text: str) -> bytes:
    """A note that asks for as much as it may."""
    return sender.send(
        node.blockhash,
        compute_budget.set_compute_unit_limit(units=UNITS_MAX),
        compute_budget.set_compute_unit_price(micro_lamports=price),
        memo.add_memo(memo=text.encode()),
    )


def test_a_payer_has_its_part_of_a_block_and_no_more() -> None:
    """It is written by all that it pays for, and an account has 40 % of a block."""
    with Runtime(workers=0) as runtime:
        node = begin(Application(runtime))
        offered = [offer(node, ALICE, 0, f"{number}") for number in range(OF_ONE_PAYER + 4)]
        other = offer(node, CAROL, 0, "another's")
        proposal = node.prepare([*offered, other])
        assert proposal == [*offered[:OF_ONE_PAYER], other]
        assert node.process(proposal)
        assert not node.process(offered[: OF_ONE_PAYER + 1])


@pytest.mark.parametrize(
    ("packing", "order"), [(Policy.GREEDY, [0, 1, 2]), (Policy.PRIO_GRAPH, [0, 2, 1])]
)
def test_the_order_is_that_of_the_policy(packing: Policy, order: list[int]) -> None:
    """Two of one payer pay best; under prio-graph the second waits behind what it cannot meet."""
    with Runtime(workers=0) as runtime:
        node = begin(Application(runtime, packing=packing))
        offered = [
            offer(node, ALICE, 3, "first"),
            offer(node, ALICE, 2, "second"),
            offer(node, CAROL, 1, "third"),
        ]
        proposal = node.prepare(offered)
        assert proposal == [offered[place] for place in order]
        assert node.process(proposal)


# One signature, two locks for writing, 12 bytes of data, one call of a builtin, 64 MiB to load.
TRANSFER = 720 + 2 * 300 + 12 // 4 + 3_000 + 64 * 1024 // 32 * 8


@pytest.mark.parametrize(
    ("calls", "cost"),
    [
        ((), TRANSFER),
        ((compute_budget.set_compute_unit_limit(units=500),), TRANSFER - 3_000 + 500 + 5 // 4),
        (
            (compute_budget.set_loaded_accounts_data_size_limit(bytes_max=1),),
            TRANSFER - 64 * 1024 // 32 * 8 + 8 + 3_000 + 5 // 4,
        ),
    ],
)
def test_a_transfer(calls: tuple[Instruction, ...], cost: int) -> None:
    for sender in (ALICE, CAROL):
        assert declared_cost(decode_signed(sender.pay(bytes(32), "bob", 1, *calls))) == cost


def test_a_program_that_is_no_builtin() -> None:
    raw = ALICE.send(bytes(32), Instruction(memo.id, (), b"hi!!"))
    assert declared_cost(decode_signed(raw)) == 720 + 300 + 1 + 200_000 + 16_384


def test_what_is_allocated_counts(node: Application) -> None:
    blockhash = node.blockhash
    create = system.allocate(account=ALICE.key, space=1_000)
    chain = node._running  # pyright: ignore[reportPrivateUsage] - as the node itself reads them
    parsed = [
        chain.parsed.parse(raw)
        for raw in (ALICE.pay(blockhash, "bob", 1), ALICE.send(blockhash, create))
    ]
    found = [each for each in parsed if isinstance(each, Parsed)]
    items = BuiltBlock.of(node.runtime, found).pending.items
    assert [item.allocated for item in items] == [0, 1_000]
    assert [item.cost for item in items] == [each.cost for each in found]
    assert node.runtime.account(ALICE.key) != Account()
