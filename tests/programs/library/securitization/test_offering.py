"""How a deal is offered, sold, begun or given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from sealane import Instruction
from sealane.programs.library.securitization import (
    Deal,
    Ledger,
    SecuritizationError,
    Stage,
    securitization,
)

from .desk import AUTHORITY, JUNIOR, SENIOR, STARTING, Desk

Call = Callable[[Desk], Instruction]
REFUSED: Final[list[tuple[Call, SecuritizationError]]] = [
    (lambda d: d.add_tranche("more", 3, 0, 5), SecuritizationError.WrongRank),
    (lambda d: d.add_tranche("more", 2, 0, 0), SecuritizationError.InvalidParameter),
    (lambda d: d.add_tranche("more", 2, 10_001, 5), SecuritizationError.InvalidParameter),
    (lambda d: d.add_receivable("ben", 5, by="ann"), SecuritizationError.NotOriginator),
    (lambda d: d.subscribe("ann", "senior", SENIOR + 1), SecuritizationError.SoldOut),
    (lambda d: d.subscribe("ann", "senior", 0), SecuritizationError.SoldOut),
    (lambda d: d.subscribe("ann", "senior", 5, "ben_usd"), SecuritizationError.WrongVault),
    (lambda d: d.close(), SecuritizationError.Unsold),
    (lambda d: d.close(("senior",)), SecuritizationError.WrongRank),
    (lambda d: d.close(("junior", "senior")), SecuritizationError.WrongRank),
    (lambda d: d.close(by="ann"), SecuritizationError.NotOriginator),
    (lambda d: d.distribute(), SecuritizationError.WrongStage),
    (lambda d: d.collect("zoe", 1, 1), SecuritizationError.WrongStage),
    (lambda d: d.withdraw(1, "vault0"), SecuritizationError.TooMuch),
]


def test_notes_are_sold_and_the_originator_gets_the_proceeds(desk: Desk) -> None:
    desk.begin()
    assert desk.tokens("bank_usd") == STARTING + SENIOR + JUNIOR
    assert desk.tokens("ann_usd") == STARTING - SENIOR
    assert desk.cash() == 0
    assert desk.deal().stage == Stage.Active
    assert (desk.deal().pool, desk.deal().notes_unsold) == (SENIOR + JUNIOR, 0)


def test_a_cancelled_offering_is_refunded_from_any_vault(desk: Desk) -> None:
    desk.offer()
    desk.open_holding("ann", "senior")
    desk.vm.send(desk.subscribe("ann", "senior", 5_000, vault="vault1"))
    desk.vm.send(securitization.cancel_offering(deal="deal", originator="bank"))
    refund = securitization.refund(
        deal="deal",
        authority=AUTHORITY,
        tranche="senior",
        holding="ann_senior",
        vault="vault1",
        destination="ann_usd",
        holder="ann",
    )
    desk.vm.send(refund)
    assert (desk.tokens("ann_usd"), desk.cash()) == (STARTING, 0)
    with desk.vm.fails(SecuritizationError.NothingOwed):
        desk.vm.send(refund)


@pytest.mark.parametrize(("call", "error"), REFUSED)
def test_what_an_offering_refuses(desk: Desk, call: Call, error: SecuritizationError) -> None:
    desk.offer()
    desk.open_holding("ann", "senior")
    for name in ("more", "ben_loan"):
        desk.vm.set_account(name, owner=securitization, data=bytes(200), lamports=1)
    with desk.vm.fails(error):
        desk.vm.send(call(desk))


def test_notes_need_receivables_worth_them(desk: Desk) -> None:
    desk.offer()
    desk.vm.set_account("more", owner=securitization, data=bytes(200), lamports=1)
    desk.vm.send(desk.add_tranche("more", 2, 0, 1))
    for holder, tranche, notes in (("ann", "senior", SENIOR), ("ben", "junior", JUNIOR)):
        desk.open_holding(holder, tranche)
        desk.vm.send(desk.subscribe(holder, tranche, notes))
    desk.open_holding("cat", "more")
    desk.vm.send(desk.subscribe("cat", "more", 1))
    with desk.vm.fails(SecuritizationError.Undercollateralized):
        desk.vm.send(desk.close(("senior", "junior", "more")))


def test_a_deal_without_notes_does_not_begin(desk: Desk) -> None:
    """Nobody could ever be paid what its obligors pay."""
    for name, layout in (("deal", Deal), ("ledger", Ledger)):
        desk.vm.set_account(name, owner=securitization, data=bytes(layout.layout_size))
    desk.vm.send(
        securitization.open_deal(
            deal="deal", ledger="ledger", mint="usd", originator="bank", fee_bps=0
        )
    )
    with desk.vm.fails(SecuritizationError.InvalidParameter, account="deal"):
        desk.vm.send(desk.close(()))
