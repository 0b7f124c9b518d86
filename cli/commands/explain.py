"""`sealane explain`: why does this transaction run where it does, and who queues for an account?"""

from __future__ import annotations

from typing import Annotated

import typer

from ..inputs.completion import complete_transaction
from ..inputs.options import (
    AsJson,
    Brief,
    Case,
    File,
    Granularity,
    Labels,
    NoVotes,
    Programs,
    With,
)


def explain_command(
    file: File,
    transaction: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="The transaction; of a signature, its start will do.",
            autocompletion=complete_transaction,
            show_default=False,
        ),
    ] = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="ID2",
            help="Another: are the two tied, and how?",
            autocompletion=complete_transaction,
            show_default=False,
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Show this account's queue instead: its name, or the start of its key.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
    program: Programs = None,
    no_votes: NoVotes = False,
    labels: Labels = None,
    beside: With = None,
    case: Case = None,
    granularity: Granularity = "slot",
    quiet: Brief = False,
) -> None:
    """Say why a transaction runs where it does.

    After which earlier one, on which account, and in which way they conflict. Of two transactions:
    whether and how they are tied. With --account: who locks it, in order.
    """
    from ...ingest.loaded_block import reading_of
    from ..inputs.opening import open_schedule
    from ..inputs.question import Question

    question = Question(transaction, other, account)
    reading = reading_of(not no_votes, granularity, beside or ())
    schedule = open_schedule(file, program, reading=reading, labels=labels, case=case, quiet=quiet)
    explanation = question.answer(schedule)
    if as_json:
        from ..output.stdout import write_json

        write_json(explanation.to_dict())
    else:
        from ..render.explain_view import render_explanation
        from ..render.page import Page

        page = Page()
        render_explanation(schedule, explanation, page, quiet=quiet)
        page.write()
