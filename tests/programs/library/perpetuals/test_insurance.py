"""Losses that an account cannot bear: insurance first, then all positions, by size."""

from __future__ import annotations

import pytest

from sealane import Instruction
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.programs.library.perpetuals import Trader, perpetuals

from .desk import Desk


def cover(name: str) -> Instruction:
    return perpetuals.cover(market="btc", trader=f"{name}_btc", insurance="fund")


def share(name: str) -> Instruction:
    return perpetuals.share_loss(
        market="btc", totals="sums", insurance="fund", trader=f"{name}_btc"
    )


def fund(desk: Desk, amount: int) -> Instruction:
    desk.tokens("donor_usd", "donor", amount)
    return perpetuals.deposit(
        market="btc",
        trader="fund",
        source="donor_usd",
        vault="vault",
        payer="donor",
        amount=amount,
    )


@pytest.fixture
def broke(desk: Desk) -> Desk:
    desk.open("broke", -100)
    desk.open("long", 600, 5)
    desk.open("short", 900, -5)
    return desk


def test_the_fund_pays_as_far_as_it_can(broke: Desk) -> None:
    broke.vm.send(fund(broke, 60))
    broke.vm.send(cover("broke"), payer="admin")
    assert broke.balance("broke") == (-40, 0)
    assert broke.vm.read("fund", Trader).margin == 0
    broke.vm.send(cover("broke"), payer="admin")  # nothing left to pay with
    assert broke.balance("broke") == (-40, 0)


def test_what_is_left_is_shared_by_size(broke: Desk) -> None:
    broke.vm.send(share("broke"), payer="admin")
    for name in ("long", "short"):
        broke.vm.send(broke.settle(name), payer="admin")
    assert [broke.balance(name) for name in ("broke", "long", "short")] == [
        (0, 0),
        (550, 5),
        (850, -5),
    ]


def test_a_newcomer_bears_no_loss_from_before(broke: Desk) -> None:
    broke.vm.send(share("broke"), payer="admin")
    broke.open("late", 1_000)
    broke.vm.send(broke.trade("late", "long", 5, 500))
    assert broke.balance("late") == (500, 5)
    assert broke.balance("long") == (1_050, 0)


def test_the_fund_comes_first(broke: Desk) -> None:
    broke.vm.send(fund(broke, 1))
    with broke.vm.fails(Error.InsuranceLeft):
        broke.vm.send(share("broke"), payer="admin")


def test_only_accounts_with_nothing_left(broke: Desk) -> None:
    broke.open("fine", 1, -1)
    for call in (cover("fine"), share("fine"), cover("long")):
        with broke.vm.fails(Error.NoDeficit):
            broke.vm.send(call, payer="admin")
    own = perpetuals.cover(market="btc", trader="fund", insurance="fund")
    with broke.vm.fails(Error.SameAccount):
        broke.vm.send(own, payer="admin")
    other = perpetuals.cover(market="btc", trader="broke_btc", insurance="long_btc")
    with broke.vm.fails(Error.WrongMarket):
        broke.vm.send(other, payer="admin")


def test_a_loss_that_nobody_can_bear(desk: Desk) -> None:
    desk.open("broke", -100)
    with desk.vm.fails(Error.NothingToShare):
        desk.vm.send(share("broke"), payer="admin")
