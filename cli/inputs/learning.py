"""Blocks to learn costs from: `--learn FILE`, repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from .completion import complete_file

if TYPE_CHECKING:
    from ...analysis.learning import LearnedCosts

Learn = Annotated[
    list[str] | None,
    typer.Option(
        "--learn",
        metavar="FILE",
        help="Predict costs from this earlier block, by what is called; oldest first.",
        show_default=False,
        autocompletion=complete_file,
    ),
]


def learn_costs(files: Sequence[str], programs: Sequence[str] | None, votes: bool) -> LearnedCosts:
    """Costs learned from these blocks, in order.

    Raises InputError for a file that cannot be read, UsageError if none tells of costs.
    """
    from ...analysis.learning import LearnedCosts
    from ...ingest.building.recording import Reading
    from ...primitives import UsageError
    from .opening import open_schedule

    costs = LearnedCosts()
    for file in files:
        costs.learn(open_schedule(file, programs, reading=Reading(votes=votes), quiet=True))
    if not costs.transactions:
        raise UsageError(
            f"--learn {' '.join(files)}: no transaction there says what it cost; a recorded block "
            "says so in compute units, a fixture with `cost`"
        )
    return costs
