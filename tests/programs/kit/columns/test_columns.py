"""Columns compute what Python integers would, or the row leaves the batch: never anything else."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sealane.programs import greatest, least, mul_div, only_where, select
from sealane.programs.kit.columns.bool_column import BoolColumn
from sealane.programs.kit.columns.integers import IntColumn
from sealane.programs.kit.columns.rows import Rows

U64 = (0, 2**64 - 1)
I64 = (-(2**63), 2**63 - 1)
EDGES = [0, 1, 2, 3, 2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1]
unsigned = st.sampled_from(EDGES) | st.integers(*U64)
signed = (
    st.sampled_from([edge for edge in EDGES if edge < 2**63])
    | st.sampled_from([-edge for edge in EDGES if edge <= 2**63])
    | st.integers(*I64)
)
Pairs = list[tuple[int, int]]


def columns(pairs: Pairs, left: type, right: type) -> tuple[Rows, IntColumn, IntColumn]:
    rows = Rows(len(pairs))
    a, b = zip(*pairs, strict=True)
    return rows, _column(rows, a, left), _column(rows, b, right)


def _column(rows: Rows, values: Sequence[int], kind: type) -> IntColumn:
    array = cast(Any, np.array(values, kind))
    return IntColumn(rows, array)


OPERATIONS: list[Callable[[Any, Any], Any]] = [
    operator.add,
    operator.sub,
    operator.mul,
    lambda a, b: a // b,
    operator.mod,
]
COMPARISONS: list[Callable[[Any, Any], Any]] = [
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]


def check(pairs: Pairs, left: type, right: type, operation: Callable[[Any, Any], Any]) -> None:
    rows, a, b = columns(pairs, left, right)
    values = operation(a, b).values.tolist()
    for row, (x, y) in enumerate(pairs):
        try:
            exact = operation(x, y)
        except ZeroDivisionError:
            assert rows.excluded[row]
            continue
        if not rows.excluded[row]:
            assert values[row] == exact, (x, y)
        else:
            pytest.fail(f"{x}, {y} left for nothing")


@pytest.mark.parametrize("operation", OPERATIONS + COMPARISONS)
@given(pairs=st.lists(st.tuples(unsigned, unsigned), min_size=1, max_size=8))
def test_unsigned(operation: Callable[[Any, Any], Any], pairs: Pairs) -> None:
    check(pairs, np.uint64, np.uint64, operation)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS + COMPARISONS)
@given(pairs=st.lists(st.tuples(signed, signed), min_size=1, max_size=8))
@example(pairs=[(-(2**63), 2)])
@example(pairs=[(-(2**63), -1)])
@example(pairs=[(2, -(2**63))])
def test_signed(operation: Callable[[Any, Any], Any], pairs: Pairs) -> None:
    check(pairs, np.int64, np.int64, operation)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS + COMPARISONS)
@given(pairs=st.lists(st.tuples(unsigned, signed), min_size=1, max_size=8))
def test_mixed(operation: Callable[[Any, Any], Any], pairs: Pairs) -> None:
    check(pairs, np.uint64, np.int64, operation)
    turned = [(b, a) for a, b in pairs]
    check(turned, np.int64, np.uint64, operation)


@pytest.mark.parametrize("operation", OPERATIONS + COMPARISONS)
@given(values=st.lists(unsigned, min_size=1, max_size=8), constant=unsigned | signed)
def test_with_a_constant(
    operation: Callable[[Any, Any], Any], values: list[int], constant: int
) -> None:
    rows = Rows(len(values))
    result = operation(IntColumn(rows, np.array(values, np.uint64)), constant)
    for row, value in enumerate(values):
        if not rows.excluded[row]:
            assert result.values.tolist()[row] == operation(value, constant)


@given(
    triples=st.lists(
        st.tuples(unsigned, unsigned, unsigned) | st.tuples(signed, signed, signed), min_size=1
    ),
    kind=st.sampled_from([np.uint64, np.int64]),
)
def test_mul_div_is_exact(triples: list[tuple[int, int, int]], kind: type) -> None:
    low, high = I64 if kind is np.int64 else U64
    triples = [t for t in triples if all(low <= n <= high for n in t)]
    rows = Rows(len(triples))
    a, b, c = (_column(rows, [t[i] for t in triples], kind) for i in range(3))
    values = mul_div(a, b, c).values.tolist()
    for row, (x, y, z) in enumerate(triples):
        if z == 0:
            assert rows.excluded[row]
        else:
            assert not rows.excluded[row]
            assert values[row] == x * y // z == mul_div(x, y, z)


def test_select_and_only_where() -> None:
    rows = Rows(3)
    condition = BoolColumn(rows, np.array([True, False, True]))
    column = IntColumn(rows, np.array([1, 2, 3], np.uint64))
    assert select(condition, column, 9).values.tolist() == [1, 9, 3]
    assert select(condition, 9, column).values.tolist() == [9, 2, 9]
    assert select(True, 1, 2) == 1
    only_where(condition)
    assert rows.excluded.tolist() == [False, True, False]
    only_where(False)  # the scalar handler decides for itself


def test_least_and_greatest() -> None:
    rows = Rows(3)
    a = IntColumn(rows, np.array([1, 7, 3], np.uint64))
    b = IntColumn(rows, np.array([4, 5, 3], np.uint64))
    assert least(a, b, 6).values.tolist() == [1, 5, 3]
    assert greatest(2, a, b).values.tolist() == [4, 7, 3]
    assert (least(2, 1), greatest(2, 1), least(5)) == (1, 2, 5)


def test_what_a_column_refuses() -> None:
    rows = Rows(1)
    column = IntColumn(rows, np.array([1], np.uint64))
    for wrong in (1.0, True, None, "1", np.uint64(1)):
        for operation in OPERATIONS:
            with pytest.raises(TypeError):
                operation(column, wrong)
    with pytest.raises(TypeError, match="no single truth"):
        bool(column)
    with pytest.raises(TypeError, match="no single truth"):
        bool(column == 1)
    with pytest.raises(TypeError):
        float(cast(Any, column))
    with pytest.raises(TypeError):
        _ = column / column  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]
    with pytest.raises(OverflowError):
        operator.add(column, 2**256)
