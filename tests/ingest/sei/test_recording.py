"""Blocks of Sei behind the interface of all chains: every file plans, as its operations demand."""

from __future__ import annotations

import json
from typing import Any

import networkx as nx
import pytest
from hypothesis import given

import sealane
from sealane.ingest.sei.block import Message, SeiBlock, SeiTransaction
from sealane.ingest.sei.case_documents import read_case_document
from sealane.ingest.sei.described import described
from sealane.ingest.sei.operation_graph import OperationNode, operation_graph
from sealane.ingest.sei.paths import path_columns
from sealane.primitives import InputError, UsageError
from sealane.scheduler import Schedule

from .random_operations import blocks
from .sei_data import FILES, sei_document, sei_path
from .sei_documents import ALICE, BOB, CONTRACT, sends


def load(document: object) -> sealane.LoadedBlock:
    return sealane.load(json.dumps(document).encode())


@pytest.mark.parametrize("name", FILES)
def test_every_file_plans(name: str) -> None:
    for block in sealane.load_all(sei_path(name)):
        schedule = block.schedule()
        assert block.chain == "sei"
        assert sum(map(len, schedule.waves)) == len(block) > 1
        assert schedule.explain(block.ids[-1])
        assert schedule.simulate(workers=[2])


# Counted by hand from the files.
FIGURES = {
    "dag_cases": [["t0"], ["t1", "t2"], ["t3"]],
    "mapping_examples": [1, 1, 1],
    "message_mappings": [1] * 8,
    "resource_tree": [1, 2, 15, 64],
    "validation_cases": [4, 1, 1, 1, 1],
}


@pytest.mark.parametrize("name", FILES)
def test_the_waves_of_every_file(name: str) -> None:
    waves = sealane.load_all(sei_path(name))[0].schedule().waves
    expected = FIGURES[name]
    assert (waves if name == "dag_cases" else [len(wave) for wave in waves]) == expected


def test_waves_are_those_of_upstreams_edges() -> None:
    for case, block in zip(
        sei_document("dag_cases")["cases"], sealane.load_all(sei_path("dag_cases")), strict=True
    ):
        assert block.case == case["name"]
        graph: Any = nx.DiGraph([(f"t{one}", f"t{other}") for one, other in case["tx_edges"]])
        layers = [sorted(layer) for layer in nx.topological_generations(graph)]
        assert [sorted(wave) for wave in block.schedule().waves] == layers


def _levels(count: int, edges: list[tuple[int, int]]) -> list[int]:
    levels = [0] * count
    for earlier, later in sorted(edges, key=lambda edge: edge[1]):
        levels[later] = max(levels[later], levels[earlier] + 1)
    return levels


@given(blocks())
def test_waves_are_those_of_the_operations(nodes: list[OperationNode]) -> None:
    count = 1 + max((node.transaction for node in nodes), default=-1)
    block = SeiBlock(
        [
            SeiTransaction(
                f"t{n}",
                (Message(0, "", tuple(e.operation for e in nodes if e.transaction == n)),),
            )
            for n in range(count)
        ]
    )
    planned = described(block, path_columns(block), {}).block
    schedule = Schedule(planned.access, planned.costs, ids=block.ids)
    levels = {each: level for level, wave in enumerate(schedule.waves) for each in wave}
    expected = _levels(count, operation_graph(nodes).transaction_edges)
    assert [levels[each] for each in block.ids] == expected


def test_a_block_says_why_a_transaction_waits() -> None:
    block = load(sends((ALICE, BOB), (CONTRACT, CONTRACT), (BOB, CONTRACT)))
    schedule = block.schedule()
    assert schedule.waves == [["t0", "t1"], ["t2"]]
    explained = schedule.explain("t2", "t0")
    assert f"KV_BANK_BALANCES/{BOB}" in str(explained.to_dict())
    assert [each.account for each in schedule.hot_accounts] == [
        f"KV_BANK_BALANCES/{BOB}",
        f"KV_BANK_BALANCES/{CONTRACT}",
        f"KV_BANK_BALANCES/{ALICE}",
    ]


def test_messages_are_calls_of_their_package() -> None:
    schedule = load(sends((ALICE, BOB), (ALICE, BOB))).schedule()
    assert schedule.about.calls == [("cosmos.bank.v1beta1.MsgSend",)] * 2
    assert schedule.about.programs == [("cosmos.bank.v1beta1",)] * 2
    left = schedule.changed(without=["program:cosmos.bank.v1beta1"])
    assert len(left.ids) == 0
    with pytest.raises(UsageError, match="program:nobody"):
        schedule.changed(without=["program:nobody"])


def test_gas_is_the_cost_and_the_median_stands_in_for_what_is_missing() -> None:
    document = sends((ALICE, BOB), (ALICE, BOB), (ALICE, BOB), (ALICE, BOB))
    for transaction, gas in zip(document["transactions"], (7, "90", 8, None), strict=True):
        if gas is not None:
            transaction["gas_used"] = gas
    block = load(document)
    assert block.block.costs.tolist() == [7, 90, 8, 8]
    assert block.notes == (
        "no gas is recorded for 1 of 4 transactions: the median of the others stands in",
    )
    assert load(sends((ALICE, BOB))).notes == ("no gas is recorded: every transaction counts 1",)


def test_a_block_with_a_governance_message_runs_in_sequence() -> None:
    document = sends((ALICE, ALICE), (BOB, BOB), (CONTRACT, CONTRACT))
    assert len(load(document).schedule().waves) == 1
    document["transactions"][2]["messages"] = [{"@type": "/cosmos.gov.v1beta1.MsgDeposit"}]
    block = load(document)
    assert len(block.schedule().waves) == 3
    assert "t2 has a governance message" in block.notes[0]


def test_a_malformed_document_names_its_file_and_its_place() -> None:
    with pytest.raises(InputError, match=r"<bytes>: transactions\[0\]: expected an object"):
        load({"chain": "sei", "transactions": [1]})


def test_of_several_cases_one_is_named() -> None:
    case: dict[str, Any] = {"name": "one", "ops": [[0, 0, "READ", "KV", "*"]]}
    document: dict[str, Any] = {"cases": [case, {"ops": []}]}
    assert [each.case for each in read_case_document(document)] == ["one", None]
    raw = json.dumps(document).encode()
    assert sealane.load(raw, case="one").ids == ["t0"]
    with pytest.raises(UsageError, match="2 blocks in one file; name a case: 0: one, 1: "):
        sealane.load(raw)
