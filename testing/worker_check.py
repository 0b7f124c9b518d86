"""Runs a transaction on the workers and compares it with the same one in this process.

A program that keeps state between transactions, reads the time or cannot be sent to a worker is
detected here, in the test, and not in production.
"""

from __future__ import annotations

from ..runtime import Block, Receipt, Receipts, Result, Runtime
from ..runtime.svm.execution_inputs import ExecutionInputs
from ..runtime.svm.recorder import Recorder
from ..runtime.svm.serial import execute_serially


def execute_compared(runtime: Runtime, block: Block, recorder: Recorder) -> Result:
    """Execute and commit a block on the workers; record a serial execution and compare.

    Raises AssertionError naming the difference.
    """
    states = runtime.states_of(block)
    inputs = ExecutionInputs(block, runtime.programs, runtime.sysvars, states)
    here = execute_serially(inputs, recorder=recorder)
    result = runtime.execute(block)
    expected = Receipts(
        block.ids, result.transactions.waves, here.fees, here.compute_units, here.details
    )
    for ours, theirs in zip(expected, result.transactions, strict=True):
        for part in Receipt.__dataclass_fields__:
            _require_same(part, getattr(ours, part), getattr(theirs, part))
    changed = {block.keys[account]: state for account, state in here.changed.items()}
    for key in {**changed, **result.accounts}:
        _require_same(f"account {key}", changed.get(key), result.accounts.get(key))
    return result


def _require_same(what: str, here: object, there: object) -> None:
    if here != there:
        raise AssertionError(
            "a worker executed the transaction otherwise than this process; a program may depend "
            f"on nothing but its accounts\n  {what} here:   {here}\n  {what} there:  {there}"
        )
