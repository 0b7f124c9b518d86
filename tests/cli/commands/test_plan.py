"""`sealane plan`: its JSON and its view, on fixtures and on real blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.render.lanes_view import drawn_count

from ...ingest.block_entries import block, legacy, signature
from ...real_data import ENCODINGS, MAINNET
from ..command import Ending, on_a_terminal

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]

# a: W x ── b: W x ── d: R x, W y          cost of the path a b d: 1 + 5 + 1
# c: W z
PLANNED = """
sealane: 1
transactions:
  - {id: a, writes: [x]}
  - {id: b, writes: [x], cost: 5}
  - {id: c, writes: [z]}
  - {id: d, reads: [x], writes: [y]}
"""


def test_the_document_has_the_contracts_keys_in_order(sealane: Run, written: Write) -> None:
    ending = sealane("plan", written("planned.yaml", PLANNED), "--json")
    assert ending.code == 0
    assert ending.document == {
        "waves": [["a", "c"], ["b"], ["d"]],
        "transactions": 4,
        "accounts": 3,
        "critical_path": {"transactions": ["a", "b", "d"], "cost": 7},
        "parallelism": 8 / 7,
        "hot_accounts": [
            {"account": "x", "writes": 2, "reads": 1, "adds": 0},
            {"account": "z", "writes": 1, "reads": 0, "adds": 0},
            {"account": "y", "writes": 1, "reads": 0, "adds": 0},
        ],
        "hot_groups": [
            {
                "accounts": ["x"],
                "transactions": 3,
                "critical_path_share": 1.0,
                "parallelism_without": 8 / 5,
                "without": won(5, 8 / 5, 8 / 5),
                "split_8": won(6, 8 / 6, 8 / 6),
                "commutative": won(6, 8 / 6, 8 / 6),
            }
        ],
        "knots": [{"accounts": ["x"], "steps": 2, "critical_path_cost": 5, "parallelism": 8 / 5}],
        "programs": [],
        "payers": [],
        "notes": [],
        "labels": {},
    }
    assert list(ending.document) == [
        "waves", "transactions", "accounts", "critical_path", "parallelism", "hot_accounts",
        "hot_groups", "knots", "programs", "payers", "notes", "labels",
    ]  # fmt: skip


def won(cost: int, parallelism: float, speed_up: float) -> dict[str, Any]:
    """The document of a win; of so small a block, one speed-up on 4 workers and more."""
    speed_ups = dict.fromkeys(("4", "16", "64"), speed_up)
    return {"critical_path_cost": cost, "parallelism": parallelism, "speed_up": speed_ups}


def test_lanes_are_predicted_for_each_number_of_workers(sealane: Run, written: Write) -> None:
    """a and b take 6 in turn, and c 1 beside them; then d."""
    path = written("p.yaml", PLANNED)
    document = sealane("plan", path, "--json", "--workers", "2,1").document
    assert document["lanes"] == [
        {"workers": 2, "makespan": 7, "speed_up": 8 / 7, "idle": 1 - 8 / 14},
        {"workers": 1, "makespan": 8, "speed_up": 1.0, "idle": 0.0},
    ]
    assert "lanes" not in sealane("plan", path, "--json").document
    out = sealane("plan", path, "--workers", "2,1").out
    assert "      2      1.14         7   43%\n      1      1.00         8    0%\n" in out
    assert "Lanes of 2  over time" in out
    assert sealane("plan", path, "--workers", "0").code == 2


def test_the_lanes_drawn_are_the_most_that_fit_or_the_last_named() -> None:
    assert drawn_count([1, 16, 2]) == 16
    assert drawn_count([4, 17, 64]) == 4
    assert drawn_count([64, 32]) == 32


def test_edges_are_included_on_request(sealane: Run, written: Write) -> None:
    document = sealane("plan", written("p.yaml", PLANNED), "--json", "--edges").document
    assert document["edges"] == [["a", "b"], ["b", "d"]]
    assert list(document)[-1] == "edges"


def test_the_view_has_waves_path_and_hot_accounts(sealane: Run, written: Write) -> None:
    out = sealane("plan", written("p.yaml", PLANNED), "--edges").out
    assert "3 waves, parallelism 1.1 (no number of workers gets beyond it)" in out
    assert "   0      2  █████████████████     2  a c" in out
    assert "   1      1  ████████▌             5  b" in out
    assert "3 transactions, cost 7 of 8 (87.5 %)" in out
    assert "  a\n  b\n  d\nbottlenecks x 2 of 2 steps" in out
    assert "x             2      1  ████" in out
    assert "Edges\na → b\nb → d\n" in out


def test_quiet_shows_only_the_summary(sealane: Run, written: Write) -> None:
    out = sealane("plan", written("p.yaml", PLANNED), "--quiet").out
    assert out.count("\n") == 2
    assert "3 waves, parallelism 1.1" in out


def test_an_empty_block(sealane: Run, written: Write) -> None:
    path = written("empty.yaml", "sealane: 1\n")
    document = sealane("plan", path, "--json").document
    assert document["waves"] == []
    assert document["critical_path"] == {"transactions": [], "cost": 0}
    assert document["parallelism"] == 1.0
    assert "0 transactions" in sealane("plan", path).out


def test_the_three_encodings_of_a_block_give_one_plan(sealane: Run) -> None:
    documents = [sealane("plan", path, "--json").out for path in ENCODINGS]
    assert documents[0] == documents[1] == documents[2]


def test_a_real_block_by_signatures_keys_and_compute_units(sealane: Run) -> None:
    path = MAINNET
    document = sealane("plan", path, "--json").document
    assert document["transactions"] == 602
    assert document["accounts"] == 3334
    assert sum(map(len, document["waves"])) == 602
    assert document["critical_path"]["cost"] > len(document["critical_path"]["transactions"])
    assert len(document["hot_accounts"]) == 10
    assert all(len(signature) > 80 for signature in document["waves"][0])
    out = sealane("plan", path).out
    assert document["hot_accounts"][0]["account"] in out, "keys are whole in a pipe"


def test_a_view_leads_with_what_holds_the_block_back(sealane: Run) -> None:
    """Every key as it is, for a pipe; what programs and knots win, as in the document."""
    out, document = sealane("plan", MAINNET).out, sealane("plan", MAINNET, "--json").document
    lines = out.split("\n")
    assert lines[3].startswith("What holds it back")
    for line, group in zip(lines[5:15], document["hot_groups"], strict=True):
        assert line.split()[: len(group["accounts"])] == group["accounts"]
        won = f"{group['parallelism_without']:.1f}"
        assert line.split()[-3] == (won if won != "7.9" else "same")
    assert f"Jupiter v6 {document['programs'][0]['program']}" in out
    knots = [f"{knot['parallelism']:.1f}" for knot in document["knots"]]
    together = out[out.index("What has to go together") :]
    assert re.findall(r" +\d+ +(\d+\.\d)\n", together)[:3] == knots
    assert "Two clocks: waves count transactions in turn" in out


def test_votes_can_be_left_out(sealane: Run) -> None:
    path = MAINNET
    document = sealane("plan", path, "--json", "--no-votes").document
    assert document["transactions"] == 602 - 158


@pytest.mark.parametrize("transactions", [6, 7])
def test_a_critical_path_is_complete_if_piped_and_cut_on_a_terminal(
    transactions: int, sealane: Run, written: Write
) -> None:
    text = f"sealane: 1\ngenerate: {{n: {transactions}, accounts: 2, shape: chain}}\n"
    path = written("chain.yaml", text)
    listed = "".join(f"  t{number}\n" for number in range(transactions))
    assert f"cost {transactions} of {transactions} (100.0 %)\n{listed}" in sealane("plan", path).out
    cut = "t2 → … 1 more … → t4" if transactions == 7 else "t2 → t3 → t4"
    assert cut in on_a_terminal(["plan", path], columns=100, NO_COLOR="1").out


# a: W x, cost 9 ── b: W x             the costliest chain: 10
# c: W y ── d: W y ── e: W y           the longest chain: 3
TWO_CHAINS = """
sealane: 1
transactions:
  - {id: a, writes: [x], cost: 9}
  - {id: b, writes: [x]}
  - {id: c, writes: [y]}
  - {id: d, writes: [y]}
  - {id: e, writes: [y]}
