"""`sealane lint`: its JSON, its exit codes and its view, on fixtures and on real blocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ...real_data import MAINNET
from ..command import Ending, on_a_terminal

Run = Callable[..., Ending]
Write = Callable[[str, str], Path]


def test_the_document_has_the_contracts_keys(sealane: Run, fixtures: Path) -> None:
    ending = sealane("lint", fixtures / "lint_unneeded.yaml", "--json")
    assert (ending.code, ending.err) == (0, "")
    assert ending.document["findings"][0] == {
        "transaction": "ann",
        "account": "usdc",
        "kind": "unneeded-write",
        "waves_saved": 0,
        "critical_path_saved": 0,
        "mend": "declaration",
        "reason": "declared writable, never written",
    }
    assert [finding["transaction"] for finding in ending.document["findings"]] == [
        "ann", "ben", "cat", "cat",
    ]  # fmt: skip
    assert ending.document["if_all_mended"]["waves_saved"] == 2
    assert list(ending.document) == [
        "findings", "accounts", "if_all_mended", "writes", "writes_unknown", "unknown", "notes",
    ]  # fmt: skip


def test_what_it_states_is_the_difference_of_two_plans(
    sealane: Run, written: Write, fixtures: Path
) -> None:
    """The mint's three declarations changed by hand, in a copy of the file."""
    path = fixtures / "lint_unneeded.yaml"
    text = path.read_text()
    changed = text.replace("{key: usdc, writable: true}", "{key: usdc}")
    assert changed.count("{key: usdc}") == 3
    files = [path, written("mended.yaml", changed)]
    plans = [sealane("plan", file, "--json").document for file in files]
    waves = [len(plan["waves"]) for plan in plans]
    costs = [plan["critical_path"]["cost"] for plan in plans]
    account = sealane("lint", path, "--json").document["accounts"][0]
    assert account == {
        "account": "usdc",
        "transactions": 3,
        "waves_saved": waves[0] - waves[1],
        "critical_path_saved": costs[0] - costs[1],
    }
    runs = [sealane("run", file, "-w", "0", "--json").document for file in files]
    assert runs[0]["state_root"] == runs[1]["state_root"]


def test_something_undeclared_ends_in_1(sealane: Run, fixtures: Path) -> None:
    ending = sealane("lint", fixtures / "lint_undeclared.yaml")
    assert ending.code == 1
    assert "2 undeclared, 0 unneeded\nall mended: waves 1 → 2, critical path 1 → 2" in ending.out
    assert "ann must write shop: costs 1 wave, and 1 on the critical path\n" in ending.out
    assert "ReadonlyLamportChange: system may not set lamports from 0 to 1" in ending.out
    assert "account shop, declared read-only" in ending.out
    document = sealane("lint", fixtures / "lint_undeclared.yaml", "--json").document
    assert document["findings"][0]["waves_saved"] == -1


def test_quiet_shows_only_what_is_undeclared(sealane: Run, fixtures: Path) -> None:
    out = sealane("lint", fixtures / "lint_undeclared.yaml", "--quiet").out
    assert out.startswith("Undeclared")
    assert "Not known" not in out
    assert sealane("lint", fixtures / "lint_unneeded.yaml", "-q") == Ending(0, "", "")


def test_a_clean_block(sealane: Run, fixtures: Path) -> None:
    out = sealane("lint", fixtures / "payments.yaml").out
    assert out == (
        "payments.yaml  3 transactions · 3 writes declared, payers' apart\n"
        "✓ nothing is undeclared, and nothing found unneeded\n"
    )


def test_an_empty_block(sealane: Run, written: Write) -> None:
    path = written("empty.yaml", "sealane: 1\n")
    assert sealane("lint", path).code == 0
    assert sealane("lint", path, "--json").document["findings"] == []


def test_programs_of_ones_own(
    sealane: Run, fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(fixtures)
    ending = sealane("lint", "counter.yaml", "--program", "counter:counter")
    assert ending.code == 0
    assert "Not known  whether 4 of 6 writes are needed\n" in ending.out
    assert (
        "failed with ArithmeticOverflow: what it would touch after that is not known" in ending.out
    )


def test_plan_only_transactions_are_refused(sealane: Run, written: Write) -> None:
    path = written("plan.yaml", "sealane: 1\ntransactions: [{id: look, reads: [a]}]\n")
    ending = sealane("lint", path)
    assert (ending.code, ending.out) == (2, "")
    assert ending.err == (
        f"error: {path}: 'look' names only its locks: it touches nothing to compare them with, so "
        "it cannot be linted; give it instructions\n"
    )


def test_a_real_block_says_what_it_proves_and_what_it_does_not(sealane: Run) -> None:
    out = sealane("lint", MAINNET).out
    assert "0 undeclared, 127 unneeded\n" in out
    assert "wrapped SOL So11111111111111111111111111111111111111112   3     −1  −469,801\n" in out
    assert "whether a program insists on it is not recorded" in out
    assert "Not known  whether 5,426 of 6,020 writes are needed\n" in out
    assert "305 transactions  failed: what it would have written is not known\n" in out
    without = sealane("lint", MAINNET, "--no-votes", "--json").document
    assert without["writes"] == 6020 - 158


def test_names_that_look_like_markup_are_shown_as_they_are(sealane: Run, written: Write) -> None:
    name = "[bold red]x[/] 全" + "=" * 180
    limit = {"program": "compute_budget", "data": "hex:02400d0300"}  # takes no account
    call = {**limit, "accounts": [{"key": name, "writable": True}]}
    document = {"sealane": 1, "transactions": [{"id": name, "instructions": [call]}]}
    path = written("odd.json", json.dumps(document))
    assert f"{name}  {name}      ·     ·\n" in sealane("lint", path).out
    found = sealane("lint", path, "--json").document["findings"][0]
    assert (found["transaction"], found["account"]) == (name, name)
    out = on_a_terminal(["lint", path], columns=40, NO_COLOR="1").out
    assert max(map(len, out.split("\n"))) <= 40


ESCAPING = """
from sealane.programs import Errors, Program, UncheckedAccount, fail
from sealane.primitives import InstructionErrors
escaping = Program("escaping")

@escaping.instruction(tag=0)
def lie(account: UncheckedAccount) -> None:
    error = InstructionErrors.ReadonlyDataModified
    fail(error, "\\x1b[31m\\n\u202e", account=account)
"""


def test_what_a_program_says_is_escaped(
    sealane: Run, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written("escaping.py", ESCAPING).parent
    monkeypatch.chdir(folder)
    text = "{sealane: 1, transactions: [{id: t, instructions: [{escaping.lie: {account: a}}]}]}"
    written("t.yaml", text)
    ending = sealane("lint", "t.yaml", "--program", "escaping:escaping")
    assert ending.code == 1
    assert "\x1b" not in ending.out
    assert "ReadonlyDataModified: \\x1b[31m\\n\\u202e" in ending.out


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("name", ["lint_unneeded.yaml", "lint_undeclared.yaml", "mainnet"])
def test_it_fits_any_terminal(name: str, columns: int, fixtures: Path) -> None:
    path = MAINNET if name == "mainnet" else fixtures / name
    out = on_a_terminal(["lint", path], columns=columns, NO_COLOR="1").out
    assert max(map(len, out.split("\n"))) <= columns
    assert "all mended: " in out
