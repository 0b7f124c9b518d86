"""Questions that change nothing: what a vault needs, what options pay. Answered by return data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from ...kit import Arg, Context, Layout, Size, UncheckedAccount, require, u8, u64, u256
from .errors import OptionsError
from .margin import position_balance
from .program import options
from .rules.combination import Combination, position_of, require_valid
from .rules.fixed_point import FROM_8, units_up
from .rules.naked import naked_needed, upper_bound
from .rules.payoff import Balance, cash_value, payout_rate
from .rules.valuation import expired_balance
from .settlement import prices_of, require_final
from .state import Expiry, Product, Series

_T = TypeVar("_T")


class VaultPlan(Layout, program="options"):
    """A vault as it might be.

    `counts`: of short series, long series and mints of collateral among the accounts, and of their
    amounts, which follow in the same order.
    """

    margined: bool
    counts: Annotated[list[u8], Size(6)]
    amounts: list[u64]


class VaultQuote(Layout, program="options"):
    """Collateral that could be taken out, or that is missing."""

    amount: u256
    is_excess: bool


class PayoutQuote(Layout, program="options"):
    """Of one expired option: value in the strike asset with 27 decimals, units of collateral."""

    cash_value: u256
    rate: u64


@options.instruction(tag=20)
def quote_vault(
    ctx: Context,
    product: Product,
    expiry: Expiry,
    related: list[UncheckedAccount],
    plan: Arg[VaultPlan],
) -> None:
    """What such a vault would have beyond its requirement, now or after expiry; a VaultQuote.

    `related`: its short series, long series and mints of collateral, then the feeds that it needs.
    """
    held, rest = plan_of(plan, related)
    require_valid(held)
    position = position_of(held)
    if not held.shorts and not held.longs:
        quote = Balance(position.collateral, True)
    elif ctx.clock.unix_timestamp >= position.terms.expires_at:
        require_final(expiry, position.terms)
        quote = expired_balance(position, prices_of(expiry))
    else:
        terms = position.terms
        require(terms.product == product.key, OptionsError.WrongProduct, account=terms)
        quote = position_balance(product, held.margined, position, rest, ctx.clock)
    ctx.set_return_data(VaultQuote(amount=quote.amount, is_excess=quote.is_excess).encode())


@options.instruction(tag=21)
def quote_payout(ctx: Context, expiry: Expiry, series: Series) -> None:
    """What one expired option pays; a PayoutQuote."""
    expired = ctx.clock.unix_timestamp >= series.expires_at
    require(expired, OptionsError.NotExpired, account=series)
    require_final(expiry, series)
    prices = prices_of(expiry)
    quote = PayoutQuote(
        cash_value=cash_value(series.is_put, series.strike, prices),
        rate=payout_rate(series.is_put, series.strike, prices, series),
    )
    ctx.set_return_data(quote.encode())


@options.instruction(tag=22)
def quote_margin(
    ctx: Context, product: Product, amount: u64, strike: u64, spot: u64, left_s: u64
) -> None:
    """The naked margin of so many options, in units of collateral, rounded up; a u256."""
    require(spot > 0, OptionsError.InvalidPrice)
    bound = upper_bound(product.times_s, product.bounds, left_s)
    needed = naked_needed(
        product.is_put,
        amount * FROM_8,
        strike * FROM_8,
        spot * FROM_8,
        bound,
        product.spot_shock,
    )
    ctx.set_return_data(units_up(needed, product).to_bytes(32, "little"))


def plan_of(
    plan: VaultPlan, related: list[UncheckedAccount]
) -> tuple[Combination, list[UncheckedAccount]]:
    """What a plan holds, and the accounts that are left over."""
    shorts, longs, assets, *sizes = plan.counts
    named = _parts(related, (shorts, longs, assets))
    amounts = _parts(plan.amounts, sizes)
    held = Combination(
        plan.margined,
        [Series.view(account) for account in named[0]],
        [Series.view(account) for account in named[1]],
        [account.key for account in named[2]],
        *amounts[:3],
    )
    return held, named[3]


def _parts(items: Sequence[_T], sizes: Sequence[int]) -> list[list[_T]]:
    """Consecutive parts of these sizes, and what is left."""
    require(sum(sizes) <= len(items), OptionsError.MissingAccount)
    rest = list(items)
    parts: list[list[_T]] = []
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return [*parts, rest]
