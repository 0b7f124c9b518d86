"""By which policies to predict: `--policy lanes`, repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

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


def chosen_policies(options: Sequence[str] | None) -> Sequence[str]:
    """Those that are asked for, or all."""
    from ...scheduler.simulation import POLICIES

    return options or tuple(POLICIES)
