"""Tokens in and out of margin accounts: deposits, withdrawals, loans.

A withdrawal beyond what the account has is a loan; its health for new risks must then stay above
zero. A user writes the own account and one vault of the bank, of which there may be many.
"""

from __future__ import annotations

from ....kit import Adds, Context, Mut, Signer, UncheckedAccount, div_up, require, u64
from ...authorities import authority_seeds
from ...token import TokenAccount
from ...token_moves import move_in, move_out
from ...units import BASIS_POINTS, WAD
from ..errors import PerpetualsError
from ..program import perpetuals
from ..state import NOBODY
from .positions import book
from .quotes import fee_for
from .reading import Given, account_health, by_key
from .state import Bank, BankTotals, HealthKind, MarginAccount


@perpetuals.instruction(tag=47)
def open_margin_account(
    account: Mut[UncheckedAccount], admin: UncheckedAccount, owner: UncheckedAccount
) -> None:
    """Make a margin account of `owner`, for the banks and markets of `admin`."""
    MarginAccount.view(account).initialize(admin=admin.key, user=owner.key, operator=NOBODY)


@perpetuals.instruction(tag=48)
def deposit_collateral(
    ctx: Context,
    bank: Bank,
    totals: Adds[BankTotals],
    account: Mut[MarginAccount],
    source: Mut[UncheckedAccount],
    vault: Mut[UncheckedAccount],
    payer: Signer,
    amount: u64,
) -> None:
    """Pay tokens into an account, anybody's, less the bank's fee."""
    require_bank_accounts(bank, totals, vault)
    move_in(ctx, source, vault, payer, amount)
    fee = _fee(bank, amount, increases=True)
    totals.fees += fee
    book(account, bank, totals, (amount - fee) * WAD)


@perpetuals.instruction(tag=49)
def withdraw_collateral(
    ctx: Context,
    bank: Bank,
    totals: Adds[BankTotals],
    account: Mut[MarginAccount],
    vault: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: UncheckedAccount,
    owner: Signer,
    given: list[UncheckedAccount],
    amount: u64,
) -> None:
    """Pay tokens out, less the bank's fee; what the account does not have, it owes.

    `given`: what the account's health depends on afterwards.
    """
    require_owner(account, owner)
    known = by_key(given)
    require_recovered(ctx, account, known)
    require_bank_accounts(bank, totals, vault)
    fee = _fee(bank, amount, increases=False)
    totals.fees += fee
    book(account, bank, totals, -amount * WAD)
    require_health(ctx, account, known)
    move_out(ctx, vault, destination, authority, authority_seeds(bank.key, bank.bump), amount - fee)


def require_owner(account: MarginAccount, owner: Signer) -> None:
    """Require the account's owner or operator."""
    may = owner.key in (account.user, account.operator)
    require(may, PerpetualsError.NotAuthorized, account=account)


def require_recovered(ctx: Context, account: MarginAccount, given: Given) -> None:
    """Require an account that is not being liquidated, or no longer needs to be."""
    if account.being_liquidated:
        left = account_health(account, given, HealthKind.LiquidationEnd, ctx.clock)
        require(left >= 0, PerpetualsError.BeingLiquidated, account=account)
        account.being_liquidated = False


def require_health(ctx: Context, account: MarginAccount, given: Given) -> None:
    """Require health for new risks."""
    left = account_health(account, given, HealthKind.Init, ctx.clock)
    require(left >= 0, PerpetualsError.HealthTooLow, lambda: f"{left // WAD}", account=account)


def require_bank_accounts(bank: Bank, totals: BankTotals, vault: UncheckedAccount) -> None:
    """Require the bank's own sums, and one of its vaults."""
    require(bank.totals == totals.key, PerpetualsError.WrongAccounts, account=totals)
    tokens = TokenAccount.view(vault)
    own = tokens.mint == bank.mint and tokens.token_owner == bank.authority
    require(own, PerpetualsError.WrongVault, account=vault)


def _fee(bank: Bank, amount: int, *, increases: bool) -> int:
    return div_up(amount * fee_for(bank, amount, increases=increases), BASIS_POINTS)
