"""Defaults of arguments and fields: each transaction has its own, whatever another made of it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sealane import Instruction, Runtime, Transaction
from sealane.programs import Arg, Layout, Mut, Program, u64


class Inner(Layout):
    n: u64


class State(Layout):
    total: u64


NUMBERS = [1]
INNER = Inner(n=1)
INNERS = [INNER]
RAW = bytearray(b"\1")

defaults = Program("defaults", layouts=[State])


@defaults.instruction(tag=0)
def numbers(state: Mut[State], xs: list[u64] = NUMBERS) -> None:
    if hasattr(xs, "append"):
        xs.append(1)
    state.total = sum(xs)


@defaults.instruction(tag=1)
def inner(state: Mut[State], x: Arg[Inner] = INNER) -> None:
    try:
        x.n += 1
    finally:
        state.total = x.n


@defaults.instruction(tag=2)
def raw(state: Mut[State], x: bytes = cast(bytes, RAW)) -> None:
    assert type(x) is bytes
    state.total = x[0]


@defaults.instruction(tag=3)
def nested(state: Mut[State], x: Arg[list[Inner]] = INNERS) -> None:
    state.total = sum(each.n for each in x)


@defaults.instruction(tag=4)
def number(state: Mut[State], x: u64 = 1) -> None:
    state.total = x


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("spec", [numbers, raw, nested, number])
def test_no_transaction_sees_what_another_made_of_a_default(spec: Any, workers: int) -> None:
    whole = spec(state="s0").data
    names = [f"s{n}" for n in range(6)]
    calls = [Instruction(defaults.id, spec(state=name).accounts, whole[:1]) for name in names]
    with Runtime(workers=workers, programs=[defaults]) as runtime:
        for name in names:
            runtime.set_account(name, lamports=1, owner=defaults, data=State())
        for _ in range(2):
            result = runtime.execute([Transaction([call]) for call in calls])
            assert [receipt.error for receipt in result.transactions] == [None] * len(calls)
            totals = [State.decode(runtime.account(name).data).total for name in names]
            assert totals == [1] * len(names)
    assert spec(state="s0").data == whole


@pytest.mark.parametrize("spec", [numbers, inner, raw, nested])
def test_a_default_is_what_it_was_when_the_handler_was_defined(spec: Any) -> None:
    before = spec(state="s").data
    NUMBERS.append(9)
    INNERS.append(INNER)
    INNER.n = 9
    RAW.append(9)
    assert spec(state="s").data == before


def test_a_layout_as_default_cannot_be_written_to() -> None:
    with Runtime(workers=0, programs=[defaults]) as runtime:
        runtime.set_account("state", lamports=1, owner=defaults, data=State())
        call = Instruction(defaults.id, inner(state="state").accounts, b"\1")
        (receipt,) = runtime.execute([Transaction([call])]).transactions
        assert receipt.error is not None
        assert receipt.error.name == "ReadonlyDataModified"
        assert "Inner may not write 'n': it is a copy" in receipt.error.message


def test_a_field_keeps_the_default_that_was_declared() -> None:
    numbers = [1, 2]

    class Listed(Layout):
        inner: Inner = Inner(n=3)
        xs: list[u64] = numbers

    numbers.append(3)
    assert Listed().xs == (1, 2)  # pyright: ignore[reportUnnecessaryComparison] - a field gives a tuple
    assert Listed().inner == Inner(n=3)
