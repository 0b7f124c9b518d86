"""By which policies to predict: `--policy lanes`, repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from .completion import complete_policy

Policies = Annotated[
    list[str] | None,
    typer.Option(
        "--policy",
        metavar="NAME",
        help="How work is handed out to workers; repeatable.",
        show_default="all",
        autocompletion=complete_policy,
    ),
]


DRAWN: Final = "lanes"  # as the runtime does


def chosen_policies(options: Sequence[str] | None) -> Sequence[str]:
    """Those that are asked for, or all."""
    from ...scheduler.simulation import POLICIES

    return options or tuple(POLICIES)


def drawn_policy(options: Sequence[str] | None) -> str:
    """The one of which a single run is drawn: the only one that is asked for, or `lanes`."""
    return options[0] if options and len(set(options)) == 1 else DRAWN
