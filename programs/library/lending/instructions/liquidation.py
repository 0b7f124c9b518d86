"""Liquidation: a debt is repaid for its owner, whose collateral goes to who repaid.

What is seized are shares, which go to a position of the liquidator. The protocol's part of them is
burned for reserves. Both reserves must have been refreshed in the slot, and are only read; their
sums are only added to.
"""

from __future__ import annotations

from dataclasses import dataclass

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, require, u64
from ...units import WAD
from ..errors import LendingError
from ..events import Liquidated
from ..figures import accrual
from ..figures.seizure import (
    BonusTerms,
    Line,
    Pledge,
    Seizure,
    Split,
    bonus_of,
    protocol_fee,
    seized_by_incentive,
    seizure_by_bonus,
    split_seizure,
)
from ..figures.wad import times
from ..power import Entry, entries_of, standing_of
from ..program import lending
from ..state import (
    LiquidationRule,
    Market,
    Obligation,
    Position,
    Reserve,
    ReserveConfig,
    Standing,
    Totals,
)
from ..vaults import take_in
from .borrowing import take_off, take_payment


@dataclass(frozen=True, slots=True)
class Case:
    """An obligation to be liquidated: its sums, the debt and the collateral concerned."""

    market: Market
    obligation: Obligation
    standing: Standing
    debt: Entry
    collateral: Entry


