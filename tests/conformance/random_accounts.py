"""Random accounts of the public programs: wallets, mints, tokens, multisigs, nonces."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from sealane import Account, Pubkey
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.associated_token import associated_token_address
from sealane.programs.library.nonce_account import (
    NonceAccount,
    NonceState,
    NonceVersion,
    durable_nonce_of,
)
from sealane.programs.library.token import (
    NATIVE_MINT_ID,
    AccountState,
    Mint,
    Multisig,
    TokenAccount,
)

BARE_RENT, NONCE_RENT = 890_880, 1_447_680
MINT_RENT, TOKEN_RENT, MULTISIG_RENT = 1_461_600, 2_039_280, 3_361_680
FEE: Final = 5_000
RICH_COUNT: Final = 3  # of the wallets
SEEDS: Final = ("a", "b")
SYSTEM, TOKEN, MEMO = Pubkey.of("system"), Pubkey.of("token"), Pubkey.of("memo")


def keys_of(kind: str, count: int) -> list[Pubkey]:
    return [Pubkey.of(f"{kind} {number}") for number in range(count)]


class RandomAccounts:
    """`accounts`: those that are there at first. Others that are named come into being later."""

    def __init__(self, chance: Random, blockhash: bytes) -> None:
        self._chance = chance
        self._blockhash = blockhash
        self._wallets = keys_of("wallet", 5)
        self._fresh = keys_of("fresh", 8)
        self._mints = [*keys_of("mint", 2), NATIVE_MINT_ID]
        self._multisigs = keys_of("multisig", 2)
        self._nonces = keys_of("nonce", 4)
        base = self._wallets[0]
        self._derived = [
            (Pubkey.with_seed(base, seed, owner), seed, owner)
            for seed in SEEDS
            for owner in (SYSTEM, TOKEN)
        ]
        self._members: dict[Pubkey, list[Pubkey]] = {}
        self._token_values: dict[Pubkey, TokenAccount] = {}
        self.accounts: dict[Pubkey, Account] = {}
        self._make_accounts()
        self._tokens = [*self._token_values]

    def _make_accounts(self) -> None:
        poor = (BARE_RENT, BARE_RENT + FEE, BARE_RENT + 10 * FEE, FEE, 700_000)
        for place, wallet in enumerate(self._wallets):
            lamports = 10**11 if place < RICH_COUNT else self._one((10**10, *poor))
            self.accounts[wallet] = Account(lamports, SYSTEM, b"")
        self.accounts[self._derived[0][0]] = Account(10**9, SYSTEM, b"")
        for mint in self._mints:
            self.accounts[mint] = Account(MINT_RENT, TOKEN, self._mint(mint).encode())
        self._members = {key: self._chance.sample(self._wallets, 3) for key in self._multisigs}
        for key, members in self._members.items():
            padding = [Pubkey(bytes(32))] * (11 - len(members))
            m = self._chance.randint(1, 3)
            data = Multisig(m=m, n=3, is_initialized=True, signers=[*members, *padding]).encode()
            self.accounts[key] = Account(MULTISIG_RENT, TOKEN, data)
        for key in keys_of("tokens", 8):
            self._put_tokens(key, self._one(self._owners()), self._one(self._mints))
        for wallet in self._wallets[:2]:
            mint = self._one(self._mints)
            self._put_tokens(associated_token_address(wallet, mint), wallet, mint)
        for nonce in self._nonces[:3]:
            self._put_nonce(nonce)

    def _mint(self, key: Pubkey) -> Mint:
        if key == NATIVE_MINT_ID:
            return Mint(decimals=9, is_initialized=True)
        return Mint(
            mint_authority=self._one((*self._owners(), None)),
            supply=self._one((10**6, U64_MAX - 5)),
            decimals=2,
            is_initialized=True,
            freeze_authority=self._one((*self._owners(), None)),
        )

    def _put_tokens(self, key: Pubkey, owner: Pubkey, mint: Pubkey) -> None:
        amount = self._one((0, 5, *[1_000, 10**5] * 6))
        native = mint == NATIVE_MINT_ID
        wrapped = amount if native else 0
        value = TokenAccount(
            mint=mint,
            token_owner=owner,
            amount=amount,
            delegate=self._one((None, None, self._one(self._wallets))),
            state=self._one((*[AccountState.Initialized] * 9, AccountState.Frozen)),
            is_native=self._one((TOKEN_RENT, TOKEN_RENT, TOKEN_RENT - 10)) if native else None,
            delegated_amount=self._one((0, 3, 500, 500)),
            close_authority=self._one((None, None, self._one(self._wallets))),
        )
        beyond = self._one((0, 0, 7))
        self._token_values[key] = value
        self.accounts[key] = Account(TOKEN_RENT + wrapped + beyond, TOKEN, value.encode())

    def _put_nonce(self, key: Pubkey) -> None:
        value = NonceAccount(
            version=self._one((NonceVersion.Current, NonceVersion.Current, NonceVersion.Legacy)),
            state=self._one((*[NonceState.Initialized] * 4, NonceState.Uninitialized)),
            authority=self._one(self._wallets),
            durable_nonce=durable_nonce_of(self._one((self._blockhash, *[bytes(32)] * 3))),
            lamports_per_signature=FEE,
        )
        lamports = NONCE_RENT + self._one((0, FEE, FEE - 1, 10**6))
        data = value.encode()[: self._one((*[80] * 9, 79, 8, 7))]
        self.accounts[key] = Account(lamports, SYSTEM, data)

    def _one(self, choices: Sequence[Any]) -> Any:
        return self._chance.choice(choices)

    def _owners(self) -> list[Pubkey]:
        return [*self._wallets[:3], *self._wallets[:3], self._one(self._multisigs)]
