"""Nobody makes a share of the supply so dear that rounding takes what others supply."""

from __future__ import annotations

import pytest

from sealane.programs.library.lending import LendingError
from sealane.testing import Vm

from .bank import WAD, Bank


@pytest.fixture
def inflated(vm: Vm) -> Bank:
    """Mal was the first to supply and borrow dollars, and rounded a share up for 70 rounds.

    In each, two shares less a token buy one share, which is redeemed: half of it is gained.
    """
    bank = Bank(vm)
    bank.open_reserve("usd")
    bank.open_reserve("gold", price=20)
    for user in ("ann", "mal"):
        bank.open_user(user, amount=10**15)
    vm.send(bank.supply("mal", "gold", 1_000), bank.supply("mal", "usd", 1))
    vm.send(bank.borrow("mal", "usd", 1))
    vm.warp_to_slot(vm.clock.slot + 10)
    vm.send(bank.refresh("usd"))
    for _ in range(70):
        amount = (2 * bank.reserve("usd").supply_price - 1) // WAD
        vm.try_send(bank.refresh("usd"), bank.supply("mal", "usd", amount))
        vm.try_send(bank.withdraw("mal", "usd", 1))
    return bank


def test_a_share_stays_cheap(inflated: Bank) -> None:
    bank = inflated
    price = bank.reserve("usd").supply_price
    assert price < 200 * WAD
    with bank.vm.fails(LendingError.TooLittle):
        bank.vm.send(bank.supply("ann", "usd", (2 * price - 1) // WAD))
    bank.vm.send(bank.supply("ann", "usd", 10**9), bank.withdraw("ann", "usd"))
    assert bank.amount("ann_usd_tokens") >= 10**15 - 200


def test_a_reserve_that_all_have_left_begins_anew(inflated: Bank) -> None:
    bank = inflated
    bank.vm.send(bank.repay("mal", "usd"), bank.withdraw("mal", "usd"))
    assert bank.reserve("usd").supply_price == WAD
    bank.vm.send(bank.supply("ann", "usd", 7), bank.withdraw("ann", "usd"))
    assert bank.amount("ann_usd_tokens") == 10**15
