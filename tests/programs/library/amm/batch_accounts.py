"""Accounts for comparing batch handlers with scalar ones: for each row a pool and a user."""

from __future__ import annotations

from typing import Any

from sealane import Account, Pubkey
from sealane.programs.library.amm import AMM_ID, Exchange, Pool, authority_of
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.token import TOKEN_ID, AccountState, Mint, TokenAccount

Accounts = dict[str, tuple[str, Account]]


def tokens(mint: str, owner: str | Pubkey, amount: int) -> Account:
    held = TokenAccount(mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized)
    return Account(2_039_280, TOKEN_ID, held.encode())


class Desk:
    """The pool, the user and their accounts of one row."""

    def __init__(self, number: int) -> None:
        self.pool, self.user = f"pool {number}", f"user {number}"
        self.exchange, self.shares = f"exchange {number}", f"shares {number}"
        self.authority = authority_of(self.pool)

    def state(self, **figures: Any) -> Pool:
        """The pool with these figures; last traded a hundred seconds ago, across the wrap."""
        return Pool(
            exchange=self.exchange,
            mint_a="a",
            mint_b="b",
            vault_a=f"{self.pool} a",
            vault_b=f"{self.pool} b",
            share_mint=self.shares,
            bump=found_authority(self.pool, AMM_ID)[1],
            fee_numerator=3,
            fee_denominator=1_000,
            updated_at=2**32 - 100,
            **figures,
        )

    def basics(self, state: Pool) -> Accounts:
        return {
            "pool": (self.pool, Account(1, AMM_ID, state.encode())),
            "authority": (str(self.authority), Account()),
            "owner": (self.user, Account(1)),
        }

    def vault(self, name: str, amount: int) -> tuple[str, Account]:
        return f"{self.pool} {name}", tokens(name, self.authority, amount)

    def mine(self, name: str, amount: int) -> tuple[str, Account]:
        return f"{self.user} {name}", tokens(name, self.user, amount)

    def liquidity(self, state: Pool, fee_on: bool) -> Accounts:
        """What deposits and withdrawals need besides the user's token accounts."""
        exchange = Exchange(authority="boss", fee_to="boss" if fee_on else None)
        mint = Mint(
            is_initialized=True, mint_authority=self.authority, supply=max(0, state.supply - 1_000)
        )
        return self.basics(state) | {
            "exchange": (self.exchange, Account(1, AMM_ID, exchange.encode())),
            "vault_a": self.vault("a", state.reserve_a),
            "vault_b": self.vault("b", state.reserve_b),
            "share_mint": (self.shares, Account(1, TOKEN_ID, mint.encode())),
        }
