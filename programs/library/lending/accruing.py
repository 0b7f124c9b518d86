"""Bringing a reserve's prices up to the present slot, and its rates up to its sums."""

from __future__ import annotations

from ...kit import require
from ..units import WAD
from .errors import LendingError
from .figures import accrual
from .figures.rates import borrow_rate, supply_rate
from .state import Reserve, ReserveConfig, Totals


def accrue(reserve: Reserve, totals: Totals, config: ReserveConfig, slot: int) -> None:
    """Compound's accrueInterest, at the rate that holds since the last time.

    Interest is what the debts there are have grown, and what was repaid beyond their old value.
    The protocol's part of the interest is rounded down, in favour of the suppliers. What is left
    over when nobody supplies, less than a token by rounding, is the protocol's. `config` is the
    reserve's, read once by the caller.
    """
    require(totals.key == reserve.totals, LendingError.WrongReserve, account=totals)
    interest = _fold(totals, reserve.borrow_index)
    index = accrual.index_at(reserve.borrow_index, reserve.borrow_rate, slot - reserve.last_slot)
    before = debts(reserve, totals)
    reserve.borrow_index, reserve.last_slot = index, slot
    after = debts(reserve, totals)
    totals.reserves += (interest + after - before) * config.reserve_factor // WAD
    set_price(reserve, totals)


def set_price(reserve: Reserve, totals: Totals) -> None:
    """Let the suppliers have all that is not the protocol's; without any, begin at 1 again."""
    assets = totals.cash * WAD + debts(reserve, totals)
    if totals.supply_shares == 0:
        totals.reserves = assets
        reserve.supply_price = WAD
    else:
        reserve.supply_price = (assets - totals.reserves) // totals.supply_shares


def set_rates(reserve: Reserve, totals: Totals, config: ReserveConfig) -> None:
    """The rates that hold from now on."""
    cash, borrows = totals.cash * WAD, debts(reserve, totals)
    # Where only the protocol's reserves are lent out, its part is not taken off.
    reserves = totals.reserves if totals.reserves < cash + borrows else 0
    rate = borrow_rate(config.rates, cash, borrows, reserves)
    reserve.borrow_rate = rate
    reserve.supply_rate = supply_rate(rate, config.reserve_factor, cash, borrows, reserves)


def debts(reserve: Reserve, totals: Totals) -> int:
    """All that is owed, with 18 decimals, rounded down."""
    return accrual.owed_wads(totals.debt_shares, reserve.borrow_index)


def _fold(totals: Totals, index: int) -> int:
    """Take off what was repaid and burned; returns the interest that was paid since this index."""
    shares = accrual.whole(totals.repaid_high, totals.repaid_low)
    interest = max(totals.repaid * WAD - accrual.owed_wads(shares, index), 0)
    totals.debt_shares -= shares
    totals.supply_shares -= totals.burned_shares
    totals.repaid_high = 0
    totals.repaid_low = 0
    totals.repaid = 0
    totals.burned_shares = 0
    return interest
