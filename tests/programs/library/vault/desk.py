"""A vault, `savings`, of `usd`, and those who use it; NAME's tokens are in `NAME_usd`, shares in
`NAME_shares`.

Strategies `farm` and `mine` are managed by meg, who is paid in `meg_usd`.
"""

from __future__ import annotations

from typing import Any, Final

from sealane import Instruction, Pubkey, Receipt
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.programs.library.vault import (
    NO_LIMIT,
    Strategy,
    Vault,
    authority_of,
    vault,
)
from sealane.programs.library.vault.books import book_of
from sealane.programs.library.vault.pricing import Book
from sealane.testing import Vm

PEOPLE: Final = ("ann", "ben", "cat", "meg", "boss")
STARTING: Final = 1_000_000_000
U64_MAX: Final = 2**64 - 1
TERMS: Final = {
    "entry_fee_bps": 0,
    "exit_fee_bps": 0,
    "performance_fee_bps": 0,
    "unlock_s": 0,
    "assets_max": NO_LIMIT,
}


class Desk:
    """Sends what people do with the vault."""

    def __init__(self, vm: Vm, offset: int | None = 0, assets_max: int = NO_LIMIT) -> None:
        self.vm = vm
        self.authority = authority_of("savings")
        vm.label(self.authority, "authority")
        self.put_mint("usd", "bank")
        self.put_mint("shares", self.authority)
        self.put_tokens("idle", "usd", self.authority)
        for name in PEOPLE:
            vm.airdrop(name, 1)
            self.put_tokens(f"{name}_usd", "usd", name, STARTING)
            self.put_tokens(f"{name}_shares", "shares", name)
        self.allot("savings", Vault.layout_size)
        vm.send(self.open(offset=offset, assets_max=assets_max))

    # Accounts

    def put_mint(self, name: str, minter: str | Pubkey, **fields: Any) -> None:
        data = Mint(mint_authority=minter, decimals=6, is_initialized=True, **fields)
        self.vm.set_account(name, owner="token", data=data)

    def put_tokens(self, name: str, mint: str, owner: str | Pubkey, amount: int = 0) -> None:
        held = TokenAccount(
            mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized
        )
        self.vm.set_account(name, owner="token", data=held)

    def allot(self, name: str, size: int) -> None:
        self.vm.set_account(name, lamports=10_000_000, owner=vault, data=bytes(size))

    # What is

    def state(self) -> Vault:
        return self.vm.read("savings", Vault)

    def strategy(self, name: str) -> Strategy:
        return self.vm.read(name, Strategy)

    def book(self) -> Book:
        return book_of(self.state(), self.vm.clock.unix_timestamp)

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    # Calls

    def open(self, **changes: Any) -> Instruction:
        accounts: dict[str, Any] = {
            "vault": "savings",
            "asset_mint": "usd",
            "share_mint": "shares",
            "idle_vault": "idle",
            "admin": "boss",
            "offset": 0,
            "assets_max": NO_LIMIT,
        }
        return vault.open_vault(**accounts | changes)

    def set_terms(self, admin: str = "boss", /, **terms: int) -> Receipt:
        return self.vm.send(vault.set_terms(vault="savings", admin=admin, **TERMS | terms))

    def deposit(self, who: str, assets: int, shares_min: int = 0, **others: str) -> Instruction:
        accounts = self._entering(who) | others
        return vault.deposit(**accounts, assets=assets, shares_min=shares_min)

    def mint(self, who: str, shares: int, assets_max: int = U64_MAX) -> Instruction:
        return vault.mint(**self._entering(who), shares=shares, assets_max=assets_max)

    def withdraw(self, who: str, assets: int, shares_max: int = U64_MAX) -> Instruction:
        return vault.withdraw(**self._leaving(who), assets=assets, shares_max=shares_max)

    def redeem(self, who: str, shares: int, assets_min: int = 0, **others: str) -> Instruction:
        accounts = self._leaving(who) | others
        return vault.redeem(**accounts, shares=shares, assets_min=assets_min)

    def donate(self, who: str, assets: int) -> Instruction:
        source = f"{who}_usd"
        return vault.donate(
            vault="savings", idle_vault="idle", source=source, donor=who, assets=assets
        )

    def collect(self, admin: str = "boss") -> Instruction:
        return vault.collect_fees(
            vault="savings",
            idle_vault="idle",
            share_mint="shares",
            assets_to="boss_usd",
            shares_to="boss_shares",
            admin=admin,
        )

    # Strategies

    def open_strategy(self, name: str, debt_max: int, **changes: str) -> Receipt:
        self.allot(name, Strategy.layout_size)
        parties = {"manager": "meg", "tokens": "meg_usd", "admin": "boss"} | changes
        return self.vm.send(
            vault.open_strategy(vault="savings", strategy=name, debt_max=debt_max, **parties)
        )

    def allocate(self, name: str, assets: int, **changes: str) -> Instruction:
        others = {"tokens": "meg_usd", "admin": "boss"} | changes
        accounts = {"vault": "savings", "idle_vault": "idle", "strategy": name} | others
        return vault.allocate(**accounts, assets=assets)

    def report(self, name: str, gain: int = 0, loss: int = 0, **changes: str) -> Instruction:
        return vault.report(**self._managing(name) | changes, gain=gain, loss=loss)

    def repay(self, name: str, assets: int, **changes: str) -> Instruction:
        return vault.repay(**self._managing(name) | changes, assets=assets)

    def write_off(self, name: str, loss: int, admin: str = "boss") -> Instruction:
        return vault.write_off(vault="savings", strategy=name, admin=admin, loss=loss)

    def _managing(self, name: str) -> dict[str, str]:
        accounts = {"vault": "savings", "idle_vault": "idle", "strategy": name}
        return accounts | {"source": "meg_usd", "manager": "meg"}

    def _entering(self, who: str) -> dict[str, str]:
        accounts = {"vault": "savings", "idle_vault": "idle", "share_mint": "shares", "owner": who}
        return accounts | {"source": f"{who}_usd", "destination": f"{who}_shares"}

    def _leaving(self, who: str) -> dict[str, str]:
        swapped = {"source": f"{who}_shares", "destination": f"{who}_usd"}
        return self._entering(who) | swapped
