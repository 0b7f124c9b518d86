"""Borrowing: while a program holds a view of an account's data, data and owner cannot be replaced.

    while it holds a view    resizing the data, or changing the owner, fails at that line
    when it ends             a view that it kept fails the instruction
    afterwards               a view from an earlier instruction raises on every use

The kit's views check the first and the last (`is_borrowed`, `STALE`), in all executors. This module
has the check at the end of an instruction. A batch handler gets columns instead of views, so there
is nothing that it could keep.

Source: the RefCells of Agave's AccountInfo and BorrowedAccount (AccountBorrowFailed,
AccountBorrowOutstanding).
"""

from __future__ import annotations

from collections.abc import Iterable

from ....primitives import InstructionErrors, ProgramFailure
from ....programs.kit.accounts.account import is_borrowed
from ....programs.kit.accounts.record import AccountRecord


def require_returned_views(program: str, records: Iterable[AccountRecord]) -> None:
    """At the end of an instruction: raise ProgramFailure if it kept a view of account data."""
    for record in records:
        if record.borrowed is None:
            continue
        if is_borrowed(record):
            raise ProgramFailure(
                InstructionErrors.AccountBorrowOutstanding,
                f"{program} kept a view of the data of {record.key}; copy with bytes(…) instead",
                account=str(record.key),
            )
        # Code that still holds the buffer itself (memoryview.obj) keeps only an old copy.
        record.buffer = bytearray(record.buffer)


def kept_view_text(record: str, *, has_data: bool) -> str:
    """The condition, on the variable of a row's record, that its handler kept a view of the data.

    A row with data has its own buffer. Rows without data share one, so if there was a view of it,
    the row is always concluded as if it were executed alone.
    """
    kept = f"not release_data({record})" if has_data else "True"
    return f"{lent_view_text(record)} and {kept}"


def lent_view_text(record: str) -> str:
    """The condition that the handler asked for a view of the data."""
    return f"{record}.borrowed is not None"
