"""A block as columns: its methods, and rebuilding it from shared memory."""

from __future__ import annotations

import numpy as np
import pytest

from sealane import Runtime, Transaction, UsageError, build_block
from sealane.programs.library.system import system
from sealane.runtime.block.block import Block


@pytest.mark.parametrize("payer", [None, "alice"])
def test_locks_alone_cannot_be_executed(payer: str | None) -> None:
    block = build_block([Transaction(payer="bob"), Transaction(reads=["x"], payer=payer)])
    with (
        Runtime(workers=0) as runtime,
        pytest.raises(UsageError, match="'t1' names only its locks"),
    ):
        runtime.execute(block)


def test_a_block_survives_its_columns() -> None:
    calls = [system.transfer(source="a", destination=name, lamports=5) for name in "bcd"]
    block = build_block([Transaction([c]) for c in calls])
    again = Block.from_columns(block.columns())
    assert list(again.keys) == list(block.keys)
    assert list(again.program_ids) == list(block.program_ids)
    assert again.keys[-1] == block.keys[-1]
    assert list(again.keys[1:3]) == list(block.keys[1:3])
    for name, column in block.columns().items():
        assert np.array_equal(again.columns()[name], column), name
