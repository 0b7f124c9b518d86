"""What to change in a block before it is scheduled: options, each repeatable."""

from __future__ import annotations

from typing import Annotated

import typer

from .completion import complete_account, complete_left_out

Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="X",
        help="Leave out an account's locks, a transaction, program:NAME, or votes.",
        show_default=False,
        autocompletion=complete_left_out,
    ),
]
Split = Annotated[
    list[str] | None,
    typer.Option(
        "--split",
        metavar="ACCOUNT=K",
        help="Make K accounts of one; writes take turns, and reads lock them all.",
        show_default=False,
        autocompletion=complete_account,
    ),
]
Commutative = Annotated[
    list[str] | None,
    typer.Option(
        "--commutative",
        metavar="ACCOUNT",
        help="Only add to it instead of writing it: adds do not conflict.",
        show_default=False,
        autocompletion=complete_account,
    ),
]
Ordinary = Annotated[
    list[str] | None,
    typer.Option(
        "--ordinary",
        metavar="ACCOUNT",
        help="Write it where it is only added to: adds then take turns.",
        show_default=False,
        autocompletion=complete_account,
    ),
]
ReadOnly = Annotated[
    list[str] | None,
    typer.Option(
        "--read-only",
        metavar="ACCOUNT",
        help="Only read it instead of writing it.",
        show_default=False,
        autocompletion=complete_account,
    ),
]
