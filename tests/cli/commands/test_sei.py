"""The commands on blocks of Sei: every file there is, and what a block without values cannot do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ...ingest.sei.sei_data import FILES, sei_path
from ...ingest.sei.sei_documents import ALICE, BOB, CONTRACT, sends
from ..command import Ending

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]


@pytest.mark.parametrize("name", [name for name in FILES if name != "dag_cases"])
def test_every_file_is_planned_drawn_and_simulated(sealane: Run, name: str) -> None:
    path = sei_path(name)
    plan = sealane("plan", path, "--json", "--edges").document
    assert plan["transactions"] == sum(map(len, plan["waves"]))
    first, last = plan["waves"][0][0], plan["waves"][-1][-1]
    for command in (
        ["graph", path],
        ["graph", path, "--json"],
        ["graph", path, "--operations"],
        ["explain", path, last],
        ["explain", path, first, last],
        ["simulate", path, "--json"],
        ["survey", path],
        ["lint", path, "--json"],
    ):
        ended = sealane(*command)
        assert ended.out
        assert ended.code == (1 if (command[0], name) == ("lint", "validation_cases") else 0)


@pytest.mark.parametrize("command", ["replay", "verify"])
def test_a_block_without_values_cannot_be_replayed(
    sealane: Run, written: Write, command: str
) -> None:
    ended = sealane(command, written("sends.json", json.dumps(sends((ALICE, BOB)))))
    assert (ended.code, ended.out) == (2, "")
    assert "a block of Sei records no" in ended.err
    assert "to replay" in ended.err


def test_a_block_of_sei_is_not_run(sealane: Run, written: Write) -> None:
    ended = sealane("run", written("sends.json", json.dumps(sends((ALICE, BOB)))))
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be run; use plan, graph, explain" in ended.err


def test_missing_operations_end_with_1(sealane: Run, written: Write) -> None:
    document = sends((ALICE, BOB), (BOB, CONTRACT))
    document["transactions"][0]["messages"][0]["events"] = [["write", "02ff", "bank"]]
    path = written("sends.json", json.dumps(document))
    ended = sealane("lint", path)
    assert ended.code == 1
    assert "t0 must write KV_BANK_BALANCES/02ff" in ended.out
    (missing, *unneeded) = sealane("lint", path, "--json").document["findings"]
    assert (missing["transaction"], missing["account"]) == ("t0", "KV_BANK_BALANCES/02ff")
    assert missing["kind"] == "undeclared-write"
    assert [each["kind"] for each in unneeded] == ["unneeded-account"] * 2
    assert [each["waves_saved"] for each in unneeded] == [1, 0]


def test_unneeded_operations_are_told_with_their_reason(sealane: Run) -> None:
    out = sealane("lint", sei_path("message_mappings")).out
    assert (
        "Unneeded operations  other operations order as much: leave these out of the mapping\n"
        in out
    )
    assert (
        "banktypes.MsgSend  message 0 (banktypes.MsgSend), operation 0 (READ KV_BANK_BALANCES "
        "fromAddrIdentifier): operation 1 (WRITE KV_BANK_BALANCES fromAddrIdentifier) covers it"
    ) in " ".join(out.split()).replace(
        "banktypes.MsgSend message 0", "banktypes.MsgSend  message 0"
    )
    assert "waves and path:" not in out


def test_a_survey_of_several_chains_names_each(sealane: Run, written: Write) -> None:
    sei = written("sends.json", json.dumps(sends((ALICE, BOB))))
    fixture = written("f.yaml", "sealane: 1\ntransactions: [{writes: [a]}]\n")
    rows = sealane("survey", sei, fixture, "--csv", "-").out.splitlines()
    chain = rows[0].split(",").index("chain")
    assert [row.split(",")[chain] for row in rows[1:]] == ["sei", "fixture"]
