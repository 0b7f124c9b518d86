"""Figures that users ask for before they act; these instructions change nothing.

Each returns its figures as signed integers of 32 bytes, one after the other, with 18 decimals; fees
in whole basis points.
"""

from __future__ import annotations

from typing import Final

from ....kit import Context, UncheckedAccount, i128, u64
from ...units import WAD
from ..program import perpetuals
from .rates import curve_of, fee_basis_points, interest_rate
from .reading import account_health, by_key, native
from .state import Bank, HealthKind, MarginAccount
from .weights import maint_weights

FIGURE_LEN: Final = 32


@perpetuals.instruction(tag=40)
def health(
    ctx: Context, account: MarginAccount, given: list[UncheckedAccount], kind: HealthKind
) -> None:
    """Return the health of an account; `given`: what it depends on, as in `reading`."""
    _return(ctx, account_health(account, by_key(given), kind, ctx.clock))


@perpetuals.instruction(tag=41)
def rate_quote(ctx: Context, bank: Bank, utilization: i128) -> None:
    """Return the interest rate by the year at a utilization."""
    _return(ctx, interest_rate(curve_of(bank), utilization))


@perpetuals.instruction(tag=42)
def weight_quote(ctx: Context, bank: Bank) -> None:
    """Return the maintenance weights as of now: of an asset, of a liability."""
    _return(ctx, *maint_weights(bank, ctx.clock.unix_timestamp))


@perpetuals.instruction(tag=43)
def fee_quote(ctx: Context, bank: Bank, amount: u64, increases: bool) -> None:
    """Return the fee, in basis points, for a deposit or withdrawal of this amount."""
    _return(ctx, fee_for(bank, amount, increases=increases))


def fee_for(bank: Bank, amount: int, *, increases: bool) -> int:
    """The fee in basis points, by what was deposited when the bank was last refreshed."""
    return fee_basis_points(
        native(bank, bank.deposits) // WAD,
        bank.target,
        amount,
        fee_bps=bank.fee_bps,
        tax_bps=bank.tax_bps,
        increases=increases,
    )


def figures(data: bytes) -> list[int]:
    """The figures that an instruction of this module returned."""
    return [
        int.from_bytes(data[start : start + FIGURE_LEN], "little", signed=True)
        for start in range(0, len(data), FIGURE_LEN)
    ]


def _return(ctx: Context, *values: int) -> None:
    parts = [value.to_bytes(FIGURE_LEN, "little", signed=True) for value in values]
    ctx.set_return_data(b"".join(parts))
