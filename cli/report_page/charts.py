"""Charts for pages that need no network: the only module that knows Bokeh.

Guarantees: what `inlined` returns names no address; colours are read well on white and on black,
and what must follow the page's colours has a name that page.js finds it by. Texts of a block reach
the browser as data, never as HTML. Raises UsageError where Bokeh is not installed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...primitives import UsageError
from ...primitives.extras import how_to_install

try:
    from bokeh.embed import components
    from bokeh.models import (
        ColumnDataSource,
        CustomJSHover,
        FixedTicker,
        HoverTool,
        NumeralTickFormatter,
        Range1d,
        Span,
        TapTool,
    )
    from bokeh.plotting import figure
    from bokeh.resources import Resources
except ModuleNotFoundError as error:
    if error.name is None or error.name.partition(".")[0] != "bokeh":
        raise
    raise UsageError(
        "pages are drawn with Bokeh, which is not installed: " + how_to_install("report")
    ) from error

# Distinct for the colour-blind, and at least 3:1 against both white and #16181d.
BLUE: Final = "#3b82c4"
PALE: Final = "#8a93a3"
ORANGE: Final = "#d9731a"
CURVES: Final = (
    "#3b82c4",
    "#d9731a",
    "#2f9e6e",
    "#c2528b",
    "#8b6fd6",
    "#a1881d",
    "#3a9db0",
    "#8a93a3",
)
LANES_HEIGHT: Final = 90  # pixels: the axis and the tools; page.js has the same
LANE_HEIGHT: Final = 26
Columns = Mapping[str, NDArray[Any] | Sequence[Any]]


@dataclass(frozen=True)
class Chart:
    """A chart; `model` is Bokeh's."""

    name: str
    model: Any


@dataclass(frozen=True)
class Inlined:
    """A page's charts: a `<div>` each by name, and all scripts with Bokeh's own, as HTML."""

    divs: Mapping[str, str]
    scripts: str


def inlined(charts: Sequence[Chart]) -> Inlined:
    """The charts, with everything that a browser needs to draw them."""
    if not charts:
        return Inlined({}, "")
    script, divs = components({chart.name: chart.model for chart in charts})
    library = Resources(mode="inline", components=["bokeh", "bokeh-gl"]).render_js()
    return Inlined(divs, f"{library}\n{script}")


def lanes_chart(columns: Columns, workers: int, makespan: int, total: int) -> Chart:
    """Transactions as bars over time, a row a worker. Columns: position, left, right, lane, colour.

    page.js fills in what is hovered over, and other numbers of workers.
    """
    source = ColumnDataSource(data=dict(columns), name="bars")
    plot = _plot(
        "lanes", "time, in the unit of the costs", "worker", height=90 + 26 * min(workers, 16)
    )
    plot.x_range = Range1d(start=0, end=max(1, makespan), bounds=(0, max(1, total)))
    plot.y_range = Range1d(start=workers + 0.5, end=0.5)
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0")
    plot.yaxis.ticker = FixedTicker(ticks=list(range(1, workers + 1)))
    plot.ygrid.grid_line_color = None
    idle = ColumnDataSource(data={"lane": list(range(1, workers + 1))}, name="idle")
    plot.hbar(y="lane", left=0, right=makespan, height=0.84, source=idle, **_IDLE)
    bars = plot.quad(
        left="left",
        right="right",
        bottom="bottom",
        top="top",
        fill_color="colour",
        line_color="colour",
        line_width=0.5,
        source=source,
        selection_fill_alpha=1.0,
        nonselection_fill_alpha=0.18,
        nonselection_line_alpha=0.18,
    )
    asked = CustomJSHover(code="return window.sealane.hovered(value, format)")
    lines = ("id", "figures", "waits", "releases")
    plot.add_tools(
        TapTool(renderers=[bars]),
        HoverTool(
            renderers=[bars],
            tooltips=[(_WORDS[line], f"@position{{{line}}}") for line in lines],
            formatters={"@position": asked},
            attachment="vertical",
        ),
    )
    return Chart("lanes", plot)


_IDLE: Final = {
    "fill_color": PALE,
    "fill_alpha": 0.14,
    "line_color": None,
    "hatch_pattern": "right_diagonal_line",
    "hatch_color": PALE,
    "hatch_alpha": 0.35,
    "hatch_weight": 0.5,
}
_WORDS: Final = {
    "id": "transaction",
    "figures": "runs",
    "waits": "waits for",
    "releases": "releases",
}


def columns_chart(name: str, heights: Sequence[int], x_label: str, y_label: str) -> Chart:
    """A column for each of 0, 1, …"""
    plot = _plot(name, x_label, y_label, height=190)
    places = np.arange(len(heights))
    source = ColumnDataSource(data={"place": places, "height": list(heights)})
    # Bars of a pixel each would be grey: without gaps where there are many.
    width = 0.82 if len(heights) < 200 else 1.0
    bars = plot.vbar(x="place", top="height", width=width, color=BLUE, source=source)
    plot.y_range.start = 0
    rows = [(x_label, "@place"), (y_label, "@height")]
    plot.add_tools(HoverTool(renderers=[bars], tooltips=rows))
    return Chart(name, plot)


