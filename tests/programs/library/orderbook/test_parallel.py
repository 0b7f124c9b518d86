"""Orders, quotes and events in two markets: a block on workers ends as it does in one process."""

from __future__ import annotations

import pytest

import sealane
from sealane.ingest.fixture.workload import WorkloadSpec
from sealane.ingest.fixture.workload_lines import workload_lines


@pytest.mark.parametrize("instruction", ["orderbook.place_order", "orderbook.place_orders"])
def test_workers_change_nothing(instruction: str) -> None:
    spec = WorkloadSpec(60, 20, instruction, zipf=1.1, seed=5)
    block = sealane.load("\n".join(workload_lines(spec)).encode())
    roots: set[str] = set()
    for workers in (0, 2):
        with block.runtime(workers=workers) as runtime:
            result = runtime.execute(block.block)
        assert all(receipt.ok for receipt in result.transactions)
        roots.add(result.state_root)
    assert len(roots) == 1
    assert len(result.waves) < 60  # the two markets do not wait for each other
