"""Every command and option says what it is for, and saying so is quick."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import typer

from sealane.cli.app import app

from .command import Ending

COMMANDS = (
    "run",
    "plan",
    "graph",
    "explain",
    "simulate",
    "lint",
    "report",
    "replay",
    "verify",
    "survey",
    "state",
    "verify-proof",
    "node",
    "top",
    "stress",
    "programs",
    "new",
    "gen",
    "schema",
    "bench",
    "keys",
)
SUMMARY_LEN_MAX = 60  # one line of `sealane --help`, uncut
HEAVY = ("numpy", "rustworkx", "networkx", "rich", "multiprocess", "orjson", "yaml")


def parameters() -> Iterator[Any]:
    group: Any = typer.main.get_command(app)
    yield from (pytest.param("sealane", each, id=each.name) for each in group.params)
    for name, command in group.commands.items():
        for inner_name, inner in _with_inner(name, command):
            for each in inner.params:
                yield pytest.param(inner_name, each, id=f"{inner_name}-{each.name}")


def _with_inner(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command, and those within it."""
    yield name, command
    for inner_name, inner in getattr(command, "commands", {}).items():
        yield from _with_inner(f"{name} {inner_name}", inner)


def test_the_commands_are_those_of_the_contract() -> None:
    group: Any = typer.main.get_command(app)
    assert tuple(group.commands) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    group: Any = typer.main.get_command(app)
    text = group.commands[name].help
    assert text
    assert len(text.split("\n")[0]) <= SUMMARY_LEN_MAX, "cut in the list of commands"


@pytest.mark.parametrize(("command", "parameter"), list(parameters()))
def test_an_option_says_what_it_is_for(command: str, parameter: Any) -> None:
    assert parameter.help, f"{command}: {parameter.name} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_shown(name: str, sealane: Callable[..., Ending]) -> None:
    ending = sealane(name, "--help")
    assert ending.code == 0
    assert "Usage: sealane" in ending.out
    assert ending.err == ""


def test_without_arguments_it_says_what_to_try_first(sealane: Callable[..., Ending]) -> None:
    ending = sealane()
    assert ending.code == 0
    assert "Try first" in ending.out
    assert "sealane --help" in ending.out
    assert max(map(len, ending.out.split("\n"))) <= 40


def test_the_version_is_the_installed_one(sealane: Callable[..., Ending]) -> None:
    from importlib.metadata import version

    assert sealane("--version").out == f"sealane {version('sealane')}\n"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, json; from sealane.cli.app import main; main(['--help']);"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    modules: list[str] = json.loads(done.stderr)
    assert {name.partition(".")[0] for name in modules}.isdisjoint(HEAVY)
    measuring = [name for name in modules if name.startswith("sealane.bench.")]
    assert measuring == ["sealane.bench.measure", "sealane.bench.measure.rounds"], "for two numbers"
