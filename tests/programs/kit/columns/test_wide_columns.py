"""Columns beyond 64 bits compute what Python's integers would; beyond 256, the row is left."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sealane.programs import div_up, isqrt, mul_div, mul_div_up, select
from sealane.programs.kit.batch.column_codecs import decode_column, encode_column
from sealane.programs.kit.columns.bool_column import BoolColumn
from sealane.programs.kit.columns.integers import IntColumn
from sealane.programs.kit.columns.rows import Rows
from sealane.programs.kit.encoding.scalar_codecs import IntCodec

I256: Final = IntCodec(32, signed=True)
U256: Final = IntCodec(32)
CODECS: Final = [IntCodec(size, signed=s) for size in (1, 8, 16, 32) for s in (False, True)]
EDGES: Final = sorted(
    {0, 1, 3, 10**18}
    | {2**bits + more for bits in (31, 32, 63, 64, 96, 127, 128, 192, 255) for more in (-1, 0, 1)}
)
wide = st.sampled_from(EDGES) | st.integers(0, 255).flatmap(lambda bits: st.integers(0, 2**bits))
unsigned = wide | st.just(2**256 - 1)
signed = wide.filter(lambda n: n < 2**255) | wide.filter(lambda n: n <= 2**255).map(operator.neg)
numbers = st.lists(unsigned, min_size=1, max_size=6) | st.lists(signed, min_size=1, max_size=6)
Pairs = list[tuple[int, int]]
pairs = st.lists(st.tuples(unsigned, unsigned), min_size=1, max_size=6) | st.lists(
    st.tuples(signed, signed), min_size=1, max_size=6
)


def column(rows: Rows, values: list[int]) -> IntColumn:
    codec = I256 if min(values) < 0 else U256
    raw = b"".join(map(codec.encode, values))
    return decode_column(rows, codec, np.frombuffer(raw, np.uint8).reshape(len(values), 32))


def check(
    rows: Rows,
    compute: Callable[[], Any],
    exact: Callable[[int], Any],
    *,
    bits: int = 256,
) -> None:
    """A row is the same as `exact(row)`, or left where that has too many bits or no answer."""
    before = rows.excluded.copy()
    answer = compute()
    values = answer.values.tolist()
    for row in np.flatnonzero(~before).tolist():
        try:
            expected = exact(row)
        except (ZeroDivisionError, ValueError):
            assert rows.excluded[row]
            continue
        if rows.excluded[row]:
            assert expected.bit_length() > bits, f"row {row} left for nothing"
        else:
            assert values[row] == expected
            assert type(values[row]) is type(expected)
    left = ~rows.excluded
    if type(answer) is IntColumn and left.any():
        kept = [value for value, stays in zip(values, left, strict=True) if stays]
        narrow = isinstance(answer.held, np.ndarray)
        assert narrow == (0 <= min(kept) <= max(kept) < 2**64 or _fit_i64(kept))


def _fit_i64(values: list[int]) -> bool:
    return -(2**63) <= min(values) <= max(values) < 2**63


OPERATIONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": lambda a, b: a // b,
    "%": operator.mod,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "div_up": div_up,
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(drawn=pairs)
@example(drawn=[(2**256 - 1, 1), (2**256 - 1, 2**256 - 1), (0, 2**256 - 1)])
@example(drawn=[(-(2**255), -1), (-(2**255), 2**255 - 1), (-7, 2), (7, -2)])
def test_two_columns(name: str, drawn: Pairs) -> None:
    operation, rows = OPERATIONS[name], Rows(len(drawn))
    a, b = column(rows, [x for x, _ in drawn]), column(rows, [y for _, y in drawn])
    check(rows, lambda: operation(a, b), lambda row: operation(*drawn[row]))


@pytest.mark.parametrize("name", OPERATIONS)
@given(values=numbers, constant=unsigned | signed, turned=st.booleans())
def test_a_column_and_a_constant(name: str, values: list[int], constant: int, turned: bool) -> None:
    operation, rows = OPERATIONS[name], Rows(len(values))
    a: Any = column(rows, values)
    if turned:
        check(rows, lambda: operation(constant, a), lambda row: operation(constant, values[row]))
    else:
        check(rows, lambda: operation(a, constant), lambda row: operation(values[row], constant))


@given(values=numbers, places=st.integers(0, 256))
def test_shifts_and_signs(values: list[int], places: int) -> None:
    rows = Rows(len(values))
    a = column(rows, values)
    check(rows, lambda: -a, lambda row: -values[row])
    check(rows, lambda: a >> places, lambda row: values[row] >> places)
    check(rows, lambda: a << places, lambda row: values[row] << places)


@pytest.mark.parametrize("divide", [mul_div, mul_div_up])
@given(
    drawn=st.lists(st.tuples(unsigned, unsigned, unsigned), min_size=1, max_size=6)
    | st.lists(st.tuples(signed, signed, signed), min_size=1, max_size=6),
    constant=st.none() | unsigned,
)
@example(drawn=[(2**256 - 1, 2**256 - 1, 2**256 - 1), (1, 1, 0)], constant=None)
@example(drawn=[(2**64 - 1, 2**64 - 1, 2**64 - 1), (-5, 3, 7), (5, -3, -7)], constant=2**64)
def test_quotients_of_products(
    divide: Callable[[Any, Any, Any], Any],
    drawn: list[tuple[int, int, int]],
    constant: int | None,
) -> None:
    rows = Rows(len(drawn))
    a, b, c = (column(rows, [each[n] for each in drawn]) for n in range(3))
    divisor: Any = c if constant is None else constant

    def exact(row: int) -> int:
        x, y, z = drawn[row]
        return divide(x, y, z if constant is None else constant)

    check(rows, lambda: divide(a, b, divisor), exact)


@given(values=numbers, offset=st.integers(-1, 1))
def test_square_roots(values: list[int], offset: int) -> None:
    near = [max(0, isqrt(abs(value)) ** 2 + offset) for value in values]
    for each in (values, near):
        rows = Rows(len(each))
        a = column(rows, each)
        check(rows, lambda a=a: isqrt(a), lambda row, each=each: isqrt(each[row]))


@given(drawn=pairs, chosen=st.lists(st.booleans(), min_size=6, max_size=6))
def test_select(drawn: Pairs, chosen: list[bool]) -> None:
    rows = Rows(len(drawn))
    a, b = column(rows, [x for x, _ in drawn]), column(rows, [y for _, y in drawn])
    condition = BoolColumn(rows, np.array(chosen[: len(drawn)]))
    check(rows, lambda: select(condition, a, b), lambda row: drawn[row][not chosen[row]])
    check(
        rows,
        lambda: select(condition, 2**200, b),
        lambda row: (2**200, drawn[row][1])[not chosen[row]],
    )


@pytest.mark.parametrize("codec", CODECS, ids=lambda codec: codec.name)
@given(values=numbers)
def test_a_type_takes_what_fits_it(codec: IntCodec, values: list[int]) -> None:
    rows = Rows(len(values))
    raw = encode_column(rows, codec, column(rows, values))
    for row, value in enumerate(values):
        fits = codec.low <= value <= codec.high
        if rows.excluded[row]:
            assert not fits
        else:
            assert raw[row].tobytes() == codec.encode(value)
    again = decode_column(rows, codec, raw)
    for row in np.flatnonzero(~rows.excluded).tolist():
        assert again.values.tolist()[row] == values[row]


@settings(max_examples=30)
@given(
    drawn=st.lists(st.tuples(*[st.integers(0, 2**64 - 1)] * 3), min_size=1, max_size=6),
)
def test_a_swap_is_written_as_for_integers(drawn: list[tuple[int, int, int]]) -> None:
    def swap(reserve_in: Any, reserve_out: Any, amount: Any) -> Any:
        return reserve_out * amount * 997 // (reserve_in * 1000 + amount * 997)

    rows = Rows(len(drawn))
    columns = [column(rows, [each[n] for each in drawn]) for n in range(3)]
    check(rows, lambda: swap(*columns), lambda row: swap(*drawn[row]))


def test_rows_that_left_widen_nothing() -> None:
    rows = Rows(2)
    a = IntColumn(rows, np.array([5, 2**64 - 1], np.uint64))
    rows.exclude(np.array([False, True]))
    for answer in (a + a, a * a, a - 1 - a + a, mul_div(a, a, 1)):
        assert isinstance(answer.held, np.ndarray)


@pytest.mark.parametrize("places", [-1, 257, 2**40, 1.0, True, None])
def test_shifts_by_anything_else_are_refused(places: Any) -> None:
    rows = Rows(1)
    a = IntColumn(rows, np.array([1], np.uint64))
    with pytest.raises(TypeError, match="an int from 0 to 256"):
        _ = a << places
    with pytest.raises(TypeError, match="an int from 0 to 256"):
        _ = a >> places
    assert rows.excluded.all()
