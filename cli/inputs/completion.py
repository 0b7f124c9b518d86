"""Completions for the shell when the user presses Tab.

Guarantees: fast and without side effects: none of the user's code is imported, not even what
`--program` or an entry point names, and only small regular files are read. Any failure gives no
completions, and never prints a message into the line being typed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from itertools import islice
from typing import Any, Final, TypeAlias

import typer

ENDINGS: Final = (".yaml", ".yml", ".json", ".jsonl", ".rlp", ".hex", ".gz")
# Sizes that can be read in about a tenth of a second; YAML is by far the slowest.
FILE_BYTES_MAX: Final = 4 << 20
YAML_BYTES_MAX: Final = 32 << 10
CHOICES_MAX: Final = 2_000
_FOLDERS_DEEP: Final = 8

Completer: TypeAlias = Callable[[typer.Context, list[str], str], list[str]]


def _silent(complete: Callable[[Any, str], Iterable[str]]) -> Completer:
    """A completer as Typer calls it, by context and prefix; returns nothing if anything fails."""

    @wraps(complete)
    def completer(ctx: typer.Context, args: list[str], incomplete: str) -> list[str]:
        del args
        try:
            return [each for each in complete(ctx, incomplete) if each.startswith(incomplete)]
        except Exception:  # a message would land in the line being typed
            return []

    # Typer identifies the parameters by name and annotation.
    del completer.__wrapped__  # pyright: ignore[reportAttributeAccessIssue]
    return completer


@_silent
def complete_shape(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Shapes of generated workloads."""
    del ctx, incomplete
    from ...ingest.fixture.workload import SHAPES

    return SHAPES


@_silent
def complete_scenario(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Scenarios of `sealane bench`."""
    del ctx, incomplete
    from ...bench.scenario_names import SCENARIO_NAMES

    return SCENARIO_NAMES


@_silent
def complete_called(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Library and installed programs; after a dot, their instructions and layouts."""
    del ctx
    from ...programs import builtin_programs
    from ...programs.installed import installed_programs
    from ...programs.kit.program.program_set import ProgramSet
    from ...programs.library.on_demand import ON_DEMAND, load_on_demand

    programs = ProgramSet(builtin_programs())
    name, dot, _ = incomplete.partition(".")
    if not dot:
        return [*programs.names(), *ON_DEMAND, *installed_programs(programs)]
    program = load_on_demand(name) if name in ON_DEMAND else programs.named(name)
    parts = () if program is None else (*program.instructions, *program.layouts)
    return (f"{name}.{part}" for part in parts)


@_silent
def complete_generated(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Instructions that a generated workload can call."""
    del ctx, incomplete
    from ...ingest.fixture.workload import PROGRAMS

    return PROGRAMS


@_silent
def complete_transaction(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Ids of the transactions in the file given before."""
    del incomplete
    path = ctx.params.get("file")
    if not isinstance(path, str) or not _is_quick(path):
        return ()
    from ...ingest.fixture.model import FixtureFile
    from ...ingest.read_input import read_input

    loaded = read_input(path)
    if not isinstance(loaded, FixtureFile):
        return loaded[0].ids[:CHOICES_MAX]
    if loaded.generate is not None:
        return (f"t{n}" for n in range(min(loaded.generate.n, CHOICES_MAX)))
    return (spec.id for spec in loaded.transactions[:CHOICES_MAX])


@_silent
def complete_account(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Accounts of the file given before."""
    del incomplete
    return _accounts(ctx)


@_silent
def complete_left_out(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """What can be left out of the file given before, by name; its accounts among others."""
    del incomplete
    return ("votes", "program:", *_accounts(ctx))


def _accounts(ctx: typer.Context) -> Iterable[str]:
    path = ctx.params.get("file")
    if not isinstance(path, str) or not _is_quick(path):
        return ()
    from ...ingest.fixture.model import FixtureFile
    from ...ingest.read_input import read_input

    loaded = read_input(path)
    if not isinstance(loaded, FixtureFile):
        return loaded[0].names[:CHOICES_MAX]
    locked = (
        name for each in loaded.transactions for name in (*each.writes, *each.reads, *each.adds)
    )
    return islice(dict.fromkeys((*loaded.accounts, *locked)), CHOICES_MAX)


@_silent
def complete_policy(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Policies of `sealane simulate`."""
    del ctx, incomplete
    from ...scheduler.simulation.policies import POLICIES

    return POLICIES


def _is_quick(path: str) -> bool:
    """Whether the file can be read fast enough for interactive completion."""
    found = os.stat(path)
    largest = YAML_BYTES_MAX if path.endswith((".yaml", ".yml")) else FILE_BYTES_MAX
    return stat.S_ISREG(found.st_mode) and found.st_size <= largest


@_silent
def complete_file(ctx: typer.Context, incomplete: str) -> Iterable[str]:
    """Folders, and files that may be fixtures or blocks; a single folder is expanded."""
    del ctx
    found = list(_files(incomplete))
    for _ in range(_FOLDERS_DEEP):
        if len(found) != 1 or not found[0].endswith("/"):
            break
        found = list(_files(found[0]))  # else a shell would complete the word with the folder
    return found


def _files(beginning: str) -> Iterator[str]:
    folder, start = os.path.split(beginning)
    with os.scandir(os.path.expanduser(folder) or ".") as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            hidden = entry.name.startswith(".") and not start.startswith(".")
            if hidden or not entry.name.startswith(start):
                continue
            path = os.path.join(folder, entry.name)
            if entry.is_dir():
                yield f"{path}/"
            elif entry.name.endswith(ENDINGS):
                yield path
