"""Completion as bash asks for it: what is offered, how quickly, and with no effect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sealane.bench.catalogue import catalogue
from sealane.bench.scenario_names import SCENARIO_NAMES
from sealane.cli.inputs.completion import CHOICES_MAX, FILE_BYTES_MAX, YAML_BYTES_MAX
from sealane.ingest.fixture.workload import PROGRAMS, SHAPES
from sealane.programs import builtin_programs

from ..command import DEADLINE_S, command, environment

CPU_S_MAX = 0.6  # an idle machine needs less than half


def completed(*words: str, cwd: Path, **extra: str) -> list[str]:
    """What bash is offered for the last of these words behind `sealane`."""
    line = ["sealane", *words]
    asked = {
        "_SEALANE_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(line),
        "COMP_CWORD": str(len(line) - 1),
    }
    done = subprocess.run(
        command(),
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment(**asked | extra),
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.stderr == ""
    return [line for line in done.stdout.split("\n") if line]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a fixture, and modules that must not be imported."""
    (tmp_path / "pay.yaml").write_text(
        "sealane: 1\n"
        "transactions: [{id: first, writes: [a]}, {id: further, reads: [a]}, {writes: [a]}]\n"
    )
    (tmp_path / "many.json").write_text('{"sealane": 1, "generate": {"n": 12, "accounts": 5}}')
    (tmp_path / "notes.txt").write_text("no fixture")
    (tmp_path / "trap.py").write_text("open('sprung', 'w').close()\n")
    (tmp_path / "blocks" / "old").mkdir(parents=True)
    (tmp_path / "blocks" / "old" / "one.json").write_text("{}")
    (tmp_path / "blocks" / "old" / "two.json.gz").write_text("")
    return tmp_path


def test_commands(folder: Path) -> None:
    assert completed("pl", cwd=folder) == ["plan"]
    assert {"run", "programs", "bench"} <= set(completed("", cwd=folder))


def test_shapes(folder: Path) -> None:
    assert completed("gen", "--shape", "", cwd=folder) == list(SHAPES)
    assert completed("gen", "--shape", "z", cwd=folder) == ["zipf"]
    assert completed("gen", "--program", "", cwd=folder) == list(PROGRAMS)


def test_scenarios(folder: Path) -> None:
    offered = completed("bench", "--scenario", "schedule-", cwd=folder)
    assert offered == [each.name for each in catalogue() if each.name.startswith("schedule-")]
    assert [each.name for each in catalogue()] == list(SCENARIO_NAMES)


def test_programs_and_their_parts(folder: Path) -> None:
    names = {program.name for program in builtin_programs()}
    assert names <= set(completed("programs", "", cwd=folder))
    assert completed("programs", "to", cwd=folder) == ["token"]
    assert completed("programs", "token.tr", cwd=folder) == [
        "token.transfer",
        "token.transfer_checked",
    ]
    assert completed("programs", "token.M", cwd=folder) == ["token.Mint", "token.Multisig"]
    assert completed("programs", "nothing.", cwd=folder) == []


def test_transactions_of_the_file_before(folder: Path) -> None:
    assert completed("explain", "pay.yaml", "f", cwd=folder) == ["first", "further"]
    assert completed("explain", "pay.yaml", "t", cwd=folder) == ["t2"]
    assert completed("explain", "many.json", "t1", cwd=folder) == ["t1", "t10", "t11"]
    for wrong in ("notes.txt", "gone.yaml", "blocks", "-"):
        assert completed("explain", wrong, "", cwd=folder) == []


def test_signatures_of_a_recorded_block(solana_block: Path) -> None:
    (offered,) = completed("explain", str(solana_block), "2", cwd=solana_block.parent)[:1]
    assert offered.startswith("2")
    assert len(offered) > 60


@pytest.fixture
def solana_block(tmp_path: Path, fixtures: Path) -> Path:
    block = min(fixtures.glob("blocks/*.json.gz"), key=lambda path: path.stat().st_size)
    link = tmp_path / "block.gz"
    link.symlink_to(block)
    return link


def test_files_that_may_be_fixtures(folder: Path) -> None:
    assert completed("run", "", cwd=folder) == ["blocks/", "many.json", "pay.yaml"]
    assert completed("plan", "pa", cwd=folder) == ["pay.yaml"]
    # A lone folder is gone into: a shell would take it for the whole word.
    assert completed("plan", "bl", cwd=folder) == ["blocks/old/one.json", "blocks/old/two.json.gz"]
    assert completed("replay", "blocks/old/t", cwd=folder) == ["blocks/old/two.json.gz"]
    assert completed("run", "no/such/", cwd=folder) == []


def test_a_folder_linked_into_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "again").symlink_to(tmp_path / "loop")
    (offered,) = completed("run", "lo", cwd=tmp_path)
    assert offered.startswith("loop/again/again/")


def test_no_user_code_is_imported(folder: Path) -> None:
    words = ("--program", "trap:trap")
    assert completed("programs", *words, "memo.", cwd=folder) == ["memo.add_memo"]
    assert completed("explain", *words, "pay.yaml", "fi", cwd=folder) == ["first"]
    assert not (folder / "sprung").exists()


def test_only_small_regular_files_are_read(folder: Path) -> None:
    pay = folder / "pay.yaml"
    text = pay.read_text() + "# "
    for size, offered in ((YAML_BYTES_MAX, True), (YAML_BYTES_MAX + 1, False)):
        pay.write_text(text.ljust(size - 1, "x") + "\n")
        assert bool(completed("explain", "pay.yaml", "fi", cwd=folder)) is offered
    many = folder / "many.json"
    for size, offered in ((FILE_BYTES_MAX, True), (FILE_BYTES_MAX + 1, False)):
        many.write_text('{"sealane": 1, "generate": {"n": 12, "accounts": 5}}'.ljust(size))
        assert bool(completed("explain", "many.json", "t1", cwd=folder)) is offered
    pay.unlink()
    os.mkfifo(pay)
    assert completed("explain", "pay.yaml", "", cwd=folder) == []


def test_the_number_of_ids_is_limited(folder: Path) -> None:
    (folder / "many.json").write_text(
        f'{{"sealane": 1, "generate": {{"n": {CHOICES_MAX + 5}, "accounts": 5}}}}'
    )
    assert len(completed("explain", "many.json", "", cwd=folder)) == CHOICES_MAX


@pytest.mark.parametrize(
    "words",
    [
        ("pl",),
        ("run", "pa"),
        ("gen", "--shape", "z"),
        ("programs", "token.tr"),
        ("bench", "-s", "sch"),
        ("explain", "pay.yaml", "fi"),
    ],
)
def test_it_is_quick(words: tuple[str, ...], folder: Path) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert completed(*words, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < CPU_S_MAX


def test_bash_itself_completes(folder: Path) -> None:
    extra = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = completed(cwd=folder, _SEALANE_COMPLETE="source_bash")
    asked = [
        *script,
        "COMP_WORDS=(sealane gen --shape z); COMP_CWORD=3",
        "_sealane_completion sealane",
        'echo "${COMPREPLY[*]}"',
    ]
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(asked)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(**extra),
        timeout=DEADLINE_S,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("zipf\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_have_a_script(shell: str, folder: Path) -> None:
    script = "\n".join(completed(cwd=folder, _SEALANE_COMPLETE=f"source_{shell}"))
    assert f"_SEALANE_COMPLETE=complete_{shell}" in script
