"""Loans: what may be borrowed, what is owed, what a fee is, who may repay."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.lending import Borrowed, LendingError, lending
from sealane.programs.library.oracle import FeedStatus
from sealane.testing import Vm

from .bank import PERCENT, WAD, Bank, event_of


@pytest.fixture
def lent(bank: Bank) -> Bank:
    """Ann supplied 50,000 dollars, Ben 1,000 gold, worth 20,000 and good for 15,000."""
    bank.vm.send(bank.supply("ann", "usd", 50_000), bank.supply("ben", "gold", 1_000))
    return bank


def test_as_much_as_the_collateral_allows_and_one_more(lent: Bank) -> None:
    with lent.vm.fails(LendingError.BorrowTooLarge):
        lent.vm.send(lent.borrow("ben", "usd", 15_001))
    lent.vm.send(lent.borrow("ben", "usd", 15_000))
    assert lent.amount("ben_usd_tokens") == 115_000
    assert lent.health("ben").liquidity == 0


def test_a_debt_grows_by_the_block_and_is_repaid_without_a_refresh(lent: Bank) -> None:
    lent.vm.send(lent.borrow("ben", "usd", 10_000))
    lent.vm.advance(slots=1_000)
    assert lent.health("ben").owed == 10_900 * WAD  # 5% + 20% × a fifth
    lent.vm.send(lent.repay("ben", "usd", 900))
    assert lent.health("ben").owed == 10_001 * WAD  # what is left is rounded up to a token
    lent.vm.send(lent.repay("ben", "usd"))
    assert lent.position("ben", "usd").debt_shares == 0
    assert lent.amount("ben_usd_tokens") == 100_000 - 901


def test_others_may_repay(lent: Bank) -> None:
    lent.vm.send(lent.borrow("ben", "usd", 100))
    lent.vm.send(lent.repay("ben", "usd", payer="cat"))
    assert lent.amount("cat_usd_tokens") == 99_900
    with lent.vm.fails(LendingError.AmountIsZero):
        lent.vm.send(lent.repay("ben", "usd"))


def test_the_fee_is_owed_and_the_host_paid_at_once(vm: Vm) -> None:
    bank = Bank(vm)
    bank.open_reserve("usd", borrow_fee=PERCENT)
    bank.open_user("ann", amount=10_000)
    bank.tokens("host", "usd", owner="hostess")
    vm.send(bank.supply("ann", "usd", 10_000))
    receipt = vm.send(bank.borrow("ann", "usd", 1_000, host="host"))
    event = next(event_of(receipt.logs, Borrowed))
    assert (event.amount, event.fee, event.host_fee) == (1_000, 10, 2)
    assert (bank.amount("host"), bank.amount("ann_usd_tokens")) == (2, 1_000)
    assert bank.totals("usd").reserves == 8 * WAD
    assert bank.health("ann").owed == 1_010 * WAD
    vm.send(bank.borrow("ann", "usd", 1_000))
    assert bank.totals("usd").reserves == 18 * WAD
    with vm.fails(LendingError.BorrowTooSmall):
        vm.send(bank.borrow("ann", "usd", 1))
    assert bank.reserve("usd").supply_price == WAD


def test_the_worse_of_price_and_average_decides(lent: Bank) -> None:
    lent.set_price("gold", 20, ema_price=10)
    with lent.vm.fails(LendingError.BorrowTooLarge):
        lent.vm.send(lent.borrow("ben", "usd", 7_501))
    lent.set_price("usd", 1, ema_price=2)
    lent.vm.send(lent.borrow("ben", "usd", 3_750))
    assert lent.health("ben").owed == 3_750 * WAD


@pytest.mark.parametrize(
    ("feed", "error"),
    [
        ({"published_at": -5}, LendingError.PriceStale),
        ({"published_at": 2**40}, LendingError.PriceStale),
        ({"status": FeedStatus.Halted}, LendingError.PriceInvalid),
        ({"price": 0}, LendingError.PriceInvalid),
        ({"confidence": 3}, LendingError.PriceInvalid),
    ],
)
def test_a_price_that_cannot_be_used(lent: Bank, feed: dict[str, Any], error: LendingError) -> None:
    lent.vm.advance(seconds=10**6)
    lent.set_price("usd", 1)
    lent.set_price("gold", 20)
    lent.vm.send(lent.borrow("ben", "usd", 10))
    lent.set_price("gold", **{"price": 20} | feed)
    with lent.vm.fails(error, account="gold_feed"):
        lent.vm.send(lent.borrow("ben", "usd", 10))


def test_positions_that_do_not_count(lent: Bank) -> None:
    leave = lending.leave(
        market="bank",
        obligation="ben_loans",
        position="ben_gold",
        owner="ben",
        entered=["ben_usd", "usd", "usd_feed"],
    )
    lent.vm.send(lent.borrow("ben", "usd", 10))
    with lent.vm.fails(LendingError.WithdrawTooLarge):
        lent.vm.send(leave)
    lent.vm.send(lent.repay("ben", "usd"), leave)
    lent.entered["ben"] = ["usd"]
    with lent.vm.fails(LendingError.BorrowTooLarge):
        lent.vm.send(lent.borrow("ben", "usd", 1))
    with lent.vm.fails(LendingError.NotEntered):
        lent.vm.send(lent.borrow("ben", "gold", 1))
    with lent.vm.fails(LendingError.NotEntered):
        lent.vm.send(leave)
    lent.enter("ben", "gold")
    with lent.vm.fails(LendingError.AlreadyEntered):
        lent.enter("ben", "gold")
    lent.vm.send(lent.borrow("ben", "usd", 1))
    in_use = lending.leave(
        market="bank", obligation="ben_loans", position="ben_usd", owner="ben", entered=[]
    )
    with lent.vm.fails(LendingError.PositionInUse):
        lent.vm.send(in_use)


def test_every_entered_position_must_be_passed_once(lent: Bank) -> None:
    both = lent.entries("ben")
    twice, less, swapped = both[:3] * 2, both[:3], [*both[:4], "usd", both[5]]
    others = lent.entries("ann")
    for entered in (twice, less, swapped, others, [*both[:3], "ben", *both[4:]]):
        with lent.vm.fails(LendingError.WrongPositions):
            lent.vm.send(lent.borrow("ben", "usd", 1, entered=entered))
    with lent.vm.fails(LendingError.WrongFeed):
        lent.vm.send(lent.borrow("ben", "usd", 1, entered=[*both[:5], "usd_feed"]))


def test_loans_that_are_refused(vm: Vm) -> None:
    bank = Bank(vm)
    bank.open_reserve("usd", borrow_limit=500)
    bank.open_reserve("gold", price=20)
    bank.open_reserve("meme", loan_to_value=0, liquidation_threshold=0, isolated_debt=True)
    bank.open_reserve("paused", borrow_paused=True)
    for user in ("ann", "ben"):
        bank.open_user(user, amount=10_000)
    vm.send(*(bank.supply("ann", name, 1_000) for name in bank.reserves))
    vm.send(bank.supply("ben", "gold", 1_000))
    refused = {
        LendingError.AmountIsZero: bank.borrow("ben", "usd", 0),
        LendingError.NotEnoughCash: bank.borrow("ben", "gold", 2_001),
        LendingError.BorrowLimitReached: bank.borrow("ben", "usd", 501),
        LendingError.BorrowPaused: bank.borrow("ben", "paused", 1),
        LendingError.WrongAuthority: bank.borrow("ben", "usd", 1, owner="ann"),
        LendingError.WrongReserve: bank.borrow("ben", "usd", 1, position="ben_gold"),
        LendingError.WrongMarket: bank.borrow("ben", "usd", 1, obligation="ann_loans"),
    }
    for error, call in refused.items():
        with vm.fails(error):
            vm.send(call)
    vm.send(bank.borrow("ben", "meme", 10))
    with vm.fails(LendingError.IsolatedDebt):
        vm.send(bank.borrow("ben", "usd", 10))
    with vm.fails(LendingError.WrongReserve):
        vm.send(bank.borrow("ben", "usd", 1, totals="gold_totals"))


def test_the_protocol_gets_its_part_of_interest_that_no_refresh_saw(bank: Bank) -> None:
    vm = bank.vm
    vm.send(bank.supply("ann", "usd", 50_000), bank.supply("ben", "gold", 5_000))
    vm.send(bank.borrow("ben", "usd", 40_000))
    vm.warp_to_slot(vm.clock.slot + 500)
    vm.send(bank.repay("ben", "usd"))
    paid = 100_000 + 40_000 - bank.amount("ben_usd_tokens")
    vm.send(bank.refresh("usd"))
    interest = paid - 40_000
    assert interest > 1_000
    assert bank.totals("usd").reserves // WAD == interest // 10
    # Nor do those gain by it who supply after the debt was paid and before the refresh.
    assert bank.reserve("usd").supply_price <= WAD + (interest * 9 // 10 + 1) * WAD // 50_000
