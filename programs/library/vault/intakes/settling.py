"""Settling an intake: what all its tellers took in goes through the vault once, at one price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ....kit import Context, Mut, UncheckedAccount, mul_div, require
from ...authorities import authority_seeds
from ...token import token
from ...token_moves import mint_out, move_out
from ..accounts import Authority, require_same
from ..books import book_of, enter, leave, require_deposit
from ..errors import VaultError
from ..events import Settled
from ..pricing import deposit_move, redeem_move
from ..program import vault as program
from ..state import Vault
from .requests import IntakeAuthority
from .state import RATE_UNIT, Intake, IntakeKind, Teller

_ACCOUNTS_A_TELLER = 3


class Desk(NamedTuple):
    """A teller with its two token accounts."""

    teller: Teller
    inbox: UncheckedAccount
    payout: UncheckedAccount


class Movers(NamedTuple):
    """The accounts that tokens move by, and both authorities' seeds."""

    idle_vault: UncheckedAccount
    share_mint: UncheckedAccount
    authority: UncheckedAccount
    seeds: Sequence[bytes]
    intake_authority: UncheckedAccount
    intake_seeds: Sequence[bytes]


@program.instruction(tag=22)
def settle(
    ctx: Context,
    vault: Mut[Vault],
    authority: Authority,
    idle_vault: Mut[UncheckedAccount],
    share_mint: Mut[UncheckedAccount],
    intake: Mut[Intake],
    intake_authority: IntakeAuthority,
    tellers: list[Mut[UncheckedAccount]],
) -> None:
    """Settle a closed intake; anybody may. `tellers`: each in order, with its inbox and payout."""
    require(intake.vault == vault.key, VaultError.WrongVault, account=intake)
    closed = not intake.settled and intake.closes_at <= ctx.clock.unix_timestamp
    require(closed, VaultError.WrongStage, account=intake)
    require_same(idle_vault, vault.idle_vault)
    require_same(share_mint, vault.share_mint)
    desks = _desks(ctx, intake, tellers)
    seeds = authority_seeds(vault.key, vault.bump), authority_seeds(intake.key, intake.bump)
    movers = Movers(idle_vault, share_mint, authority, seeds[0], intake_authority, seeds[1])
    requested = sum(desk.teller.requested for desk in desks)
    paid = 0
    if requested:
        through = _deposit if intake.kind == IntakeKind.Deposit else _redeem
        paid = through(ctx, vault, movers, desks, requested)
    fair = paid * RATE_UNIT >= requested * intake.paid_min
    require(fair, VaultError.ExceededSlippage, account=intake)
    intake.settled, intake.requested, intake.paid = True, requested, paid
    ctx.emit(Settled(intake=intake.key, requested=requested, paid=paid))


def _deposit(ctx: Context, vault: Vault, movers: Movers, desks: list[Desk], requested: int) -> int:
    book = book_of(vault, ctx.clock.unix_timestamp)
    require_deposit(vault, book, requested)
    move = deposit_move(book, requested)
    parts = _parts(desks, move.shares, requested)
    enter(vault, move._replace(shares=sum(parts)))
    for desk, part in zip(desks, parts, strict=True):
        _from_inbox(ctx, desk, movers)
        mint_out(ctx, movers.share_mint, desk.payout, movers.authority, movers.seeds, part)
    return move.shares


def _redeem(ctx: Context, vault: Vault, movers: Movers, desks: list[Desk], requested: int) -> int:
    move = redeem_move(book_of(vault, ctx.clock.unix_timestamp), requested)
    parts = _parts(desks, move.assets, requested)
    leave(vault, move._replace(assets=sum(parts)))
    for desk, part in zip(desks, parts, strict=True):
        _burn_inbox(ctx, desk, movers)
        move_out(ctx, movers.idle_vault, desk.payout, movers.authority, movers.seeds, part)
    return move.assets


def _parts(desks: list[Desk], paid: int, requested: int) -> list[int]:
    """What each payout gets, rounded down: no less than all of its tickets are paid."""
    return [mul_div(desk.teller.requested, paid, requested) for desk in desks]


def _from_inbox(ctx: Context, desk: Desk, movers: Movers) -> None:
    taken = desk.teller.requested
    idle, owner = movers.idle_vault, movers.intake_authority
    move_out(ctx, desk.inbox, idle, owner, movers.intake_seeds, taken)


def _burn_inbox(ctx: Context, desk: Desk, movers: Movers) -> None:
    owner, amount = movers.intake_authority, desk.teller.requested
    call = token.burn(account=desk.inbox, mint=movers.share_mint, authority=owner, amount=amount)
    ctx.invoke(call, signer_seeds=[movers.intake_seeds])


def _desks(ctx: Context, intake: Intake, accounts: list[UncheckedAccount]) -> list[Desk]:
    """All tellers of the intake, so that no ticket is left out."""
    complete = len(accounts) == _ACCOUNTS_A_TELLER * intake.tellers
    require(complete, VaultError.TellersMissing, account=intake)
    triples = zip(accounts[::3], accounts[1::3], accounts[2::3], strict=True)
    desks: list[Desk] = []
    for number, (account, inbox, payout) in enumerate(triples):
        require(account.owner == ctx.program_id, VaultError.TellersMissing, account=account)
        teller = Teller.view(account)
        right = teller.intake == intake.key and teller.number == number
        require(right, VaultError.TellersMissing, account=account)
        require_same(inbox, teller.inbox)
        require_same(payout, teller.payout)
        desks.append(Desk(teller, inbox, payout))
    return desks