@lending.instruction(tag=14)
def liquidate(
    ctx: Context,
    market: Market,
    obligation: Obligation,
    debt_reserve: Reserve,
    debt_totals: Adds[Totals],
    debt_position: Mut[Position],
    collateral_reserve: Reserve,
    collateral_totals: Adds[Totals],
    collateral_position: Mut[Position],
    liquidator_position: Mut[Position],
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    liquidator: Signer,
    entered: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Repay up to `amount` of a debt of an obligation below the line, and seize collateral.

    `entered`: position, reserve and feed of each entered position of the obligation.
    """
    require(amount > 0, LendingError.AmountIsZero)
    own = liquidator_position.owner_key == liquidator.key
    require(own, LendingError.WrongAuthority, account=liquidator)
    other = obligation.owner_key != liquidator.key
    require(other, LendingError.SelfLiquidation, account=liquidator)
    require_fresh(ctx, debt_reserve, collateral_reserve)
    _require_reserve(debt_reserve, debt_totals, debt_position)
    _require_reserve(collateral_reserve, collateral_totals, collateral_position)
    same = liquidator_position.reserve == collateral_reserve.key
    require(same, LendingError.WrongReserve, account=liquidator_position)
    require(obligation.market == market.key, LendingError.WrongMarket, account=obligation)
    paused = collateral_reserve.config.seizure_paused
    entries = entries_of(ctx, market, obligation, entered, lenient=True)
    debt, collateral = _of(entries, debt_position), _of(entries, collateral_position)
    case = Case(market, obligation, standing_of(entries), debt, collateral)
    seizure, split = seizure_of(case, amount)
    require(not paused, LendingError.SeizurePaused, account=collateral_reserve)
    settle(debt_reserve, debt_totals, debt_position, seizure)
    _seize(collateral_totals, collateral_position, liquidator_position, seizure, split)
    ctx.emit(_event(debt_position, collateral_position, seizure, split))
    take_in(ctx, debt_reserve, source, vault, liquidator, seizure.repaid)


def require_fresh(ctx: Context, debt: Reserve, collateral: Reserve) -> None:
    """Require that both reserves have the prices of this slot."""
    slot = ctx.clock.slot
    require(debt.last_slot == slot, LendingError.DebtNotFresh, account=debt)
    require(collateral.last_slot == slot, LendingError.CollateralNotFresh, account=collateral)


def seizure_of(case: Case, amount: int) -> tuple[Seizure, Split]:
    """What is repaid and seized, and who gets the shares, by the market's rule."""
    if case.market.config.rule is LiquidationRule.Incentive:
        return _by_incentive(case, amount)
    return _by_bonus(case, amount)


def line_of(standing: Standing, obligation: Obligation) -> Line:
    """The figures that decide about liquidation."""
    return Line(standing.owed, standing.line, standing.last_line, obligation.closeable)


def terms_of(config: ReserveConfig) -> BonusTerms:
    """The terms of the collateral's reserve."""
    return BonusTerms(
        config.liquidation_bonus, config.max_liquidation_bonus, config.protocol_liquidation_fee
    )


def settle(reserve: Reserve, totals: Totals, position: Position, seizure: Seizure) -> None:
    """Take what is settled off the debt; what is paid goes to the vault."""
    whole = accrual.owed_wads(position.debt_shares, reserve.borrow_index)
    settled = accrual.shares_settled(seizure.settled, reserve.borrow_index)
    shares = position.debt_shares if seizure.settled >= whole else settled
    take_off(totals, position, shares)
    take_payment(totals, seizure.repaid)


def _by_bonus(case: Case, amount: int) -> tuple[Seizure, Split]:
    market, collateral = case.market.config, case.collateral
    terms = terms_of(collateral.config)
    bonus = bonus_of(line_of(case.standing, case.obligation), terms)
    most = min(times(case.standing.owed, market.close_factor), market.value_at_once_max)
    pledge = _pledge(case)
    seizure = seizure_by_bonus(pledge, amount, most, market.whole_below, bonus)
    require(seizure.repaid > 0 and seizure.seized > 0, LendingError.LiquidationTooSmall)
    protocol = 0
    if terms.protocol_fee and bonus.total:
        protocol = min(protocol_fee(seizure.seized, bonus), seizure.seized)
    price = collateral.reserve.supply_price
    return seizure, Split(protocol, seizure.seized - protocol, times(protocol, price))


def _by_incentive(case: Case, amount: int) -> tuple[Seizure, Split]:
    line = line_of(case.standing, case.obligation)
    liquidatable = line.closeable or line.borrowed > line.unhealthy
    require(liquidatable, LendingError.ObligationHealthy, account=case.obligation)
    debt, reserve, config = case.debt, case.collateral.reserve, case.collateral.config
    owed = accrual.owed(debt.position.debt_shares, debt.reserve.borrow_index)
    allowed = owed if line.closeable else times(owed, case.market.config.close_factor)
    require(amount <= allowed, LendingError.TooMuchRepaid, account=debt.position)
    shares = seized_by_incentive(
        amount,
        WAD + config.liquidation_bonus,
        *_prices(case),
        reserve.supply_price,
    )
    held = case.collateral.position.supply_shares
    require(shares <= held, LendingError.SeizureTooLarge, account=case.collateral.position)
    split = split_seizure(shares, config.protocol_seize_share, reserve.supply_price)
    return Seizure(amount * WAD, amount, shares), split


def _pledge(case: Case) -> Pledge:
    debt, collateral = case.debt, case.collateral
    wads = accrual.owed_wads(debt.position.debt_shares, debt.reserve.borrow_index)
    require(wads > 0, LendingError.LiquidationTooSmall, account=debt.position)
    return Pledge(wads, debt.owed, collateral.position.supply_shares, collateral.supplied)


def _prices(case: Case) -> tuple[int, int]:
    """The prices of the smallest units of debt and collateral, in one unit, exactly."""
    values = [entry.price.value for entry in (case.debt, case.collateral)]
    digits = [
        entry.price.exponent - entry.reserve.mint_decimals for entry in (case.debt, case.collateral)
    ]
    debt, collateral = (
        value * 10 ** (digit - min(digits)) for value, digit in zip(values, digits, strict=True)
    )
    return debt, collateral


def _seize(
    totals: Totals, giver: Position, taker: Position, seizure: Seizure, split: Split
) -> None:
    giver.supply_shares -= seizure.seized
    taker.supply_shares += split.liquidator
    totals.burned_shares += split.protocol
    totals.reserves += split.reserves_added * WAD


def _require_reserve(reserve: Reserve, totals: Totals, position: Position) -> None:
    require(totals.key == reserve.totals, LendingError.WrongReserve, account=totals)
    require(position.reserve == reserve.key, LendingError.WrongReserve, account=position)


def _of(entries: list[Entry], position: Position) -> Entry:
    found = [entry for entry in entries if entry.position.key == position.key]
    require(len(found) == 1, LendingError.WrongPositions, account=position)
    return found[0]


def _event(debt: Position, collateral: Position, seizure: Seizure, split: Split) -> Liquidated:
    return Liquidated(
        debt_position=debt.key,
        collateral_position=collateral.key,
        repaid=seizure.repaid,
        settled=seizure.settled,
        seized=seizure.seized,
        protocol_shares=split.protocol,
        reserves_added=split.reserves_added,
    )
