"""What the report says of a schedule, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ...primitives.one_line import counted
from ...scheduler import Schedule, Simulation
from ...scheduler.causes import SPLIT_PARTS
from ...scheduler.picture.all_conflicts import (
    TRANSACTIONS_COUNTED_MAX,
    conflict_grid,
    edge_grid,
)
from ...scheduler.simulation import Timeline
from .block_data import block_data, lane_columns
from .causes import causes_html
from .charts import (
    BLUE,
    ORANGE,
    PALE,
    Chart,
    columns_chart,
    curves_chart,
    inlined,
    lanes_chart,
    matrix_chart,
)
from .document import Card, Section
from .page import lanes_html, page_html, path_html, title_of

LANES_SHOWN: Final = (2, 4, 8, 16)
_FIRST_SHOWN: Final = 4
_CELLS_MAX: Final = 160


def report_html(schedule: Schedule) -> str:
    """The page of a schedule."""
    timelines = {count: schedule.timeline(count) for count in LANES_SHOWN}
    simulation = schedule.simulate()
    charts = _charts(schedule, timelines, simulation)
    drawn = inlined(charts)
    sections = _sections(schedule, simulation, drawn.divs)
    return page_html(
        title_of(schedule),
        schedule.notes,
        _cards(schedule, timelines),
        sections,
        drawn,
        data=block_data(schedule, timelines),
        workers=_FIRST_SHOWN,
    )


def _cards(schedule: Schedule, timelines: Mapping[int, Timeline]) -> list[Card]:
    path = schedule.critical_path
    share = path.cost / schedule.total_cost if schedule.total_cost else 1.0
    found = timelines[_FIRST_SHOWN]
    speed_up = schedule.total_cost / found.makespan if found.makespan else 1.0
    return [
        Card(f"{len(schedule):,}", "transactions"),
        Card(f"{schedule.access.account_count:,}", "accounts"),
        Card(f"{schedule.dag.edge_count:,}", "edges: who waits directly for whom"),
        Card(f"{len(schedule.dag.waves):,}", "waves"),
        Card(f"{share:.1%}", f"of all cost on the critical path of {len(path.transactions):,}"),
        Card(f"{schedule.parallelism:,.2f} ×", "the ceiling: no number of workers gets beyond it"),
        Card(f"{speed_up:,.2f} ×", f"predicted on {_FIRST_SHOWN} workers"),
    ]


def _charts(
    schedule: Schedule, timelines: Mapping[int, Timeline], simulation: Simulation
) -> list[Chart]:
    found = timelines[_FIRST_SHOWN]
    bars = lane_columns(schedule, found, (ORANGE, BLUE, PALE))
    widths: list[int] = np.diff(schedule.dag.waves.offsets).tolist()
    counts = [each.workers for each in next(iter(simulation.policies.values()))]
    curves = {
        policy: [each.speed_up for each in predictions]
        for policy, predictions in simulation.policies.items()
    }
    charts = [
        lanes_chart(bars, _FIRST_SHOWN, found.makespan, schedule.total_cost),
        columns_chart("waves", widths, "wave", "transactions"),
        curves_chart("curves", counts, curves, schedule.parallelism, "workers", "speed-up"),
    ]
    if 0 < len(schedule) <= TRANSACTIONS_COUNTED_MAX:
        charts.append(matrix_chart("matrix", matrix_cells(schedule), len(schedule)))
    return charts


def matrix_cells(schedule: Schedule) -> Mapping[str, Any]:
    """Columns of the cells in which anything conflicts."""
    count = len(schedule)
    cells = min(_CELLS_MAX, count)
    direct = edge_grid(schedule.dag.order, cells).T
    pairs = conflict_grid(schedule.access, cells)
    later, earlier = np.nonzero(pairs)
    # The first position of each cell: p falls into cell p × cells // n.
    bounds = -(-np.arange(cells + 1) * count // cells)
    edges, conflicts = direct[later, earlier], pairs[later, earlier]
    most = max(1, int(conflicts.max(initial=1)))
    return {
        "left": bounds[earlier].astype(np.float64),
        "right": bounds[earlier + 1].astype(np.float64),
        "top": bounds[later].astype(np.float64),
        "bottom": bounds[later + 1].astype(np.float64),
        "colour": [ORANGE if edge else BLUE for edge in edges.tolist()],
        "alpha": 0.35 + 0.65 * np.sqrt(conflicts / most),
        "texts": [
            f"{counted(pair, 'conflict')}, {counted(edge, 'direct edge')}"
            for pair, edge in zip(conflicts.tolist(), edges.tolist(), strict=True)
        ],
    }


def _sections(
    schedule: Schedule, simulation: Simulation, divs: Mapping[str, str]
) -> Sequence[Section]:
    sections = [
        Section(
            "causes",
            "What holds it back",
            "Accounts that cause the same conflicts act as one group. The share says how much of "
            "the critical path locks it; the last three, how parallel the block would be if nobody "
            f"locked these accounts, if each were split into {SPLIT_PARTS}, or if they were only "
            "added to. Where these are no higher than the ceiling, something else holds it back.",
            causes_html(schedule),
        ),
        Section(
            "lanes",
            "Lanes over time",
            "What each worker would run and when, at the block's own costs. A bar begins once all "
            "that it waits for have ended. Pick one to see what it waits for and what it releases.",
            lanes_html(divs["lanes"], LANES_SHOWN, _FIRST_SHOWN),
        ),
        Section(
            "waves",
            "Waves by count",
            "The other clock: a wave counts transactions and not their costs, so a wave of one "
            "costly transaction looks narrow here and long above.",
            f'<div class="chart">{divs["waves"]}</div>',
        ),
        Section(
            "critical-path",
            "Critical path",
            "The costliest chain of transactions that wait for each other. However many workers "
            "there are, the block takes as long as this.",
            path_html(schedule),
        ),
        Section(
            "curves",
            "Speed-up by workers",
            "Predicted by the simulator under each policy; the dashed line is the ceiling that "
            "the critical path sets. Policies that order by priority may run conflicting "
            "transactions in another order than the file's, and so get beyond it.",
            f'<div class="chart">{divs["curves"]}</div>',
        ),
    ]
    if "matrix" in divs:
        sections.append(
            Section(
                "matrix",
                "Conflict matrix",
                "A cell is coloured where a later transaction (down) conflicts with an earlier one "
                "(across): orange where one waits directly for the other, blue where a chain of "
                "others orders them.",
                f'<div class="chart">{divs["matrix"]}</div>',
            )
        )
    return sections
