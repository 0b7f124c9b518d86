"""How many workers a block gets, and the costs measured from earlier blocks."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
import pytest

from sealane import (
    BlockFacts,
    Instruction,
    Lanes,
    Pubkey,
    Route,
    Runtime,
    StandardRoutes,
    Transaction,
)
from sealane.programs import Mut, Program, Signer, UncheckedAccount
from sealane.runtime.block.block import Block
from sealane.runtime.block.block_building import build_block
from sealane.runtime.engine.worker_choice import (
    TRANSACTIONS_MAX,
    MeasuredCosts,
    lanes_that_pay,
    should_inline,
)
from sealane.scheduler import Waves

GUESSED_S = 1e-4
QUICK_S, SLOW_S = 2e-6, 1e-4

pipe = Program("pipe")


@pipe.instruction(tag=0)
def pump(source: Mut[Signer], target: Mut[UncheckedAccount]) -> None:
    source.lamports -= 1
    target.lamports += 1


def block_of(*programs: Pubkey) -> Block:
    return build_block([Transaction([Instruction(program, (), b"")]) for program in programs])


def waves_of(*widths: int) -> Waves:
    return Waves.from_levels(np.repeat(np.arange(len(widths), dtype=np.uint32), widths))


@pytest.mark.parametrize(
    ("transactions", "transaction_s", "lane_count", "small"),
    [
        (10, 0.0, 2, True),
        (TRANSACTIONS_MAX, 0.0, 2, True),
        (TRANSACTIONS_MAX + 1, 0.0, 2, False),
        (10, 1e-4, 2, True),  # half a millisecond saved is less than lanes cost
        (10, 3e-4, 2, False),
        (10, 3e-4, 1, True),  # there is nobody to share with
        (40, GUESSED_S, 2, False),
    ],
)
def test_few_quick_transactions_are_small(
    transactions: int, transaction_s: float, lane_count: int, small: bool
) -> None:
    assert should_inline(transactions, lane_count, transaction_s) is small


@pytest.mark.parametrize(
    ("waves", "transaction_s", "lanes"),
    [
        (waves_of(1000), QUICK_S, 4),  # a barrier wave is shared out at once
        (waves_of(1000, 3, 1000), QUICK_S, 4),
        (waves_of(*[5] * 200), QUICK_S, 1),  # to schedule each one takes longer
        (waves_of(*[5] * 200), SLOW_S, 4),
        (waves_of(*[1] * 200), SLOW_S, 1),  # one after the other in any case
        (waves_of(), SLOW_S, 4),
    ],
)
def test_quick_transactions_in_many_waves_share_no_lanes(
    waves: Waves, transaction_s: float, lanes: int
) -> None:
    assert lanes_that_pay(waves, 4, 96, transaction_s) == lanes
    assert lanes_that_pay(waves, 1, 24, transaction_s) == 1


def test_costs_are_those_of_the_last_block_that_called_the_same_programs() -> None:
    costs = MeasuredCosts()
    a, b = (Pubkey(bytes([number]) * 32) for number in (1, 2))
    assert costs.transaction_s(block_of(a)) == GUESSED_S
    costs.learn(block_of(a, a, a, a), 1.0)
    costs.learn(block_of(b, a), 4.0)
    costs.learn(block_of(), 9.0)  # an empty block teaches nothing
    assert costs.transaction_s(block_of(a)) == 0.25
    assert costs.transaction_s(block_of(a, b, b)) == 2.0
    assert costs.transaction_s(block_of(b)) == GUESSED_S
    costs.learn(block_of(a), 3.0)
    assert costs.transaction_s(block_of(a)) == 3.0
    costs.learn(block_of(a), 3.0, tasks=2)  # what a plan adds is not the transactions'
    assert 2.9 < costs.transaction_s(block_of(a)) < 3.0
    costs.learn(block_of(a), 0.0, tasks=2)
    assert costs.transaction_s(block_of(a)) == 0.0


def test_programs_not_called_for_long_are_forgotten() -> None:
    costs = MeasuredCosts()
    blocks = [block_of(Pubkey(number.to_bytes(32, "little"))) for number in range(257)]
    for block in blocks:
        costs.learn(block, 1.0)
    assert costs.transaction_s(blocks[0]) == GUESSED_S
    assert {costs.transaction_s(block) for block in blocks[1:]} == {1.0}


class Told(StandardRoutes):
    """Is told what transactions take, block by block, in place of what was `measured`."""

    def __init__(self, *told_s: float) -> None:
        self.measured: list[float] = []
        self._told_s = iter(told_s)

    def lanes(self, block: BlockFacts) -> Lanes:
        self.measured.append(block.measured_s)
        block.measured_s = next(self._told_s)
        return super().lanes(block)


def test_a_tangled_block_runs_in_one_lane_while_its_calls_are_quick() -> None:
    told = Told(SLOW_S, QUICK_S, SLOW_S)
    ends = [(f"a{n % 6}", f"b{n % 6}") for n in range(2 * TRANSACTIONS_MAX)]  # waves of six
    block = [Transaction([pump(source=source, target=target)]) for source, target in ends]
    lanes: list[int] = []
    with ExitStack() as stack:
        runtime = stack.enter_context(Runtime(workers=2, programs=[pipe], route=told))
        serial = stack.enter_context(Runtime(workers=0, programs=[pipe]))
        for each in (runtime, serial):
            for source, _ in ends[:6]:
                each.set_account(source, lamports=10_000, owner=pipe)
        for _ in range(3):
            result = runtime.execute(block)
            assert result.state_root == serial.execute(block).state_root
            assert result.route is Route.LANES
            lanes.append(result.workers)
    assert lanes == [2, 1, 2]
    first, *later = told.measured
    assert first == GUESSED_S
    assert all(0 < measured_s != GUESSED_S for measured_s in later)
