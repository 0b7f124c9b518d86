"""Borrowing against entered positions, and repaying.

To repay only adds to the reserve's sums. The fee of a loan stays in the vaults, as reserves of the
protocol, until it is collected; only the host's part is paid at once.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, require, select, u64
from ...units import WAD
from ..accruing import accrue, debts, set_rates
from ..errors import LendingError
from ..events import Borrowed
from ..figures import accrual
from ..figures.fees import Fee, fee_of
from ..power import require_covered
from ..program import lending
from ..state import Market, Obligation, Position, Reserve, Totals
from ..vaults import pay_out, take_in
from .obligations import require_own, require_part


@lending.instruction(tag=12)
def borrow(
    ctx: Context,
    market: Market,
    reserve: Mut[Reserve],
    totals: Mut[Totals],
    obligation: Obligation,
    position: Mut[Position],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    host: Mut[UncheckedAccount] | None,
    vault_authority: UncheckedAccount,
    owner: Signer,
    entered: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Borrow tokens; the fee is owed on top.

    `host`: a token account for the host's part of the fee, which is the protocol's without one.
    `entered`: position, reserve and feed of each entered position.
    """
    require_own(position, reserve, owner)
    require_part(position, obligation, market)
    require(position.entered, LendingError.NotEntered, account=position)
    require(amount > 0, LendingError.AmountIsZero)
    config = reserve.config
    require(not config.borrow_paused, LendingError.BorrowPaused, account=reserve)
    accrue(reserve, totals, config, ctx.clock.slot)
    fee = fee_of(amount * WAD, config.borrow_fee, config.host_part if host is not None else 0)
    _lend(reserve, totals, position, amount, fee)
    limit = config.borrow_limit * WAD
    require(debts(reserve, totals) <= limit, LendingError.BorrowLimitReached, account=reserve)
    set_rates(reserve, totals, config)
    require_covered(ctx, market, obligation, entered, LendingError.BorrowTooLarge)
    ctx.emit(Borrowed(position=position.key, amount=amount, fee=fee.total, host_fee=fee.host))
    pay_out(ctx, reserve, vault, destination, vault_authority, amount)
    if host is not None and fee.host:
        pay_out(ctx, reserve, vault, host, vault_authority, fee.host)


@lending.instruction(tag=13)
def repay(
    ctx: Context,
    reserve: Reserve,
    totals: Adds[Totals],
    position: Mut[Position],
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    payer: Signer,
    amount: u64,
) -> None:
    """Repay a debt, of oneself or of others; no more than all of it is taken."""
    paid = pay_off(ctx, reserve, totals, position, amount)
    take_in(ctx, reserve, source, vault, payer, paid)


def pay_off(ctx: Context, reserve: Reserve, totals: Totals, position: Position, amount: int) -> int:
    """Take up to `amount` off a debt; returns what has to be paid for it."""
    require(position.reserve == reserve.key, LendingError.WrongReserve, account=position)
    require(totals.key == reserve.totals, LendingError.WrongReserve, account=totals)
    index = index_now(ctx, reserve)
    owed = accrual.owed(position.debt_shares, index)
    whole = amount >= owed
    paid = select(whole, owed, amount)
    require(paid > 0, LendingError.AmountIsZero)
    shares = select(whole, position.debt_shares, accrual.shares_repaid(paid, index))
    take_off(totals, position, shares)
    take_payment(totals, paid)
    return paid


def take_payment(totals: Totals, paid: int) -> None:
    """Note what was paid for the shares taken off: the interest in it is shared later."""
    totals.cash += paid
    totals.repaid += paid


def take_off(totals: Totals, position: Position, shares: int) -> None:
    """Take shares off a debt, and note in the sums that they are to be."""
    high, low = accrual.halves(shares)
    position.debt_shares -= shares
    totals.repaid_high += high
    totals.repaid_low += low


def index_now(ctx: Context, reserve: Reserve) -> int:
    """The borrow index in this slot, which need not be stored to be known."""
    blocks = ctx.clock.slot - reserve.last_slot
    return accrual.index_at(reserve.borrow_index, reserve.borrow_rate, blocks)


def _lend(reserve: Reserve, totals: Totals, position: Position, amount: int, fee: Fee) -> None:
    paid_out = amount + fee.host
    require(paid_out <= totals.cash, LendingError.NotEnoughCash, account=totals)
    shares = accrual.shares_lent(amount + fee.total, reserve.borrow_index)
    position.debt_shares += shares
    totals.debt_shares += shares
    totals.cash -= paid_out
    totals.reserves += fee.protocol * WAD
