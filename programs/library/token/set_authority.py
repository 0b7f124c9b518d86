"""Transferring an authority, or giving it up for good."""

from __future__ import annotations

from enum import Enum

from ...kit import InstructionErrors, Mut, Option, Pubkey, UncheckedAccount, fail
from . import compute_units
from .authority import require_authority
from .checks import require_thawed
from .errors import TokenError
from .program import Authority, Signers, token
from .state import Mint, TokenAccount, assign, load


class AuthorityType(Enum):
    """The kind of authority: the first two of a mint, the others of a token account."""

    MintTokens = 0
    FreezeAccount = 1
    AccountOwner = 2
    CloseAccount = 3


@token.instruction(tag=6, compute_units=compute_units.SET_AUTHORITY)
def set_authority(
    account: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
    authority_type: AuthorityType,
    new_authority: Option[Pubkey],
) -> None:
    """Set one of the authorities of a mint or token account to `new_authority`, or to none."""
    if account.data_len == TokenAccount.layout_size:
        state = load(TokenAccount, account)
        require_thawed(state)
        match authority_type:
            case AuthorityType.AccountOwner:
                _set_owner(state, authority, signers, new_authority)
            case AuthorityType.CloseAccount:
                current = state.close_authority or state.token_owner
                require_authority(current, authority, signers)
                assign(state, close_authority=new_authority)
            case _:
                fail(TokenError.AuthorityTypeNotSupported, account=account)
    elif account.data_len == Mint.layout_size:
        mint = load(Mint, account)
        match authority_type:
            case AuthorityType.MintTokens:
                if mint.mint_authority is None:
                    fail(TokenError.FixedSupply, account=account)
                require_authority(mint.mint_authority, authority, signers)
                assign(mint, mint_authority=new_authority)
            case AuthorityType.FreezeAccount:
                if mint.freeze_authority is None:
                    fail(TokenError.MintCannotFreeze, account=account)
                require_authority(mint.freeze_authority, authority, signers)
                assign(mint, freeze_authority=new_authority)
            case _:
                fail(TokenError.AuthorityTypeNotSupported, account=account)
    else:
        fail(InstructionErrors.InvalidArgument, account=account)


def _set_owner(
    state: TokenAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    new_owner: Pubkey | None,
) -> None:
    require_authority(state.token_owner, authority, signers)
    if new_owner is None:
        fail(TokenError.InvalidInstruction, "a token account must have an owner", account=state)
    assign(state, token_owner=new_owner, delegate=None, delegated_amount=0)
    if state.is_native is not None:
        # The close authority of a native account can take its lamports.
        assign(state, close_authority=None)
