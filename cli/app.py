"""The command `sealane`, assembled from one module per command.

Guarantees: starts fast: neither this module nor the commands import numpy, rustworkx or Rich before
a command needs them.
"""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from .commands import (
    bench,
    explain,
    gen,
    graph,
    keys,
    lint,
    new,
    node,
    plan,
    programs,
    replay,
    report,
    run,
    schema,
    simulate,
    state,
    stress,
    survey,
    top,
    verify,
    verify_proof,
)
from .gc_threshold import infrequent_gc
from .output.committed import forget_committed
from .output.exit_codes import conclude
from .output.signals import stoppable
from .output.stderr import settle_stderr
from .output.stdout import forget_document, settle_stdout, write_text
from .output.verbosity import hide_log
from .overview import OVERVIEW

_HELP_WIDTH_MAX: Final = 80


def _help_width() -> int:
    """The width of help: Typer's own is never less than 50 columns."""
    return min(shutil.get_terminal_size().columns, _HELP_WIDTH_MAX)


app = typer.Typer(
    help="Run blocks of transactions in parallel, and see what holds them back.",
    epilog="Exit codes: 0 fine · 1 an expectation, check or replay failed · 2 bad usage or input "
    "· 3 the machine or sealane failed, nothing committed · 4 committed, but the report could not "
    "be written · 130 interrupted · 143 terminated",
    # Rich help would take a third of the start-up time, and its boxes do not fit 40 columns.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": _help_width()},
)
_MODULES = (
    run,
    plan,
    graph,
    explain,
    simulate,
    lint,
    report,
    replay,
    verify,
    survey,
    state,
    verify_proof,
    node,
    top,
    stress,
    programs,
    new,
    gen,
    schema,
    bench,
    keys,
)
for module in _MODULES:
    name = module.__name__.rpartition(".")[2]
    command = getattr(module, f"{name}_command")
    if isinstance(command, typer.Typer):  # with commands of its own
        app.add_typer(command, name=name)
        continue
    # Most objects that a command creates live to its end. `bench` must measure default settings.
    app.command(name.replace("_", "-"))(command if module is bench else infrequent_gc()(command))


@app.callback(invoke_without_command=True)
def overview(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks. Works behind a command, too.")
    ] = False,
) -> None:
    """Run blocks of transactions in parallel, and see what holds them back."""
    del debug  # read by `main`, since it must also work for bad usage
    if version:
        from ..primitives.version import find_version

        write_text(f"sealane {find_version()}\n")
    elif context.invoked_subcommand is None:
        write_text(OVERVIEW)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: this process's) and return the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    as_json = "--json" in itertools.takewhile(lambda word: word != "--", given)
    settle_stdout()
    settle_stderr()
    forget_document()
    forget_committed()
    try:
        with stoppable():
            command = typer.main.get_command(app)
            code = command.main(
                [word for word in given if word != "--debug"],
                prog_name="sealane",
                standalone_mode=False,
            )
            return code if isinstance(code, int) else 0
    except BaseException as error:
        return conclude(error, debug=debug, as_json=as_json)
    finally:
        hide_log()
