"""Values that a caller meets at a prompt show themselves in one short line."""

from __future__ import annotations

from pathlib import Path

import pytest

import sealane
from sealane.primitives.one_line import REPR_LEN_MAX
from sealane.programs.library import token

LONG = "x" * 200
FIXTURE = f"""
sealane: 1
accounts: {{alice: {{lamports: 9}}, {LONG}: {{lamports: 1}}}}
transactions:
  - id: pay
    instructions: [{{system.transfer: {{source: alice, destination: bob, lamports: 4}}}}]
  - {{id: look, reads: [bob, {LONG}]}}
""".encode()


class Mine(sealane.StandardRoutes):
    """A policy of a user's own."""


@pytest.fixture
def loaded() -> sealane.LoadedBlock:
    return sealane.load(FIXTURE)


def test_of_the_scheduler(loaded: sealane.LoadedBlock) -> None:
    schedule = loaded.schedule()
    assert [repr(each) for each in (schedule.access, schedule.dag, schedule.dag.waves)] == [
        "<AccessLists of 2 transactions, 3 accounts, 4 accesses>",
        "<Dag of 2 transactions, 1 edges, 2 waves>",
        "<Waves: 2 of 2 transactions>",
    ]
    assert repr(schedule.plan(2)) == "<Plan of 2 transactions, 2 lanes, 1 tasks, 0 waits>"


def test_of_names(loaded: sealane.LoadedBlock) -> None:
    shown = repr(loaded.schedule().names)
    assert shown.startswith("<names of 3 accounts: alice, bob, xxx")
    assert len(shown) <= REPR_LEN_MAX


def test_of_parameters() -> None:
    assert [repr(each) for each in (token.transfer.accounts[0], *token.transfer.arguments)] == [
        "<account source: Mut[UncheckedAccount]>",
        "<argument amount: u64>",
    ]
    every = [
        each for spec in token.instructions.values() for each in (*spec.accounts, *spec.arguments)
    ]
    assert max(len(repr(each)) for each in every) <= REPR_LEN_MAX


def test_of_a_runtime_and_its_parts(tmp_path: Path) -> None:
    with sealane.Runtime(workers=0, route=Mine()) as runtime:
        runtime.set_account("alice", lamports=9)
        runtime.execute([])
        assert repr(runtime.route) == "<Mine>"
        assert repr(runtime.programs).startswith("<5 programs: associated_token, compute_budget, ")
        root = runtime.state_root[:12]
        assert repr(runtime.state) == f"<MemoryState at height 1, root {root}…>"
        assert repr(runtime.snapshot()) == "<Snapshot at height 1, slot 0>"
    with sealane.Runtime(workers=0, store=tmp_path / LONG) as runtime:
        assert repr(runtime.state).startswith("<Store ")
        assert len(repr(runtime.state)) <= REPR_LEN_MAX
