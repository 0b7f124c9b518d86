"""A deal with two tranches on two receivables, and those who take part in it.

Tokens are `usd`; everybody's are in `NAME_usd`. The deal has two vaults, `vault0` and `vault1`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sealane import Instruction, Pubkey
from sealane.programs.library.securitization import (
    Deal,
    Holding,
    Ledger,
    Receivable,
    Tranche,
    securitization,
)
from sealane.programs.library.token import AccountState, Mint, TokenAccount
from sealane.testing import Vm

AUTHORITY: Final = Pubkey.find_program_address(
    [b"authority", Pubkey.of("deal")], securitization.id
)[0]
VAULTS: Final = ("vault0", "vault1")
TRANCHES: Final = ("senior", "junior")
PEOPLE: Final = ("bank", "ann", "ben", "cat", "zoe")
STARTING: Final = 1_000_000
SENIOR: Final = 60_000
JUNIOR: Final = 40_000
YEAR_S: Final = 31_536_000


class Desk:
    """Sends what people do with the deal."""

    def __init__(self, vm: Vm) -> None:
        self.vm = vm
        vm.label(AUTHORITY, "authority")
        vm.set_account("usd", owner="token", data=Mint(is_initialized=True, decimals=6))
        for vault in VAULTS:
            self._put_tokens(vault, AUTHORITY, 0)
        for name in PEOPLE:
            vm.airdrop(name, 1)
            self._put_tokens(f"{name}_usd", name, STARTING)

    def offer(self, senior_bps: int = 500, junior_bps: int = 0, fee_bps: int = 0) -> None:
        """Open the deal, with a loan of zoe's of 70,000 and one of cat's of 30,000."""
        for name, layout in (("deal", Deal), ("ledger", Ledger)):
            self._allot(name, layout.layout_size)
        self.vm.send(
            securitization.open_deal(
                deal="deal", ledger="ledger", mint="usd", originator="bank", fee_bps=fee_bps
            )
        )
        for rank, (name, bps) in enumerate(zip(TRANCHES, (senior_bps, junior_bps), strict=True)):
            self._allot(name, Tranche.layout_size)
            self.vm.send(self.add_tranche(name, rank, bps, (SENIOR, JUNIOR)[rank]))
        for obligor, principal in (("zoe", 70_000), ("cat", 30_000)):
            self._allot(f"{obligor}_loan", Receivable.layout_size)
            self.vm.send(self.add_receivable(obligor, principal))

    def sell(self) -> None:
        """Ann buys the senior notes, ben the junior ones; the bank gets the proceeds."""
        for holder, tranche, notes in (("ann", "senior", SENIOR), ("ben", "junior", JUNIOR)):
            self.open_holding(holder, tranche)
            self.vm.send(self.subscribe(holder, tranche, notes))
        self.vm.send(self.close())
        self.vm.send(self.withdraw(SENIOR + JUNIOR, "vault0"))

    def begin(self, **terms: int) -> None:
        self.offer(**terms)
        self.sell()

    def open_holding(self, holder: str, tranche: str) -> None:
        self._allot(f"{holder}_{tranche}", Holding.layout_size)
        self.vm.send(
            securitization.open_holding(
                holding=f"{holder}_{tranche}", tranche=tranche, holder=holder
            )
        )

    # Calls

    def add_tranche(self, name: str, rank: int, bps: int, notes: int) -> Instruction:
        return securitization.add_tranche(
            deal="deal", tranche=name, originator="bank", rank=rank, coupon_bps=bps, notes=notes
        )

    def add_receivable(self, obligor: str, principal: int, by: str = "bank") -> Instruction:
        return securitization.add_receivable(
            deal="deal",
            receivable=f"{obligor}_loan",
            originator=by,
            obligor=obligor,
            principal=principal,
        )

    def subscribe(
        self, holder: str, tranche: str, notes: int, vault: str = "vault0"
    ) -> Instruction:
        return securitization.subscribe(
            deal="deal",
            tranche=tranche,
            holding=f"{holder}_{tranche}",
            source=f"{holder}_usd",
            vault=vault,
            holder=holder,
            notes=notes,
        )

    def close(self, tranches: Sequence[str] = TRANCHES, by: str = "bank") -> Instruction:
        return securitization.close_offering(deal="deal", originator=by, tranches=list(tranches))

    def withdraw(self, amount: int, vault: str, by: str = "bank") -> Instruction:
        return securitization.withdraw_proceeds(
            deal="deal",
            authority=AUTHORITY,
            vault=vault,
            destination="bank_usd",
            originator=by,
            amount=amount,
        )

    def collect(
        self, obligor: str, interest: int, principal: int, vault: str = "vault0"
    ) -> Instruction:
        return securitization.collect(
            deal="deal",
            ledger="ledger",
            receivable=f"{obligor}_loan",
            source=f"{obligor}_usd",
            vault=vault,
            payer=obligor,
            interest=interest,
            principal=principal,
        )

    def write_off(self, obligor: str, by: str = "bank") -> Instruction:
        return securitization.write_off(
            deal="deal", ledger="ledger", receivable=f"{obligor}_loan", originator=by
        )

    def recover(self, obligor: str, amount: int, vault: str = "vault0") -> Instruction:
        return securitization.recover(
            deal="deal",
            ledger="ledger",
            receivable=f"{obligor}_loan",
            source=f"{obligor}_usd",
            vault=vault,
            payer=obligor,
            amount=amount,
        )

    def distribute(self, tranches: Sequence[str] = TRANCHES) -> Instruction:
        return securitization.distribute(deal="deal", ledger="ledger", tranches=list(tranches))

    def transfer(
        self, source: str, destination: str, tranche: str, notes: int, by: str | None = None
    ) -> Instruction:
        return securitization.transfer_notes(
            tranche=tranche,
            source=f"{source}_{tranche}",
            destination=f"{destination}_{tranche}",
            holder=by or source,
            notes=notes,
        )

    def claim(self, holder: str, tranche: str, vault: str = "vault0") -> Instruction:
        return securitization.claim(
            deal="deal",
            authority=AUTHORITY,
            tranche=tranche,
            holding=f"{holder}_{tranche}",
            vault=vault,
            destination=f"{holder}_usd",
            holder=holder,
        )

    # What is there

    def tokens(self, name: str) -> int:
        return self.vm.read(name, TokenAccount).amount

    def cash(self) -> int:
        """What the deal's vaults hold."""
        return sum(self.tokens(vault) for vault in VAULTS)

    def deal(self) -> Deal:
        return self.vm.read("deal", Deal)

    def tranche(self, name: str) -> Tranche:
        return self.vm.read(name, Tranche)

    def holding(self, holder: str, tranche: str) -> Holding:
        return self.vm.read(f"{holder}_{tranche}", Holding)

    def _put_tokens(self, name: str, owner: str | Pubkey, amount: int) -> None:
        data = TokenAccount(mint="usd", owner=owner, amount=amount, state=AccountState.Initialized)
        self.vm.set_account(name, owner="token", data=data)

    def _allot(self, name: str, size: int) -> None:
        self.vm.set_account(name, owner=securitization, data=bytes(size), lamports=10**7)
