"""The system program's nonce instructions: a blockhash stored in an account does not expire.

The order of checks is that of Agave's built-in program (system_instruction.rs).

    >>> from sealane.programs.library import system
    >>> system.advance_nonce_account(nonce="nonce", authority="alice").data.hex()
    '04000000'
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from ..kit import (
    Address,
    Context,
    InstructionErrors,
    Mut,
    Pubkey,
    UncheckedAccount,
    fail,
    require,
    u64,
)
from .nonce_account import (
    NonceAccount,
    NonceHeader,
    NonceState,
    NonceVersion,
    durable_nonce_of,
)
from .system import (
    SYSTEM_ID,
    Signing,
    SystemProgramError,
    move_lamports,
    require_signature,
    system,
)

BlockhashesSysvar: TypeAlias = Annotated[UncheckedAccount, Address("recent_blockhashes")]
RentSysvar: TypeAlias = Annotated[UncheckedAccount, Address("rent")]
# Listed so that it can sign. The runtime requires its signature, not its position: it may also be
# the nonce account itself.
AuthorityAccount: TypeAlias = Signing | None


@system.instruction(tag=6)
def initialize_nonce_account(
    ctx: Context,
    nonce: Mut[UncheckedAccount],
    recent_blockhashes: BlockhashesSysvar,
    rent: RentSysvar,
    authority: Pubkey,
) -> None:
    """Store the first nonce in a new account controlled by `authority`."""
    del rent
    _require_blockhashes(ctx, recent_blockhashes)
    require(_load(nonce) is None, InstructionErrors.InvalidAccountData, account=nonce)
    _require_lamports(nonce, ctx.rent.minimum_balance(nonce.data_len))
    require(
        nonce.data_len >= NonceAccount.layout_size,
        InstructionErrors.AccountDataTooSmall,
        lambda: f"{nonce.key} has {nonce.data_len} bytes, a nonce takes {NonceAccount.layout_size}",
        account=nonce,
    )
    _store(ctx, NonceAccount.view(nonce), authority)


@system.instruction(tag=4)
def advance_nonce_account(
    ctx: Context,
    nonce: Mut[UncheckedAccount],
    recent_blockhashes: BlockhashesSysvar,
    authority: AuthorityAccount,
) -> None:
    """Replace the stored nonce by the next one, at most once per blockhash."""
    del authority
    _require_blockhashes(ctx, recent_blockhashes)
    stored = _load_initialized(nonce)
    require_signature(ctx, stored.authority)
    _require_expired(ctx, stored)
    _store(ctx, stored, stored.authority)


@system.instruction(tag=5)
def withdraw_nonce_account(
    ctx: Context,
    nonce: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    recent_blockhashes: BlockhashesSysvar,
    rent: RentSysvar,
    authority: AuthorityAccount,
    lamports: u64,
) -> None:
    """Withdraw lamports: those above the rent-exempt minimum, or all, which ends the nonce."""
    del recent_blockhashes, rent, authority
    stored = _load(nonce)
    if stored is None:
        decides = nonce.key
        _require_lamports(nonce, lamports)
    else:
        decides = stored.authority
        if lamports == nonce.lamports:
            _require_expired(ctx, stored)
            stored.version = NonceVersion.Current
            stored.state = NonceState.Uninitialized
        else:
            _require_lamports(nonce, lamports + ctx.rent.minimum_balance(nonce.data_len))
    require_signature(ctx, decides)
    move_lamports(nonce, destination, lamports)


@system.instruction(tag=7)
def authorize_nonce_account(
    ctx: Context,
    nonce: Mut[UncheckedAccount],
    authority: AuthorityAccount,
    new_authority: Pubkey,
) -> None:
    """Change the nonce's authority."""
    del authority
    stored = _load_initialized(nonce)
    require_signature(ctx, stored.authority)
    stored.authority = new_authority


@system.instruction(tag=12)
def upgrade_nonce_account(nonce: Mut[UncheckedAccount]) -> None:
    """Convert a legacy nonce to the current version. Needs no authority."""
    require(nonce.owner == SYSTEM_ID, InstructionErrors.InvalidAccountOwner, account=nonce)
    stored = _load(nonce)
    if stored is None or stored.version is not NonceVersion.Legacy:
        fail(InstructionErrors.InvalidArgument, "no legacy nonce", account=nonce)
    stored.version = NonceVersion.Current
    stored.durable_nonce = durable_nonce_of(stored.durable_nonce)


def _load(nonce: UncheckedAccount) -> NonceAccount | None:
    """The stored nonce; None if there is none yet."""
    require(
        nonce.is_writable,
        InstructionErrors.InvalidArgument,
        "a nonce account must be writable",
        account=nonce,
    )
    header = NonceHeader.view(nonce)
    header.values()  # every field must decode, even unused ones
    return None if header.state is NonceState.Uninitialized else NonceAccount.view(nonce)


def _load_initialized(nonce: UncheckedAccount) -> NonceAccount:
    stored = _load(nonce)
    if stored is None:
        fail(InstructionErrors.InvalidAccountData, "it holds no nonce yet", account=nonce)
    return stored


def _store(ctx: Context, stored: NonceAccount, authority: Pubkey) -> None:
    stored.version = NonceVersion.Current
    stored.state = NonceState.Initialized
    stored.authority = authority
    stored.durable_nonce = durable_nonce_of(ctx.blockhashes[0])
    stored.lamports_per_signature = ctx.lamports_per_signature


def _require_expired(ctx: Context, stored: NonceAccount) -> None:
    """Require that the nonce is not that of the newest blockhash."""
    for newest in ctx.blockhashes[:1]:
        if stored.durable_nonce == durable_nonce_of(newest):
            fail(SystemProgramError.NonceBlockhashNotExpired, account=stored)


def _require_lamports(nonce: UncheckedAccount, lamports: int) -> None:
    require(
        nonce.lamports >= lamports,
        InstructionErrors.InsufficientFunds,
        lambda: f"{nonce.key} holds {nonce.lamports} lamports, {lamports} are needed",
        account=nonce,
    )


def _require_blockhashes(ctx: Context, sysvar: UncheckedAccount) -> None:
    require(bool(ctx.blockhashes), SystemProgramError.NonceNoRecentBlockhashes, account=sysvar)
