"""Fields and arguments of 128 and 256 bits: vectorized, in the row loop and alone, all the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import (
    COption,
    Errors,
    InstructionSpec,
    Layout,
    Mut,
    Program,
    i128,
    i256,
    is_none,
    isqrt,
    mul_div,
    mul_div_up,
    only_where,
    require,
    select,
    u64,
    u128,
    u256,
)
from sealane.testing import BatchRow, assert_batch_matches_scalar
from sealane.testing.batch import compare_rows


class PriceError(Errors):
    Slippage = 1, "the price moved too far"


class Range(Layout):
    liquidity: u128
    root: u128
    growth: u256
    net: i128
    owed: i256
    cap: COption[u128]
    amount: u64


ranges = Program("ranges", errors=PriceError, layouts=[Range])


def cross(held: Mut[Range], target: u128, delta: i256) -> None:
    """Statements as concentrated liquidity has them."""
    require(target >= held.root >> 1, PriceError.Slippage)
    held.growth = held.growth + mul_div(held.amount, 1 << 128, held.liquidity + 1)
    held.root = select(delta > 0, mul_div_up(held.root, target + 1, held.liquidity + 1), target)
    held.net -= delta
    held.owed = held.owed - delta * held.amount // 3
    held.amount = isqrt(held.liquidity * target) % 2**64
    held.liquidity = -(0 - held.liquidity)


def cap(held: Mut[Range], target: u128, delta: i256) -> None:
    only_where(is_none(held.cap))
    held.cap = target
    held.owed = delta


in_loop = ranges.instruction(tag=0)(cross)
vectorized, capped = (
    ranges.instruction(name=name, tag=tag)(handler)
    for tag, (name, handler) in enumerate([("cross_all", cross), ("cap", cap)], start=1)
)
vectorized.batch(cross)
capped.batch(cap)

WIDE = [0, 1, 2**64 - 1, 2**64, 3 * 2**95, 2**127 - 1]


def rows(number: int) -> st.SearchStrategy[BatchRow]:
    unsigned = st.sampled_from([*WIDE, 2**128 - 1])
    signed = st.sampled_from([*WIDE, *(-n for n in WIDE)])
    held = st.builds(
        Range,
        liquidity=unsigned,
        root=unsigned,
        growth=unsigned | st.just(2**256 - 1),
        net=signed,
        owed=signed | st.sampled_from([-(2**255), 2**255 - 1]),
        cap=st.none() | unsigned,
        amount=st.sampled_from([0, 1, 10**9, 2**64 - 1]),
    )

    def row(value: Range, target: int, delta: int) -> BatchRow:
        account = Account(1, Pubkey.of("ranges"), value.encode())
        return BatchRow({"held": (f"range {number}", account)}, {"target": target, "delta": delta})

    return st.builds(row, held, unsigned, signed | st.sampled_from([-(2**255), 2**255 - 1]))


@pytest.mark.parametrize("spec", [vectorized, capped], ids=lambda spec: spec.name)
def test_vectorized_as_alone(spec: InstructionSpec) -> None:
    seen = assert_batch_matches_scalar(spec, rows=rows, examples=30)
    assert seen.vectorized > seen.succeeded // 3


@pytest.mark.parametrize("spec", [vectorized, capped], ids=lambda spec: spec.name)
def test_rows_that_are_made_up(spec: InstructionSpec) -> None:
    assert assert_batch_matches_scalar(spec, examples=30).vectorized > 0


def test_in_the_row_loop_as_alone() -> None:
    stayed: list[int] = []
    failures: set[str] = set()

    @settings(max_examples=30, derandomize=True, deadline=None, database=None)
    @given(st.integers(1, 8).flatmap(lambda n: st.tuples(*map(rows, range(n)))))
    def check(drawn: tuple[BatchRow, ...]) -> None:
        looped, met = compare_rows(in_loop, drawn)
        stayed.append(looped)
        failures.update(met)

    check()
    assert sum(stayed) > 0
    assert "Slippage" in failures
