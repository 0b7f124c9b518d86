"""A deal from its opening to the end of the offering, and what its originator takes out."""

from __future__ import annotations

from ...kit import Context, Mut, Signer, UncheckedAccount, require, u8, u16, u64
from ..authorities import authority_seeds, found_authority
from ..token import Mint, TokenAccount
from ..token_moves import move_out
from ..units import BASIS_POINTS
from .errors import SecuritizationError
from .program import securitization
from .state import TRANCHES_MAX, Deal, Ledger, Stage, Tranche


@securitization.instruction(tag=0)
def open_deal(
    ctx: Context,
    deal: Mut[UncheckedAccount],
    ledger: Mut[UncheckedAccount],
    mint: Mint,
    originator: Signer,
    fee_bps: u16,
) -> None:
    """Open a deal paid in tokens of `mint`; its servicer gets `fee_bps` of all interest."""
    require(fee_bps <= BASIS_POINTS, SecuritizationError.InvalidParameter)
    authority, bump = found_authority(deal.key, ctx.program_id)
    Ledger.view(ledger).initialize(deal=deal.key)
    Deal.view(deal).initialize(
        originator=originator.key,
        mint=mint.key,
        ledger=ledger.key,
        authority=authority,
        bump=bump,
        fee_bps=fee_bps,
    )


@securitization.instruction(tag=1)
def add_tranche(
    deal: Mut[Deal],
    tranche: Mut[UncheckedAccount],
    originator: Signer,
    rank: u8,
    coupon_bps: u16,
    notes: u64,
) -> None:
    """Offer notes of the next rank, paid `coupon_bps` a year on their principal."""
    _require_offering(deal, originator)
    fits = notes > 0 and coupon_bps <= BASIS_POINTS and deal.tranches < TRANCHES_MAX
    require(fits, SecuritizationError.InvalidParameter)
    require(rank == deal.tranches, SecuritizationError.WrongRank)
    Tranche.view(tranche).initialize(
        deal=deal.key, rank=rank, coupon_bps=coupon_bps, notes=notes, unsold=notes
    )
    deal.tranches += 1
    deal.notes_unsold += notes


@securitization.instruction(tag=2)
def close_offering(
    ctx: Context, deal: Mut[Deal], originator: Signer, tranches: list[Tranche]
) -> None:
    """Begin: all notes are sold, and the receivables are worth them. The proceeds are owed."""
    _require_offering(deal, originator)
    require_all_tranches(deal, tranches)
    require(len(tranches) > 0, SecuritizationError.InvalidParameter, account=deal)
    for tranche in tranches:
        require(tranche.unsold == 0, SecuritizationError.Unsold, account=tranche)
    raised = sum(tranche.principal for tranche in tranches)
    require(raised <= deal.pool, SecuritizationError.Undercollateralized, account=deal)
    deal.stage = Stage.Active
    deal.proceeds_owed = raised
    deal.distributed_at = ctx.clock.unix_timestamp


@securitization.instruction(tag=3)
def cancel_offering(deal: Mut[Deal], originator: Signer) -> None:
    """Give up the offering; holders are refunded."""
    _require_offering(deal, originator)
    deal.stage = Stage.Cancelled


@securitization.instruction(tag=4)
def withdraw_proceeds(
    ctx: Context,
    deal: Mut[Deal],
    authority: UncheckedAccount,
    vault: Mut[TokenAccount],
    destination: Mut[UncheckedAccount],
    originator: Signer,
    amount: u64,
) -> None:
    """Pay the originator from the proceeds and the servicer's fees, in this order."""
    require(deal.originator == originator.key, SecuritizationError.NotOriginator)
    owed = deal.proceeds_owed + deal.fees_owed
    require(0 < amount <= owed, SecuritizationError.TooMuch, account=deal)
    proceeds = min(amount, deal.proceeds_owed)
    deal.proceeds_owed -= proceeds
    deal.fees_owed -= amount - proceeds
    pay(ctx, deal, authority, vault, destination, amount)


@securitization.instruction(tag=5)
def move_cash(
    ctx: Context,
    deal: Deal,
    authority: UncheckedAccount,
    source: Mut[TokenAccount],
    destination: Mut[TokenAccount],
    amount: u64,
) -> None:
    """Move cash between two vaults of a deal. Anybody may, where a vault runs short."""
    require_vault(deal, destination)
    pay(ctx, deal, authority, source, destination, amount)


def pay(
    ctx: Context,
    deal: Deal,
    authority: UncheckedAccount,
    vault: TokenAccount,
    destination: UncheckedAccount,
    amount: int,
) -> None:
    """Move tokens out of a vault of the deal."""
    require_vault(deal, vault)
    seeds = authority_seeds(deal.key, deal.bump)
    move_out(ctx, vault, destination, authority, seeds, amount)


def require_vault(deal: Deal, vault: TokenAccount) -> None:
    """Require a token account of the deal's mint and authority."""
    fits = (vault.mint == deal.mint) & (vault.token_owner == deal.authority)
    require(fits, SecuritizationError.WrongVault, account=vault)


def require_all_tranches(deal: Deal, tranches: list[Tranche]) -> None:
    """Require every tranche of the deal, in the order of their ranks."""
    require(len(tranches) == deal.tranches, SecuritizationError.WrongRank, account=deal)
    for rank, tranche in enumerate(tranches):
        require(tranche.deal == deal.key, SecuritizationError.WrongDeal, account=tranche)
        require(tranche.rank == rank, SecuritizationError.WrongRank, account=tranche)


def _require_offering(deal: Deal, originator: Signer) -> None:
    require(deal.originator == originator.key, SecuritizationError.NotOriginator)
    require(deal.stage == Stage.Offered, SecuritizationError.WrongStage, account=deal)
