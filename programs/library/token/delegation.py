"""Delegation: letting another key spend up to an amount of tokens."""

from __future__ import annotations

from ...kit import InstructionErrors, Mut, UncheckedAccount, fail, u8, u64
from . import compute_units
from .authority import require_authority
from .checks import require_checked_mint, require_thawed
from .program import Authority, Signers, token
from .state import TokenAccount, assign, load


@token.instruction(tag=4, compute_units=compute_units.APPROVE)
def approve(
    source: Mut[UncheckedAccount],
    delegate: UncheckedAccount,
    authority: Authority,
    signers: Signers,
    amount: u64,
) -> None:
    """Let `delegate` spend up to `amount` of `source`, replacing any previous delegate."""
    _approve(source, delegate, authority, signers, amount)


@token.instruction(tag=13, compute_units=compute_units.APPROVE_CHECKED)
def approve_checked(
    source: Mut[UncheckedAccount],
    mint: UncheckedAccount,
    delegate: UncheckedAccount,
    authority: Authority,
    signers: Signers,
    amount: u64,
    decimals: u8,
) -> None:
    """As approve; the caller's idea of mint and decimals must be right."""
    _approve(source, delegate, authority, signers, amount, checked=(mint, decimals))


@token.instruction(tag=5, compute_units=compute_units.REVOKE)
def revoke(source: Mut[UncheckedAccount], authority: Authority | None, signers: Signers) -> None:
    """Remove the delegate; allowed for the owner and the delegate."""
    account = load(TokenAccount, source)
    # SPL Token checks the source before it requires the authority account.
    if authority is None:
        fail(InstructionErrors.NotEnoughAccountKeys, "'authority' is missing")
    require_thawed(account)
    by_delegate = account.delegate == authority.key
    require_authority(authority.key if by_delegate else account.token_owner, authority, signers)
    assign(account, delegate=None, delegated_amount=0)


def spend_allowance(account: TokenAccount, amount: int) -> None:
    """Deduct what the delegate spends; an allowance used up removes the delegate."""
    if amount:
        account.delegated_amount -= amount
    if account.delegated_amount == 0:
        assign(account, delegate=None)


def _approve(
    source: UncheckedAccount,
    delegate: UncheckedAccount,
    authority: UncheckedAccount,
    signers: list[UncheckedAccount],
    amount: int,
    checked: tuple[UncheckedAccount, int] | None = None,
) -> None:
    account = load(TokenAccount, source)
    require_thawed(account)
    if checked is not None:
        require_checked_mint(account, *checked)
    require_authority(account.token_owner, authority, signers)
    assign(account, delegate=delegate.key, delegated_amount=amount)