def curves_chart(
    name: str,
    x: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    ceiling: float,
    x_label: str,
    y_label: str,
) -> Chart:
    """A curve for each name over the same x, on a logarithmic axis, below a ceiling."""
    plot = _plot(name, x_label, y_label, height=340, x_axis_type="log")
    plot.xaxis.ticker = FixedTicker(ticks=list(x))
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0")
    plot.y_range.start = 0
    plot.add_layout(Span(location=ceiling, dimension="width", line_color=PALE, line_dash="dashed"))
    dashes = ("solid", "dashed", "dotdash", "dotted")
    for place, (curve, values) in enumerate(curves.items()):
        colour = CURVES[place % len(CURVES)]
        data = {"x": list(x), "y": list(values), "curve": [curve] * len(values)}
        source = ColumnDataSource(data=data)
        drawn = {"color": colour, "legend_label": curve, "source": source}
        plot.line("x", "y", line_width=2, line_dash=dashes[place % len(dashes)], **drawn)
        points = plot.scatter("x", "y", size=7, **drawn)
        rows = [("", "@curve"), (x_label, "@x"), (y_label, "@y{0.00}")]
        plot.add_tools(HoverTool(renderers=[points], tooltips=rows))
    _legend_aside(plot, shown=bool(curves))
    return Chart(name, plot)


def points_chart(
    name: str, series: Mapping[str, Columns], x_label: str, y_label: str, *, y_log: bool = False
) -> Chart:
    """A point for each row of each series, in its own colour and shape. Columns: x, y, text."""
    plot = _plot(name, x_label, y_label, height=320, y_axis_type="log" if y_log else "linear")
    if y_log:  # left alone, it has no tick between two powers of ten that lie close
        plot.yaxis.ticker = FixedTicker(ticks=[n * 10**e for e in range(-1, 6) for n in (1, 2, 5)])
    plot.yaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    markers = ("circle", "triangle", "square")
    for place, (title, columns) in enumerate(series.items()):
        points = plot.scatter(
            "x",
            "y",
            size=9,
            color=CURVES[place % len(CURVES)],
            fill_alpha=0.65,
            marker=markers[place % len(markers)],
            legend_label=title,
            source=ColumnDataSource(data=dict(columns)),
        )
        plot.add_tools(HoverTool(renderers=[points], tooltips=[("", "@text")]))
    _legend_aside(plot, shown=len(series) > 1)
    return Chart(name, plot)


def bundle_chart(
    name: str,
    x: Sequence[int],
    curves: Sequence[tuple[str, Sequence[float]]],
    middle: Sequence[float],
    x_label: str,
    y_label: str,
) -> Chart:
    """Thin curves over the same x, each with its text, and a thick one through their middle."""
    plot = _plot(name, x_label, y_label, height=340, x_axis_type="log")
    plot.xaxis.ticker = FixedTicker(ticks=list(x))
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0")
    plot.y_range.start = 0
    data = {
        "xs": [list(x)] * len(curves),
        "ys": [list(values) for _, values in curves],
        "text": [text for text, _ in curves],
    }
    lines = plot.multi_line(
        "xs",
        "ys",
        color=BLUE,
        alpha=0.45,
        line_width=1.5,
        hover_line_color=ORANGE,
        hover_line_alpha=1.0,
        legend_label="a block",
        source=ColumnDataSource(data=data),
    )
    plot.line(list(x), list(middle), color=ORANGE, line_width=3, legend_label="median")
    plot.add_tools(HoverTool(renderers=[lines], tooltips=[("", "@text")], line_policy="nearest"))
    _legend_aside(plot, shown=True)
    return Chart(name, plot)


def matrix_chart(name: str, cells: Columns, transactions: int) -> Chart:
    """Cells of a matrix in block order. Columns: left, right, top, bottom, colour, alpha, texts.

    `texts`: what a cell says, ready to be shown.
    """
    plot = _plot(name, "earlier transaction", "later transaction", height=520, width=620)
    plot.sizing_mode = "scale_width"
    plot.max_width = 720
    plot.x_range = Range1d(start=0, end=max(1, transactions), bounds="auto")
    plot.y_range = Range1d(start=max(1, transactions), end=0, bounds="auto")
    drawn = plot.quad(
        left="left",
        right="right",
        top="top",
        bottom="bottom",
        fill_color="colour",
        fill_alpha="alpha",
        line_color=None,
        source=ColumnDataSource(data=dict(cells)),
    )
    plot.add_tools(HoverTool(renderers=[drawn], tooltips=[("", "@texts")]))
    return Chart(name, plot)


def _legend_aside(plot: Any, *, shown: bool) -> None:
    """Put the legend beside the plot: a click on an entry hides what it stands for."""
    if not plot.legend:
        return
    plot.add_layout(plot.legend[0], "right")
    plot.legend.visible = shown
    plot.legend.click_policy = "hide"
    plot.legend.background_fill_alpha = 0
    plot.legend.border_line_alpha = 0


def _plot(name: str, x_label: str, y_label: str, **options: Any) -> Any:
    plot = figure(
        name=f"sealane-{name}",
        x_axis_label=x_label,
        y_axis_label=y_label,
        sizing_mode=options.pop("sizing_mode", "stretch_width"),
        tools="xpan,xwheel_zoom,box_zoom,reset,save",
        active_drag="box_zoom",
        active_scroll=None,
        output_backend="webgl",
        toolbar_location="above",
        **options,
    )
    plot.toolbar.logo = None
    plot.background_fill_alpha = 0
    plot.border_fill_alpha = 0
    plot.outline_line_color = None
    return plot
