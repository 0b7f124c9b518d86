"""Swaps of many pools at once do to each pool what one by one they do."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sealane import Account
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.clmm import Observations, Pool, TickArrayMap, clmm
from sealane.programs.library.clmm.maths.tick_prices import (
    SQRT_PRICE_MAX,
    SQRT_PRICE_MIN,
    sqrt_price_at,
)
from sealane.programs.library.clmm.transitions.swaps import find_range
from sealane.programs.library.clmm.transitions.tick_arrays import TickArrays
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.testing import BatchRow, assert_batch_matches_scalar

BITS = bytes(58)  # of a pool with a spacing of 60 that has no tick array
TICKS = (-887_000, -40_000, -3_841, -1, 0, 7, 12_345, 40_000, 887_000)
LIQUIDITIES = (0, 10**12, 10**15, 10**16, 10**17, 10**18, 1 << 80)
AMOUNTS = (0, 3, *range(1_000, 1_010), 10**6, 10**6 + 1, 10**9, 10**12, U64_MAX)


@st.composite
def rows(draw: st.DrawFn, number: int) -> BatchRow:
    """A swap in a pool of its own, nearly always of accounts that fit together."""
    seldom = draw(st.integers(0, 19))
    tick, down = draw(st.sampled_from(TICKS)), draw(st.booleans())
    names = {
        each: f"row {number} {each}"
        for each in ("pool", "map", "past", "vault0", "vault1", "in", "out", "owner")
    }
    authority, bump = found_authority(names["pool"], clmm.id)
    pool = pool_at(draw, tick, names)
    pool.bump = bump if seldom != 1 else 256 - bump
    into, out = ("0", "1") if down else ("1", "0")
    accounts = {
        "pool": (names["pool"], owned(pool)),
        "observations": (names["past"], owned(Observations(cardinality=1, cardinality_next=1))),
        "source": (
            names["in"],
            tokens(into, names["owner"], draw(st.sampled_from((10**17, 10**17, 10**17, 5)))),
        ),
        "destination": (names["out"], tokens(out, names["owner"], 0)),
        "vault_in": (names[f"vault{into}"], tokens(into, authority, 10**17)),
        "vault_out": (names[f"vault{out}"], tokens(out, authority, 10**17)),
        "authority": (str(authority), Account()),
        "owner": (names["owner"], Account(1)),
        "tick_map": (names["map"], owned(TickArrayMap(pool=names["pool"], bits=BITS))),
    }
    if seldom == 2:
        accounts["vault_in"], accounts["vault_out"] = accounts["vault_out"], accounts["vault_in"]
    arguments = {
        "zero_for_one": down,
        "exact_in": seldom != 3,
        "amount": draw(st.sampled_from(AMOUNTS)),
        "threshold": draw(st.sampled_from((0, 0, 0, 0, 0, 0, 990))),
        "sqrt_price_limit": limit(draw, pool),
    }
    return BatchRow(accounts, arguments)


def pool_at(draw: st.DrawFn, tick: int, names: dict[str, str]) -> Pool:
    low, high = sqrt_price_at(tick), sqrt_price_at(tick + 1)
    middle = (low + high) // 2
    pool = Pool(
        mint0="mint0",
        mint1="mint1",
        vault0=names["vault0"],
        vault1=names["vault1"],
        tick_arrays=names["map"],
        observations=names["past"],
        fee_pips=draw(st.sampled_from((0, 500, 3_000, 3_000, 999_999))),
        tick_spacing=60,
        tick=tick,
        sqrt_price=draw(st.sampled_from((low, middle, middle, middle, high - 1))),
        liquidity=draw(st.sampled_from(LIQUIDITIES)),
        fee_growth0=draw(st.sampled_from((0, 0, 5, 7, (1 << 256) - 1))),
        fee_protocol0=draw(st.sampled_from((0, 4, 10))),
        tick_price=low,
        tick_end_price=high,
    )
    if draw(st.booleans()):
        find_range(pool, TickArrays([], 60, present=0))
    return pool


def limit(draw: st.DrawFn, pool: Pool) -> int:
    near = pool.sqrt_price >> 20
    return draw(
        st.sampled_from(
            (
                *([0] * 30),
                *(pool.sqrt_price, pool.sqrt_price - near, pool.sqrt_price + near),
                *(SQRT_PRICE_MIN, SQRT_PRICE_MIN + 1, SQRT_PRICE_MAX - 1, SQRT_PRICE_MAX),
            )
        )
    )


def owned(state: Pool | Observations | TickArrayMap) -> Account:
    return Account(10_000_000, clmm.id, state.encode())


def tokens(side: str, owner: Any, amount: int) -> Account:
    state = TokenAccount(
        mint=f"mint{side}", token_owner=owner, amount=amount, state=AccountState.Initialized
    )
    return Account(2_039_280, token.id, state.encode())


def test_rows_of_swaps() -> None:
    seen = assert_batch_matches_scalar(clmm.swap, rows=rows, examples=25)
    assert seen.succeeded > seen.vectorized
