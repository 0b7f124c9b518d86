"""Supplying tokens and taking them back.

To supply only adds to the reserve's sums, and reads its stored prices: a share costs the most that
it can be worth by now. A `refresh` before it makes that exact.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, div_up, require, u64
from ...units import WAD
from ..accruing import accrue, set_price, set_rates
from ..errors import LendingError
from ..figures import accrual
from ..power import require_covered
from ..program import lending
from ..state import Market, Obligation, Position, Reserve, Totals
from ..vaults import pay_out, take_in
from .obligations import require_own, require_part

ALL = 2**64 - 1


@lending.instruction(tag=7)
def supply(
    ctx: Context,
    reserve: Reserve,
    totals: Adds[Totals],
    position: Mut[Position],
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Supply tokens to a reserve, for shares that earn its interest."""
    require_own(position, reserve, owner)
    require(totals.key == reserve.totals, LendingError.WrongReserve, account=totals)
    blocks = ctx.clock.slot - reserve.last_slot
    price = accrual.price_at_most(reserve.supply_price, reserve.supply_rate, blocks)
    shares = accrual.shares_for(amount, price)
    require(shares > 0, LendingError.TooLittle)
    require(accrual.is_fair(amount, shares, price), LendingError.TooLittle)
    position.supply_shares += shares
    totals.supply_shares += shares
    totals.cash += amount
    take_in(ctx, reserve, source, vault, owner, amount)


@lending.instruction(tag=8)
def withdraw(
    ctx: Context,
    market: Market,
    reserve: Mut[Reserve],
    totals: Mut[Totals],
    obligation: Obligation,
    position: Mut[Position],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    vault_authority: UncheckedAccount,
    owner: Signer,
    entered: list[UncheckedAccount],
    shares: u64,
) -> None:
    """Redeem shares, the greatest u64 for all of them.

    `entered`: position, reserve and feed of each entered position, if this one is entered.
    """
    require_own(position, reserve, owner)
    config = reserve.config
    accrue(reserve, totals, config, ctx.clock.slot)
    redeemed = position.supply_shares if shares == ALL else shares
    require(redeemed > 0, LendingError.AmountIsZero)
    amount = accrual.worth(redeemed, reserve.supply_price)
    _take_back(reserve, totals, position, redeemed, amount)
    set_rates(reserve, totals, config)
    require_part(position, obligation, market)
    if position.entered:
        require_covered(ctx, market, obligation, entered, LendingError.WithdrawTooLarge)
    pay_out(ctx, reserve, vault, destination, vault_authority, amount)


@lending.instruction(tag=9)
def withdraw_amount(
    ctx: Context,
    market: Market,
    reserve: Mut[Reserve],
    totals: Mut[Totals],
    obligation: Obligation,
    position: Mut[Position],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    vault_authority: UncheckedAccount,
    owner: Signer,
    entered: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Take this many tokens back, for as few shares as are worth them."""
    require_own(position, reserve, owner)
    config = reserve.config
    accrue(reserve, totals, config, ctx.clock.slot)
    require(amount > 0, LendingError.AmountIsZero)
    redeemed = div_up(amount * WAD, reserve.supply_price)
    _take_back(reserve, totals, position, redeemed, amount)
    set_rates(reserve, totals, config)
    require_part(position, obligation, market)
    if position.entered:
        require_covered(ctx, market, obligation, entered, LendingError.WithdrawTooLarge)
    pay_out(ctx, reserve, vault, destination, vault_authority, amount)


def _take_back(
    reserve: Reserve, totals: Totals, position: Position, shares: int, amount: int
) -> None:
    require(shares <= position.supply_shares, LendingError.NotEnoughShares, account=position)
    require(amount <= totals.cash, LendingError.NotEnoughCash, account=totals)
    position.supply_shares -= shares
    totals.supply_shares -= shares
    totals.cash -= amount
    set_price(reserve, totals)
