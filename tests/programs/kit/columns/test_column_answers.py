"""Asked whatever a value can be asked, a column answers as every value would, or raises."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum, IntEnum
from typing import Any, Final, cast

import numpy as np
import pytest

from sealane import Pubkey
from sealane.programs import div_up, holds, is_none, isqrt, mul_div, mul_div_up, only_where, select
from sealane.programs.kit.batch.column_codecs import decode_column
from sealane.programs.kit.columns.bool_column import BoolColumn
from sealane.programs.kit.columns.columns import OptionColumn
from sealane.programs.kit.columns.rows import Column, Rows
from sealane.programs.kit.encoding.byte_codecs import FixedBytesCodec
from sealane.programs.kit.encoding.codec import Codec
from sealane.programs.kit.encoding.compound_codecs import OptionCodec
from sealane.programs.kit.encoding.scalar_codecs import (
    BoolCodec,
    EnumCodec,
    IntCodec,
    PubkeyCodec,
)


class Kind(Enum):
    A = 0
    B = 1


class Level(IntEnum):
    Low = 0
    High = 1


Ask = Callable[[Any], Any]
Ask2 = Callable[[Any, Any], Any]

U64: Final = IntCodec(8)
# What stands in each column, a value a row.
COLUMNS: Final[dict[str, tuple[Codec, Sequence[Any]]]] = {
    "u64": (U64, [0, 1, 5, 2**64 - 1]),
    "i64": (IntCodec(8, signed=True), [0, -1, 5, 2**63 - 1]),
    "u8": (IntCodec(1), [0, 1, 5, 255]),
    "u128": (IntCodec(16), [0, 1, 2**100, 2**128 - 1]),
    "i256": (IntCodec(32, signed=True), [0, -1, 2**100, -(2**255)]),
    "bool": (BoolCodec(), [True, False, True, True]),
    "enum": (EnumCodec(Kind, IntCodec(1)), [Kind.A, Kind.B, Kind.A, Kind.B]),
    "int enum": (EnumCodec(Level, IntCodec(1)), [Level.Low, Level.High] * 2),
    "key": (PubkeyCodec(), [Pubkey.of(name) for name in ("alice", "bob", "alice", "carol")]),
    "bytes": (FixedBytesCodec(3), [b"abc", b"\0\0\0", b"abd", b"abc"]),
    "option": (OptionCodec(U64, tag_size=4, fixed_size=True), [None, 0, 5, None]),
    "option of key": (
        OptionCodec(PubkeyCodec(), tag_size=4, fixed_size=True),
        [None, Pubkey.of("alice"), Pubkey.of("bob"), None],
    ),
}

_UNARY: Final[dict[str, Ask]] = {
    "str": str,
    "repr": repr,
    "f-string": lambda x: f"{x}",
    "f-string with format": lambda x: f"{x:>3}",
    "%s": lambda x: "%s" % (x,),  # noqa: UP031 - another road to str
    "%d": lambda x: "%d" % x,  # noqa: UP031
    "no placeholder": lambda x: "no placeholder" % x,  # noqa: F507, UP031
    "ascii": ascii,
    "bool": bool,
    "not": lambda x: not x,
    "and": lambda x: x and 1,
    "int": int,
    "float": float,
    "complex": complex,
    "index": operator.index,
    "hex": hex,
    "range": lambda x: list(range(min(9, operator.index(x)))),
    "round": round,
    "abs": abs,
    "neg": operator.neg,
    "pos": operator.pos,
    "bytes": lambda x: bytes(memoryview(x)),
    "len": len,
    "iter": list,
    "sum": lambda x: sum(x),
    "first item": lambda x: x[0],
    "hash": hash,
    "set": lambda x: {x, 1},
    "dict": lambda x: {0: "none", None: "nothing"}.get(x),
    "isinstance int": lambda x: isinstance(x, int),
    "isinstance bytes": lambda x: isinstance(x, (bytes, str)),
    "isinstance Enum": lambda x: isinstance(x, Enum),
    "__class__": lambda x: x.__class__.__name__,
    "hasattr": lambda x: hasattr(x, "bit_length"),
    "getattr": lambda x: getattr(x, "name", "no name"),
    "bit_length": lambda x: x.bit_length(),
    "value": lambda x: x.name,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": pickle.dumps,
    "dir": dir,
    "sizeof": lambda x: x.__sizeof__(),
    "array": lambda x: np.asarray(x).tolist(),
    "np.where": lambda x: np.where(x, 1, 2).tolist(),
    "match int": lambda x: _matched(x),
    "sorted": lambda x: sorted([x, 1]),
    "min": lambda x: min(x, 1),
    "divmod": lambda x: divmod(x, 3),
    "shift": lambda x: x << 3,
    "isqrt": isqrt,
    "power": lambda x: x**2,
    "any": lambda x: any([x]),
    "is_none": is_none,
    "select": lambda x: select(x, 1, 2),
    "in a tuple": lambda x: x in (1, Kind.A, None),
}
_BINARY: Final[dict[str, Ask2]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": lambda a, b: a // b,
    "/": lambda a, b: a / b,
    "%": operator.mod,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "in": lambda a, b: a in b,
    "holds": holds,
    "select": lambda a, b: select(a == b, a, b),
    "mul_div": lambda a, b: mul_div(a, b, 3),
    "mul_div_up": lambda a, b: mul_div_up(a, b, 3),
    "div_up": div_up,
    "tuple": lambda a, b: (a, 1) == (b, 1),
}
OTHERS: Final[list[Any]] = [
    *(0, 1, 3, -1, True, False, None, 1.0, np.uint64(1), "alice", b"abc", b"ab", bytearray(b"abc")),
    *(Kind.A, Kind.B, Level.High, Pubkey.of("alice"), [1, 2], (5,)),
]


def _matched(value: Any) -> str:
    match value:
        case int():
            return "int"
        case bytes():
            return "bytes"
        case _:
            return "other"


def column_of(rows: Rows, name: str) -> Any:
    codec, values = COLUMNS[name]
    raw = b"".join(map(codec.encode, values))
    size = cast(int, codec.size)
    return decode_column(rows, codec, np.frombuffer(raw, np.uint8).reshape(len(values), size))


def require_alike(rows: Rows, ask: Callable[[], Any], asked_alone: Callable[[int], Any]) -> None:
    """The answer about columns, against that of each row alone."""
    alone = [_answer(lambda row=row: asked_alone(row)) for row in range(rows.count)]
    kind, answer = _answer(ask)
    if kind == "raised":
        return
    answers = _by_row(answer, rows.count)
    for row in np.flatnonzero(~rows.excluded).tolist():
        each, value = alone[row]
        assert each == "returned", f"row {row} raises {value}, the column says {answers[row]!r}"
        assert answers[row] == value, f"row {row}"
        assert type(answers[row]) is type(value) or isinstance(value, bytes), f"row {row}"


def _answer(ask: Callable[[], Any]) -> tuple[str, Any]:
    try:
        return "returned", ask()
    except Exception as error:
        return "raised", type(error)


def _by_row(answer: Any, count: int) -> list[Any]:
    kind = cast("type[object]", type(answer))
    if not issubclass(kind, Column):
        return [answer] * count
    if kind is OptionColumn:
        some = cast(list[bool], answer.is_some.values.tolist())
        return [
            value if is_some else None
            for value, is_some in zip(_by_row(answer.value, count), some, strict=True)
        ]
    values: list[Any] = answer.values.tolist()
    if answer.values.ndim == 2:
        return [bytes(row) for row in values]
    members = object.__getattribute__(answer, "members") if kind.__name__ == "EnumColumn" else None
    return values if members is None else [members(value) for value in values]


@pytest.mark.parametrize("question", _UNARY)
@pytest.mark.parametrize("name", COLUMNS)
def test_asked_alone(name: str, question: str) -> None:
    rows, ask = Rows(4), _UNARY[question]
    column = column_of(rows, name)
    require_alike(rows, lambda: ask(column), lambda row: ask(COLUMNS[name][1][row]))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("question", _BINARY)
@pytest.mark.parametrize("name", COLUMNS)
def test_asked_together_with_a_constant(name: str, question: str, turned: bool) -> None:
    for other in OTHERS:
        require_pair_alike(
            _BINARY[question], name, lambda rows, other=other: (other, [other] * 4), turned=turned
        )


@pytest.mark.parametrize("question", _BINARY)
@pytest.mark.parametrize("name", COLUMNS)
def test_asked_together_with_another_column(name: str, question: str) -> None:
    for other in COLUMNS:
        require_pair_alike(
            _BINARY[question],
            name,
            lambda rows, other=other: (column_of(rows, other), COLUMNS[other][1]),
        )


def require_pair_alike(
    ask: Ask2, name: str, make: Callable[[Rows], tuple[Any, Sequence[Any]]], *, turned: bool = False
) -> None:
    """`make` gives the other side, as a handler has it and row by row."""
    rows = Rows(4)
    column, (other, others) = column_of(rows, name), make(rows)
    both: Ask2 = (lambda a, b: ask(b, a)) if turned else ask
    values = COLUMNS[name][1]
    require_alike(rows, lambda: both(column, other), lambda row: both(values[row], others[row]))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_of_another_batch_is_refused(name: str) -> None:
    rows, kept = Rows(4), column_of(Rows(4), name)
    with pytest.raises(TypeError):
        _ = column_of(rows, name) == kept
    assert rows.excluded.all()


@pytest.mark.parametrize(
    "question",
    ["str", "f-string", "bool", "hash", "isinstance Enum", "bit_length", "copy", "array"],
)
@pytest.mark.parametrize("name", COLUMNS)
def test_a_refusal_takes_the_rows_out_even_if_it_is_caught(name: str, question: str) -> None:
    rows = Rows(4)
    column = column_of(rows, name)
    with suppress(Exception):
        _UNARY[question](column)
    assert rows.excluded.all()


@pytest.mark.parametrize("name", sorted(COLUMNS.keys() - {"option", "option of key"}))
def test_values_are_read_only(name: str) -> None:
    column = column_of(Rows(4), name)
    with pytest.raises(ValueError, match="read-only"):
        column.values[...] = 1


def test_a_condition_without_a_column_decides_for_all_rows() -> None:
    rows = Rows(2)
    with rows.running():
        only_where(True)
        assert not rows.excluded.any()
        only_where(False)
    assert rows.excluded.all()


def test_only_where_refuses_what_is_no_condition() -> None:
    rows = Rows(4)
    with rows.running(), pytest.raises(TypeError, match="single truth"):
        only_where(column_of(rows, "option"))


def test_conditions_are_negated_as_columns() -> None:
    """The one exception: of a plain bool `~` is an integer, so it is refused beforehand."""
    column = column_of(Rows(4), "bool")
    assert type(~column) is BoolColumn
    assert (~column).values.tolist() == [False, True, False, False]
