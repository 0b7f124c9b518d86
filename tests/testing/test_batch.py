"""`assert_batch_matches_scalar` on programs as people write them: what it makes up gets somewhere,
and what goes wrong is said."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import strategies as st

from sealane import Account
from sealane.primitives.extras import how_to_install
from sealane.programs import (
    Errors,
    InstructionSpec,
    Layout,
    Mut,
    Program,
    Pubkey,
    Signer,
    mul_div,
    only_where,
    require,
    u16,
    u64,
)
from sealane.testing import BatchComparison, BatchRow, assert_batch_matches_scalar


class SwapError(Errors):
    Slippage = 1, "the price moved too far"
    WrongOwner = 2, "the balance is somebody else's"
    WrongMint = 3, "the balance is in another token"
    Poor = 4, "the balance is too small"


class Market(Layout):
    base_mint: Pubkey
    quote_mint: Pubkey
    base: u64
    quote: u64
    fee_bps: u16


class Balance(Layout):
    owner_key: Pubkey
    mint: Pubkey
    amount: u64


class Wallet(Layout):
    trader: Pubkey
    base: u64
    quote: u64


swaps = Program("swaps", errors=SwapError, layouts=[Market, Wallet, Balance])


def constant_product(
    market: Mut[Market], wallet: Mut[Wallet], trader: Signer, amount: u64, least: u64
) -> None:
    require(wallet.trader == trader.key, SwapError.WrongOwner)
    require(amount <= wallet.base, SwapError.Poor)
    taken = mul_div(amount, 10_000 - market.fee_bps, 10_000)
    given = mul_div(market.quote, taken, market.base + taken)
    require(given >= least, SwapError.Slippage)
    require(given > 0, SwapError.Slippage)
    market.base += amount
    market.quote -= given
    wallet.base -= amount
    wallet.quote += given


def pay(source: Mut[Balance], target: Mut[Balance], owner_key: Signer, amount: u64) -> None:
    require(source.owner_key == owner_key.key, SwapError.WrongOwner)
    require(source.mint == target.mint, SwapError.WrongMint)
    require(amount <= source.amount, SwapError.Poor)
    source.amount -= amount
    target.amount += amount


def never(market: Mut[Market], trader: Signer) -> None:
    require(market.base == 2**64 - 7, SwapError.Slippage)
    market.base -= 1


SPECS = [swaps.instruction(tag=n)(each) for n, each in enumerate([constant_product, pay, never])]
for spec in SPECS:
    spec.batch(spec.handler)
swap, payment, hopeless = SPECS


@pytest.mark.slow
@pytest.mark.parametrize("spec", [swap, payment], ids=lambda spec: spec.name)
def test_what_is_made_up_reaches_the_end_of_ordinary_handlers(spec: InstructionSpec) -> None:
    seen = assert_batch_matches_scalar(spec, examples=150)
    assert isinstance(seen, BatchComparison)
    assert seen.succeeded >= seen.vectorized > seen.rows // 20
    assert "Poor" in seen.failures


def test_where_no_row_succeeds_nothing_was_compared() -> None:
    with pytest.raises(AssertionError, match=r"0 succeeded one by one, failures met: .*Slippage"):
        assert_batch_matches_scalar(hopeless, examples=20)


def test_a_wrong_rounding_is_found() -> None:
    def rounds_up(market: Any, wallet: Any, trader: Any, amount: Any, least: Any) -> None:
        require(wallet.trader == trader.key, SwapError.WrongOwner)
        require(amount <= wallet.base, SwapError.Poor)
        taken = mul_div(amount, 10_000 - market.fee_bps, 10_000)
        given = mul_div(market.quote, taken, market.base + taken)
        require((given >= least) & (given > 0), SwapError.Slippage)
        market.base += amount
        market.quote -= given
        wallet.base -= amount
        wallet.quote += given + 1

    swap.batch(rounds_up)
    try:
        with pytest.raises(AssertionError, match="account states differ"):
            assert_batch_matches_scalar(swap, shrink=False)
    finally:
        swap.batch(swap.handler)


def test_row_60_without_hypothesis_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from sealane.testing import Vm\n"
        "try:\n    from sealane.testing import assert_batch_matches_scalar\n"
        "except ImportError as error:\n    print(error)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == (
        "assert_batch_matches_scalar needs Hypothesis, which the extra `test` brings: "
        f"{how_to_install('test')}\n"
    )


def test_a_row_that_succeeds_only_alone_is_shown() -> None:
    program = Program("picky", layouts=[Wallet])

    @program.instruction(tag=0)
    def add(wallet: Mut[Wallet], by: u64) -> None:
        only_where(by > 2**64 - 1 - by)
        wallet.base += by

    add.batch(add.handler)

    def rows(number: int) -> st.SearchStrategy[BatchRow]:
        state = Account(1, program.id, Wallet(trader="ann").encode())
        row = BatchRow({"wallet": (f"wallet {number}", state)}, {"by": 5})
        return st.just(row)

    with pytest.raises(AssertionError, match=r"With \{'by': 5\} it succeeds only alone"):
        assert_batch_matches_scalar(add, rows=rows)
