"""Rows 54, 55 and 56: reports that cannot be written, lost streams, signals at the start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from sealane import Store

from ..cli.command import DEADLINE_S, Ending, command, environment, in_process_of_its_own

REPOSITORY = Path(__file__).parents[2]
PAYMENT = """
sealane: 1
accounts: {alice: {lamports: 1000}}
transactions:
  - {id: pay, instructions: [{system.transfer: {source: alice, destination: bob, lamports: 400}}]}
"""
SECOND = PAYMENT.replace("400", "100")
ACCOUNTS = "sealane: 1\naccounts: {carol: {lamports: 7}}\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("first.yaml").write_text(PAYMENT)
    Path("second.yaml").write_text(SECOND)
    Path("accounts.yaml").write_text(ACCOUNTS)


def ended(arguments: Sequence[str], stdout: int | IO[str]) -> Ending:
    done = subprocess.run(
        command(*arguments),
        env=environment(),
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
    return Ending(done.returncode, "", done.stderr)


def full() -> IO[str]:
    return open("/dev/full", "w")


def in_a_shell(redirection: str, *arguments: str) -> Ending:
    """The command with streams that only a shell can make: closed ones."""
    done = subprocess.run(
        ["sh", "-c", f'"$@" {redirection}', "sh", *command(*arguments)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
    return Ending(done.returncode, done.stdout, done.stderr)


RUN = ("run", "first.yaml", "-w", "0", "--store", "state")


def height() -> int:
    with Store("state", create=False) as store:
        return store.height


def check_unreported(ending: Ending, done: str) -> None:
    assert ending.code == 4, ending
    assert ending.err.startswith(f"error: {done}, but the report could not be written: ")
    assert ending.err.count("\n") == 1
    assert "nothing was committed" not in ending.err


@pytest.mark.slow
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["text", "json"])
def test_row_54_a_full_stdout(as_json: list[str]) -> None:
    with full() as stdout:
        ending = ended([*RUN, *as_json], stdout)
    check_unreported(ending, "block 1 is committed")
    assert "No space left on device" in ending.err
    assert height() == 1


def test_row_54_several_blocks() -> None:
    with full() as stdout:
        ending = ended([*RUN, "second.yaml", "--json"], stdout)
    check_unreported(ending, "blocks 1 to 2 are committed")
    assert height() == 2


def test_row_54_a_closed_stdout() -> None:
    check_unreported(in_a_shell(">&-", *RUN), "block 1 is committed")
    assert in_a_shell(">&-", *RUN).code == 0  # skipped: nothing is committed that needs a report


def test_row_54_a_reader_that_went_away() -> None:
    """Row 47 has such a pipe end quietly; what was committed is worth a word all the same."""
    reader, writer = os.pipe()
    os.close(reader)
    check_unreported(ended([*RUN, "--json"], writer), "block 1 is committed")
    os.close(writer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "done"),
    [
        (["--import", "accounts.yaml"], "the accounts of accounts.yaml are imported"),
        (["--compact"], "the store is compacted"),
        (["--export", "all.json"], "all.json is written"),
    ],
    ids=["import", "compact", "export"],
)
def test_row_54_state(asked: list[str], done: str) -> None:
    assert in_process_of_its_own(*RUN).code == 0
    with full() as stdout:
        check_unreported(ended(["state", "state", *asked, "--json"], stdout), done)


def test_row_54_without_a_store_nothing_was_committed() -> None:
    with full() as stdout:
        ending = ended(RUN[:-2], stdout)
    assert ending.code == 3
    assert "nothing was committed" in ending.err


def test_row_54_a_file_that_is_bad_after_one_that_is_committed() -> None:
    Path("second.yaml").write_text("sealane: 1\nwrong: 1\n")
    ending = in_process_of_its_own(*RUN, "second.yaml")
    assert ending.code == 2
    assert ending.err.rstrip().endswith("(block 1 is committed)")


BROKEN_REPORT = """
import sys
from sealane.cli.reports import json_documents
from sealane.cli.app import main

def broken(*arguments):
    raise {error}

