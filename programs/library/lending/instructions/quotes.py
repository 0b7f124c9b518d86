"""Read-only instructions, which return figures: rates, health, fees, seizures.

Each calls the functions that the instruction it quotes calls. Integers are returned little-endian,
16 bytes each, in the order that the docstring names, or as the layout that it names.
"""

from __future__ import annotations

from ....kit import Context, UncheckedAccount, require, u16, u64, u256
from ...units import WAD
from ..errors import LendingError
from ..figures.fees import fee_of
from ..figures.rates import borrow_rate, supply_rate
from ..figures.seizure import (
    Bonus,
    bonus_of,
    protocol_fee,
    seized_by_incentive,
    split_seizure,
)
from ..power import entries_of, standing_of
from ..program import lending
from ..state import Market, Obligation, Reserve, Standing
from .liquidation import line_of, terms_of


@lending.instruction(tag=19)
def quote_rates(ctx: Context, reserve: Reserve, cash: u256, borrows: u256, reserves: u256) -> None:
    """Return what borrowers pay and suppliers earn for a slot, if these were the sums.

    Borrow rate, supply rate, with 18 decimals.
    """
    config = reserve.config
    rate = borrow_rate(config.rates, cash, borrows, reserves)
    earned = supply_rate(rate, config.reserve_factor, cash, borrows, reserves)
    _return(ctx, rate, earned)


@lending.instruction(tag=20)
def health(
    ctx: Context,
    market: Market,
    obligation: Obligation,
    entered: list[UncheckedAccount],
    place: u16,
    redeem: u64,
    borrow: u64,
) -> None:
    """Return the `Standing` of an obligation, or what it would be.

    As if, in the position at `place` among those entered, so many shares were redeemed and so many
    tokens borrowed. Compound's getHypotheticalAccountLiquidity.
    """
    entries = entries_of(ctx, market, obligation, entered, (place, redeem, borrow))
    ctx.set_return_data(standing_of(entries).encode())


@lending.instruction(tag=21)
def quote_bonus(
    ctx: Context,
    market: Market,
    obligation: Obligation,
    collateral_reserve: Reserve,
    entered: list[UncheckedAccount],
) -> None:
    """Return the bonus of a liquidation: total, the protocol's part; with 18 decimals."""
    standing: Standing = standing_of(entries_of(ctx, market, obligation, entered))
    terms = terms_of(collateral_reserve.config)
    bonus = bonus_of(line_of(standing, obligation), terms)
    _return(ctx, bonus.total, bonus.protocol)


@lending.instruction(tag=22)
def quote_fee(
    ctx: Context, reserve: Reserve, amount: u64, flash: bool, included: bool, with_host: bool
) -> None:
    """Return the fee of a loan or flash loan: total, the host's part."""
    config = reserve.config
    rate = config.flash_loan_fee if flash else config.borrow_fee
    part = config.host_part if with_host else 0
    fee = fee_of(amount * WAD, rate, part, included=included)
    _return(ctx, fee.total, fee.host)


@lending.instruction(tag=23)
def quote_protocol_fee(ctx: Context, reserve: Reserve, seized: u64) -> None:
    """Return the protocol's part of so many shares seized at the least bonus of this reserve."""
    terms = terms_of(reserve.config)
    bonus = Bonus(terms.bonus + terms.protocol_fee, terms.protocol_fee)
    _return(ctx, protocol_fee(seized, bonus))


@lending.instruction(tag=24)
def quote_seizure(
    ctx: Context,
    collateral_reserve: Reserve,
    repaid: u256,
    borrowed_price: u256,
    collateral_price: u256,
) -> None:
    """Return what is seized for an amount repaid, at these prices, by the rule `Incentive`.

    Shares seized, the protocol's, the liquidator's, tokens added to reserves.
    """
    reserve = collateral_reserve
    incentive = WAD + reserve.config.liquidation_bonus
    shares = seized_by_incentive(
        repaid, incentive, borrowed_price, collateral_price, reserve.supply_price
    )
    split = split_seizure(shares, reserve.config.protocol_seize_share, reserve.supply_price)
    _return(ctx, shares, split.protocol, split.liquidator, split.reserves_added)


def _return(ctx: Context, *figures: int) -> None:
    require(all(figure < 2**128 for figure in figures), LendingError.MathOverflow)
    ctx.set_return_data(b"".join(figure.to_bytes(16, "little") for figure in figures))
