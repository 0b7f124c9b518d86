"""Conditions of handlers that mean the same for plain values and for columns."""

from __future__ import annotations

from typing import Any

from .bool_column import BoolColumn
from .columns import OptionColumn
from .rows import running_rows


def is_none(value: object) -> Any:
    """`value is None`, for plain values and for columns."""
    return value.is_none if type(value) is OptionColumn else value is None


def holds(optional: object, value: object) -> Any:
    """Whether an optional value is present and equals this one; for plain values and columns."""
    if type(optional) is OptionColumn:
        return optional.is_some & (optional == value)
    return optional is not None and optional == value


def only_where(condition: Any) -> None:
    """In a batch, exclude the rows for which the condition does not hold.

    Does nothing in a scalar handler, which handles rare or complicated cases.
    """
    rows = running_rows()
    if type(condition) is BoolColumn:
        condition.rows.exclude(~condition.values)
    elif rows is not None:
        # A condition without a column, for example on the clock, holds for all rows or for none.
        rows.exclude(not condition)


def rarely(condition: Any) -> bool:
    """Whether the condition holds, in a scalar handler.

    In a batch, False: rows for which it holds are excluded, so that `if rarely(…):` is a case that
    only the scalar handler has.
    """
    if type(condition) is BoolColumn:
        condition.rows.exclude(condition.values)
        return False
    return bool(condition)
