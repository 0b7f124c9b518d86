"""Moves of real tokens by programs of this library: nested calls of the token program.

A program's vaults are token accounts owned by an address that it derives, the *authority*; `seeds`
are those of the authority, bump included. Moving nothing calls nothing. All of it works in batch
handlers, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from ..kit import Context, Signer, UncheckedAccount, rarely
from .token import token

Seeds: TypeAlias = Sequence[bytes]


def move_in(
    ctx: Context, source: UncheckedAccount, vault: UncheckedAccount, owner: Signer, amount: int
) -> None:
    """Move tokens from a user's account, whose owner or delegate signed, into a vault."""
    if rarely(amount == 0):
        return
    ctx.invoke(token.transfer(source=source, destination=vault, authority=owner, amount=amount))


def move_out(
    ctx: Context,
    vault: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    seeds: Seeds,
    amount: int,
) -> None:
    """Move tokens out of a vault of the authority with these seeds."""
    if rarely(amount == 0):
        return
    call = token.transfer(source=vault, destination=destination, authority=authority, amount=amount)
    ctx.invoke(call, signer_seeds=[seeds])


def mint_out(
    ctx: Context,
    mint: UncheckedAccount,
    destination: UncheckedAccount,
    authority: UncheckedAccount,
    seeds: Seeds,
    amount: int,
) -> None:
    """Mint tokens of which the authority with these seeds is the mint authority."""
    if rarely(amount == 0):
        return
    call = token.mint_to(mint=mint, account=destination, authority=authority, amount=amount)
    ctx.invoke(call, signer_seeds=[seeds])


def burn_in(
    ctx: Context, mint: UncheckedAccount, source: UncheckedAccount, owner: Signer, amount: int
) -> None:
    """Burn tokens of a user's account, whose owner or delegate signed."""
    if rarely(amount == 0):
        return
    ctx.invoke(token.burn(account=source, mint=mint, authority=owner, amount=amount))
