"""`sealane new`: what it writes runs, passes its tests and strict checks, and replaces nothing."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from sealane.programs.starter import NAME_LEN_MAX, starter_files

from ..command import DEADLINE_S, Ending, in_process_of_its_own

Run = Callable[..., Ending]
REPOSITORY = Path(__file__).parents[3]
FILES = ["piggy_bank.py", "piggy_bank.schema.json", "piggy_bank.yaml", "test_piggy_bank.py"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a new program."""
    place = tmp_path_factory.mktemp("new")
    ending = in_process_of_its_own("new", "piggy_bank", cwd=place)
    assert (ending.code, ending.err) == (0, "")
    assert "  sealane run piggy_bank.yaml --program piggy_bank:piggy_bank\n" in ending.out
    assert max(map(len, ending.out.split("\n"))) <= 90
    return place / "piggy_bank"


def test_it_writes_exactly_four_files(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir() if path.name != "__pycache__") == FILES
    assert os.listdir(made.parent) == ["piggy_bank"]


def test_the_commands_that_it_names_work(made: Path) -> None:
    option = ("--program", "piggy_bank:piggy_bank")
    ran = in_process_of_its_own("run", "piggy_bank.yaml", *option, cwd=made)
    assert (ran.code, ran.err) == (0, "")
    assert "✓ 5 expectations met" in ran.out
    shown = in_process_of_its_own("programs", "piggy_bank.increment", *option, cwd=made)
    assert "piggy_bank.WrongAuthority" in shown.out
    schema = in_process_of_its_own("schema", *option, cwd=made).out
    assert schema == (made / "piggy_bank.schema.json").read_text()
    assert "piggy_bank.increment" in json.loads(schema)["$defs"]


def checked(folder: Path, *arguments: str) -> str:
    """What a tool says of the folder; fails unless it is content."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=4 * DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_says_how_its_tests_are_run(
    sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = sealane("new", "moneybox").out
    assert "  python -m pytest\n" in out
    assert "pip install pytest" in out


def test_its_tests_pass(made: Path) -> None:
    assert "2 passed" in checked(made, "pytest", "-q", "-p", "no:cacheprovider")


def needs(tool: str) -> pytest.MarkDecorator:
    """Skips where `dev ranges` tests: it installs what has ranges, and linters have none."""
    return pytest.mark.skipif(find_spec(tool) is None, reason=f"{tool} is not installed here")


@needs("ruff")
def test_its_code_passes_the_linter(made: Path) -> None:
    rules = "E,F,W,I,N,UP,B,A,C4,SIM,PT,RUF"
    checked(made, "ruff", "check", "--isolated", "--no-cache", "--select", rules)
    checked(made, "ruff", "format", "--isolated", "--no-cache", "--check")


@needs("basedpyright")
def test_its_code_passes_a_strict_type_checker(made: Path) -> None:
    configuration = made / "pyrightconfig.json"
    paths = [str(REPOSITORY / ".venv" / "typing")]
    settings = {"typeCheckingMode": "strict", "extraPaths": paths, "include": ["."]}
    configuration.write_text(json.dumps(settings))
    try:
        assert "0 errors, 0 warnings" in checked(made, "basedpyright", "-p", ".")
    finally:
        configuration.unlink()


def test_nothing_is_replaced(made: Path) -> None:
    before = (made / "piggy_bank.py").read_text()
    ending = in_process_of_its_own("new", "piggy_bank", cwd=made.parent)
    assert ending.code == 2
    assert "there is a 'piggy_bank' here already; choose another name" in ending.err
    assert (made / "piggy_bank.py").read_text() == before


def test_nothing_is_left_if_writing_fails(
    sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError("no space left")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sealane.cli.commands.new._schema", full)
    assert sealane("new", "unfinished").code == 3
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Piggy", "a letter first"),
        ("piggy-bank", "a letter first"),
        ("2nd", "a letter first"),
        ("../up", "a letter first"),
        ("", "a letter first"),
        ("x" * (NAME_LEN_MAX + 1), f"up to {NAME_LEN_MAX}"),
        ("lambda", "a word of Python's own"),
        ("match", "a word of Python's own"),
        ("json", "Python's library has a module"),
        ("numpy", "a module of this name is installed"),
        ("token", "Python's library has a module"),
        ("system", "the library has a program of this name"),
        ("require", "use the name for something else"),
        ("increment", "use the name for something else"),
        ("vm", "use the name for something else"),
        ("alice", "use the name for something else"),
        ("mallory", "use the name for something else"),
        ("tally", "use the name for something else"),
        ("clock", "use the name for something else"),
        ("print", "a word of Python's own"),
        ("null", "in YAML it is no text"),
        ("true", "in YAML it is no text"),
        ("false", "in YAML it is no text"),
        ("yes", "in YAML it is no text"),
        ("test_me", "use the name for something else"),
    ],
)
def test_invalid_names_are_refused(
    name: str, fault: str, sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ending = sealane("new", name)
    assert ending.code == 2
    assert fault in ending.err
    assert os.listdir(tmp_path) == []


def test_a_module_of_the_name_is_reported_and_not_run(
    sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "helper.py").write_text("open('was_run', 'w')")
    ending = sealane("new", "helper")
    assert ending.code == 2
    assert "there is a module helper.py here already" in ending.err
    assert os.listdir(tmp_path) == ["helper.py"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_in_is_named(
    number: int, sealane: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sealane.cli.output.new_folder.os.mkdir", refuse)
    ending = sealane("new", "fresh")
    assert ending.code == 2
    assert f"cannot be made in {tmp_path}: {os.strerror(number)}; change to a" in ending.err


def test_the_longest_name() -> None:
    assert len(starter_files("x" * NAME_LEN_MAX)) == 3
