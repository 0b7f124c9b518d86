"""Blocks that were never executed, for those who only hear of them."""

from __future__ import annotations

from sealane.node.observer import CommittedBlock

ROOT = bytes(range(32))


def committed(height: int = 1, *, busy_s: float | None = 0.3) -> CommittedBlock:
    """100 transactions, of which 7 failed and 3 were refused, on 2 workers in 0.2 s."""
    return CommittedBlock(
        height=height,
        transactions=100,
        failed=7,
        refused=3,
        stages={"signatures": 0.01, "schedule": 0.002, "execute": 0.2, "commit": 0.004},
        waves=5,
        total_cost=15_000,
        critical_path_cost=1_500,
        workers=2,
        busy_s=busy_s,
        retries=("worker-failed",),
        root=ROOT,
    )
