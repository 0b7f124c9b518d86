"""How accounts that transactions only add to are executed.

in one process      adds to one account share a wave, in any order, on the value as it runs
in file order       adds are ordered as writes are: after an AddsDoubtful, and where the rent
                    rule is enforced, which looks at what an account holds after each add
"""

from __future__ import annotations

from ...scheduler import Waves, build_dag
from ...scheduler.ordered_adds import adds_as_writes
from ..svm.execution_inputs import ExecutionInputs


def must_order_adds(inputs: ExecutionInputs) -> bool:
    """Whether adds run in file order from the start. Without adds, everything is in order."""
    return inputs.block.access.adds is None or inputs.rent.enforced


def waves_to_run(inputs: ExecutionInputs, waves: Waves, *, ordered: bool) -> Waves:
    """The waves to execute of a block, whose own are `waves`."""
    access = inputs.block.access
    if access.adds is None or not ordered:
        return waves
    return build_dag(adds_as_writes(access)).waves
