"""A survey as a flat table: one value a cell, for CSV, Parquet and whatever reads them.

Guarantees: the same columns in the same order for every survey; a row with an error has its file,
its error and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Final

from .row import SPEED_UP_WORKERS, Row

Cell = str | int | float | tuple[str, ...] | None


class Kind(Enum):
    """What a column holds, beside nothing."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Column:
    """`cell` gives the value of a row."""

    name: str
    kind: Kind
    cell: Callable[[Row], Cell]


def _figure(name: str, row: Row) -> Cell:
    return None if row.figures is None else getattr(row.figures, name)


def _of_group(name: str, row: Row) -> Cell:
    group = None if row.figures is None else row.figures.hottest_group
    return None if group is None else getattr(group, name)


def _speed_up(workers: int, row: Row) -> Cell:
    return None if row.figures is None else row.figures.speed_up.get(workers)


def _encodable(text: str) -> str:
    """The text, bytes of a file name that are not UTF-8 written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _columns(kind: Kind, *names: str) -> list[Column]:
    return [Column(name, kind, partial(_figure, name)) for name in names]


COLUMNS: Final = (
    Column("file", Kind.TEXT, lambda row: _encodable(row.file)),
    Column("case", Kind.TEXT, lambda row: None if row.case is None else _encodable(row.case)),
    Column("error", Kind.TEXT, lambda row: None if row.error is None else _encodable(row.error)),
    *_columns(Kind.TEXT, "chain"),
    *_columns(Kind.INTEGER, "slot", "height", "transactions", "votes", "failed", "accounts"),
    *_columns(Kind.INTEGER, "conflicts", "waves", "total_cost", "critical_path_cost"),
    *_columns(Kind.NUMBER, "critical_path_share", "parallelism_by_count", "parallelism_by_cost"),
    Column("hottest_accounts", Kind.TEXTS, partial(_of_group, "accounts")),
    Column("hottest_label", Kind.TEXT, partial(_of_group, "label")),
    Column("hottest_program", Kind.TEXT, partial(_of_group, "program")),
    Column("hottest_transactions", Kind.INTEGER, partial(_of_group, "transactions")),
    Column("hottest_critical_path_share", Kind.NUMBER, partial(_of_group, "critical_path_share")),
    Column("hottest_parallelism_without", Kind.NUMBER, partial(_of_group, "parallelism_without")),
    *(
        Column(f"speed_up_{workers}", Kind.NUMBER, partial(_speed_up, workers))
        for workers in SPEED_UP_WORKERS
    ),
    *_columns(Kind.TEXTS, "notes"),
)
