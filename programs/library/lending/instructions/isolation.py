"""Isolated collateral: of all who borrow against it, the debts stay below a ceiling.

A user books the value of debts on it, and may then owe that much. The sum of what is booked changes
with bookings only, so that loans and repayments need not write it.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require, u128
from ..errors import LendingError
from ..power import require_covered
from ..program import lending
from ..state import Market, Obligation, Reserve, Totals


@lending.instruction(tag=25)
def book_debt(
    ctx: Context,
    market: Market,
    obligation: Mut[Obligation],
    reserve: Reserve,
    totals: Mut[Totals],
    owner: Signer,
    entered: list[UncheckedAccount],
    value: u128,
) -> None:
    """Book that debts of so much value may be owed against this collateral.

    Replaces what was booked; not below what is owed. To book on another reserve, book 0 first.
    `entered`: position, reserve and feed of each entered position.
    """
    require(obligation.owner_key == owner.key, LendingError.WrongAuthority, account=owner)
    require(obligation.market == market.key, LendingError.WrongMarket, account=obligation)
    require(reserve.market == market.key, LendingError.WrongMarket, account=reserve)
    require(totals.key == reserve.totals, LendingError.WrongReserve, account=totals)
    same = obligation.booked == 0 or obligation.booked_on == reserve.key
    require(same, LendingError.WrongReserve, account=reserve)
    raised = value > obligation.booked
    totals.booked = totals.booked - obligation.booked + value
    below = totals.booked <= reserve.config.debt_ceiling
    require(below or not raised, LendingError.DebtCeilingReached, account=totals)
    obligation.booked, obligation.booked_on = value, reserve.key
    require_covered(ctx, market, obligation, entered, LendingError.WithdrawTooLarge)
