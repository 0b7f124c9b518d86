"""Surveys as CSV and Parquet: read back, they are what was written."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Sequence
from io import BytesIO
from typing import Any, cast

import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import UsageError
from sealane.analysis.survey import Row
from sealane.analysis.survey.columns import COLUMNS, Cell, Kind
from sealane.analysis.survey.csv_table import SEPARATOR, csv_lines
from sealane.analysis.survey.parquet_table import parquet_bytes
from sealane.primitives.extras import how_to_install

from .rows import ROWS

NAMES = [column.name for column in COLUMNS]
KINDS = {Kind.TEXT: "string", Kind.INTEGER: "int64", Kind.NUMBER: "double"}


def read_parquet(content: bytes) -> Any:
    return cast(Any, pyarrow.parquet).read_table(BytesIO(content))


@settings(max_examples=30)
@given(st.lists(ROWS, max_size=4))
def test_csv_comes_back(rows: Sequence[Row]) -> None:
    lines = list(csv_lines(rows))
    assert all("\n" not in line for line in lines)
    header, *table = csv.reader(lines, strict=True)
    assert header == NAMES
    assert len(table) == len(rows)
    for row, texts in zip(rows, table, strict=True):
        assert texts == [in_csv(column.cell(row)) for column in COLUMNS]


def in_csv(cell: Cell) -> str:
    """The text of a cell, from which its number can be read exactly."""
    if isinstance(cell, int | float):
        assert type(cell)(str(cell)) == cell
        return str(cell)
    text = SEPARATOR.join(cell) if isinstance(cell, tuple) else cell or ""
    return " ".join(text.splitlines())


@settings(max_examples=30)
@given(st.lists(ROWS, max_size=4))
def test_parquet_comes_back(rows: Sequence[Row]) -> None:
    table = read_parquet(parquet_bytes(rows))
    assert table.column_names == NAMES
    for column in COLUMNS:
        found = table[column.name].to_pylist()
        cells = [column.cell(row) for row in rows]
        assert found == [list(cell) if isinstance(cell, tuple) else cell for cell in cells]


def test_the_types_do_not_depend_on_the_rows() -> None:
    schema = read_parquet(parquet_bytes([])).schema
    for column in COLUMNS:
        if column.kind is not Kind.TEXTS:
            assert str(schema.field(column.name).type) == KINDS[column.kind]


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=re.escape(how_to_install("survey"))):
        parquet_bytes([])


def test_a_file_name_that_is_no_utf_8_is_escaped() -> None:
    row = Row("bad\udcff.json", error="no such file")
    assert list(csv_lines([row]))[1].startswith("bad\\udcff.json,")
    assert read_parquet(parquet_bytes([row]))["file"].to_pylist() == ["bad\\udcff.json"]
