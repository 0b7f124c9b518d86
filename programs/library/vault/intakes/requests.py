"""Requests: made and cancelled before an intake is settled, claimed after."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ....kit import (
    Context,
    Mut,
    Pubkey,
    Seeds,
    Signer,
    UncheckedAccount,
    mul_div,
    require,
    u64,
)
from ...authorities import AUTHORITY_SEED, authority_seeds
from ...token_moves import move_in, move_out
from ..accounts import require_same
from ..errors import VaultError
from ..program import vault as program
from .state import Intake, Teller, Ticket

IntakeAuthority: TypeAlias = Annotated[UncheckedAccount, Seeds(AUTHORITY_SEED, "intake")]


@program.instruction(tag=20)
def request(
    ctx: Context,
    intake: Intake,
    teller: Mut[Teller],
    ticket: Mut[Ticket],
    inbox: Mut[UncheckedAccount],
    source: Mut[UncheckedAccount],
    owner: Signer,
    amount: u64,
) -> None:
    """Hand over assets, or shares to redeem, to be settled with all others of the intake."""
    open_for_requests = ctx.clock.unix_timestamp < intake.closes_at
    require(open_for_requests, VaultError.WrongStage, account=intake)
    require(amount > 0, VaultError.InvalidParameter)
    require(teller.intake == intake.key, VaultError.WrongVault, account=teller)
    require(ticket.owner_key == owner.key, VaultError.NotOwner, account=ticket)
    usable = (ticket.amount == 0) | (ticket.teller == teller.key)
    require(usable, VaultError.WrongStage, account=ticket)
    require_same(inbox, teller.inbox)
    ticket.teller = teller.key
    ticket.amount += amount
    teller.requested += amount
    move_in(ctx, source, inbox, owner, amount)


@program.instruction(tag=21)
def cancel_request(
    ctx: Context,
    intake: Intake,
    authority: IntakeAuthority,
    teller: Mut[Teller],
    ticket: Mut[Ticket],
    inbox: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
) -> None:
    """Take back what was requested, as long as the intake is not settled."""
    require(not intake.settled, VaultError.WrongStage, account=intake)
    _require_ticket(intake.key, teller, ticket, owner)
    require_same(inbox, teller.inbox)
    amount = ticket.amount
    require(amount > 0, VaultError.NothingOwed, account=ticket)
    ticket.amount = 0
    teller.requested -= amount
    move_out(ctx, inbox, destination, authority, authority_seeds(intake.key, intake.bump), amount)


@program.instruction(tag=23)
def claim(
    ctx: Context,
    intake: Intake,
    authority: IntakeAuthority,
    teller: Teller,
    ticket: Mut[Ticket],
    payout: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    owner: Signer,
) -> None:
    """Take what a ticket is paid in an intake that was settled, rounded down."""
    require(intake.settled, VaultError.WrongStage, account=intake)
    _require_ticket(intake.key, teller, ticket, owner)
    require_same(payout, teller.payout)
    require(ticket.amount > 0, VaultError.NothingOwed, account=ticket)
    paid = mul_div(ticket.amount, intake.paid, intake.requested)
    ticket.amount = 0
    move_out(ctx, payout, destination, authority, authority_seeds(intake.key, intake.bump), paid)


def _require_ticket(intake: Pubkey, teller: Teller, ticket: Ticket, owner: Signer) -> None:
    require(teller.intake == intake, VaultError.WrongVault, account=teller)
    require(ticket.teller == teller.key, VaultError.WrongVault, account=ticket)
    require(ticket.owner_key == owner.key, VaultError.NotOwner, account=ticket)
