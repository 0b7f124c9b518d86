"""`sealane simulate --advise` and `--learn`: what would help, and costs of earlier blocks."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ...real_data import MAINNET
from ..command import Ending, on_a_terminal

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]


def makespans(document: Any, policy: str) -> list[int]:
    return [each["makespan"] for each in document["policies"][policy]]


# Three swaps in one pool of two accounts, then a payment into a purse that is used as often:
POOL = """
sealane: 1
transactions:
  - {id: s1, writes: [coin, cash], cost: 5}
  - {id: s2, writes: [coin, cash], cost: 5}
  - {id: s3, writes: [coin, cash], cost: 5}
  - {id: p1, writes: [purse], reads: [clock], cost: 4}
  - {id: p2, writes: [purse], reads: [clock], cost: 4}
"""


def planned(sealane: Run, path: Path) -> tuple[int, float]:
    document = sealane("plan", path, "--json").document
    return document["critical_path"]["cost"], document["parallelism"]


def test_advice_wins_what_a_file_changed_by_hand_does(sealane: Run, written: Write) -> None:
    """The pool's accounts in two: the second swap takes the others."""
    path = written("pool.yaml", POOL)
    by_hand = written(
        "by_hand.yaml", POOL.replace("s2, writes: [coin, cash]", "s2, writes: [coin2, cash2]")
    )
    document = sealane("simulate", path, "--advise", "-w", "4", "--json").document
    (halved,) = (each for each in document["advice"] if each["change"].endswith("=2"))
    assert halved["change"] == "split coin=2 split cash=2"
    assert planned(sealane, path)[0] == document["critical_path_cost"] == 15
    assert planned(sealane, by_hand) == (halved["critical_path_cost"], halved["parallelism"])
    assert halved["critical_path_cost"] == 10
    lanes = sealane("simulate", by_hand, "--policy", "lanes", "-w", "4,64", "--json").document
    assert halved["speed_up"] == {
        str(each["workers"]): each["speed_up"] for each in lanes["policies"]["lanes"]
    }


@pytest.mark.slow
def test_the_best_advice_for_a_real_block_raises_its_parallelism_by_what_it_says(
    sealane: Run,
) -> None:
    asked = ["simulate", MAINNET, "--policy", "lanes", "--workers", "4,64", "--json"]
    advised = sealane(*asked, "--advise").document
    best = advised["advice"][0]
    before = advised["total_cost"] / advised["critical_path_cost"]
    assert before == sealane("plan", MAINNET, "--json").document["parallelism"]
    assert best["parallelism"] > 1.5 * before
    changed = sealane(*asked, *shlex.split(best["options"])).document
    assert changed["critical_path_cost"] == best["critical_path_cost"]
    assert changed["total_cost"] / changed["critical_path_cost"] == best["parallelism"]
    assert changed["before"]["critical_path_cost"] == advised["critical_path_cost"]
    assert [each["speed_up"] for each in changed["policies"]["lanes"]] == [
        best["speed_up"]["4"], best["speed_up"]["64"],
    ]  # fmt: skip


def test_the_view_ranks_advice_and_says_how_to_look_closer(sealane: Run, written: Write) -> None:
    path = written("pool of two.yaml", POOL)
    out = sealane("simulate", path, "--advise", "--quiet", "-w", "2").out
    assert "            8   2.88 ×  2.88  2.88  --split coin=4 --split cash=4\n" in out
    assert "           15   1.53 ×              as it is\n" in out
    assert f"sealane simulate '{path}' --split purse=2 --split coin=4 --split cash=4\n" in out
    independent = written("none.yaml", "sealane: 1\ntransactions: [{writes: [a]}]\n")
    out = sealane("simulate", independent, "--advise").out
    assert "nothing that was tried makes the critical path cheaper" in out


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80])
def test_advice_fits_a_terminal_with_short_keys(columns: int) -> None:
    arguments = ["simulate", MAINNET, "--advise", "--policy", "waves", "--no-votes"]
    out = on_a_terminal(arguments, columns=columns, NO_COLOR="1").out
    assert max(map(len, out.split("\n"))) <= columns
    _, _, advice = out.partition("What would help")
    assert "wrapped SOL" in " ".join(advice.split())
    assert "Look closer:\n" in advice


# The payments of yesterday's block say what they cost; those of today's do not.
YESTERDAY = """
sealane: 1
transactions:
  - {id: y1, cost: 150, payer: a, instructions: [{memo.add_memo: {memo: x}}]}
  - {id: y2, cost: 170, payer: a, instructions: [{memo.add_memo: {memo: yy}}]}
"""
TODAY = """
sealane: 1
transactions:
  - {id: t1, payer: a, instructions: [{memo.add_memo: {memo: z}}]}
  - {id: t2, payer: b, instructions: [{memo.add_memo: {memo: z}}]}
"""


def test_costs_are_learned_from_earlier_blocks(sealane: Run, written: Write) -> None:
    yesterday, today = written("yesterday.yaml", YESTERDAY), written("today.yaml", TODAY)
    asked = ["--policy", "lanes", "--workers", "1,2"]
    document = sealane("simulate", today, "--learn", yesterday, *asked, "--json").document
    assert document["total_cost"] == 320
    assert makespans(document, "lanes") == [320, 160]
    assert document["notes"] == ["costs are predicted from 2 transactions of 1 earlier block"]
    assert document["learned"]["predicted_from"] == {
        "same_calls": 2,
        "instructions": 0,
        "average": 0,
    }
    assert document["learned"]["fit"] is None
    assert "learned" not in sealane("simulate", today, "--json").document


def test_how_well_costs_were_learned_is_shown(sealane: Run, written: Write) -> None:
    yesterday = written("yesterday.yaml", YESTERDAY)
    asked = ["simulate", yesterday, "--learn", yesterday, "--learn", yesterday, "-w", "1"]
    out = sealane(*asked).out
    assert re.search(r"transactions with the very same calls +2  100%\n", out)
    assert "half of 2 transactions are off by no more than 6.3% of their own cost" in out
    assert "      1        320        320   +0.0%\n" in out
    fit = sealane(*asked, "--json").document["learned"]["fit"]
    assert fit["makespans"] == [{"workers": 1, "predicted": 320, "actual": 320}]


def test_costs_cannot_be_learned_from_where_none_are_told(sealane: Run, written: Write) -> None:
    today = written("today.yaml", TODAY)
    ending = sealane("simulate", today, "--learn", today)
    assert ending.code == 2
    assert "no transaction there says what it cost" in ending.err
    assert sealane("simulate", today, "--learn", "missing.yaml").code == 2
