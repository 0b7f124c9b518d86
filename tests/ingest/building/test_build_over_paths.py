"""Fixtures over paths, as blocks: ids, ancestors and keys, whatever form the file has."""

from __future__ import annotations

import json

import pytest

import sealane
from sealane.primitives import InputError, Pubkey

TRANSACTIONS = [
    {"id": "pay", "writes": ["bank/alice"], "adds": ["fees/*"]},
    {"id": "audit", "reads": ["bank/*"], "cost": 3},
    {"id": "tip", "adds": ["fees", "bank/bob/tips"]},
    {"id": "close", "writes": ["*"]},
]
HEAD = {"sealane": 1, "resources": "paths"}
JSON = json.dumps({**HEAD, "transactions": TRANSACTIONS}).encode()
JSONL = "\n".join(map(json.dumps, [HEAD, *TRANSACTIONS])).encode()
YAML = b"""sealane: 1
resources: paths
transactions:
  - {id: pay, writes: [bank/alice], adds: [fees/*]}
  - {id: audit, reads: [bank/*], cost: 3}
  - {id: tip, adds: [fees, bank/bob/tips]}
  - {id: close, writes: ['*']}
"""


@pytest.mark.parametrize("content", [JSON, JSONL, YAML], ids=["json", "jsonl", "yaml"])
def test_every_form_of_a_file_gives_the_same_block(content: bytes) -> None:
    block = sealane.load(content)
    schedule = block.schedule()
    assert schedule.waves == [["pay"], ["audit"], ["tip"], ["close"]]
    assert list(schedule.names) == [
        "bank/alice", "fees", "bank", "bank/bob/tips", "*", "bank/bob",
    ]  # fmt: skip
    assert schedule.access.parents is not None
    assert schedule.access.parents.tolist() == [2, 4, 4, 5, -1, 2]
    assert [schedule.access.kinds_of(slice(None)).tolist()] == [[1, 2, 0, 2, 2, 1]]


def test_each_path_has_the_key_of_its_name() -> None:
    block = sealane.load(JSON)
    names = list(block.account_names)
    assert [Pubkey.of(name) for name in names] == list(block.block.keys)


def test_without_the_word_a_slash_is_a_letter() -> None:
    flat = sealane.load(JSON.replace(b"paths", b"flat")).schedule()
    assert flat.access.parents is None
    assert flat.waves == [["pay", "audit", "tip", "close"]]


def test_it_can_be_planned_and_not_run() -> None:
    block = sealane.load(JSON)
    with pytest.raises(sealane.UsageError, match="'pay' names only its locks"):
        block.block.require_runnable()


def test_more_paths_than_are_possible_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sealane.scheduler.paths.PATHS_MAX", 6)
    assert len(sealane.load(JSON).block.keys) == 6
    monkeypatch.setattr("sealane.scheduler.paths.PATHS_MAX", 5)
    with pytest.raises(InputError, match="transactions: more than 5 paths, with those above them"):
        sealane.load(JSON)


def test_more_accesses_below_others_than_are_possible_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All but the root's own are below it, and alice and the tips also below the bank."""
    monkeypatch.setattr("sealane.scheduler.hierarchy.ACCESSED_ABOVE_MAX", 7)
    assert len(sealane.load(JSON)) == 4
    monkeypatch.setattr("sealane.scheduler.hierarchy.ACCESSED_ABOVE_MAX", 6)
    with pytest.raises(InputError, match="transactions: 6 accesses lie below others 7 times"):
        sealane.load(JSON)


def test_typos_are_looked_for_among_declared_accounts() -> None:
    """`tokens` is no typo of the program: these transactions call none."""
    transactions = [{"writes": ["bank/alcie"]}, {"writes": ["tokens"]}]
    content: dict[str, object] = {
        **HEAD,
        "accounts": {"bank/alice": {}},
        "transactions": transactions,
    }
    warnings = sealane.load(json.dumps(content).encode()).warnings
    assert [warning.partition(": ")[2] for warning in warnings] == [
        "'bank/alcie' is neither declared nor a program; did you mean 'bank/alice'?"
    ]


def test_a_payer_is_a_path_that_is_written() -> None:
    content = {**HEAD, "transactions": [{"payer": "a/*", "reads": ["b"]}, {"reads": ["a/x"]}]}
    schedule = sealane.load(json.dumps(content).encode()).schedule()
    assert schedule.waves == [["t0"], ["t1"]]


def test_the_strongest_of_several_accesses_counts() -> None:
    """A read and an add conflict with everything, as a write does; with a write nothing is
    more."""
    for other in ("reads", "writes"):
        content = {"sealane": 1, "transactions": [{"adds": ["a"], other: ["a"]}, {"adds": ["a"]}]}
        access = sealane.load(json.dumps(content).encode()).schedule().access
        assert access.kinds_of(slice(None)).tolist() == [1, 2]


def test_transactions_in_python_add_as_well() -> None:
    pay = sealane.Transaction(adds=["vault"], reads=["price"])
    assert (pay.plan_only, repr(pay)) == (
        True,
        "<Transaction: locks alone, 0 written, 1 read, 1 added to>",
    )
    block = sealane.runtime.build_block([pay, sealane.Transaction(adds=["vault"])])
    assert block.access.kinds_of(slice(None)).tolist() == [0, 2, 2]
    with pytest.raises(sealane.UsageError, match="adds must be a list of accounts, not str"):
        sealane.Transaction(adds="vault")
