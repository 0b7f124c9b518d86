"""Borrowing: while a program looks into an account's data, the data stays where it is and its own.

    while it holds a view    resizing the data, or giving the account away, fails at that line
    when it ends             a view that it kept fails the instruction
    afterwards               a view of an earlier instruction raises at every use

The first and the last are for the views themselves to notice: `is_borrowed` and `STALE` of the kit,
which all handlers work with, in whichever executor. What is judged when an instruction ends stands
here. A batch handler is given columns and no view of data: there is nothing that it could keep.

Source: the RefCells of Agave's AccountInfo and BorrowedAccount (AccountBorrowFailed,
AccountBorrowOutstanding).
"""

from __future__ import annotations

from collections.abc import Iterable

from ....primitives import InstructionErrors, ProgramFailure
from ....programs.kit.accounts.account import is_borrowed
from ....programs.kit.accounts.record import AccountRecord


def require_returned_views(program: str, records: Iterable[AccountRecord]) -> None:
    """Raise unless a program's instruction, which ends, kept no memoryview of account data."""
    for record in records:
        if record.borrowed is None:
            continue
        if is_borrowed(record):
            raise ProgramFailure(
                InstructionErrors.AccountBorrowOutstanding,
                f"{program} kept a view of the data of {record.key}; copy with bytes(…) instead",
                account=str(record.key),
            )
        # Whoever still holds the buffer itself, as memoryview.obj, is left with an old one.
        record.buffer = bytearray(record.buffer)


def kept_view_text(record: str, *, has_data: bool) -> str:
    """A condition on the variable of a row's record: its handler kept a view of the data.

    A row with data has a buffer of its own; without, the buffer is every row's, and a view of it
    is looked at as if the row were executed alone.
    """
    kept = f"not release_data({record})" if has_data else "True"
    return f"{lent_view_text(record)} and {kept}"


def lent_view_text(record: str) -> str:
    """A condition: the handler was given a view of the data."""
    return f"{record}.borrowed is not None"
