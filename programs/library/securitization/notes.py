"""Notes: sold at face value, paid what distributions bring, and passed on from holding to holding.

A holding is written only by its holders' own transactions. A transfer reads the tranche, so that
transfers between different holdings never wait for each other.
"""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u64
from ..token import TokenAccount
from ..token_moves import move_in
from .accrual import settle
from .deal import pay, require_vault
from .errors import SecuritizationError
from .events import NotesTransferred
from .program import securitization
from .state import Deal, Holding, Stage, Tranche


@securitization.instruction(tag=6)
def open_holding(
    holding: Mut[UncheckedAccount], tranche: Tranche, holder: UncheckedAccount
) -> None:
    """Open a holding of `holder`, without notes."""
    Holding.view(holding).initialize(
        tranche=tranche.key, holder=holder.key, paid_index=tranche.paid_index
    )


@securitization.instruction(tag=7)
def subscribe(
    ctx: Context,
    deal: Mut[Deal],
    tranche: Mut[Tranche],
    holding: Mut[Holding],
    source: Mut[UncheckedAccount],
    vault: Mut[TokenAccount],
    holder: Signer,
    notes: u64,
) -> None:
    """Buy notes at face value while they are offered."""
    require(deal.stage == Stage.Offered, SecuritizationError.WrongStage, account=deal)
    require(tranche.deal == deal.key, SecuritizationError.WrongDeal, account=tranche)
    require_vault(deal, vault)
    _require_holding(holding, tranche, holder)
    require(0 < notes <= tranche.unsold, SecuritizationError.SoldOut, account=tranche)
    tranche.unsold -= notes
    tranche.principal += notes
    deal.notes_unsold -= notes
    holding.notes += notes
    move_in(ctx, source, vault, holder, notes)


@securitization.instruction(tag=8)
def refund(
    ctx: Context,
    deal: Deal,
    authority: UncheckedAccount,
    tranche: Mut[Tranche],
    holding: Mut[Holding],
    vault: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    holder: Signer,
) -> None:
    """Take back what was paid for notes of a cancelled offering."""
    require(deal.stage == Stage.Cancelled, SecuritizationError.WrongStage, account=deal)
    require(tranche.deal == deal.key, SecuritizationError.WrongDeal, account=tranche)
    _require_holding(holding, tranche, holder)
    notes = holding.notes
    require(notes > 0, SecuritizationError.NothingOwed, account=holding)
    holding.notes = 0
    tranche.principal -= notes
    pay(ctx, deal, authority, vault, destination, notes)


@securitization.instruction(tag=9)
def transfer_notes(
    ctx: Context,
    tranche: Tranche,
    source: Mut[Holding],
    destination: Mut[Holding],
    holder: Signer,
    notes: u64,
) -> None:
    """Pass notes on. What they were paid so far stays owed to whom they were paid."""
    require(source.key != destination.key, SecuritizationError.SameHolding, account=source)
    _require_holding(source, tranche, holder)
    require(destination.tranche == tranche.key, SecuritizationError.WrongDeal, account=destination)
    require(notes > 0, SecuritizationError.InvalidParameter)
    require(notes <= source.notes, SecuritizationError.NotEnoughNotes, account=source)
    settle(source, tranche)
    settle(destination, tranche)
    source.notes -= notes
    destination.notes += notes
    ctx.emit(NotesTransferred(source=source.key, destination=destination.key, notes=notes))


@securitization.instruction(tag=10)
def claim(
    ctx: Context,
    deal: Deal,
    authority: UncheckedAccount,
    tranche: Tranche,
    holding: Mut[Holding],
    vault: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    holder: Signer,
) -> None:
    """Take out all that a holding is owed, from any vault of the deal."""
    require(tranche.deal == deal.key, SecuritizationError.WrongDeal, account=tranche)
    _require_holding(holding, tranche, holder)
    settle(holding, tranche)
    owed = holding.owed
    require(owed > 0, SecuritizationError.NothingOwed, account=holding)
    holding.owed = 0
    pay(ctx, deal, authority, vault, destination, owed)


def _require_holding(holding: Holding, tranche: Tranche, holder: Signer) -> None:
    require(holding.tranche == tranche.key, SecuritizationError.WrongDeal, account=holding)
    require(holding.holder == holder.key, SecuritizationError.NotHolder, account=holding)
