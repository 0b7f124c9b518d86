"""Swaps through several pools in one instruction.

A token that only passes through goes from one pool's vault straight to the next one's, so the user
needs no account for it. For each pool the call names four accounts after the others, as `hop` makes
them. No pool may occur twice: each is priced once, before any of them moves.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple, TypeAlias

from ....kit import Context, Mut, Pubkey, Signer, UncheckedAccount, require, u64
from ...authorities import authority_seeds
from ...token_moves import move_in, move_out
from ..authority import authority_of
from ..direction import emit_swap, is_a_to_b
from ..errors import AmmError
from ..program import AMM_ID, amm
from ..state import Pool
from .paths import Step, amounts_in, amounts_out
from .swaps import book_swap

Path: TypeAlias = list[Mut[UncheckedAccount]]
_ACCOUNTS_OF_HOP = 4


class Hop(NamedTuple):
    """A pool of the path, with the vaults in the order of the trade."""

    pool: Pool
    authority: UncheckedAccount
    vault_in: UncheckedAccount
    vault_out: UncheckedAccount
    a_to_b: bool


def hop(pool: str | bytes, vault_in: str | bytes, vault_out: str | bytes) -> list[Pubkey]:
    """The accounts of one pool of a path, for `path=[*hop(…), *hop(…)]`."""
    return [Pubkey.of(pool), authority_of(pool), Pubkey.of(vault_in), Pubkey.of(vault_out)]


@amm.instruction(tag=14)
def swap_hops_exact_in(
    ctx: Context,
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    path: Path,
    amount_in: u64,
    amount_out_min: u64,
) -> None:
    """Pay `amount_in` to the first pool for as much of the last pool's token as it buys."""
    hops = hops_of(path)
    amounts = amounts_out([Step(each.pool, each.a_to_b) for each in hops], amount_in)
    require(amounts[-1] >= amount_out_min, AmmError.ExceededSlippage)
    _trade(ctx, source, destination, owner, hops, amounts)


@amm.instruction(tag=15)
def swap_hops_exact_out(
    ctx: Context,
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
    path: Path,
    amount_out: u64,
    amount_in_max: u64,
) -> None:
    """Get exactly `amount_out` from the last pool for what it costs at the first."""
    hops = hops_of(path)
    amounts = amounts_in([Step(each.pool, each.a_to_b) for each in hops], amount_out)
    require(amounts[0] <= amount_in_max, AmmError.ExceededSlippage)
    _trade(ctx, source, destination, owner, hops, amounts)


def hops_of(path: list[UncheckedAccount]) -> list[Hop]:
    """The pools of a path; fails unless each pays out the token that the next one takes."""
    whole = len(path) % _ACCOUNTS_OF_HOP == 0
    require(whole and len(path) > 0, AmmError.InvalidPath)
    hops = [
        _hop(*path[first : first + _ACCOUNTS_OF_HOP])
        for first in range(0, len(path), _ACCOUNTS_OF_HOP)
    ]
    for one, other in combinations(hops, 2):
        require(one.pool.key != other.pool.key, AmmError.InvalidPath, "a pool occurs twice")
    for one, following in pairwise(hops):
        joined = mints_of(one)[1] == mints_of(following)[0]
        require(joined, AmmError.InvalidPath, account=following.pool)
    return hops


def mints_of(each: Hop) -> tuple[Pubkey, Pubkey]:
    """The token that a hop takes, and the one that it pays out."""
    a, b = each.pool.mint_a, each.pool.mint_b
    return (a, b) if each.a_to_b else (b, a)


def _hop(
    account: UncheckedAccount,
    authority: UncheckedAccount,
    vault_in: UncheckedAccount,
    vault_out: UncheckedAccount,
) -> Hop:
    require(account.owner == AMM_ID, AmmError.InvalidPath, account=account)
    pool = Pool.view(account)
    return Hop(pool, authority, vault_in, vault_out, is_a_to_b(pool, vault_in, vault_out))


def _trade(
    ctx: Context,
    source: UncheckedAccount,
    destination: UncheckedAccount,
    owner: Signer,
    hops: list[Hop],
    amounts: list[int],
) -> None:
    move_in(ctx, source, hops[0].vault_in, owner, amounts[0])
    targets = [*(each.vault_in for each in hops[1:]), destination]
    for place, (each, target) in enumerate(zip(hops, targets, strict=True)):
        paid, out = amounts[place : place + 2]
        require(out > 0, AmmError.InsufficientOutputAmount, account=each.pool)
        book_swap(each.pool, each.a_to_b, paid, out, ctx.clock.unix_timestamp)
        seeds = authority_seeds(each.pool.key, each.pool.bump)
        move_out(ctx, each.vault_out, target, each.authority, seeds, out)
        emit_swap(ctx, each.pool.key, each.a_to_b, paid, out)