"""


def test_the_costliest_and_the_longest_chain_are_both_shown_if_they_differ(
    sealane: Run, written: Write
) -> None:
    out = sealane("plan", written("p.yaml", TWO_CHAINS)).out
    assert "the costliest chain" in out
    assert "2 transactions, cost 10 of 13 (76.9 %)\n  a\n  b\nbottlenecks x 1 of 1 step\n" in out
    assert "\nLongest chain  " in out
    assert "3 transactions, cost 3 of 13 (23.1 %)\n  c\n  d\n  e\n" in out
    assert "Longest chain" not in sealane("plan", written("p.yaml", PLANNED)).out


def test_the_substitute_for_missing_costs_is_reported(sealane: Run, written: Write) -> None:
    some = block(legacy(0), legacy(1, meta=None), legacy(2))
    said = "no compute units are recorded for 1 of 3 transactions: the median of the others stands"
    path = written("some.json", json.dumps(some))
    assert said in sealane("plan", path, "--quiet").out
    document = sealane("plan", path, "--json").document
    assert document["critical_path"]["cost"] == 3 * 150
    assert document["notes"][0].startswith(said)
    path = written("none.json", json.dumps(block(legacy(0, meta=None), legacy(1, meta=None))))
    assert "every transaction counts 1" in sealane("graph", path).out
    assert "recorded" not in sealane("plan", written("p.yaml", PLANNED)).out


def test_omitted_transactions_are_reported(sealane: Run, written: Write) -> None:
    later = legacy(1, version=2)
    path = written("later.json", json.dumps(block(legacy(0), later, legacy(2))))
    said = f"left out: transaction 1 ({signature(1)}): version 2 is not known here"
    assert said in sealane("plan", path).out
    assert said in sealane("explain", path, signature(0)).out
    assert said in sealane("plan", path, "--json").document["notes"][0]
    ending = sealane("replay", path)
    assert ending.code == 2
    assert f"transaction 1 ({signature(1)}) cannot be replayed: version 2" in ending.err


def test_a_path_with_a_newline_is_a_path_for_every_command(sealane: Run) -> None:
    endings = [sealane(command, "no\nsuch.yaml") for command in ("plan", "graph", "run")]
    assert {(ending.code, ending.err) for ending in endings} == {
        (2, "error: no\\nsuch.yaml: no such file; check the path\n")
    }


def test_labels_are_in_the_document_and_keys_stay(sealane: Run, written: Write) -> None:
    first = written("first.yaml", "{z: the zebra, nobody: x, So11: y}")
    second = written("second.json", '{"z": "Z"}')
    path = written("block.yaml", "{sealane: 1, transactions: [{writes: [z]}, {writes: [z, a]}]}")
    ending = sealane("plan", path, "--json", "--labels", first, "--labels", second)
    assert ending.document["labels"] == {"z": "Z"}
    assert [hot["account"] for hot in ending.document["hot_accounts"]] == ["z", "a"]
    graph = sealane("graph", path, "--json", "--labels", first).document
    assert graph["labels"] == {"z": "the zebra"}


def test_a_bad_file_of_labels_is_bad_input(sealane: Run, written: Write) -> None:
    path = written("block.yaml", "{sealane: 1, transactions: [{writes: [z]}]}")
    bad = written("labels.yaml", "z: Z\na: ''\n")
    ending = sealane("plan", path, "--labels", bad)
    assert ending.code == 2
    assert f"{bad}:2: a: the label is empty" in ending.err
    assert ending.out == ""


@pytest.mark.parametrize("command", ["plan", "graph", "explain", "simulate", "lint", "survey"])
def test_every_command_that_shows_accounts_takes_labels(
    sealane: Run, written: Write, command: str
) -> None:
    pay = "{instructions: [{system.transfer: {source: z, destination: y, lamports: 1}}]}"
    path = written(
        "block.yaml",
        f"{{sealane: 1, accounts: {{z: {{lamports: 9}}}}, transactions: [{pay}, {pay}]}}",
    )
    what = ["t1"] if command == "explain" else ["--without", "Z"] if command == "simulate" else []
    ending = sealane(command, path, *what, "--labels", written("labels.yaml", "z: Z"))
    assert ending.code == 0, ending.err
    bad = sealane(command, path, *what, "--labels", written("labels.yaml", "[]"))
    assert (bad.code, "expected a mapping, found a list" in bad.err) == (2, True)


@pytest.mark.parametrize(("readers", "code"), [(1_000, 0), (1_001, 2)])
def test_edges_are_listed_up_to_a_limit_and_counted_beyond_it(
    sealane: Run, written: Write, readers: int, code: int
) -> None:
    """All of 1,000 adds wait for all reads: 1,000,000 edges are listed, and no 1,000 more."""
    locks = ["reads"] * readers + ["adds"] * 1_000
    document = {"sealane": 1, "transactions": [{kind: ["hot"]} for kind in locks]}
    path = written("hot.json", json.dumps(document))
    assert f"{readers * 1_000:,} edges" in sealane("plan", path).out
    ending = sealane("plan", path, "--json", "--edges")
    assert ending.code == code
    if code:
        assert f"{path}: 1,001,000 edges are too many to list" in ending.err
    else:
        assert len(ending.document["edges"]) == 1_000_000
        assert ending.document["edges"][-1] == ["t999", "t1999"]
