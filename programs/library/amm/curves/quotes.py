"""What a pool on a curve would answer, as return data. Nothing here writes an account."""

from __future__ import annotations

from ....kit import Context, Layout, require, u64
from ..direction import ordered
from ..errors import AmmError
from ..program import amm
from ..state import CurvePool
from .curve import Holdings, tokens_for_shares
from .fees import swap_with_fees
from .single_sided import shares_for_deposit, shares_for_withdrawal


class SwapQuote(Layout):
    """A swap as it would be now; `paid_in` includes both fees."""

    paid_in: u64
    paid_out: u64
    trade_fee: u64
    owner_fee: u64


class TokensQuote(Layout):
    """Amounts of both tokens."""

    a: u64
    b: u64


class SharesQuote(Layout):
    """An amount of shares."""

    shares: u64


@amm.instruction(tag=41)
def quote_swap_on_curve(ctx: Context, pool: CurvePool, a_to_b: bool, amount_in: u64) -> None:
    """Return the swap of up to `amount_in`, as `SwapQuote`, whether or not the pool can pay it."""
    reserves = ordered(a_to_b, pool.reserve_a, pool.reserve_b)
    found = swap_with_fees(pool.curve, amount_in, reserves, a_to_b, pool.fees)
    _return(ctx, SwapQuote(**found._asdict()))


@amm.instruction(tag=42)
def quote_shares(ctx: Context, pool: CurvePool, shares: u64, round_up: bool) -> None:
    """Return what shares are worth of both tokens, as `TokensQuote`: up to deposit, else down."""
    a, b = tokens_for_shares(pool.curve, shares, _held(pool), round_up)
    _return(ctx, TokensQuote(a=a, b=b))


@amm.instruction(tag=43)
def quote_deposit_one(ctx: Context, pool: CurvePool, of_a: bool, amount: u64) -> None:
    """Return the shares for depositing one token, as `SharesQuote`."""
    shares = shares_for_deposit(pool.curve, amount, _held(pool), of_a, pool.fees)
    _return(ctx, SharesQuote(shares=shares))


@amm.instruction(tag=44)
def quote_withdraw_one(ctx: Context, pool: CurvePool, of_a: bool, amount: u64) -> None:
    """Return the shares that withdrawing one token costs, as `SharesQuote`; no withdrawal fee."""
    shares = shares_for_withdrawal(pool.curve, amount, _held(pool), of_a, pool.fees)
    _return(ctx, SharesQuote(shares=shares))


def _held(pool: CurvePool) -> Holdings:
    require(pool.supply > 0, AmmError.EmptyPool)
    return Holdings(pool.reserve_a, pool.reserve_b, pool.supply)


def _return(ctx: Context, figures: Layout) -> None:
    ctx.set_return_data(figures.encode())
