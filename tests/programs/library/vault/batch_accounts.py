"""Accounts of rows of batch handlers."""

from __future__ import annotations

from sealane import Account, Pubkey
from sealane.programs import Layout
from sealane.programs.library.token import AccountState, Mint, TokenAccount, token
from sealane.programs.library.vault import vault


def held(value: Layout) -> Account:
    return Account(10_000_000, vault.id, value.encode())


def tokens(mint: str, owner: str | Pubkey, amount: int) -> Account:
    state = TokenAccount(
        mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized
    )
    return Account(2_039_280, token.id, state.encode())


def minted(authority: str | Pubkey, supply: int) -> Account:
    state = Mint(mint_authority=authority, supply=supply, is_initialized=True)
    return Account(1_461_600, token.id, state.encode())
