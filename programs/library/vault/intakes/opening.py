"""Rounds, tellers and tickets are opened before anything is requested."""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, i64, require, u64
from ...authorities import found_authority
from ...token import TokenAccount
from ..accounts import require_tokens
from ..errors import VaultError
from ..program import VAULT_ID
from ..program import vault as program
from ..state import Vault
from .state import TELLERS_MAX, Intake, IntakeKind, Teller, Ticket


@program.instruction(tag=17)
def open_intake(
    ctx: Context,
    vault: Vault,
    intake: Mut[UncheckedAccount],
    opener: Signer,
    kind: IntakeKind,
    closes_at: i64,
    paid_min: u64,
) -> None:
    """Open an intake of deposits or redemptions. Anybody may; settling it is open to all, too.

    It is only settled if it pays `paid_min` or more on 10^9 requested, in the smallest units.
    """
    require(closes_at > ctx.clock.unix_timestamp, VaultError.InvalidParameter)
    authority, bump = found_authority(intake.key, VAULT_ID)
    mints = vault.asset_mint, vault.share_mint
    mint_in, mint_out = mints if kind == IntakeKind.Deposit else reversed(mints)
    Intake.view(intake).initialize(
        vault=vault.key,
        opener=opener.key,
        authority=authority,
        bump=bump,
        kind=kind,
        closes_at=closes_at,
        paid_min=paid_min,
        mint_in=mint_in,
        mint_out=mint_out,
    )


@program.instruction(tag=18)
def add_teller(
    intake: Mut[Intake],
    teller: Mut[UncheckedAccount],
    inbox: TokenAccount,
    payout: TokenAccount,
    opener: Signer,
) -> None:
    """Add a teller, with two token accounts of the intake's authority."""
    require(intake.opener == opener.key, VaultError.NotOwner, account=intake)
    require(not intake.settled, VaultError.WrongStage, account=intake)
    require(intake.tellers < TELLERS_MAX, VaultError.InvalidParameter, account=intake)
    require_tokens(inbox, intake.mint_in, intake.authority)
    require_tokens(payout, intake.mint_out, intake.authority)
    Teller.view(teller).initialize(
        intake=intake.key, number=intake.tellers, inbox=inbox.key, payout=payout.key
    )
    intake.tellers += 1


@program.instruction(tag=19)
def open_ticket(ticket: Mut[UncheckedAccount], owner: Signer) -> None:
    """Open a ticket, for any intake."""
    Ticket.view(ticket).initialize(owner_key=owner.key)
