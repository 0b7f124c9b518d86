"""Integers as bytes, and bytes joined: as Python's own, row by row."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.programs import rarely
from sealane.programs.kit.columns.bool_column import BoolColumn
from sealane.programs.kit.columns.bytes_column import BytesColumn
from sealane.programs.kit.columns.integers import IntColumn
from sealane.programs.kit.columns.rows import Rows

EDGES = [0, 1, 255, 256, 2**16 - 1, 2**32, 2**56 - 1, 2**56, 2**63 - 1]


@given(
    st.lists(st.sampled_from([*EDGES, -1, -(2**63)]) | st.integers(0, 2**63 - 1), min_size=1),
    st.integers(1, 12),
    st.sampled_from(["little", "big"]),
    st.booleans(),
)
def test_integers_become_the_bytes_that_python_makes(
    numbers: list[int], length: int, order: Literal["little", "big"], signed: bool
) -> None:
    numbers = numbers if signed else [abs(number) for number in numbers]
    rows = Rows(len(numbers))
    array: Any = np.array(numbers, dtype=np.int64 if signed else np.uint64)
    column = IntColumn(rows, array).to_bytes(length, order)
    for row, number in enumerate(numbers):
        fits = 0 <= number < 1 << 8 * length
        assert rows.excluded[row] != fits
        if fits:
            assert column.values[row].tobytes() == number.to_bytes(length, order)


def test_an_unknown_byte_order_is_refused() -> None:
    rows = Rows(1)
    with pytest.raises(TypeError, match="byte order"):
        IntColumn(rows, np.array([1], np.uint64)).to_bytes(8, "middle")
    assert rows.excluded.all()


def test_bytes_are_joined_row_by_row() -> None:
    rows = Rows(2)
    letters = BytesColumn(rows, np.frombuffer(b"abcd", np.uint8).reshape(2, 2))
    joined = b"<" + letters + b">" + letters
    assert [row.tobytes() for row in joined.values] == [b"<ab>ab", b"<cd>cd"]
    with pytest.raises(TypeError):
        _ = letters + "text"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]


def test_a_rare_case_is_no_case_of_a_batch() -> None:
    rows = Rows(3)
    assert not rarely(BoolColumn(rows, np.array([False, True, False])))
    assert rows.excluded.tolist() == [False, True, False]
    assert rarely(1 == 1)
    assert not rarely(1 == 2)
