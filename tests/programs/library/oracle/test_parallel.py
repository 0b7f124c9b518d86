"""A block of prices and aggregates: on workers as in one process."""

from __future__ import annotations

import json

import sealane


def test_lanes_end_as_one_process_does() -> None:
    generate = {"program": "oracle.publish", "n": 100, "accounts": 20, "seed": 5}
    block = sealane.load(json.dumps({"sealane": 1, "generate": generate}).encode())
    roots: list[str] = []
    for workers in (0, 2):
        with block.runtime(workers=workers) as runtime:
            result = runtime.execute(block.block)
        assert all(each.ok for each in result.transactions)
        roots.append(result.state_root)
    assert roots[0] == roots[1]
