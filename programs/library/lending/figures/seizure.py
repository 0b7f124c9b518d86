"""What a liquidator repays and seizes.

Two rules, of which a market chooses one:

- `Bonus`, after Solend: the bonus grows with how far the obligation is below the line; a debt of
  little value is closed whole; at most the close factor of all debts is repaid at once.
- `Incentive`, after Compound: a fixed incentive; at most the close factor of this debt is repaid;
  the protocol keeps a share of what is seized.

Amounts repaid are rounded up, amounts seized down: in favour of the borrower and the suppliers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ....kit import div_up, require
from ...units import WAD
from ..errors import LendingError
from .wad import checked, over, times

BONUS_MAX: Final = WAD // 4
ALL: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """The values of an obligation that decide about its liquidation, in one unit."""

    borrowed: int
    unhealthy: int
    super_unhealthy: int
    closeable: bool = False


@dataclass(frozen=True, slots=True)
class BonusTerms:
    """A reserve's terms for liquidations, with 18 decimals."""

    bonus: int
    bonus_max: int
    protocol_fee: int


@dataclass(frozen=True, slots=True)
class Bonus:
    """What a liquidator gets on top, the protocol's part included; with 18 decimals."""

    total: int
    protocol: int


@dataclass(frozen=True, slots=True)
class Seizure:
    """`settled` with 18 decimals is taken off the debt, `repaid` tokens are paid."""

    settled: int
    repaid: int
    seized: int


def bonus_of(line: Line, terms: BonusTerms) -> Bonus:
    """Solend's calculate_bonus; fails with ObligationHealthy above the line."""
    if line.borrowed < line.unhealthy:
        require(line.closeable, LendingError.ObligationHealthy)
        return Bonus(0, 0)
    least = terms.bonus + terms.protocol_fee
    if line.unhealthy == line.super_unhealthy:
        return Bonus(min(least, BONUS_MAX), terms.protocol_fee)
    below, span = line.borrowed - line.unhealthy, line.super_unhealthy - line.unhealthy
    weight = min(over(below, span), WAD)
    return Bonus(
        min(least + times(weight, terms.bonus_max - terms.bonus), BONUS_MAX), terms.protocol_fee
    )


def protocol_fee(liquidated: int, bonus: Bonus) -> int:
    """The protocol's part of what was seized: Solend's calculate_protocol_liquidation_fee."""
    without_bonus = over(liquidated * WAD, WAD + bonus.total)
    return max(div_up(times(without_bonus, bonus.protocol), WAD), 1)


@dataclass(frozen=True, slots=True)
class Pledge:
    """A debt with 18 decimals and a collateral in shares, each with its value."""

    debt: int
    debt_value: int
    collateral: int
    collateral_value: int


def seizure_by_bonus(
    pledge: Pledge, amount: int, most_value: int, whole_below: int, bonus: Bonus
) -> Seizure:
    """Solend's calculate_liquidation.

    `most_value` is what may be repaid at once; debts of up to `whole_below` are repaid whole.
    """
    whole = pledge.debt_value <= whole_below
    debt = pledge.debt if whole else _closed_at_once(pledge, amount, most_value)
    value = pledge.debt_value if whole else times(pledge.debt_value, over(debt, pledge.debt))
    wanted = times(value, WAD + bonus.total)
    if wanted > pledge.collateral_value:
        settled = times(debt, over(pledge.collateral_value, wanted))
        return Seizure(settled, div_up(settled, WAD), pledge.collateral)
    repaid = div_up(debt, WAD)
    if wanted == pledge.collateral_value:
        return Seizure(debt, repaid, pledge.collateral)
    require(repaid > 0, LendingError.LiquidationTooSmall)
    part = over(wanted, pledge.collateral_value)
    seized = times(pledge.collateral * WAD, part) // WAD
    # A dust debt is closed even if its collateral rounds to nothing.
    return Seizure(debt, repaid, max(seized, 1) if whole else seized)


def seized_by_incentive(
    repaid: int, incentive: int, borrowed_price: int, collateral_price: int, exchange_rate: int
) -> int:
    """The shares for an amount repaid: Compound's liquidateCalculateSeizeTokens, rounded once."""
    require(borrowed_price > 0, LendingError.PriceInvalid)
    require(collateral_price > 0, LendingError.PriceInvalid)
    require(exchange_rate > 0, LendingError.MathOverflow)
    value = checked(checked(repaid * incentive) * borrowed_price)
    return value // checked(collateral_price * exchange_rate)


@dataclass(frozen=True, slots=True)
class Split:
    """Seized shares: the protocol's, which are burned for `reserves_added` tokens, and the rest."""

    protocol: int
    liquidator: int
    reserves_added: int


def split_seizure(shares: int, protocol_share: int, exchange_rate: int) -> Split:
    """Compound's seize: the protocol's share is rounded down."""
    protocol = times(shares, protocol_share)
    return Split(protocol, shares - protocol, times(protocol, exchange_rate))


def _closed_at_once(pledge: Pledge, amount: int, most_value: int) -> int:
    asked = pledge.debt if amount == ALL else min(amount * WAD, pledge.debt)
    allowed = times(pledge.debt, over(min(most_value, pledge.debt_value), pledge.debt_value))
    return min(asked, allowed)
