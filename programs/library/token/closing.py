"""Closing a token account and moving its lamports elsewhere."""

from __future__ import annotations

from ....primitives.integers import U64_MAX
from ....primitives.known_keys import INCINERATOR_ID
from ...kit import InstructionErrors, Mut, Pubkey, UncheckedAccount, require
from . import compute_units
from .authority import require_authority
from .errors import TokenError
from .program import Authority, Signers, token
from .state import TokenAccount, load
from .supply import NOBODY


@token.instruction(tag=9, compute_units=compute_units.CLOSE_ACCOUNT)
def close_account(
    account: Mut[UncheckedAccount],
    destination: Mut[UncheckedAccount],
    authority: Authority,
    signers: Signers,
) -> None:
    """Close an account without tokens, or of wrapped lamports, by its close authority or owner."""
    require(account.key != destination.key, InstructionErrors.InvalidAccountData, account=account)
    closing = load(TokenAccount, account)
    require(
        closing.is_native is not None or closing.amount == 0,
        TokenError.NonNativeHasBalance,
        lambda: f"{account.key} still has {closing.amount} tokens",
        account=account,
    )
    if closing.token_owner in NOBODY:
        require(
            destination.key == INCINERATOR_ID,
            InstructionErrors.InvalidAccountData,
            "the lamports of an account that nobody owns are burnt",
            account=destination,
        )
    else:
        require_authority(closing.close_authority or closing.token_owner, authority, signers)
    lamports = account.lamports
    require(destination.lamports + lamports <= U64_MAX, TokenError.Overflow, account=destination)
    account.lamports = 0
    destination.lamports += lamports
    account.resize(0)
    account.owner = Pubkey.of("system")
