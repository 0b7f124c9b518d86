"""`sealane top`: a live view of a running node."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from ..inputs.options import AsJson
from ..output.signals import end_quietly

if TYPE_CHECKING:
    from ...node.metrics.watching import Look


def top_command(
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help="What the node got as --metrics, or the URL that it prints.",
        ),
    ] = "127.0.0.1:9464",
    interval: Annotated[
        float, typer.Option("--interval", metavar="S", help="Seconds between two looks.")
    ] = 1.0,
    once: Annotated[
        bool, typer.Option("--once", help="Print one look and stop; always so in a pipe.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Watch a running node: blocks, workers, mempool, memory.

    Shows what a node serves with --metrics ADDRESS, until Ctrl-C. Rates and means are of the time
    between two looks. A node that does not answer is tried again; with --once, exit code 3.
    """
    from ...node.metrics.address import parse_address
    from ...node.metrics.reading import read_figures
    from ...node.metrics.watching import require_interval, watch

    end_quietly()  # Ctrl-C is how to leave it
    require_interval(interval)
    where = parse_address(address)
    looks = watch(partial(read_figures, where), interval)
    if once or as_json or not sys.stdout.isatty():
        _show_once(str(where), _first(looks), as_json=as_json)
    else:
        _show_live(str(where), looks)


def _first(looks: Iterator[Look]) -> Look:
    """The first look. Raises MetricsUnreachable if the node does not answer."""
    look = next(looks)
    if look.gone is not None:
        raise look.gone
    return look


def _show_once(address: str, look: Look, *, as_json: bool) -> None:
    from ..output.stdout import write_json

    if as_json:
        from ..reports.top_document import top_document

        write_json(top_document(address, look))
        return
    from ..render.page import Page
    from ..render.top_view import TopView, render_top

    page, view = Page(), TopView(address)
    view.add(look)
    render_top(view, look, page)
    page.write()


def _show_live(address: str, looks: Iterator[Look]) -> None:
    from ..render.live import live_screen
    from ..render.top_view import TopView

    view = TopView(address)
    with live_screen() as show:
        for look in looks:
            view.add(look)
            show(partial(view.frame, look))
