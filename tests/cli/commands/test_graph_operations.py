"""`sealane graph --operations`: the operations of a Sei block, with what each waits for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..command import Ending

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]

# wA → c ═▶ rA ; rA ═▶ wA
CASE: Any = {
    "cases": [
        {
            "name": "chain",
            "ops": [
                [0, -1, "READ", "Mem", "*"],
                [0, 0, "WRITE", "KV", "A"],
                [0, 0, "COMMIT", "ANY", "*"],
                [1, 0, "READ", "KV", "A"],
                [1, 0, "COMMIT", "ANY", "*"],
                [2, 0, "WRITE", "KV", "A"],
                [2, 0, "COMMIT", "ANY", "*"],
            ],
        }
    ]
}


def test_operations_are_a_table(sealane: Run, written: Write) -> None:
    path = written("case.json", json.dumps(CASE))
    out = sealane("graph", path, "--operations").out
    assert "7 operations · 3 edges" in out
    rows = [line.split() for line in out.splitlines() if line.strip()[:1].isdigit()]
    assert rows[-7:] == [
        ["0", "t0", "ante", "READ", "Mem", "*"],
        ["1", "t0", "0", "WRITE", "KV", "A"],
        ["2", "t0", "0", "COMMIT", "ANY", "*"],
        ["3", "t1", "0", "READ", "KV", "A", "2"],
        ["4", "t1", "0", "COMMIT", "ANY", "*"],
        ["5", "t2", "0", "WRITE", "KV", "A", "2", "3"],
        ["6", "t2", "0", "COMMIT", "ANY", "*"],
    ]
    assert "edges" not in sealane("graph", path, "--operations", "--quiet").out


def test_operations_as_json(sealane: Run, written: Write) -> None:
    path = written("case.json", json.dumps(CASE))
    document = sealane("graph", path, "--operations", "--json").document
    assert document["case"] == "chain"
    assert document["edges"] == [[2, 3], [2, 5], [3, 5]]
    assert document["transaction_edges"] == [["t0", "t1"], ["t0", "t2"], ["t1", "t2"]]
    assert document["nodes"][0] == {
        "id": 0,
        "transaction": "t0",
        "message": -1,
        "access": "READ",
        "resource": "Mem",
        "identifier": "*",
    }
    assert sealane("graph", path, "--operations", "--format", "json").document == document


def test_what_has_no_operations_is_refused(sealane: Run, written: Write) -> None:
    fixture = written("small.yaml", "sealane: 1\ntransactions: [{writes: [a]}]\n")
    refused = sealane("graph", fixture, "--operations")
    assert (refused.code, refused.out) == (2, "")
    assert "only blocks of Sei declare operations" in refused.err
    path = written("case.json", json.dumps(CASE))
    for option in (["--format", "dot"], ["--around", "t0"], ["--all-conflicts"]):
        refused = sealane("graph", path, "--operations", *option)
        assert refused.code == 2
        assert "leave out the options" in refused.err


def test_a_governance_message_leaves_no_graph(sealane: Run, written: Write) -> None:
    transactions = [{"messages": [{"@type": "/cosmos.gov.v1beta1.MsgVote"}]}]
    path = written("gov.json", json.dumps({"chain": "sei", "transactions": transactions}))
    refused = sealane("graph", path, "--operations")
    assert refused.code == 2
    assert "'t0' has a governance message" in refused.err
    assert sealane("plan", path).code == 0


def test_each_block_of_a_file_is_shown(sealane: Run, written: Write) -> None:
    other = {"name": "other", "ops": [[0, 0, "READ", "KV", "*"]]}
    path = written("cases.json", json.dumps({"cases": [*CASE["cases"], other]}))
    out = sealane("graph", path, "--operations").out
    assert out.index("chain\n") < out.index("7 operations") < out.index("other\n")
    documents = sealane("graph", path, "--operations", "--json").document
    assert [(each["case"], len(each["nodes"])) for each in documents] == [
        ("chain", 7),
        ("other", 1),
    ]
    one = sealane("graph", path, "--operations", "--json", "--case", "other").document
    assert one == documents[1]
