"""What obligors pay and do not pay, and what comes of it for holders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from sealane import Instruction
from sealane.programs.library.securitization import SecuritizationError, securitization

from .desk import AUTHORITY, JUNIOR, SENIOR, STARTING, YEAR_S, Desk

Call = Callable[[Desk], Instruction]
REFUSED: Final[list[tuple[Call, SecuritizationError]]] = [
    (lambda d: d.subscribe("ann", "senior", 1), SecuritizationError.WrongStage),
    (lambda d: d.collect("zoe", 0, 70_001), SecuritizationError.TooMuch),
    (lambda d: d.collect("zoe", 1, 1, vault="ann_usd"), SecuritizationError.WrongVault),
    (lambda d: d.recover("zoe", 1), SecuritizationError.WrongStatus),
    (lambda d: d.write_off("zoe", by="ann"), SecuritizationError.NotOriginator),
    (lambda d: d.distribute(), SecuritizationError.NothingToDistribute),
    (lambda d: d.distribute(("junior", "senior")), SecuritizationError.WrongRank),
    (lambda d: d.claim("ann", "senior"), SecuritizationError.NothingOwed),
    (
        lambda d: d.transfer("ann", "cat", "senior", SENIOR + 1),
        SecuritizationError.NotEnoughNotes,
    ),
    (lambda d: d.transfer("ann", "cat", "senior", 0), SecuritizationError.InvalidParameter),
    (lambda d: d.transfer("ann", "ann", "senior", 1), SecuritizationError.SameHolding),
    (
        lambda d: d.transfer("ann", "cat", "senior", 1, by="cat"),
        SecuritizationError.NotHolder,
    ),
    (
        lambda d: securitization.transfer_notes(
            tranche="senior",
            source="ann_senior",
            destination="ben_junior",
            holder="ann",
            notes=1,
        ),
        SecuritizationError.WrongDeal,
    ),
    (lambda d: d.withdraw(1, "vault0"), SecuritizationError.TooMuch),
]


def test_a_year_goes_by(desk: Desk) -> None:
    desk.begin(senior_bps=500, junior_bps=800, fee_bps=100)
    desk.vm.advance(seconds=YEAR_S)
    desk.vm.send(desk.collect("zoe", 7_000, 10_000))
    desk.vm.send(desk.distribute())
    senior, junior = desk.tranche("senior"), desk.tranche("junior")
    # 1 % of 7,000 is the servicer's; 5 % of 60,000 go to the senior notes; the rest to the last.
    assert (senior.income, senior.repaid, senior.lost) == (3_000, 10_000, 0)
    assert (junior.income, junior.repaid, junior.lost) == (3_930, 0, 0)
    assert desk.deal().fees_owed == 70
    desk.vm.send(desk.claim("ann", "senior"))
    desk.vm.send(desk.claim("ben", "junior"))
    # A holding loses less than one unit in rounding.
    assert desk.tokens("ann_usd") == STARTING - SENIOR + 12_999
    assert desk.tokens("ben_usd") == STARTING - JUNIOR + 3_930
    desk.vm.send(desk.withdraw(70, "vault0"))
    assert desk.cash() == 1


def test_losses_rise_from_the_last_rank(desk: Desk) -> None:
    desk.begin()
    desk.vm.send(desk.write_off("zoe"))
    desk.vm.send(desk.distribute())
    assert (desk.tranche("junior").lost, desk.tranche("senior").lost) == (JUNIOR, 30_000)
    desk.vm.send(desk.recover("zoe", 40_000))
    desk.vm.send(desk.distribute())
    # What comes back later is income: losses stay as they fell.
    assert desk.tranche("senior").principal == 30_000
    assert desk.tranche("junior").income == 40_000


def test_excess_interest_covers_losses_before_anybody_bears_them(desk: Desk) -> None:
    desk.begin(senior_bps=0)
    desk.vm.send(desk.write_off("cat"))
    desk.vm.send(desk.collect("zoe", 30_000, 0))
    desk.vm.send(desk.distribute())
    assert desk.tranche("senior").repaid == 30_000
    assert (desk.tranche("senior").lost, desk.tranche("junior").lost) == (0, 0)


def test_interest_that_is_not_paid_stays_due(desk: Desk) -> None:
    desk.begin(senior_bps=500)
    desk.vm.advance(seconds=YEAR_S)
    desk.vm.send(desk.collect("cat", 1_000, 0))
    desk.vm.send(desk.distribute())
    assert desk.tranche("senior").shortfall == 2_000
    desk.vm.send(desk.collect("cat", 2_500, 0))
    desk.vm.send(desk.distribute())
    assert (desk.tranche("senior").shortfall, desk.tranche("junior").income) == (0, 500)


def test_who_held_the_notes_when_they_were_paid_is_owed(desk: Desk) -> None:
    desk.begin(senior_bps=0)
    desk.open_holding("cat", "senior")
    desk.vm.send(desk.collect("zoe", 0, 6_000))
    desk.vm.send(desk.distribute())
    desk.vm.send(desk.transfer("ann", "cat", "senior", SENIOR))
    desk.vm.send(desk.collect("zoe", 0, 12_000))
    desk.vm.send(desk.distribute())
    desk.vm.send(desk.claim("ann", "senior"))
    desk.vm.send(desk.claim("cat", "senior"))
    assert desk.tokens("ann_usd") == STARTING - SENIOR + 6_000
    assert desk.tokens("cat_usd") == STARTING + 12_000


def test_cash_moves_to_a_vault_that_runs_short(desk: Desk) -> None:
    desk.begin(senior_bps=0)
    desk.vm.send(desk.collect("zoe", 0, 600, vault="vault1"))
    desk.vm.send(desk.distribute())
    with desk.vm.fails("token.InsufficientFunds"):
        desk.vm.send(desk.claim("ann", "senior"))
    move = securitization.move_cash(
        deal="deal", authority=AUTHORITY, source="vault1", destination="vault0", amount=600
    )
    desk.vm.send(move)
    desk.vm.send(desk.claim("ann", "senior"))
    with desk.vm.fails(SecuritizationError.WrongVault):
        desk.vm.send(
            securitization.move_cash(
                deal="deal", authority=AUTHORITY, source="vault1", destination="ann_usd", amount=1
            )
        )


@pytest.mark.parametrize(("call", "error"), REFUSED)
def test_what_an_active_deal_refuses(desk: Desk, call: Call, error: SecuritizationError) -> None:
    desk.begin()
    desk.open_holding("cat", "senior")
    with desk.vm.fails(error):
        desk.vm.send(call(desk))


def test_interest_does_not_depend_on_how_often_it_is_distributed(desk: Desk) -> None:
    """Else the last rank would have it distributed each second, when none is due yet."""
    desk.begin(senior_bps=500)
    for _ in range(40):
        desk.vm.advance(seconds=YEAR_S // 365)
        desk.vm.send(desk.distribute())
    assert desk.tranche("senior").shortfall == SENIOR * 500 * 40 // (365 * 10_000)
