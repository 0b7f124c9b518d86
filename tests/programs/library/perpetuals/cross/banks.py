"""Banks of two tokens made by instructions, and margin accounts that use them."""

from __future__ import annotations

from collections.abc import Sequence

from sealane import Instruction, Pubkey
from sealane.programs.library.perpetuals import (
    WAD,
    Bank,
    BankTotals,
    MarginAccount,
    perpetuals,
)
from sealane.programs.library.perpetuals.cross.reading import native
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

from ..desk import wad
from .bank_desk import bank_params, put_feed

GIVEN = ["usd_bank", "usd_feed", "sol_bank", "sol_feed"]


class Banks:
    """Banks of two tokens, `usd` at 1 and `sol` at 10, each with a vault."""

    def __init__(self, vm: Vm, **changes: int) -> None:
        self.vm = vm
        vm.advance(seconds=1_000)
        self.reprice("10")
        self.authorities: dict[str, Pubkey] = {}
        weights = {
            "init_asset_weight": wad("0.8"),
            "maint_asset_weight": wad("0.9"),
            "init_liab_weight": wad("1.2"),
            "maint_liab_weight": wad("1.1"),
            "liquidation_fee_bps": 500,
        }
        for token in ("usd", "sol"):
            vm.set_account(token, owner="token", data=Mint(is_initialized=True, decimals=6))
            for name, layout in ((f"{token}_bank", Bank), (f"{token}_sums", BankTotals)):
                vm.set_account(name, owner=perpetuals, data=bytes(layout.layout_size))
            vm.send(
                perpetuals.initialize_bank(
                    bank=f"{token}_bank",
                    totals=f"{token}_sums",
                    mint=token,
                    feed=f"{token}_feed",
                    admin="admin",
                    params=bank_params(**weights | changes),
                )
            )
            self.authorities[token] = self.bank(token).authority
            self.tokens(f"{token}_vault", token, self.authorities[token])

    def reprice(self, sol: str) -> None:
        put_feed(self.vm, "usd_feed", 1)
        put_feed(self.vm, "sol_feed", sol)

    def bank(self, token: str) -> Bank:
        return self.vm.read(f"{token}_bank", Bank)

    def tokens(self, name: str, token: str, owner: str | Pubkey, amount: int = 0) -> None:
        data = TokenAccount(mint=token, owner=owner, amount=amount, state=AccountState.Initialized)
        self.vm.set_account(name, owner="token", data=data)

    def held_tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def open(self, name: str, **amounts: int) -> None:
        key = f"{name}_account"
        self.vm.set_account(key, owner=perpetuals, data=bytes(MarginAccount.layout_size))
        call = perpetuals.open_margin_account(account=key, admin="admin", owner=name)
        self.vm.send(call, payer="admin")
        for token, amount in amounts.items():
            self.vm.send(self.deposit(name, token, amount))

    def deposit(self, name: str, token: str, amount: int) -> Instruction:
        self.tokens(f"{name}_{token}", token, name, amount)
        return perpetuals.deposit_collateral(
            bank=f"{token}_bank",
            totals=f"{token}_sums",
            account=f"{name}_account",
            source=f"{name}_{token}",
            vault=f"{token}_vault",
            payer=name,
            amount=amount,
        )

    def withdraw(
        self,
        name: str,
        token: str,
        amount: int,
        owner: str = "",
        given: Sequence[str] = GIVEN,
    ) -> Instruction:
        self.tokens(f"{name}_{token}", token, name)
        return perpetuals.withdraw_collateral(
            bank=f"{token}_bank",
            totals=f"{token}_sums",
            account=f"{name}_account",
            vault=f"{token}_vault",
            destination=f"{name}_{token}",
            authority=self.authorities[token],
            owner=owner or name,
            given=list(given),
            amount=amount,
        )

    def liquidate(self, liqee: str, liqor: str, amount: int) -> Instruction:
        """The liqee owes sol and has usd."""
        return perpetuals.liquidate_collateral(
            asset="usd_bank",
            liab="sol_bank",
            asset_totals="usd_sums",
            liab_totals="sol_sums",
            liqee=f"{liqee}_account",
            liqor=f"{liqor}_account",
            liqor_authority=liqor,
            given=GIVEN,
            amount=amount,
        )

    def write_off(self, name: str) -> Instruction:
        return perpetuals.write_off(bank="sol_bank", totals="sol_sums", account=f"{name}_account")

    def refresh(self, token: str) -> None:
        call = perpetuals.refresh_bank(bank=f"{token}_bank", totals=f"{token}_sums")
        self.vm.send(call, payer="admin")

    def has(self, name: str, token: str) -> int:
        """In whole tokens, rounded down."""
        account = self.vm.read(f"{name}_account", MarginAccount)
        key = self.vm.key(f"{token}_bank")
        amounts = [each.indexed for each in account.tokens if each.bank == key]
        return native(self.bank(token), sum(amounts)) // WAD
