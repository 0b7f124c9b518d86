"""`sealane simulate`: its JSON, its view, its what-ifs, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane.scheduler.simulation import POLICIES, WORKER_COUNTS

from ...real_data import MAINNET
from ..command import Ending, on_a_terminal

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]

# Four deposits into one vault, each from its own purse, and an audit that reads the vault:
# pay0 ── pay1 ── pay2 ── pay3 ── audit     cost 3 + 3 + 3 + 3 + 1
VAULT = """
sealane: 1
transactions:
  - {id: pay0, writes: [purse0, vault], cost: 3}
  - {id: pay1, writes: [purse1, vault], cost: 3}
  - {id: pay2, writes: [purse2, vault], cost: 3}
  - {id: pay3, writes: [purse3, vault], cost: 3}
  - {id: audit, writes: [report], reads: [vault], cost: 1}
"""
WHAT_IFS = {
    "without vault": (["--without", "vault"], 3, 13),
    "without audit": (["--without", "audit"], 12, 12),
    "split vault=2": (["--split", "vault=2"], 7, 13),
    "commutative vault": (["--commutative", "vault"], 4, 13),
    "read-only vault": (["--read-only", "vault"], 3, 13),
    "ordinary vault": (["--ordinary", "vault"], 13, 13),
}


@pytest.fixture
def vault(written: Write) -> Path:
    return written("vault.yaml", VAULT)


def makespans(document: Any, policy: str) -> list[int]:
    return [each["makespan"] for each in document["policies"][policy]]


def test_the_document_has_the_contracts_keys_in_order(sealane: Run, vault: Path) -> None:
    ending = sealane("simulate", vault, "--workers", "2", "--policy", "dataflow", "--json")
    assert ending.code == 0
    assert ending.err == ""
    assert ending.document == {
        "transactions": 5,
        "total_cost": 13,
        "critical_path_cost": 13,
        "what_if": [],
        "policies": {
            "dataflow": [
                {
                    "workers": 2,
                    "makespan": 13,
                    "speed_up": 1.0,
                    "idle": 0.5,
                    "latency": {"p50": 9, "p99": 13},
                    "reruns": 0,
                }
            ]
        },
        "advice": [],
        "before": None,
        "notes": [],
    }
    assert list(ending.document)[:6] == [
        "transactions", "total_cost", "critical_path_cost", "what_if", "policies", "advice",
    ]  # fmt: skip


def test_by_default_all_policies_are_tried_on_1_to_64_workers(sealane: Run, vault: Path) -> None:
    document = sealane("simulate", vault, "--json").document
    assert list(document["policies"]) == list(POLICIES)
    for found in document["policies"].values():
        assert [each["workers"] for each in found] == list(WORKER_COUNTS)
        assert found[0]["makespan"] == document["total_cost"]
        assert all(each["makespan"] >= document["critical_path_cost"] for each in found)


@pytest.mark.parametrize("what_if", WHAT_IFS)
def test_a_what_if_changes_the_block_and_keeps_what_it_was(
    what_if: str, sealane: Run, vault: Path
) -> None:
    options, critical, total = WHAT_IFS[what_if]
    document = sealane("simulate", vault, *options, "--workers", "1,99", "--json").document
    assert document["what_if"] == [what_if]
    assert (document["critical_path_cost"], document["total_cost"]) == (critical, total)
    assert makespans(document, "dataflow") == [total, critical]
    assert document["before"]["critical_path_cost"] == 13
    assert makespans(document["before"], "dataflow") == [13, 13]


def test_what_ifs_come_all_at_once(sealane: Run, vault: Path) -> None:
    options = ["--without", "audit", "--split", "vault=2", "--read-only", "purse1"]
    document = sealane("simulate", vault, *options, "-w", "4", "--json").document
    assert document["what_if"] == ["without audit", "split vault=2", "read-only purse1"]
    assert document["critical_path_cost"] == 6


def test_ordinary_is_the_opposite_of_commutative(sealane: Run, written: Write) -> None:
    """The deposits only add: together they take 3, then the audit; as writes, one by one."""
    path = written("added.yaml", VAULT.replace(", vault], cost", "], adds: [vault], cost"))
    document = sealane("simulate", path, "--ordinary", "vault", "--json").document
    assert document["what_if"] == ["ordinary vault"]
    assert (document["critical_path_cost"], document["before"]["critical_path_cost"]) == (13, 4)


WRAPPED_SOL = "So11111111111111111111111111111111111111112"


@pytest.mark.slow
@pytest.mark.parametrize(
    "option",
    [
        ["--without", "votes"],
        ["--without", "program:token"],
        ["--without", WRAPPED_SOL],
        ["--split", f"{WRAPPED_SOL}=8"],
        ["--commutative", WRAPPED_SOL],
        ["--read-only", WRAPPED_SOL],
    ],
)
def test_each_policy_on_a_real_block_with_each_what_if(option: list[str], sealane: Run) -> None:
    document = sealane("simulate", MAINNET, *option, "--workers", "1,4", "--json").document
    for policy in POLICIES:
        one, four = makespans(document, policy)
        assert one == document["total_cost"]
        assert max(document["critical_path_cost"], -(-one // 4)) <= four <= one


def test_votes_are_left_out_by_either_option(sealane: Run) -> None:
    asked = ["simulate", MAINNET, "--policy", "dataflow", "--workers", "1,8", "--json"]
    as_option = sealane(*asked, "--no-votes").document
    as_what_if = sealane(*asked, "--without", "votes").document
    assert as_option["policies"] == as_what_if["policies"]
    assert as_option["before"] is None


def test_a_lane_that_waits_for_another_pays_the_crossing_cost(sealane: Run, written: Write) -> None:
    path = written(
        "pair.yaml",
        "sealane: 1\ntransactions:\n"
        "  - {id: a, writes: [x], cost: 3}\n  - {id: b, writes: [y], cost: 3}\n"
        "  - {id: both, writes: [x, y], cost: 1}\n",
    )
    asked = ["simulate", path, "--policy", "lanes", "--workers", "2", "--json"]
    assert makespans(sealane(*asked).document, "lanes") == [4]
    assert makespans(sealane(*asked, "--crossing-cost", "5").document, "lanes") == [9]


def test_the_view_has_curve_table_and_figures(sealane: Run, vault: Path) -> None:
    policies = ["--policy", "waves", "--policy", "dataflow"]
    out = sealane("simulate", vault, "--split", "vault=4", "--workers", "1,2,4", *policies).out
    assert "vault.yaml  5 transactions · total cost 13 · critical path 4\n" in out
    assert "in the file's order, no number of workers gets beyond 3.25 × one worker's speed" in out
    assert "split vault=4" in out
    assert "critical path      13       4   -69.2 %" in out
    assert "3.25 ┤░" in out
    assert "★" in out
    assert "ceiling   ▂▅█  1.00  2.00  3.25" in out
    assert "before         1.00  1.00  1.00" in out
    assert "idle: the part of the workers' time in which they run nothing." in out


def test_workers_stand_in_order_whatever_order_they_are_asked_in(sealane: Run, vault: Path) -> None:
    document = sealane("simulate", vault, "--workers", "4,1,2", "--json").document
    for found in document["policies"].values():
        assert [each["workers"] for each in found] == [1, 2, 4]


def test_one_run_is_drawn_over_time(sealane: Run, vault: Path) -> None:
    asked = ["simulate", vault, "--quiet", "--gantt", "--workers", "1,2", "--without", "audit"]
    out = sealane(*asked, "--split", "vault=2").out
    assert "Lanes on 2 workers  over time, counted in cost\n" in out
    assert re.search(r"^   1  [█▌▓▒]+ +100%$", out, re.MULTILINE)
    out = sealane(*asked, "--policy", "fifo").out
    assert "Fifo on 2 workers" in out
    assert "· idle" in out


def test_one_run_is_traced(sealane: Run, vault: Path, tmp_path: Path) -> None:
    out = tmp_path / "trace.json"
    asked = ["simulate", vault, "--workers", "1,2", "--trace"]
    assert sealane(*asked, out, "--policy", "dataflow").code == 0
    events = json.loads(out.read_text())["traceEvents"]
    named = [
        event["args"]["name"] for event in events if event["ph"] == "M" and "name" in event["args"]
    ]
    assert named == ["vault.yaml: dataflow on 2 workers", "worker 0", "worker 1"]
    bars = [event for event in events if event["ph"] == "X"]
    assert [bar["name"] for bar in bars] == ["pay0", "pay1", "pay2", "pay3", "audit"]
    assert max(bar["ts"] + bar["dur"] for bar in bars) == 13
    ending = sealane(*asked, vault)
    assert ending.code == 2
    assert "would replace a file that is read; name another one" in ending.err
    assert sealane(*asked, tmp_path / "no" / "folder.json").code == 2


def test_quiet_shows_only_the_speed_ups(sealane: Run, vault: Path) -> None:
    out = sealane("simulate", vault, "--quiet", "--policy", "waves", "--workers", "2").out
    assert out.splitlines() == [
        "    policy        ×2",
        " A  waves    █  1.00",
        "    ceiling  █  1.00",
        "ceiling: what the file's order and so many workers allow",
    ]


def test_policies_that_leave_the_files_order_are_marked(sealane: Run, written: Write) -> None:
    """c comes first by priority, beside a; in the file's order it waits for b, and is the last."""
    path = written(
        "bids.yaml",
        "sealane: 1\ntransactions:\n"
        "  - {id: a, writes: [x], cost: 5}\n  - {id: b, writes: [x, y], cost: 1}\n"
        "  - {id: c, writes: [y], cost: 5, priority: 9}\n",
    )
    out = sealane("simulate", path, "--policy", "pack", "--policy", "fifo", "-w", "2", "-q").out
    assert " A  pack †   █  1.83\n" in out
    assert "★B  fifo     █  1.00\n" in out
    assert "ceiling  █  1.00\n" in out
    assert "† takes the block as a pool" in out
    assert "†" not in sealane("simulate", path, "--policy", "fifo", "-q").out


