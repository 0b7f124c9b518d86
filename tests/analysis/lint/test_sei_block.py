"""Lint of Sei's blocks: events without operations, operations without events, and covered ones."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

import sealane
from sealane.analysis.lint import Finding, Kind, Lint, lint
from sealane.analysis.lint.covered_operations import covered_operations
from sealane.ingest.sei.operations import COMMIT, Access, Operation, conflict
from sealane.ingest.sei.resource_tree import RESOURCES

from ...ingest.sei.random_operations import messages
from ...ingest.sei.sei_data import FILES, sei_document, sei_path
from ...ingest.sei.sei_documents import ops

BANK = "KV_BANK_BALANCES"


def linted(*transactions: tuple[list[str], list[str] | None]) -> Lint:
    """Of transactions with one message each: its operations but the commit, and its events."""
    listed: list[dict[str, Any]] = []
    for operations, events in transactions:
        message: dict[str, Any] = {"access_ops": ops(*operations)}
        if events is not None:
            message["events"] = [each.split(" ") for each in events]
        listed.append({"messages": [message]})
    return lint(sealane.load(json.dumps({"chain": "sei", "transactions": listed}).encode()))


def told(result: Lint) -> list[tuple[str, str | None, str]]:
    return [(each.transaction, each.account, each.kind.value) for each in result.findings]


def saved(finding: Finding) -> tuple[int, int]:
    assert finding.saved is not None
    return finding.saved.waves, finding.saved.critical_path


@pytest.mark.parametrize(
    ("operations", "events", "expected"),
    [
        ([f"READ {BANK} 02a"], ["read 02a bank"], []),
        ([], ["read 02a bank"], [(f"{BANK}/02a", "undeclared-read")]),
        ([f"READ {BANK} 02a"], ["write 02a bank"], ["write", "account"]),
        ([f"WRITE {BANK} 02a"], ["read 02a bank"], ["read", "unneeded-write"]),
        ([f"UNKNOWN {BANK} 02a"], ["read 02a bank"], [(f"{BANK}/02a", "unneeded-write")]),
        ([f"UNKNOWN {BANK} 02a"], ["write 02a bank"], []),
        ([f"WRITE {BANK} 02a"], [], [(f"{BANK}/02a", "unneeded-account")]),
        (
            [f"READ {BANK} 02a", f"WRITE {BANK} 02a"],
            [],
            [(f"{BANK}/02a", "unneeded-account")],
        ),
        (
            [f"READ {BANK} 02a", f"WRITE {BANK} 02a"],
            ["write 02a bank"],
            [(f"{BANK}/02a", "unneeded-operation")],
        ),
        (["WRITE KV_BANK *"], ["write 0fab bank"], []),
        ([], ["write 0fab bank"], [("KV_BANK", "undeclared-write")]),
        ([], ["write ab nowhere"], [("nowhere/ab", "undeclared-write")]),
        ([], ["write ab params"], []),
    ],
)
def test_each_kind(
    operations: list[str], events: list[str], expected: list[tuple[str, str] | str]
) -> None:
    short = {
        "write": (f"{BANK}/02a", "undeclared-write"),
        "read": (f"{BANK}/02a", "undeclared-read"),
        "account": (f"{BANK}/02a", "unneeded-account"),
        "unneeded-write": (f"{BANK}/02a", "unneeded-write"),
    }
    found = linted((operations, events))
    wanted = [short[each] if isinstance(each, str) else each for each in expected]
    assert [(account, kind) for _, account, kind in told(found)] == wanted


def test_a_finding_says_message_operation_and_why() -> None:
    (finding,) = linted(([f"READ {BANK} 02a"], ["read 02ab bank", "write 02ab bank"])).findings
    assert finding.reason == (
        "message 0 writes key 02ab of store bank, and no operation covers that"
    )
    (finding,) = linted(([f"READ {BANK} 02a"], [])).findings
    assert finding.reason == f"message 0, operation 0 (READ {BANK} 02a): no event touches it"


def test_prices_are_the_difference_of_two_plans() -> None:
    # t0 writes a; t1 says it writes a and b, and reads a; t2 writes b without a word.
    result = linted(
        ([f"WRITE {BANK} 02a"], ["write 02a bank"]),
        ([f"UNKNOWN {BANK} 02a", f"WRITE {BANK} 02b"], ["read 02a bank"]),
        ([], ["write 02b bank"]),
    )
    assert told(result) == [
        ("t2", f"{BANK}/02b", "undeclared-write"),
        ("t1", f"{BANK}/02a", "unneeded-write"),
        ("t1", f"{BANK}/02b", "unneeded-account"),
    ]
    assert (result.before.waves, result.after.waves) == (2, 2)
    # t0 ─a─▶ t1 ─b─▶ t2 if only what is missing is declared.
    assert list(map(saved, result.findings)) == [(-1, -1), (0, 0), (0, 0)]


def test_a_lock_that_nobody_needs_is_worth_the_waves_that_it_costs() -> None:
    result = linted(
        ([f"WRITE {BANK} 02a"], ["write 02a bank"]),
        ([f"WRITE {BANK} *"], []),
        ([f"WRITE {BANK} 02b"], ["write 02b bank"]),
    )
    (finding,) = result.findings
    assert saved(finding) == (2, 2)
    assert result.after == (1, 1)
    (account,) = result.accounts
    assert (account.account, account.transactions, tuple(account.saved)) == (BANK, 1, (2, 2))


def test_all_mended_is_a_plan_with_what_is_missing() -> None:
    result = linted(
        ([f"WRITE {BANK} 02a"], ["write 02a bank"]),
        ([], ["write 02a bank"]),
        ([f"WRITE {BANK} 02a"], ["read 02a bank"]),
        ([f"WRITE {BANK} 02a"], ["read 02a bank"]),
    )
    assert (result.before.waves, result.after.waves) == (3, 3)
    assert result.total.waves == 0  # the second waits for the first, and for it those that read


def test_what_is_new_to_the_block_stands_below_its_type() -> None:
    result = linted(([f"WRITE {BANK} *"], None), ([], ["write 02a bank"]))
    assert [saved(each) for each in result.undeclared] == [(-1, -1)]


def test_a_transaction_without_events_cannot_be_judged() -> None:
    result = linted(([f"WRITE {BANK} 02a", f"READ {BANK} 02b"], None), ([], []))
    assert [(each.transaction, each.writes) for each in result.unknown] == [("t0", 1)]
    assert (result.writes, result.writes_unknown) == (1, 1)


def test_nothing_is_missing_for_what_runs_by_itself() -> None:
    assert told(linted((["UNKNOWN ANY *"], ["write 02a nowhere"]))) == []


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_linted(name: str) -> None:
    for block in sealane.load_all(sei_path(name)):
        json.dumps(lint(block).to_dict())


def test_what_upstream_finds_missing_is_found_missing() -> None:
    result = lint(sealane.load(sei_path("validation_cases")))
    cases = sei_document("validation_cases")["validate_access_operations"]
    assert [each.transaction for each in result.undeclared] == [
        case["name"] for case in cases for _ in case["missing"]
    ]
    assert [(each.transaction, each.account, each.kind) for each in result.unneeded] == [
        ("extra access ops", "KV/abc/defg", Kind.UNNEEDED_ACCOUNT)
    ]


def test_the_chains_own_mappings_have_operations_that_order_nothing() -> None:
    result = lint(sealane.load(sei_path("message_mappings")))
    assert result.undeclared == ()
    assert {each.kind for each in result.findings} == {Kind.UNNEEDED_OPERATION}
    send = [each.reason for each in result.findings if each.transaction == "banktypes.MsgSend"]
    assert [reason.partition("): ")[2] for reason in send if "COMMIT" in reason] == [
        "only the last commit counts, operation 11",
        "only the last commit counts, operation 11",
    ]
    # A read beside its write, for each of sender, receiver, account and account number.
    assert len(send) == 6
    evm = [each for each in result.findings if each.transaction == "evmtypes.MsgEVMTransaction"]
    assert len(evm) == 14  # all that stands beside UNKNOWN ANY, and a commit
    assert all("operation 13 (UNKNOWN ANY *) covers it" in each.reason for each in evm[:13])
    assert all(saved(each) == (0, 0) for each in result.findings)
    assert "a read that a write covers orders nothing" in result.notes[-1]


def test_messages_alike_are_told_once() -> None:
    twice = [f"READ {BANK} 02a", f"READ {BANK} 02a"]
    (finding,) = linted((twice, None), (twice, None), (twice, None)).findings
    assert finding.transaction == "t0"
    assert finding.reason.endswith("it repeats operation 0, and 2 other messages alike")


EVERYTHING = [
    Operation(access, resource, identifier)
    for access in (Access.READ, Access.WRITE)
    for resource in RESOURCES.values()
    for identifier in ("*", "a", "b", "a/b", "other")
]


def _ordered(operations: list[Operation]) -> set[int]:
    """Which of all operations conflict with one of these."""
    return {n for n, x in enumerate(EVERYTHING) if any(conflict(o, x) for o in operations)}


@given(messages)
def test_without_what_is_covered_a_message_orders_as_much(operations: list[Operation]) -> None:
    covered = {each.place for each in covered_operations(operations)}
    kept = [each for n, each in enumerate(operations) if n not in covered]
    assert _ordered(kept) == _ordered(operations)
    assert kept.count(COMMIT) == (operations[-1:] == [COMMIT])
    for each in kept:
        others = [other for other in kept if other is not each and not other.is_commit]
        assert each.is_commit or not any(_ordered([each]) <= _ordered([o]) for o in others)


def test_progress_runs_once_over_twice_the_transactions() -> None:
    steps: list[int] = []
    document = {"chain": "sei", "transactions": [{"access_ops": ops("READ KV *")}] * 3}
    lint(sealane.load(json.dumps(document).encode()), progress=steps.append)
    assert steps == [1, 2, 3]
    document["transactions"] = [{"access_ops": ops("READ KV *", "READ KV *")}] * 3
    steps.clear()
    lint(sealane.load(json.dumps(document).encode()), progress=steps.append)
    assert steps == sorted(steps)
    assert steps[-1] <= 6
