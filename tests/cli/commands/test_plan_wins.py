"""The wins that a plan states equal the difference of two plans: of a file, and of one changed.

The changed files are written by hand, not by what is under test.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..command import Ending

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]
WORKERS = ("4", "16", "64")

# Three swaps over a pool's vault and reserve, two of which also pay a till; then four pay the till.
BLOCK = """
sealane: 1
transactions:
  - {id: s0, writes: [vault, reserve], cost: 40}
  - {id: s1, writes: [vault, reserve], cost: 40}
  - {id: s2, writes: [vault, reserve, till], cost: 40}
  - {id: p0, writes: [till], reads: [rates], cost: 10}
  - {id: p1, writes: [till], reads: [rates], cost: 10}
  - {id: p2, writes: [till], reads: [rates], cost: 10}
  - {id: p3, writes: [till, rates], cost: 10}
"""
CHANGED = {
    "pool without": """
sealane: 1
transactions:
  - {id: s0, cost: 40, writes: []}
  - {id: s1, cost: 40, writes: []}
  - {id: s2, writes: [till], cost: 40}
  - {id: p0, writes: [till], reads: [rates], cost: 10}
  - {id: p1, writes: [till], reads: [rates], cost: 10}
  - {id: p2, writes: [till], reads: [rates], cost: 10}
  - {id: p3, writes: [till, rates], cost: 10}
""",
    "pool split_8": """
sealane: 1
transactions:
  - {id: s0, writes: [vault_0, reserve_0], cost: 40}
  - {id: s1, writes: [vault_1, reserve_1], cost: 40}
  - {id: s2, writes: [vault_2, reserve_2, till], cost: 40}
  - {id: p0, writes: [till], reads: [rates], cost: 10}
  - {id: p1, writes: [till], reads: [rates], cost: 10}
  - {id: p2, writes: [till], reads: [rates], cost: 10}
  - {id: p3, writes: [till, rates], cost: 10}
""",
    "till without": """
sealane: 1
transactions:
  - {id: s0, writes: [vault, reserve], cost: 40}
  - {id: s1, writes: [vault, reserve], cost: 40}
  - {id: s2, writes: [vault, reserve], cost: 40}
  - {id: p0, reads: [rates], cost: 10}
  - {id: p1, reads: [rates], cost: 10}
  - {id: p2, reads: [rates], cost: 10}
  - {id: p3, writes: [rates], cost: 10}
""",
    "till split_8": """
sealane: 1
transactions:
  - {id: s0, writes: [vault, reserve], cost: 40}
  - {id: s1, writes: [vault, reserve], cost: 40}
  - {id: s2, writes: [vault, reserve, till_0], cost: 40}
  - {id: p0, writes: [till_1], reads: [rates], cost: 10}
  - {id: p1, writes: [till_2], reads: [rates], cost: 10}
  - {id: p2, writes: [till_3], reads: [rates], cost: 10}
  - {id: p3, writes: [till_4, rates], cost: 10}
""",
    "pool commutative": """
sealane: 1
transactions:
  - {id: s0, adds: [vault, reserve], cost: 40}
  - {id: s1, adds: [vault, reserve], cost: 40}
  - {id: s2, adds: [vault, reserve], writes: [till], cost: 40}
  - {id: p0, writes: [till], reads: [rates], cost: 10}
  - {id: p1, writes: [till], reads: [rates], cost: 10}
  - {id: p2, writes: [till], reads: [rates], cost: 10}
  - {id: p3, writes: [till, rates], cost: 10}
""",
    "till commutative": """
sealane: 1
transactions:
  - {id: s0, writes: [vault, reserve], cost: 40}
  - {id: s1, writes: [vault, reserve], cost: 40}
  - {id: s2, writes: [vault, reserve], adds: [till], cost: 40}
  - {id: p0, adds: [till], reads: [rates], cost: 10}
  - {id: p1, adds: [till], reads: [rates], cost: 10}
  - {id: p2, adds: [till], reads: [rates], cost: 10}
  - {id: p3, adds: [till], writes: [rates], cost: 10}
""",
}
GROUPS = {"pool": ["reserve", "vault"], "till": ["till"]}


def plan(sealane: Run, path: Path) -> dict[str, Any]:
    return sealane("plan", path, "--json", "--workers", "4,16,64").document


@pytest.mark.parametrize("case", CHANGED)
def test_a_win_is_the_difference_of_two_plans(case: str, sealane: Run, written: Write) -> None:
    name, change = case.split()
    now = plan(sealane, written("now.yaml", BLOCK))
    then = plan(sealane, written("then.yaml", CHANGED[case]))
    groups = {tuple(sorted(group["accounts"])): group for group in now["hot_groups"]}
    win = groups[tuple(GROUPS[name])][change]
    assert win["critical_path_cost"] == then["critical_path"]["cost"] < now["critical_path"]["cost"]
    assert win["parallelism"] == then["parallelism"] > now["parallelism"]
    lanes = {str(each["workers"]): each["speed_up"] for each in then["lanes"]}
    assert win["speed_up"] == lanes
    if change == "without":
        assert groups[tuple(GROUPS[name])]["parallelism_without"] == then["parallelism"]


def test_what_is_only_busy_wins_nothing(sealane: Run, written: Write) -> None:
    """Four lock rates, and all of them the till, too."""
    groups = plan(sealane, written("now.yaml", BLOCK))["hot_groups"]
    rates = next(group for group in groups if group["accounts"] == ["rates"])
    same = {"critical_path_cost": 160, "parallelism": 1.0, "speed_up": None}
    assert rates["transactions"] == 4
    assert [rates[change] for change in ("without", "split_8", "commutative")] == [same] * 3


def test_a_knot_wins_what_its_accounts_win_together(sealane: Run, written: Write) -> None:
    """Of the path s0 s1 s2 p0 p1 p2 p3 the till and the rates tie a step together."""
    knots = plan(sealane, written("now.yaml", BLOCK))["knots"]
    then = plan(sealane, written("then.yaml", CHANGED["pool without"]))
    assert sorted(knots[0]["accounts"]) == ["reserve", "vault"]
    assert knots[0]["critical_path_cost"] == then["critical_path"]["cost"]
