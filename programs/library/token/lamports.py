"""Lamports in token accounts: wrapped ones, and excess ones sent there by mistake."""

from __future__ import annotations

from ...kit import (
    RENT_ID,
    Context,
    InstructionErrors,
    Mut,
    Option,
    UncheckedAccount,
    fail,
    require,
    u64,
)
from . import compute_units
from .authority import require_authority
from .checks import require_allowance, require_owned, require_tokens
from .delegation import spend_allowance
from .errors import TokenError
from .program import Authority, Signers, token
from .state import Mint, Multisig, TokenAccount, assign, load


@token.instruction(tag=17, compute_units=compute_units.SYNC_NATIVE)
def sync_native(
    ctx: Context, account: Mut[UncheckedAccount], rent: UncheckedAccount | None
) -> None:
    """Set a native account's amount to its lamports beyond rent.

    The amount can decrease if rent has risen. `rent` can only be the rent sysvar.
    """
    require_owned(account)
    if rent is not None:
        require(rent.key == RENT_ID, InstructionErrors.InvalidArgument, account=rent)
    native = load(TokenAccount, account)
    require(native.is_native is not None, TokenError.NonNativeNotSupported, account=account)
    reserve = ctx.rent.minimum_balance(account.data_len)
    require(account.lamports >= reserve, TokenError.Overflow, account=account)
    assign(native, is_native=reserve, amount=account.lamports - reserve)


@token.instruction(tag=45, compute_units=compute_units.UNWRAP_LAMPORTS)
def unwrap_lamports(
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    amount: Option[u64],
) -> None:
    """Turn `amount` wrapped lamports, or all of them, into lamports of `destination`.

    Allowed for the owner, and for a delegate within its allowance.
    """
    native = load(TokenAccount, source)
    require(native.is_native is not None, TokenError.NonNativeNotSupported, account=source)
    unwrapped = native.amount if amount is None else amount
    require_tokens(native, unwrapped)
    by_delegate = native.delegate == authority.key
    require_authority(authority.key if by_delegate else native.token_owner, authority, signers)
    if by_delegate:
        require_allowance(native, unwrapped)
    if unwrapped == 0:
        require_owned(source)
    else:
        source.lamports -= unwrapped
        destination.lamports += unwrapped
        native.amount -= unwrapped
    if by_delegate:
        spend_allowance(native, unwrapped)


@token.instruction(tag=38, compute_units=compute_units.WITHDRAW_EXCESS_LAMPORTS)
def withdraw_excess_lamports(
    ctx: Context,
    source: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
) -> None:
    """Move all lamports beyond rent out of a mint, a multisig or a token account."""
    _require_decides(source, authority, signers)
    excess = source.lamports - ctx.rent.minimum_balance(source.data_len)
    require(excess >= 0, TokenError.NotRentExempt, account=source)
    source.lamports -= excess
    destination.lamports += excess


def _require_decides(
    source: UncheckedAccount, authority: UncheckedAccount, signers: list[UncheckedAccount]
) -> None:
    """Require that `authority` controls `source`: owner, mint authority or the multisig itself."""
    if source.data_len == TokenAccount.layout_size:
        held = load(TokenAccount, source)
        require(held.is_native is None, TokenError.NativeNotSupported, account=source)
        require_authority(held.token_owner, authority, signers)
    elif source.data_len == Mint.layout_size:
        decides = load(Mint, source).mint_authority
        if decides is not None:
            require_authority(decides, authority, signers)
        elif authority.key == source.key:
            # A mint without mint authority can still sign with its own key.
            signed = authority.is_signer
            require(signed, InstructionErrors.MissingRequiredSignature, account=authority)
        else:
            fail(TokenError.AuthorityTypeNotSupported, account=source)
    elif source.data_len == Multisig.layout_size:
        require_authority(source.key, authority, signers)
    else:
        fail(TokenError.InvalidState, f"{source.data_len} bytes hold no state", account=source)
