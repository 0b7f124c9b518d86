"""Proposals: within the chain's limits, and in the order of the node's policy."""

from __future__ import annotations

import pytest

from sealane import Runtime
from sealane.node import Application
from sealane.programs.library import compute_budget, memo
from sealane.scheduler.packing import Policy

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
