"""Executes a block that is expected to succeed."""

from __future__ import annotations

from ...primitives import InternalError, Transaction
from ...runtime import Block, Result, Runtime


def executed(
    runtime: Runtime,
    block: Block | list[Transaction],
    *,
    again: bool = False,
    timeline: bool = False,
) -> Result:
    """Execute the block. Raises InternalError if a transaction failed."""
    result = runtime.execute(block, again=again, timeline=timeline)
    if not result.ok:
        first = next(receipt for receipt in result.transactions if not receipt.ok)
        raise InternalError(f"a scenario is set up wrongly: {first.id} failed: {first.error}")
    return result
