"""Transfers of tokens between accounts of one mint, by the owner or a delegate.

For the native mint, lamports move too. A transfer from an account to itself is fully checked and
changes nothing.
"""

from __future__ import annotations

from ....primitives.integers import U64_MAX
from ...kit import Mut, UncheckedAccount, require, u8, u64
from . import compute_units
from .authority import require_authority
from .checks import (
    require_allowance,
    require_checked_mint,
    require_owned,
    require_thawed,
    require_tokens,
)
from .delegation import spend_allowance
from .errors import TokenError
from .program import Authority, Signers, token
from .state import TokenAccount, load


@token.instruction(tag=3, compute_units=compute_units.TRANSFER)
def transfer(
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: u64,
) -> None:
    """Move `amount` from `source` to `destination`; `authority` is source's owner or delegate."""
    _transfer(source, destination, authority, signers, amount)


@token.instruction(tag=12, compute_units=compute_units.TRANSFER_CHECKED)
def transfer_checked(
    source: Mut[UncheckedAccount],
    mint: UncheckedAccount,
    destination: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: u64,
    decimals: u8,
) -> None:
    """As transfer; fails for another mint or other decimals."""
    _transfer(source, destination, authority, signers, amount, checked=(mint, decimals))


def _transfer(
    source: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: int,
    checked: tuple[UncheckedAccount, int] | None = None,
) -> None:
    giver = load(TokenAccount, source)
    to_itself = source.key == destination.key
    taker = giver if to_itself else load(TokenAccount, destination)
    require_thawed(giver, taker)
    require_tokens(giver, amount)
    require(giver.mint == taker.mint, TokenError.MintMismatch, account=destination)
    if checked is not None:
        require_checked_mint(giver, *checked)
    by_delegate = giver.delegate == authority.key
    require_authority(authority.key if by_delegate else giver.token_owner, authority, signers)
    if by_delegate:
        require_allowance(giver, amount)
    if to_itself or amount == 0:
        # Write nothing, since a write would make the runtime check the owner.
        require_owned(source, destination)
    if not to_itself:
        _move(giver, taker, amount)
        if by_delegate:
            spend_allowance(giver, amount)


def _move(giver: TokenAccount, taker: TokenAccount, amount: int) -> None:
    if amount == 0:
        return
    native = giver.is_native is not None
    require(taker.amount + amount <= U64_MAX, TokenError.Overflow, account=taker)
    if native:
        require(amount <= giver.lamports, TokenError.Overflow, account=giver)
        require(taker.lamports + amount <= U64_MAX, TokenError.Overflow, account=taker)
    # Lamports first, as rule violations are found in this order when a program ends.
    if native:
        giver.lamports -= amount
        taker.lamports += amount
    giver.amount -= amount
    taker.amount += amount
