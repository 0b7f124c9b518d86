"""Random instructions of the token programs, on accounts that most of them fit."""

from __future__ import annotations

from typing import Any

from sealane import Instruction, Pubkey
from sealane.primitives.integers import U64_MAX
from sealane.programs.library import (
    associated_token,
    system,
    token,
)
from sealane.programs.library.token import (
    NATIVE_MINT_ID,
    AuthorityType,
    Mint,
    TokenAccount,
)

from .random_accounts import (
    RICH_COUNT,
    TOKEN,
    RandomAccounts,
)


class RandomTokens(RandomAccounts):
    """Makers of token instructions, and who signs and pays for them."""

    def _move_tokens(self) -> list[Instruction]:
        source = self._one(self._tokens)
        value = self._token_values[source]
        alike = [key for key in self._tokens if self._token_values[key].mint == value.mint]
        to = self._one((*alike, *alike, self._one(self._tokens)))
        who = self._signed_by(self._spender(value))
        amount = self._amount(value)
        mint, decimals = self._mint_of(value)
        named: dict[str, Any] = {"source": source, "destination": to, "amount": amount} | who
        if self._chance.random() < 0.5:
            return [token.transfer(**named)]
        return [token.transfer_checked(mint=mint, decimals=decimals, **named)]

    def _token_call(self) -> list[Instruction]:
        account = self._one(self._tokens)
        value = self._token_values[account]
        mint, decimals = self._mint_of(value)
        held = self.accounts[value.mint]
        kind = Mint.decode(held.data)
        wallet = self._one(self._wallets)
        owner = self._signed_by(value.token_owner)
        minter = self._signed_by(kind.mint_authority)
        freezer = self._signed_by(kind.freeze_authority)
        closer = self._signed_by(self._one((value.close_authority, value.token_owner)))
        spender = self._signed_by(self._spender(value))
        amount = self._amount(value)
        checked: dict[str, Any] = {"mint": mint, "amount": amount, "decimals": decimals}
        to = self._one((*self._wallets, *self._tokens, account))
        of_mint = self._chance.random() < 0.4
        authority = self._one((minter, freezer)) if of_mint else self._one((owner, closer))
        kinds = list(AuthorityType)
        return [
            self._one(
                (
                    lambda: token.mint_to(mint=mint, account=account, amount=amount, **minter),
                    lambda: token.mint_to_checked(account=account, **checked, **minter),
                    lambda: token.burn(account=account, mint=mint, amount=amount, **spender),
                    lambda: token.burn_checked(account=account, **checked, **spender),
                    lambda: token.approve(source=account, delegate=wallet, amount=amount, **owner),
                    lambda: token.approve_checked(
                        source=account, delegate=wallet, **checked, **owner
                    ),
                    lambda: token.revoke(source=account, **spender),
                    lambda: token.freeze_account(account=account, mint=mint, **freezer),
                    lambda: token.thaw_account(account=account, mint=mint, **freezer),
                    lambda: token.close_account(account=account, destination=to, **closer),
                    lambda: token.set_authority(
                        account=mint if of_mint else account,
                        authority_type=self._one(kinds),
                        new_authority=self._one((wallet, None)),
                        **authority,
                    ),
                    lambda: token.withdraw_excess_lamports(
                        source=self._one((account, mint, *self._multisigs)),
                        destination=to,
                        **self._one((owner, minter)),
                    ),
                )
            )()
        ]

    def _create_token_account(self) -> list[Instruction]:
        account, wallet = self._one(self._fresh), self._payer()
        mint = self._one(self._mints)
        made = system.create_account(
            source=wallet, account=account, lamports=self._rent(165), space=165, owner=TOKEN
        )
        begun = self._one(
            (
                token.initialize_account(account=account, mint=mint, owner=wallet),
                token.initialize_account2(account=account, mint=mint, owner=wallet),
                token.initialize_account3(account=account, mint=mint, owner=wallet),
                token.initialize_immutable_owner(account=account),
            )
        )
        return self._one(([made, begun], [made, begun], [begun]))

    def _create_mint(self) -> list[Instruction]:
        account, wallet = self._one(self._fresh), self._payer()
        size, begun = self._one(
            (
                (
                    82,
                    token.initialize_mint2(
                        mint=account, decimals=2, mint_authority=wallet, freeze_authority=None
                    ),
                ),
                (
                    82,
                    token.initialize_mint(
                        mint=account, decimals=2, mint_authority=wallet, freeze_authority=wallet
                    ),
                ),
                (
                    355,
                    token.initialize_multisig2(
                        multisig=account,
                        signers=self._chance.sample(self._wallets, 2),
                        m=self._one((1, 2, 3, 0)),
                    ),
                ),
            )
        )
        made = system.create_account(
            source=wallet, account=account, lamports=self._rent(size), space=size, owner=TOKEN
        )
        return [made, begun]

    def _wrap(self) -> list[Instruction]:
        wrapped = [key for key, value in self._token_values.items() if value.is_native is not None]
        account, wallet = self._one((*wrapped, *wrapped, self._one(self._tokens))), self._payer()
        owner = self._signed_by(self._token_values[account].token_owner)
        rent = self._one((None, None, Pubkey.of("rent"), wallet))
        funded = system.transfer(source=wallet, destination=account, lamports=self._one((1, 10**6)))
        synced = token.sync_native(account=account, rent=rent)
        unwrapped = token.unwrap_lamports(
            source=account,
            destination=self._one((wallet, account)),
            amount=self._one((None, 1, 10**7)),
            **owner,
        )
        return self._one(([funded, synced], [synced], [unwrapped], [synced, unwrapped]))

    def _associate(self) -> list[Instruction]:
        payer, wallet, mint = self._wallets[0], self._one(self._wallets), self._one(self._mints)
        named: dict[str, Any] = {"payer": payer, "wallet": wallet, "mint": mint}
        return [
            self._one(
                (
                    associated_token.create(**named),
                    associated_token.create_idempotent(**named),
                    associated_token.create_idempotent(account=self._one(self._fresh), **named),
                )
            )
        ]

    def _signed_by(self, wanted: Pubkey | None) -> dict[str, Any]:
        """The authority and its signers: what a multisig asks, more or less."""
        somebody: Pubkey = self._one(self._wallets)
        key: Pubkey = self._one((*[wanted or somebody] * 8, somebody))
        if key not in self._members:
            return {"authority": key}
        members = self._members[key]
        signers = self._chance.sample(members, self._chance.randint(1, len(members)))
        return {"authority": key, "signers": signers}

    def _payer(self) -> Pubkey:
        return self._one((*self._wallets[:RICH_COUNT] * 4, *self._wallets))

    def _spender(self, value: TokenAccount) -> Pubkey:
        owner = value.token_owner
        return self._one((owner, owner, value.delegate or owner))

    def _amount(self, value: TokenAccount) -> int:
        edges = (0, value.amount, value.delegated_amount, value.amount + 1, U64_MAX)
        return self._one((*[1, 2, 3] * 4, *edges))

    def _mint_of(self, value: TokenAccount) -> tuple[Pubkey, int]:
        mint = self._one((*[value.mint] * 8, self._one(self._mints)))
        return mint, self._one((*[9 if mint == NATIVE_MINT_ID else 2] * 6, 3))

    def _rent(self, size: int) -> int:
        exempt = (128 + size) * 6_960
        return self._one((*[exempt] * 4, exempt - 1, exempt + 5, 1, 0))
