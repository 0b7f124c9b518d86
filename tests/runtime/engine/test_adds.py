"""Which accounts lanes set aside, and when adds are ordered from the start."""

from __future__ import annotations

import pytest

from sealane import Account, Pubkey, Runtime, Transaction
from sealane.programs import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.runtime.block.block_building import build_block
from sealane.runtime.engine import adds
from sealane.runtime.engine.adds import ADDS_ASIDE_MIN, in_lanes, must_order_adds
from sealane.runtime.memory.lane_sums import ASIDE_DATA_LEN_MAX, ASIDE_DATA_TOTAL_MAX
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.scheduler import build_dag
from sealane.scheduler.access import READ

from .adding_program import Pot, adding, give_and_check, look

POT = Pubkey.of("pot")


def _inputs(count: int, looks: int = 0, data_len: int = 32) -> ExecutionInputs:
    """Some looks at a pot, each after adds, and adds at the end."""
    calls = [give_and_check(pot="pot", amount=1, limit=1)] * count
    for n in range(looks):
        calls.insert(n + n + 1, look(pot="pot"))
    block = build_block([Transaction([call]) for call in calls])
    states = [Account(1, adding.id, bytes(data_len))] * len(block.keys)
    return ExecutionInputs(block, ProgramSet([adding]), Sysvars(), states)


@pytest.mark.parametrize(
    ("inputs", "aside"),
    [
        (_inputs(ADDS_ASIDE_MIN - 1), False),
        (_inputs(ADDS_ASIDE_MIN), True),
        (_inputs(2 * ADDS_ASIDE_MIN - 1, looks=1), False),
        (_inputs(2 * ADDS_ASIDE_MIN, looks=1), True),
        (_inputs(ADDS_ASIDE_MIN, data_len=ASIDE_DATA_LEN_MAX), True),
        (_inputs(ADDS_ASIDE_MIN, data_len=ASIDE_DATA_LEN_MAX + 1), False),
    ],
)
def test_what_is_set_aside(inputs: ExecutionInputs, aside: bool) -> None:
    block = inputs.block
    order = in_lanes(inputs, lambda: build_dag(block.access), ordered=False)
    pot = block.keys.index(POT)
    assert order.aside.tolist() == [pot] * aside
    assert order.ordered is not aside
    reads = int((block.access.kinds_of(slice(None)) == READ).sum())
    assert order.folding.sum() == (reads if aside else 0)
    # Declared as they are, ordered adds take a wave each.
    assert (len(order.dag.waves) < 10) is aside


def test_the_data_set_aside_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adds, "ADDS_ASIDE_MIN", 1)
    most = ASIDE_DATA_TOTAL_MAX // ASIDE_DATA_LEN_MAX
    calls = [give_and_check(pot=f"p{n}", amount=1, limit=1) for n in range(most + 1)]
    block = build_block([Transaction([call]) for call in calls])
    states = [Account(1, adding.id, bytes(ASIDE_DATA_LEN_MAX))] * len(block.keys)
    inputs = ExecutionInputs(block, ProgramSet([adding]), Sysvars(), states)
    order = in_lanes(inputs, lambda: build_dag(block.access), ordered=False)
    assert order.aside.tolist() == list(range(most))  # all but the last one


def test_the_rent_rule_orders_adds() -> None:
    inputs = _inputs(2)
    assert not must_order_adds(inputs)
    with Runtime(workers=1, rent=True, programs=[adding]) as runtime:
        runtime.set_account("pot", lamports=10**9, owner=adding, data=Pot())
        block = runtime.prepare([Transaction([give_and_check(pot="pot", amount=1, limit=1)])] * 2)
        states = runtime.states_of(block)
        rented = ExecutionInputs(block, runtime.programs, runtime.sysvars, states)
        assert must_order_adds(rented)
        result = runtime.execute(block)
        assert len(result.waves) == 1
        assert Pot.decode(runtime.account("pot").data).total == 2
