"""`sealane verify`: it passes what is deterministic, and names what is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ...real_data import INDEPENDENT
from ..command import Ending, in_process_of_its_own

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


def test_the_view_lists_every_variant(sealane: Run, fixtures: Path) -> None:
    out = sealane("verify", fixtures / "chain.yaml", "--workers", 0).out
    assert "serial, again              same" in out
    assert "1 worker, whole block      same" in out
    assert "✓ the same receipts and accounts in" in out


def test_a_real_block_passes(sealane: Run) -> None:
    path = INDEPENDENT
    assert sealane("verify", path, "--workers", 2, "--quiet") == Ending(0, "", "")


def test_a_program_that_keeps_state_is_named(
    tmp_path: Path, sealane: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keeping.py").write_text(KEEPING)
    (tmp_path / "books.yaml").write_text(BOOKS)
    ending = in_process_of_its_own(
        "verify", "books.yaml", "-p", "keeping:keeping", "-w", "0", cwd=tmp_path
    )
    assert ending.code == 1
    # Elsewhere the program is loaded anew, and begins to count anew.
    assert "serial, again · legal order 0 · " in ending.out
    assert (
        " differ first in one on a\n  serial: value 1\n  serial, again · legal order 0:  value 3\n"
        "  legal order 1:  value 5\n"
    ) in ending.out
    assert ending.out.count("serial: value 1\n") == 1
    assert ending.err == ""


def test_differing_variants_are_listed_separately(tmp_path: Path) -> None:
    # Unlike counting in this process alone, chance gives every way a value of its own.
    chance = KEEPING.replace("calls = 0", "import os").replace(
        "    global calls\n    calls += 1\n", ""
    )
    chance = chance.replace("= calls", '= int.from_bytes(os.urandom(7), "little")')
    (tmp_path / "keeping.py").write_text(chance)
    (tmp_path / "books.yaml").write_text(BOOKS)
    ending = in_process_of_its_own(
        "verify", "books.yaml", "-p", "keeping:keeping", "-w", "0", "-q", cwd=tmp_path
    )
    assert ending.code == 1
    assert "there:" not in ending.out
    for way in ("serial, again", "legal order 0", "1 worker, elsewhere"):
        assert re.search(rf"^  {way}:  value \d+$", ending.out, re.MULTILINE), ending.out


def test_keys_have_their_names_in_json_too(tmp_path: Path) -> None:
    (tmp_path / "keeping.py").write_text(KEEPING)
    (tmp_path / "books.yaml").write_text(BOOKS)
    ending = in_process_of_its_own(
        "verify", "books.yaml", "-p", "keeping:keeping", "-w", "0", "--json", cwd=tmp_path
    )
    first = ending.document["differences"][0]
    assert first == {
        "variant": "serial, again",
        "transaction": "one",
        "account": "a",
        "expected": "value 1",
        "actual": "value 3",
        "message": "serial: value 1; serial, again: value 3",
    }


PRINTING = """
import os, subprocess, sys
from sealane.programs import Program, Signer

print("imported")
printing = Program("printing")

@printing.instruction(tag=0)
def speak(who: Signer) -> None:
    print("printed")
    os.write(1, b"written\\n")
    subprocess.run([sys.executable, "-c", "print('started')"], check=True)
"""
SPEECH = """
sealane: 1
accounts: {p: {lamports: 9}}
transactions: [{id: one, payer: p, instructions: [{printing.speak: {who: p}}]}]
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "1"])
@pytest.mark.parametrize("name", ["run", "verify"])
def test_output_of_a_program_is_not_in_the_document(
    name: str, workers: str, tmp_path: Path
) -> None:
    (tmp_path / "printing.py").write_text(PRINTING)
    (tmp_path / "speech.yaml").write_text(SPEECH)
    arguments = ("speech.yaml", "-p", "printing:printing", "-w", workers, "--json")
    ending = in_process_of_its_own(name, *arguments, cwd=tmp_path)
    assert ending.code == 0, ending.err
    assert ending.document
    for word in ("imported", "printed", "written", "started"):
        assert word in ending.err


def test_plan_only_transactions_cannot_be_verified(sealane: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("sealane: 1\ntransactions: [{id: p, writes: [a]}]\n")
    ending = sealane("verify", path)
    assert ending.code == 2
    assert "names only its locks" in ending.err
