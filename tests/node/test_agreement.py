"""Nodes that are fed the same agree at every height, on whatever they run, and when killed again.

`SEALANE_NODE_BLOCKS=1000` and `SEALANE_NODE_KILLS=200` go on for longer; `SEALANE_SEED=…` repeats.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).with_name("node_runner.py")
BLOCKS = int(os.environ.get("SEALANE_NODE_BLOCKS", "60"))
KILLS = int(os.environ.get("SEALANE_NODE_KILLS", "4"))
SEED = int(os.environ.get("SEALANE_SEED", "0")) or random.randrange(1, 2**32)
# Workers, and the route where it is not the node's own choice.
FOLLOWERS = ((0, ()), (1, ()), (2, ("lanes",)))


@pytest.mark.slow
def test_nodes_agree_at_every_height(tmp_path: Path) -> None:
    blocks = tmp_path / "blocks"
    (led,) = finished(started("lead", blocks, BLOCKS, SEED))
    followers = [
        started("follow", blocks, BLOCKS, SEED, workers, *route, hash_seed=workers + 1)
        for workers, route in FOLLOWERS
    ]
    assert len(led) == BLOCKS
    for followed in finished(*followers):
        for line, led_line in zip(followed, led, strict=True):
            assert line == led_line, SEED
    transactions = sum(int(line.split()[-1]) for line in led)
    assert transactions > BLOCKS  # they had something to do


def started(*arguments: object, hash_seed: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(RUNNER), *map(str, arguments)],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(*processes: subprocess.Popen[str]) -> list[list[str]]:
    """What each process said, line by line."""
    said = [process.communicate()[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), SEED
    return said


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_a_node_killed_at_random_moments_loses_nothing(tmp_path: Path, workers: int) -> None:
    arguments = ("loop", tmp_path / "state", KILLS, SEED, workers)
    done = subprocess.run(
        [sys.executable, RUNNER, *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0, f"SEALANE_SEED={SEED}\n{done.stdout}{done.stderr}"
    kills, _, blocks, _ = done.stdout.split()
    assert int(kills) == KILLS
    assert int(blocks) > KILLS  # they did run
