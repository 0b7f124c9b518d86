"""Isolated collateral: nothing beside it, and no more debts than its ceiling."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs.library.lending import LendingError, lending
from sealane.testing import Vm

from .bank import WAD, Bank


@pytest.fixture
def isolated(vm: Vm) -> Bank:
    """Tokens worth 1 with a ceiling of 1,000; Ann supplied dollars, Ben and Cat such tokens."""
    bank = Bank(vm)
    bank.open_reserve("usd")
    bank.open_reserve("meme", debt_ceiling=1_000 * WAD)
    bank.open_reserve("gold", price=20)
    for user in ("ann", "ben", "cat"):
        bank.open_user(user, amount=100_000)
    vm.send(bank.supply("ann", "usd", 50_000))
    vm.send(bank.supply("ben", "meme", 10_000), bank.supply("cat", "meme", 10_000))
    return bank


def book(bank: Bank, user: str, value: int, reserve: str = "meme", **changes: Any) -> Instruction:
    values: dict[str, Any] = {
        "market": "bank",
        "obligation": f"{user}_loans",
        "reserve": reserve,
        "totals": f"{reserve}_totals",
        "owner": user,
        "entered": bank.entries(user),
        "value": value * WAD,
    }
    return lending.book_debt(**values | changes)


def test_debts_are_booked_before_they_are_made(isolated: Bank) -> None:
    with isolated.vm.fails(LendingError.DebtNotBooked):
        isolated.vm.send(isolated.borrow("ben", "usd", 1))
    isolated.vm.send(book(isolated, "ben", 700), isolated.borrow("ben", "usd", 700))
    with isolated.vm.fails(LendingError.DebtNotBooked):
        isolated.vm.send(isolated.borrow("ben", "usd", 1))


def test_all_bookings_together_stay_below_the_ceiling(isolated: Bank) -> None:
    isolated.vm.send(book(isolated, "ben", 700))
    with isolated.vm.fails(LendingError.DebtCeilingReached):
        isolated.vm.send(book(isolated, "cat", 301))
    isolated.vm.send(book(isolated, "cat", 300))
    assert isolated.totals("meme").booked == 1_000 * WAD
    isolated.vm.send(book(isolated, "ben", 0), book(isolated, "cat", 1_000))


def test_a_booking_is_not_lowered_below_what_is_owed(isolated: Bank) -> None:
    isolated.vm.send(book(isolated, "ben", 700), isolated.borrow("ben", "usd", 600))
    with isolated.vm.fails(LendingError.DebtNotBooked):
        isolated.vm.send(book(isolated, "ben", 599))
    isolated.vm.send(book(isolated, "ben", 600))


def test_a_lower_ceiling_lets_bookings_be_lowered(isolated: Bank) -> None:
    isolated.vm.send(book(isolated, "ben", 700))
    isolated.set_terms("meme", debt_ceiling=100 * WAD)
    isolated.vm.send(book(isolated, "ben", 600))
    with isolated.vm.fails(LendingError.DebtCeilingReached):
        isolated.vm.send(book(isolated, "ben", 601))


def test_there_is_no_collateral_beside_it(isolated: Bank) -> None:
    isolated.vm.send(book(isolated, "ben", 700), isolated.supply("ben", "gold", 100))
    with isolated.vm.fails(LendingError.IsolatedCollateral):
        isolated.vm.send(isolated.borrow("ben", "usd", 1))
    isolated.vm.send(isolated.withdraw("ben", "meme"), isolated.borrow("ben", "usd", 1_000))
    # What was owed against gold is not to be owed against isolated collateral without booking.
    isolated.vm.send(isolated.supply("ben", "meme", 10_000))
    with isolated.vm.fails(LendingError.DebtNotBooked):
        isolated.vm.send(isolated.withdraw("ben", "gold"))


def test_bookings_that_are_refused(isolated: Bank) -> None:
    vm = isolated.vm
    with vm.fails(LendingError.DebtCeilingReached):
        vm.send(book(isolated, "ben", 1, reserve="gold"))
    with vm.fails(LendingError.WrongAuthority):
        vm.send(book(isolated, "ben", 1, owner="cat"))
    with vm.fails(LendingError.WrongReserve):
        vm.send(book(isolated, "ben", 1, totals="gold_totals"))
    vm.send(book(isolated, "ben", 5))
    with vm.fails(LendingError.WrongReserve):
        vm.send(book(isolated, "ben", 1, reserve="gold"))