def test_an_empty_block_takes_no_time(sealane: Run, written: Write) -> None:
    empty = written("empty.yaml", "sealane: 1\ntransactions: []\n")
    document = sealane("simulate", empty, "--json").document
    assert {each["makespan"] for found in document["policies"].values() for each in found} == {0}
    assert "1.00 × one worker's speed" in sealane("simulate", empty).out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--policy", "dataflwo"], "no policy 'dataflwo'; did you mean dataflow? choose from wav"),
        (["--policy", "zzz"], "there is no policy 'zzz'; choose from waves"),
        (["--workers", "0"], "0 workers: choose from 1 to 1,024"),
        (["--workers", "2,,4"], "write numbers with commas between, such as 1,2,4"),
        (["--workers", "two"], "'two' is no integer"),
        (["--without", "valut"], "vault"),
        (["--without", "program:tokn"], "no transaction of this block calls that program"),
        (["--split", "vault"], "split 'vault': write ACCOUNT=K, such as vault=8"),
        (["--split", "vault=0"], "1 to 4,096 are possible"),
        (["--split", "valut=2"], "the nearest are vault"),
        (["--commutative", "valut"], "the nearest are vault"),
        (["--read-only", "valut"], "the nearest are vault"),
        (["--ordinary", "valut"], "the nearest are vault"),
        (["--crossing-cost", "-1"], "crossing cost -1"),
        (["--crossing-cost", "x"], "'x' is no integer"),
    ],
)
def test_what_cannot_be_is_refused(
    options: list[str], message: str, sealane: Run, vault: Path
) -> None:
    ending = sealane("simulate", vault, *options)
    assert ending.code == 2
    assert message in ending.err
    assert ending.out == ""


HOSTILE = ["[bold]x[/bold]", "a=b", "--json", "=", "vault 2", "ｖault", "votes"]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_changed_and_shown(name: str, sealane: Run, written: Write) -> None:
    fixture = {
        "sealane": 1,
        "transactions": [{"id": f"t{n}", "writes": [name]} for n in range(4)],
    }
    path = written("hostile.json", json.dumps(fixture))
    for option in (f"--without={name}", f"--read-only={name}", f"--split={name}=4"):
        ending = sealane("simulate", path, option, "--workers", "1,4")
        assert ending.code == 0, ending.err
        assert "4.00" in ending.out
        assert f"{option.removeprefix('--').replace('=', ' ', 1)}\n" in ending.out


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_it_fits_a_terminal(columns: int, vault: Path) -> None:
    arguments = ["simulate", vault, "--split", "vault=4"]
    out = on_a_terminal(arguments, columns=columns, NO_COLOR="1").out
    assert max(map(len, out.split("\n"))) <= columns
    assert "ceiling" in out
    assert "p50" in out
    assert "3.25" in out
