"""How commands end: exit codes, error lines, signals, closed pipes."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from sealane.cli.output.committed import Unreported
from sealane.cli.output.exit_codes import ending_of
from sealane.cli.output.signals import Stopped
from sealane.primitives import InputError, InternalError, MachineError, UsageError

from ..command import DEADLINE_S, Ending, command, environment, in_process_of_its_own

PROGRAM = """
from sealane.programs import Program, Signer
endless = Program("endless")

@endless.instruction(tag=0)
def loop(who: Signer) -> None:
    with open("ready", "w") as ready:
        ready.write("looping")
    while True:
        pass
"""
LOOPING = """
sealane: 1
accounts: {alice: {lamports: 1}}
transactions: [{payer: alice, instructions: [{endless.loop: {who: alice}}]}]
"""


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("wrong", path="a.yaml", line=3), 2, "a.yaml:3: wrong"),
        (UsageError("no"), 2, "no"),
        (typer.BadParameter("bad"), 2, "--help"),
        (MachineError("died"), 3, "died"),
        (InternalError("odd"), 3, "please report"),
        (ZeroDivisionError("by 0"), 3, "ZeroDivisionError: by 0 (a bug in sealane"),
        (MemoryError(), 3, "out of memory"),
        (OSError(28, "No space left on device"), 3, "No space left"),
        (KeyboardInterrupt(), 130, "interrupted; no block was committed in part"),
        (Stopped(signal.SIGINT), 130, "interrupted"),
        (Stopped(signal.SIGTERM), 143, "terminated; no block was committed in part"),
    ],
)
def test_every_error_has_its_code(error: BaseException, code: int, said: str) -> None:
    found, message = ending_of(error)
    assert found == code
    assert said in message


def test_an_option_of_commands_is_told_its_place(sealane: Callable[..., Ending]) -> None:
    ending = sealane("-v", "run", "block.yaml")
    assert ending.code == 2
    assert ending.err == (
        "error: No such option: -v. It goes behind a command, as in `sealane run -v`; "
        "run, replay, verify, state and node take it. See: sealane --help\n"
    )
    assert "goes behind" not in sealane("--nothing", "run", "block.yaml").err


def test_a_suggested_command_ends_its_sentence_once(sealane: Callable[..., Ending]) -> None:
    assert "Did you mean 'run'? See: sealane --help" in sealane("rnu", "block.yaml").err


DONE = "block 1 is committed"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Unreported(), 4, f"{DONE}, but the report could not be written"),
        (MemoryError(), 4, f"{DONE}, but the report could not be written: out of memory"),
        (OSError(28, "No space left on device"), 4, "could not be written: No space left on"),
        (ZeroDivisionError("by 0"), 4, "(a bug in sealane"),
        (InputError("wrong", path="b.yaml"), 2, f"b.yaml: wrong ({DONE})"),
        (MachineError("died; nothing was committed"), 3, f"nothing was committed ({DONE})"),
        (Stopped(signal.SIGINT), 130, f"in part ({DONE})"),
    ],
)
def test_a_commit_is_never_denied(error: BaseException, code: int, said: str) -> None:
    found, message = ending_of(error, DONE)
    assert found == code
    assert said in message
    assert message.count("nothing was committed") == isinstance(error, MachineError)


def test_an_error_caused_by_a_signal_is_not_reported_as_a_bug(
    sealane: Callable[..., Ending], fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: object, **options: object) -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except BaseException:
            raise RuntimeError("half imported") from None

    monkeypatch.setattr("sealane.cli.inputs.opening.load_blocks", interrupted)
    ending = sealane("plan", fixtures / "chain.yaml")
    assert ending == Ending(143, "", "error: terminated; no block was committed in part\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "missing.yaml"], "missing.yaml: no such file"),
        (["nonsense"], "nonsense"),
        (["run"], "FILE"),
        (["plan", "x.yaml", "--wrong"], "--wrong"),
        (["run", "x.yaml", "--workers", "many"], "--workers"),
        (["run", "x.yaml", "--workers", "-1"], "workers=-1"),
        (["gen", "--shape", "round"], "--shape: unknown shape 'round'"),
        (["gen", "--n", "-1"], "--n: -1 is out of range"),
    ],
)
def test_bad_usage_is_one_line(
    arguments: list[str],
    said: str,
    sealane: Callable[..., Ending],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.yaml").write_text("sealane: 1\n")
    ending = sealane(*arguments)
    assert ending.code == 2
    assert said in ending.err
    assert ending.err.count("\n") == 1
    assert ending.out == ""


def error_document(ending: Ending) -> dict[str, Any]:
    """The error on stdout, which stderr tells as well."""
    assert list(ending.document) == ["error"]
    error = ending.document["error"]
    assert list(error) == ["name", "message", "path", "line", "exit_code"]
    assert ending.err == f"error: {error['message']}\n"
    assert ending.code == error["exit_code"]
    return error


@pytest.mark.parametrize(
    ("arguments", "name", "path", "line"),
    [
        (["run", "missing.yaml"], "InputError", "missing.yaml", None),
        (["run", "bad.yaml"], "InputError", "bad.yaml", 2),
        (["plan", "missing.yaml"], "InputError", "missing.yaml", None),
        (["graph", "missing.yaml"], "InputError", "missing.yaml", None),
        (["graph", "x.yaml", "--format", "dot"], "UsageError", None, None),
        (["explain", "x.yaml", "nobody"], "UsageError", "x.yaml", None),
        (["replay", "x.yaml"], "InputError", "x.yaml", None),
        (["verify", "missing.yaml"], "InputError", "missing.yaml", None),
        (["state", "missing"], "StoreUnavailable", "missing", None),
        (["bench", "--compare", "x.yaml"], "InputError", "x.yaml", 1),
        (["run", "x.yaml", "--again"], "UsageError", None, None),
        (["run"], "UsageError", None, None),
        (["run", "x.yaml", "--workers", "many"], "UsageError", None, None),
        (["plan", "x.yaml", "--wrong"], "UsageError", None, None),
        (["nonsense"], "UsageError", None, None),
    ],
)
def test_bad_usage_and_input_is_a_document_under_json(
    arguments: list[str],
    name: str,
    path: str | None,
    line: int | None,
    sealane: Callable[..., Ending],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text("sealane: 1\n")
    Path("bad.yaml").write_text("sealane: 1\nwrong: 1\n")
    error = error_document(sealane(*arguments, "--json"))
    assert (error["name"], error["path"], error["line"]) == (name, path, line)
    assert error["exit_code"] == 2


def raising(error: BaseException) -> Callable[..., None]:
    """A function in place of another that meets this error."""

    def fail(*given: object, **options: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("raised", "name"),
    [
        (MachineError("died"), "MachineError"),
        (InternalError("odd"), "InternalError"),
        (ZeroDivisionError("by 0"), "InternalError"),
        (MemoryError(), "MachineError"),
        (OSError(24, "Too many open files"), "MachineError"),
    ],
)
def test_an_internal_error_is_a_document_under_json(
    raised: BaseException,
    name: str,
    sealane: Callable[..., Ending],
    fixtures: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sealane.cli.inputs.opening.load_blocks", raising(raised))
    monkeypatch.setattr(
        "sealane.cli.output.exit_codes.silence_stdout", lambda: None
    )  # it is pytest's
    error = error_document(sealane("plan", fixtures / "chain.yaml", "--json"))
    assert (error["name"], error["exit_code"]) == (name, 3)


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), Stopped(signal.SIGTERM)])
def test_an_interrupted_command_has_no_document(
    raised: BaseException,
    sealane: Callable[..., Ending],
    fixtures: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sealane.cli.inputs.opening.load_blocks", raising(raised))
    assert sealane("plan", fixtures / "chain.yaml", "--json").out == ""


def test_there_is_never_a_second_document(
    sealane: Callable[..., Ending], fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = MachineError("when all was written")
    monkeypatch.setattr("sealane.cli.output.signals.raise_if_stopped", raising(error))
    ending = sealane("plan", fixtures / "chain.yaml", "--json")
    assert ending.code == 3
    assert "waves" in ending.document
    assert "when all was written" in ending.err


def test_a_file_called_json_is_not_the_option(
    sealane: Callable[..., Ending], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ending = sealane("plan", "--", "--json")
    assert ending == Ending(2, "", "error: --json: no such file; check the path\n")


def test_debug_shows_the_traceback_at_any_position(sealane: Callable[..., Ending]) -> None:
    assert "Traceback" not in sealane("run", "missing.yaml").err
    assert "Traceback" in sealane("run", "missing.yaml", "--debug").err
    assert "Traceback" in sealane("--debug", "run", "missing.yaml").err


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_a_signal_stops_even_a_program_in_this_process(
    number: signal.Signals, code: int, word: str, tmp_path: Path
) -> None:
    (tmp_path / "looping.py").write_text(PROGRAM)
    (tmp_path / "looping.yaml").write_text(LOOPING)
    os.mkfifo(tmp_path / "ready")
    process = subprocess.Popen(
        command("run", "looping.yaml", "-p", "looping:endless", "-w", "0"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert (tmp_path / "ready").read_text() == "looping"  # waits for the program to get there
    process.send_signal(number)
    out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == code
    assert out == ""
    assert err == f"error: {word}; no block was committed in part\n"


@pytest.mark.parametrize(
    "arguments", [["gen", "--n", "50000"], ["schema"], ["run", "chain.yaml", "--json"]]
)
def test_a_closed_pipe_is_not_an_error(arguments: list[str], fixtures: Path) -> None:
    assert ended_without_a_reader(arguments, fixtures) == (0, "")


def test_a_closed_pipe_does_not_hide_a_failed_expectation(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("sealane: 1\nexpect: {accounts: {alice: {lamports: 1}}}\n")
    assert ended_without_a_reader(["run", "a.yaml", "-w", "0"], tmp_path) == (1, "")


def ended_without_a_reader(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Exit code and stderr of a command whose stdout is a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )
    os.close(writer)
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", [["schema"], ["plan", "chain.yaml", "--json"]])
def test_a_full_disk_is_the_machines_failure(arguments: list[str], fixtures: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command(*arguments),
            cwd=fixtures,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=environment(),
            timeout=DEADLINE_S,
        )
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_real_command_ends_like_the_tested_one() -> None:
    ending = in_process_of_its_own("run", "missing.yaml")
    assert ending == Ending(2, "", "error: missing.yaml: no such file; check the path\n")
