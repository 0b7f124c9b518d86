"""`sealane replay`: real blocks come out as they were recorded, and a wrong one is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ...ingest import block_entries
from ...real_data import DEEP_CHAINS, document
from ..command import Ending

Run = Callable[..., Ending]


@pytest.fixture
def block() -> Path:
    return DEEP_CHAINS


@pytest.mark.parametrize("workers", [0, 2])
def test_no_mismatch(workers: int, sealane: Run, block: Path) -> None:
    ending = sealane("replay", block, "--json", "--workers", workers)
    assert ending.code == 0
    document = ending.document
    assert list(document)[-2:] == ["checked", "mismatches"]
    assert list(document)[:5] == ["file", "transactions", "accounts", "waves", "state_root"]
    assert document["mismatches"] == []
    assert document["checked"] > len(document["accounts"]) > 0
    assert document["workers"] <= workers
    assert len(document["transactions"]) == 57


@pytest.mark.parametrize("kind", ["history", "lattice", "merkle"])
def test_the_same_root_on_every_worker_count(sealane: Run, block: Path, kind: str) -> None:
    roots = {
        sealane("replay", block, "--json", "-w", workers, "--root", kind).document["state_root"]
        for workers in (0, 1, 2)
    }
    assert len(roots) == 1


def test_accounts_end_as_recorded(sealane: Run, block: Path) -> None:
    accounts = sealane("replay", block, "--json", "-w", "0").document["accounts"]
    assert all(name == account["key"] for name, account in accounts.items())
    assert any(account["lamports"] for account in accounts.values())


def test_the_view_counts_what_was_checked(sealane: Run, block: Path) -> None:
    out = sealane("replay", block, "-w", "0").out
    assert "balances checked, 0 mismatches" in out
    assert "state root " in out
    assert sealane("replay", block, "-w", "0", "--quiet").out == ""


def test_an_inconsistent_balance_is_a_mismatch(sealane: Run, block: Path, tmp_path: Path) -> None:
    recorded = document(block)
    meta = recorded["transactions"][-1]["meta"]
    meta["preBalances"][0] += 1
    meta["postBalances"][0] += 1
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(recorded))
    ending = sealane("replay", wrong, "-w", "0", "--json")
    assert ending.code == 1
    assert ending.document["mismatches"]
    assert list(ending.document["mismatches"][0]) == ["transaction", "account", "message"]
    view = sealane("replay", wrong, "-w", "0")
    assert view.code == 1
    assert "mismatch" in view.out


def test_a_fixture_has_nothing_to_replay(sealane: Run, fixtures: Path) -> None:
    ending = sealane("replay", fixtures / "chain.yaml")
    assert ending.code == 2
    assert "use run" in ending.err


def test_rent_is_reported_separately_from_the_fee(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "rent.json"
    path.write_text(json.dumps(block_entries.block(block_entries.charged(0, 1_250))))
    ending = sealane("replay", path, "-w", "0")
    assert ending.code == 0
    assert "0 mismatches" in ending.out
    assert "1,250 lamports of rent charged in 1 transaction" in ending.out
    replayed = sealane("replay", path, "-w", "0", "--json").document
    assert replayed["rent"] == 1250
    assert replayed["transactions"][0]["fee"] == 5000
