"""Where programs come from: `--program`, entry points, and never a fixture's word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from sealane.programs.installed import ENTRY_POINT_GROUP

from ..command import Ending, in_process_of_its_own

Run = Callable[..., Ending]


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An importable folder with modules good and bad, current for the test."""
    (tmp_path / "cli_broken.py").write_text("x = 1\nraise ValueError('no luck')\n")
    (tmp_path / "cli_syntax.py").write_text("def (:\n")
    (tmp_path / "cli_needs.py").write_text("import cli_absent_dependency\n")
    (tmp_path / "cli_good.py").write_text(
        "from sealane.programs import Program\ngood = Program('good')\nnumber = 7\n"
    )
    (tmp_path / "cli_lazy.py").write_text("def __getattr__(name):\n    raise OSError('no disk')\n")
    (tmp_path / "f.yaml").write_text("sealane: 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return tmp_path


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("counter", "write module:attribute"),
        (":counter", "write module:attribute"),
        ("cli_absent:counter", "there is no module 'cli_absent' in "),
        ("cli_broken:counter", "ValueError: no luck (cli_broken.py:2)"),
        ("cli_syntax:counter", "(cli_syntax.py:1)"),
        ("cli_needs:counter", "No module named 'cli_absent_dependency'"),
        ("cli_good:godo", "'godo' is not there; did you mean 'good'?"),
        ("cli_good:number", "'number' is no Program"),
        ("cli_lazy:lazy", "failed to give 'lazy': OSError: no disk (cli_lazy.py:2)"),
        ("../x:y", "'../x' is a path, not the name of a module; change to its folder"),
        (".x:y", "'.x' is a path"),
    ],
)
@pytest.mark.usefixtures("modules")
def test_an_invalid_option_is_explained(option: str, said: str, sealane: Run) -> None:
    for command in ("run", "plan"):
        ending = sealane(command, "f.yaml", "--program", option)
        assert ending.code == 2
        assert said in ending.err
        assert ending.err.count("\n") == 1


@pytest.mark.usefixtures("modules")
def test_the_current_folder_is_importable(sealane: Run) -> None:
    assert sealane("run", "f.yaml", "-p", "cli_good:good", "-w", "0").code == 0


def test_the_contracts_counter_runs_on_workers(fixtures: Path) -> None:
    ending = in_process_of_its_own(
        "run", "counter.yaml", "--program", "counter:counter", "-w", "2", cwd=fixtures
    )
    assert ending.code == 0
    assert "✓ 9 expectations met" in ending.out


def test_the_error_for_an_unknown_program_names_the_option(sealane: Run, fixtures: Path) -> None:
    ending = sealane("run", fixtures / "counter.yaml")
    assert ending.code == 2
    assert "--program module:attribute" in ending.err


def install_good_and_broken(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two packages installed: one that brings a program, one that cannot be imported."""
    entries = [
        metadata.EntryPoint("good", "cli_good:good", ENTRY_POINT_GROUP),
        metadata.EntryPoint("broken", "cli_broken:x", ENTRY_POINT_GROUP),
    ]

    def entry_points(*, group: str) -> list[metadata.EntryPoint]:
        return entries if group == ENTRY_POINT_GROUP else []

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    monkeypatch.setattr(sys, "path", [str(modules), *sys.path])


@pytest.mark.usefixtures("modules")
def test_an_installed_program_is_loaded_only_when_its_name_is_needed(
    sealane: Run, modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_good_and_broken(modules, monkeypatch)
    owned = modules / "owned.yaml"
    owned.write_text("sealane: 1\naccounts: {a: {lamports: 1, owner: good}}\n")
    monkeypatch.delitem(sys.modules, "cli_good", raising=False)
    assert sealane("run", "f.yaml", "-w", "0").code == 0
    assert "cli_good" not in sys.modules
    assert sealane("run", "owned.yaml", "-w", "0").code == 0
    assert "cli_good" in sys.modules
    owned.write_text("sealane: 1\naccounts: {a: {lamports: 1, owner: broken}}\n")
    ending = sealane("run", "owned.yaml", "-w", "0")
    assert ending.code == 2
    assert "the installed program 'broken' (cli_broken:x) cannot be loaded" in ending.err


def test_a_fixture_imports_nothing(sealane: Run, modules: Path) -> None:
    (modules / "named.yaml").write_text(
        "sealane: 1\ntransactions: [{instructions: [{cli_broken.x: {}}]}]\n"
    )
    ending = sealane("run", "named.yaml")
    assert ending.code == 2
    assert "cli_broken" not in sys.modules


@pytest.mark.usefixtures("modules")
def test_a_list_names_installed_programs_and_loads_none(
    sealane: Run, modules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_good_and_broken(modules, monkeypatch)
    monkeypatch.delitem(sys.modules, "cli_good", raising=False)
    listed = sealane("programs", "--json").document["installed"]
    assert listed == [
        {"name": "good", "value": "cli_good:good"},
        {"name": "broken", "value": "cli_broken:x"},
    ]
    assert "cli_good" not in sys.modules
    assert "cli_broken:x" in sealane("programs").out
    assert sealane("programs", "good").code == 0
    assert "cli_good" in sys.modules
    assert "did you mean 'good'" in sealane("programs", "goood").err
