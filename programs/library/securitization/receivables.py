"""Receivables: what obligors owe and pay.

Each is an account of its own, and its payments are only added to the deal's ledger: those of
different obligors into different vaults never wait for each other.
"""

from __future__ import annotations

from ...kit import Adds, Context, Mut, Signer, UncheckedAccount, require, u64
from ..token import TokenAccount
from ..token_moves import move_in
from .deal import require_vault
from .errors import SecuritizationError
from .program import securitization
from .state import Deal, Ledger, Receivable, ReceivableStatus, Stage


@securitization.instruction(tag=11)
def add_receivable(
    deal: Mut[Deal],
    receivable: Mut[UncheckedAccount],
    originator: Signer,
    obligor: UncheckedAccount,
    principal: u64,
) -> None:
    """Put what an obligor owes into the pool, before the offering closes."""
    require(deal.originator == originator.key, SecuritizationError.NotOriginator)
    require(deal.stage == Stage.Offered, SecuritizationError.WrongStage, account=deal)
    require(principal > 0, SecuritizationError.InvalidParameter)
    Receivable.view(receivable).initialize(deal=deal.key, obligor=obligor.key, principal=principal)
    deal.pool += principal


@securitization.instruction(tag=12)
def collect(
    ctx: Context,
    deal: Deal,
    ledger: Adds[Ledger],
    receivable: Mut[Receivable],
    source: Mut[UncheckedAccount],
    vault: Mut[TokenAccount],
    payer: Signer,
    interest: u64,
    principal: u64,
) -> None:
    """Pay interest and principal of a receivable. Anybody may pay for the obligor."""
    _require_receivable(deal, ledger, receivable, ReceivableStatus.Performing)
    require_vault(deal, vault)
    require(principal <= receivable.principal, SecuritizationError.TooMuch, account=receivable)
    receivable.principal -= principal
    ledger.interest += interest
    ledger.principal += principal
    move_in(ctx, source, vault, payer, interest + principal)


@securitization.instruction(tag=13)
def write_off(
    deal: Deal, ledger: Adds[Ledger], receivable: Mut[Receivable], originator: Signer
) -> None:
    """Give up what is outstanding: the next distribution lets the notes bear it."""
    require(deal.originator == originator.key, SecuritizationError.NotOriginator)
    _require_receivable(deal, ledger, receivable, ReceivableStatus.Performing)
    receivable.status = ReceivableStatus.WrittenOff
    ledger.losses += receivable.principal


@securitization.instruction(tag=14)
def recover(
    ctx: Context,
    deal: Deal,
    ledger: Adds[Ledger],
    receivable: Mut[Receivable],
    source: Mut[UncheckedAccount],
    vault: Mut[TokenAccount],
    payer: Signer,
    amount: u64,
) -> None:
    """Pay on a receivable that was written off. It counts as interest: losses stay as they fell."""
    _require_receivable(deal, ledger, receivable, ReceivableStatus.WrittenOff)
    require_vault(deal, vault)
    require(amount <= receivable.principal, SecuritizationError.TooMuch, account=receivable)
    receivable.principal -= amount
    ledger.interest += amount
    move_in(ctx, source, vault, payer, amount)


def _require_receivable(
    deal: Deal, ledger: Ledger, receivable: Receivable, status: ReceivableStatus
) -> None:
    require(deal.stage == Stage.Active, SecuritizationError.WrongStage, account=deal)
    require(deal.ledger == ledger.key, SecuritizationError.WrongDeal, account=ledger)
    require(receivable.deal == deal.key, SecuritizationError.WrongDeal, account=receivable)
    require(receivable.status == status, SecuritizationError.WrongStatus, account=receivable)
