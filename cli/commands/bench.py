"""`sealane bench`: measure, compare with other tools and with an earlier run."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from ...bench.measure.rounds import ROUNDS_DEFAULT, ROUNDS_MAX
from ..inputs.completion import complete_scenario
from ..inputs.options import AsJson, Quiet, require_one_format
from ..output.exit_codes import CHECK_FAILED

if TYPE_CHECKING:
    from ...bench.comparison import Comparison
    from ...bench.measure.outcome import BenchRun


class Format(StrEnum):
    """How the figures are shown."""

    table = "table"
    markdown = "markdown"


def bench_command(
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            "-s",
            metavar="NAME",
            help="Only scenarios of this name, beginning (schedule) or pattern; repeatable.",
            show_default="all",
            autocompletion=complete_scenario,
        ),
    ] = None,
    as_json: AsJson = False,
    shown_as: Annotated[
        Format, typer.Option("--format", help="A table, or the targets in Markdown.")
    ] = Format.table,
    compare: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="An earlier run's --json: what has become slower?"),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the JSON document there, too, for --compare."),
    ] = None,
    rounds: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=ROUNDS_MAX, help="Times that each side is measured."),
    ] = ROUNDS_DEFAULT,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes: does all work? Judges no target.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Measure Sealane, beside other tools.

    Sides take turns in each round; shown are medians, least and greatest. Ratios are within one
    run. Ends with code 1 if --compare finds something slower beyond noise.
    """
    from ...bench.bench import run_scenarios
    from ...bench.catalogue import chosen
    from ...bench.comparison import compare as compare_runs
    from ...bench.run_file import read_run, require_writable, write_run
    from ..output.progress import status_line

    require_one_format(as_json=as_json, other=None if shown_as is Format.table else shown_as)
    scenarios = chosen(scenario or ())
    # Check files before spending minutes on measuring.
    earlier = None if compare is None else read_run(compare)
    if earlier is not None:
        earlier.require_sizes(quick=quick)
    if save is not None:
        require_writable(save)
    with status_line(quiet=quiet) as announce:
        run = run_scenarios(scenarios, rounds=rounds, quick=quick, announce=announce)
    comparison = None if earlier is None else compare_runs(earlier, run)
    if as_json:
        from ..output.stdout import write_json

        compared = {} if comparison is None else {"comparison": comparison.document()}
        write_json(run.document() | compared)
    else:
        _show(run, comparison, shown_as, quiet=quiet)
    if save is not None:
        write_run(save, run)  # last, so that the figures are shown even if the disk is full
    if comparison is not None and comparison.regressions:
        raise typer.Exit(CHECK_FAILED)


def _show(run: BenchRun, comparison: Comparison | None, how: Format, *, quiet: bool) -> None:
    from ..render.bench_view import render_comparison, render_run
    from ..render.page import Page

    page = Page()
    if how is Format.markdown:
        from ..render.bench_markdown import targets_in_markdown

        page.show(*targets_in_markdown(run))
    else:
        render_run(run, page, quiet=quiet)
    if comparison is not None:
        render_comparison(comparison, page, quiet=quiet)
    page.write()
