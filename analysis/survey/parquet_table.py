"""A survey as Parquet, written by pyarrow, which the extra `survey` installs.

Columns as in CSV, with their types; several texts in one cell are a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from typing import Any, Final, cast

from ...primitives import UsageError
from ...primitives.extras import how_to_install
from .columns import COLUMNS, Column, Kind
from .row import Row

_INT64_MAX: Final = 2**63 - 1
_WIDE_DIGITS: Final = 38  # of Parquet's widest decimal: sums of costs may exceed 64 bits


def require_parquet() -> None:
    """Raise UsageError, with what to install, if Parquet cannot be written here."""
    if find_spec("pyarrow") is None:
        raise UsageError(
            "Parquet is written by pyarrow, which is not installed: " + how_to_install("survey")
        )


def parquet_bytes(rows: Sequence[Row]) -> bytes:
    """The content of the file. Raises UsageError without pyarrow."""
    require_parquet()
    import pyarrow
    import pyarrow.parquet

    arrow = cast(Any, pyarrow)
    arrays = {column.name: _array(arrow, column, rows) for column in COLUMNS}
    file = BytesIO()
    cast(Any, pyarrow.parquet).write_table(arrow.table(arrays), file)
    return file.getvalue()


def _array(arrow: Any, column: Column, rows: Sequence[Row]) -> Any:
    cells = [column.cell(row) for row in rows]
    match column.kind:
        case Kind.TEXT:
            kind = arrow.string()
        case Kind.NUMBER:
            kind = arrow.float64()
        case Kind.TEXTS:
            kind = arrow.list_(arrow.string())
        case Kind.INTEGER:
            wide = any(isinstance(cell, int) and cell > _INT64_MAX for cell in cells)
            kind = arrow.decimal128(_WIDE_DIGITS, 0) if wide else arrow.int64()
    return arrow.array(cells, type=kind)
