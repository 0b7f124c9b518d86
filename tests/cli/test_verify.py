"""`sealane verify`: it passes what is deterministic, and names what is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Ending, in_process_of_its_own

Run = Callable[..., Ending]

KEEPING = '''
from sealane.programs import Program, Mut, Layout, u64

class Note(Layout):
    value: u64

keeping = Program("keeping", layouts=[Note])
calls = 0

@keeping.instruction(tag=0)
def note(book: Mut[Note]) -> None:
    """Writes how many calls this process has seen: something that no access list declares."""
    global calls
    calls += 1
    book.value = calls
'''
BOOKS = """
sealane: 1
accounts:
  p: {lamports: 9}
  a: {lamports: 9, owner: keeping, data: {layout: keeping.Note, value: 0}}
  b: {lamports: 9, owner: keeping, data: {layout: keeping.Note, value: 0}}
transactions:
  - {id: one, payer: p, instructions: [{keeping.note: {book: a}}]}
  - {id: two, payer: p, instructions: [{keeping.note: {book: b}}]}
"""


def test_a_fixture_passes(sealane: Run, fixtures: Path) -> None:
    ending = sealane("verify", fixtures / "failure.yaml", "--json", "--workers", 1)
    assert ending.code == 0
    document = ending.document
    assert list(document) == ["file", "variants", "differences"]
    assert document["differences"] == []
    assert document["variants"][:4] == [
        "serial, again",
        "in this process, by waves",
        "1 worker",
        "1 worker, whole block",
    ]


def test_the_view_lists_every_way(sealane: Run, fixtures: Path) -> None:
    out = sealane("verify", fixtures / "chain.yaml", "--workers", 0).out
    assert "serial, again              same" in out
    assert "1 worker, whole block      same" in out
    assert "✓ the same receipts and accounts in" in out


def test_a_real_block_passes(sealane: Run, shared_data: Path) -> None:
    path = shared_data / "solana" / "block_314167369.json"
    assert sealane("verify", path, "--workers", 2, "--quiet") == Ending(0, "", "")


def test_a_program_that_keeps_something_is_named(
    tmp_path: Path, sealane: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keeping.py").write_text(KEEPING)
    (tmp_path / "books.yaml").write_text(BOOKS)
    ending = in_process_of_its_own(
        "verify", "books.yaml", "-p", "keeping:keeping", "-w", "0", cwd=tmp_path
    )
    assert ending.code == 1
    assert "serial, again differs first in one on " in ending.out
    assert ending.err == ""


def test_plan_only_transactions_cannot_be_verified(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("sealane: 1\ntransactions: [{id: p, writes: [a]}]\n")
    ending = sealane("verify", path)
    assert ending.code == 2
    assert "names only its locks" in ending.err