json_documents.run_document = broken
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("error", ["MemoryError", "ZeroDivisionError('by 0')"])
def test_row_54_a_report_that_cannot_be_made(error: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_REPORT.format(error=error), *RUN, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
    ending = Ending(done.returncode, done.stdout, done.stderr)
    check_unreported(ending, "block 1 is committed")
    assert ending.document["error"]["exit_code"] == 4


DAMAGED = ("state", "state", "--verify")
STREAMS = {"closed": "2>&-", "full": "2>/dev/full"}


@pytest.mark.slow
@pytest.mark.parametrize("redirection", STREAMS.values(), ids=STREAMS.keys())
def test_row_55_the_codes_stay(redirection: str) -> None:
    assert in_process_of_its_own(*RUN).code == 0
    Path("state", "manifest").write_text("no manifest\n")
    Path("never.yaml").write_text(PAYMENT + "expect: {accounts: {bob: {lamports: 1}}}\n")
    for arguments, code in {
        ("run", "missing.yaml"): 2,
        ("run",): 2,
        ("run", "never.yaml", "-w", "0"): 1,
        ("run", "first.yaml", "-w", "0"): 0,
        ("run", "first.yaml", "-w", "0", "--debug", "--store", "missing/state"): 2,
        DAMAGED: 3,
    }.items():
        ending = in_a_shell(redirection, *arguments)
        assert (ending.code, ending.err) == (code, ""), arguments
        assert "error: " not in ending.out, arguments  # nor does it end up on stdout


PRINTING = """
import sys
from sealane.programs import Program, Signer
printing = Program("printing")

@printing.instruction(tag=0)
def speak(who: Signer) -> None:
    print("to stdout")
    print("to stderr" * 5000, file=sys.stderr)
"""
SPOKEN = """
sealane: 1
accounts: {alice: {lamports: 1}}
transactions: [{payer: alice, instructions: [{printing.speak: {who: alice}}]}]
expect: {accounts: {alice: {lamports: 1}}}
"""


@pytest.mark.parametrize("redirection", STREAMS.values(), ids=STREAMS.keys())
def test_row_55_what_programs_print_decides_nothing(redirection: str) -> None:
    Path("printing.py").write_text(PRINTING)
    Path("spoken.yaml").write_text(SPOKEN)
    arguments = ("run", "spoken.yaml", "-p", "printing:printing", "-w", "0", "--json")
    ending = in_a_shell(redirection, *arguments)
    assert ending.code == 0
    assert ending.document["transactions"][0]["status"] == "ok"


@pytest.mark.slow
def test_row_55_a_closed_stream_is_not_a_file_of_the_store() -> None:
    """Its number would be the next file's, and whatever C code prints would go into that."""
    Path("printing.py").write_text(
        PRINTING.replace(
            'print("to stdout")', 'import os; [os.write(n, b"!" * 999) for n in (1, 2)]'
        )
    )
    Path("spoken.yaml").write_text(SPOKEN)
    arguments = ("run", "spoken.yaml", "-p", "printing:printing", "-w", "0", "--store", "state")
    in_a_shell("<&- >&- 2>&-", *arguments)
    verified = in_process_of_its_own("state", "state", "--verify", "--json")
    assert verified.code == 0, verified.err
    assert verified.document["height"] == 1


# The signal arrives when a given number of modules has been asked for: a moment of the start that
# is the same on every machine.
EARLY = """
import os, sys

class Interrupting:
    first = sys.argv.pop(1)  # the module from which on modules are counted
    left = int(sys.argv.pop(1))
    number = int(sys.argv.pop(1))

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == cls.first or cls.first is None:
            cls.first = None
            cls.left -= 1
            if cls.left == 0:
                os.kill(os.getpid(), cls.number)

from sealane.cli.entry import main
sys.modules.pop("signal", None)
sys.meta_path.insert(0, Interrupting)
sys.exit(main())
"""


def interrupted(first: str, imports: int, number: signal.Signals, *arguments: str) -> Ending:
    done = subprocess.run(
        [sys.executable, "-c", EARLY, first, str(imports), str(int(number)), *arguments],
        cwd=REPOSITORY / "fixtures",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
    return Ending(done.returncode, done.stdout, done.stderr)


def test_row_56_ctrl_c_before_there_is_a_handler() -> None:
    """Python's own raises KeyboardInterrupt, in the first import of ours."""
    ending = interrupted("signal", 1, signal.SIGINT, "schema")
    assert ending == Ending(130, "", "error: interrupted; no block was committed in part\n")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_row_56_a_signal_while_it_starts(
    number: signal.Signals, code: int, word: str, workers: str
) -> None:
    arguments = ("run", "counter.yaml", "-p", "counter:counter", "-w", workers, "--json")
    said = f"error: {word}; no block was committed in part\n"
    for imports in (1, 40, 200, 330, 460):
        ending = interrupted("sealane.cli.app", imports, number, *arguments)
        assert ending == Ending(code, "", said), imports
