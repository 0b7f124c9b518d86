"""A vault's books: what counts as its assets at a moment, and what moves change.

Pure: no tokens move here. A gain that was reported counts little by little, so that nobody can buy
shares right before a report and sell them with profit right after.
"""

from __future__ import annotations

from ...kit import greatest, least, mul_div, mul_div_up, require
from ..units import BASIS_POINTS
from .errors import VaultError
from .pricing import Book, Move, deposit_max, mint_max, withdraw_max
from .state import Vault


def profit_locked(vault: Vault, now: int) -> int:
    """What of reported gains does not count yet, rounded up."""
    left_s = greatest(vault.unlock_until - now, 0)
    span_s = greatest(vault.unlock_until - vault.unlock_from, 1)
    return mul_div_up(vault.profit_locked, left_s, span_s)


def book_of(vault: Vault, now: int) -> Book:
    """What shares of a vault are priced by at this moment."""
    return Book(
        vault.idle + vault.debt - profit_locked(vault, now),
        vault.shares,
        vault.virtual_assets,
        vault.virtual_shares,
        vault.entry_fee_bps,
        vault.exit_fee_bps,
    )


def enter(vault: Vault, move: Move) -> None:
    """Book assets that came in for shares."""
    vault.idle += move.assets - move.fee
    vault.fees_owed += move.fee
    vault.shares += move.shares


def leave(vault: Vault, move: Move) -> None:
    """Book assets that went out for shares."""
    gone = move.assets + move.fee
    require(gone <= vault.idle, VaultError.NotEnoughIdle, account=vault)
    vault.idle -= gone
    vault.fees_owed += move.fee
    vault.shares -= move.shares


def book_gain(vault: Vault, gain: int, now: int) -> int:
    """Book a gain that was paid into the idle vault; returns the admin's part of it.

    The admin gets shares worth that part at the price before. The rest is locked together with what
    is locked already, for the average of their times, by amount.
    """
    book, locked = book_of(vault, now), profit_locked(vault, now)
    fee = mul_div(gain, vault.performance_fee_bps, BASIS_POINTS)
    shares = book.shares_down(fee) if fee else 0
    vault.idle += gain
    vault.shares += shares
    vault.fee_shares += shares
    kept = gain - fee
    left_s = greatest(vault.unlock_until - now, 0)
    total = locked + kept
    span_s = mul_div_up(locked * left_s + kept * vault.unlock_s, 1, total) if total else 0
    _lock(vault, total, now, span_s)
    return fee


def book_loss(vault: Vault, loss: int, now: int) -> None:
    """Book a loss of a strategy's: what is locked bears it first, then the price of shares."""
    locked = profit_locked(vault, now)
    vault.debt -= loss
    _lock(vault, locked - least(loss, locked), now, greatest(vault.unlock_until - now, 0))


def _lock(vault: Vault, profit: int, now: int, span_s: int) -> None:
    vault.profit_locked = profit
    vault.unlock_from, vault.unlock_until = now, now + span_s


def require_deposit(vault: Vault, book: Book, assets: int) -> None:
    """Require that the vault takes in this much."""
    fits = assets <= deposit_max(book, vault.assets_max)
    require(fits, VaultError.ExceededMaxDeposit, account=vault)


def require_mint(vault: Vault, book: Book, shares: int) -> None:
    """Require that the vault issues so many shares."""
    require(shares <= mint_max(book, vault.assets_max), VaultError.ExceededMaxMint, account=vault)


def require_withdraw(vault: Vault, book: Book, assets: int, held: int) -> None:
    """Require that the shares held pay out this much."""
    require(assets <= withdraw_max(book, held), VaultError.ExceededMaxWithdraw, account=vault)
