"""An intake, `week`, of a vault, with two tellers; everybody has a ticket, `NAME_ticket`."""

from __future__ import annotations

from typing import Final

from sealane import Instruction
from sealane.programs.library.vault import (
    Intake,
    IntakeKind,
    Teller,
    Ticket,
    authority_of,
    vault,
)

from .desk import Desk

TELLERS: Final = ("left", "right")
OPEN_S: Final = 1_000


class IntakeDesk:
    """Sends what people do with the intake."""

    def __init__(self, desk: Desk, kind: IntakeKind, paid_min: int = 0) -> None:
        self.desk, self.vm, self.kind = desk, desk.vm, kind
        self.authority = authority_of("week")
        self.vm.label(self.authority, "intake_authority")
        deposits = kind == IntakeKind.Deposit
        self.mints = ("usd", "shares") if deposits else ("shares", "usd")
        self.vm.send(self.open(paid_min=paid_min))
        for name in TELLERS:
            self.vm.send(self.add(name))
        for name in ("ann", "ben", "cat"):
            desk.allot(f"{name}_ticket", Ticket.layout_size)
            self.vm.send(vault.open_ticket(ticket=f"{name}_ticket", owner=name))

    def open(self, paid_min: int = 0, name: str = "week", open_s: int = OPEN_S) -> Instruction:
        self.desk.allot(name, Intake.layout_size)
        return vault.open_intake(
            vault="savings",
            intake=name,
            opener="boss",
            kind=self.kind,
            closes_at=self.vm.clock.unix_timestamp + open_s,
            paid_min=paid_min,
        )

    def add(self, name: str, opener: str = "boss", **changes: str) -> Instruction:
        for part, mint in zip(("inbox", "payout"), self.mints, strict=True):
            self.desk.put_tokens(f"{name}_{part}", mint, self.authority)
        self.desk.allot(name, Teller.layout_size)
        accounts = {"inbox": f"{name}_inbox", "payout": f"{name}_payout"} | changes
        return vault.add_teller(intake="week", teller=name, opener=opener, **accounts)

    def close(self) -> None:
        self.vm.advance(seconds=OPEN_S)

    def state(self) -> Intake:
        return self.vm.read("week", Intake)

    def request(self, who: str, amount: int, teller: str = "left", **changes: str) -> Instruction:
        accounts = self._accounts(who, teller) | {
            "inbox": f"{teller}_inbox",
            "source": f"{who}_{self.mints[0]}",
        }
        return vault.request(**accounts | changes, amount=amount)

    def cancel(self, who: str, teller: str = "left", **changes: str) -> Instruction:
        accounts = self._accounts(who, teller) | {
            "inbox": f"{teller}_inbox",
            "destination": f"{who}_{self.mints[0]}",
        }
        return vault.cancel_request(**accounts | changes)

    def claim(self, who: str, teller: str = "left", **changes: str) -> Instruction:
        accounts = self._accounts(who, teller) | {
            "payout": f"{teller}_payout",
            "destination": f"{who}_{self.mints[1]}",
        }
        return vault.claim(**accounts | changes)

    def settle(self, tellers: tuple[str, ...] = TELLERS) -> Instruction:
        parts = [(name, f"{name}_inbox", f"{name}_payout") for name in tellers]
        return self.settle_with([account for three in parts for account in three])

    def settle_with(self, accounts: list[str]) -> Instruction:
        return vault.settle(
            vault="savings",
            idle_vault="idle",
            share_mint="shares",
            intake="week",
            tellers=accounts,
        )

    def _accounts(self, who: str, teller: str) -> dict[str, str]:
        return {"intake": "week", "teller": teller, "ticket": f"{who}_ticket", "owner": who}
