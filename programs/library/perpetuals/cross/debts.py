"""Liquidation of margin accounts, in parts, and the end of debts that nothing backs.

After Mango v4: it begins when maintenance health is below zero, and goes on until the health at its
end is not. A liquidator pays a part of a debt and gets tokens worth that and a fee; never more, in
whole tokens, than brings the account's health to zero. What is then still owed, with nothing left,
is paid by the bank's insurance, and beyond it by all who have deposits, through the index.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from ....kit import Adds, Context, HasOne, Mut, Signer, UncheckedAccount, div_up, require, u64
from ...units import BASIS_POINTS, WAD
from ..errors import PerpetualsError
from ..events import CollateralLiquidated, DebtWrittenOff
from ..program import perpetuals
from ..state import NOBODY
from .collateral import require_health, require_owner
from .positions import book, held, indexed_of, put
from .reading import Given, account_health, active_tokens, by_key, oracle_price
from .state import INDEXED_UNIT, Bank, BankTotals, HealthKind, MarginAccount


class Deal(NamedTuple):
    """What changes hands, in tokens with 18 decimals: of the debt, and of what pays for it."""

    paid: int
    taken: int


@perpetuals.instruction(tag=50)
def liquidate_collateral(
    ctx: Context,
    asset: Bank,
    liab: Bank,
    asset_totals: Adds[BankTotals],
    liab_totals: Adds[BankTotals],
    liqee: Mut[MarginAccount],
    liqor: Mut[MarginAccount],
    liqor_authority: Signer,
    given: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Pay up to `amount` of the liqee's debt to `liab`, for its deposits in `asset` and a fee.

    `given`: what the health of both depends on, before and afterwards.
    """
    require_owner(liqor, liqor_authority)
    require(liqee.key != liqor.key, PerpetualsError.SameAccount, account=liqor)
    require(asset.totals == asset_totals.key, PerpetualsError.WrongAccounts, account=asset_totals)
    require(liab.totals == liab_totals.key, PerpetualsError.WrongAccounts, account=liab_totals)
    known = by_key(given)
    end = require_liquidatable(ctx, liqee, known)
    prices = oracle_price(asset, known, ctx.clock), oracle_price(liab, known, ctx.clock)
    deal = _deal(asset, liab, prices, liqee, end, amount * WAD)
    for account, sign in ((liqee, 1), (liqor, -1)):
        book(account, liab, liab_totals, sign * deal.paid)
        book(account, asset, asset_totals, -sign * deal.taken)
    left = account_health(liqee, known, HealthKind.LiquidationEnd, ctx.clock)
    liqee.being_liquidated = left < 0
    require_health(ctx, liqor, known)
    done = {"taken": deal.taken, "paid": deal.paid, "asset": asset.key, "liab": liab.key}
    ctx.emit(CollateralLiquidated(liqee=liqee.key, liqor=liqor.key, **done))


@perpetuals.instruction(tag=51)
def write_off(
    ctx: Context,
    bank: Annotated[Mut[Bank], HasOne("totals")],
    totals: Mut[BankTotals],
    account: Mut[MarginAccount],
) -> None:
    """End a debt of an account that has nothing else: by insurance, then by all deposits."""
    require(_has_nothing(account), PerpetualsError.NoDeficit, account=account)
    owed = indexed_of(account, bank.key)
    require(owed < 0, PerpetualsError.NothingOwed, account=account)
    loss = div_up(-held(account, bank), WAD)
    insured = min(loss, bank.insurance)
    bank.insurance -= insured
    _share(bank, totals, loss - insured)
    totals.repaid += -owed
    put(account, bank.key, 0)
    if not active_tokens(account):
        account.being_liquidated = False
    ctx.emit(DebtWrittenOff(account=account.key, bank=bank.key, loss=loss, insured=insured))


def require_liquidatable(ctx: Context, account: MarginAccount, given: Given) -> int:
    """Require an account below the line; its health at the end of liquidation, below zero."""
    end = account_health(account, given, HealthKind.LiquidationEnd, ctx.clock)
    if not account.being_liquidated:
        maint = account_health(account, given, HealthKind.Maint, ctx.clock)
        require(maint < 0, PerpetualsError.NotLiquidatable, account=account)
    require(end < 0, PerpetualsError.NotLiquidatable, account=account)
    return end


def _deal(
    asset: Bank, liab: Bank, prices: tuple[int, int], liqee: MarginAccount, end: int, wanted: int
) -> Deal:
    """As much as is wanted, owed, paid for and needed."""
    has, owes = held(liqee, asset), -held(liqee, liab)
    require(has > 0 and owes > 0, PerpetualsError.NothingOwed, account=liqee)
    fee_bps = asset.liquidation_fee_bps + liab.liquidation_fee_bps
    # Value of what is taken for one of debt, with 18 decimals.
    worth = prices[1] * (BASIS_POINTS + fee_bps) // BASIS_POINTS
    better = liab.init_liab_weight * prices[1] - asset.init_asset_weight * worth
    # Whole tokens, so that what rounding costs does not leave it below zero.
    needed = div_up(-end * WAD, better) * WAD if better > 0 else owes
    paid = min(wanted, owes, needed, has * prices[0] // worth)
    return Deal(paid, min(paid * worth // prices[0], has))


def _has_nothing(account: MarginAccount) -> bool:
    idle = all(key == NOBODY for key in account.traders)
    unordered = all(each.base_bank == NOBODY for each in account.orders)
    return idle and unordered and all(each.indexed <= 0 for each in active_tokens(account))


def _share(bank: Bank, totals: BankTotals, loss: int) -> None:
    """Take a loss off all deposits, in proportion."""
    deposits = (totals.deposited - totals.withdrawn) * bank.deposit_index // INDEXED_UNIT
    if loss == 0:
        return
    require(deposits > 0, PerpetualsError.NothingToShare, account=bank)
    left = max(deposits - loss * WAD, 0)
    # Never 0, or nobody could deposit again.
    bank.deposit_index = max(bank.deposit_index * left // deposits, 1)
