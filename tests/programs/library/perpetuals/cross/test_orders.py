"""Resting spot orders: tokens set aside, brought together, given back."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs.library.perpetuals import MarginAccount, Trader, perpetuals
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.programs.library.perpetuals.cross.state import Reservation
from sealane.testing import Vm

from ..desk import wad
from .banks import GIVEN, Banks
from .test_markets import ALL, Cross

MARKET = {
    "base_bank": "sol_bank",
    "quote_bank": "usd_bank",
    "base_totals": "sol_sums",
    "quote_totals": "usd_sums",
}


def place(name: str, base: int = 0, quote: int = 0, at: str = "10", **more: Any) -> Instruction:
    prices = {"lowest_ask": wad(at) if base else 0, "highest_bid": wad(at) if quote else 0}
    values: dict[str, Any] = {"slot": 0, "base": base, "quote": quote, "given": GIVEN}
    whose = {"account": f"{name}_account", "owner": name}
    return perpetuals.place_order(**MARKET | whose | values | prices | more)


def cancel(name: str, **more: Any) -> Instruction:
    values: dict[str, Any] = {"account": f"{name}_account", "sender": name, "slot": 0}
    return perpetuals.cancel_order(**MARKET | values | {"given": GIVEN} | more)


def fill(amount: int, price: str, buyer: str = "ben", seller: str = "ann") -> Instruction:
    return perpetuals.fill_orders(
        **MARKET,
        seller=f"{seller}_account",
        buyer=f"{buyer}_account",
        seller_slot=0,
        buyer_slot=0,
        amount=amount,
        price=wad(price),
    )


@pytest.fixture
def banks(vm: Vm) -> Banks:
    made = Banks(vm)
    made.open("ann", sol=100)
    made.open("ben", usd=1_000)
    return made


def orders(banks: Banks, name: str) -> Reservation:
    return banks.vm.read(f"{name}_account", MarginAccount).orders[0]


def test_two_orders_meet(banks: Banks, vm: Vm) -> None:
    vm.send(place("ann", base=60, at="9.5"))
    vm.send(place("ben", quote=500, at="10.5"))
    assert (banks.has("ann", "sol"), banks.has("ben", "usd")) == (40, 500)
    banks.refresh("sol")
    assert banks.bank("sol").potential == 60
    vm.send(fill(33, "10.1"), payer="admin")  # for 333.3
    assert (banks.has("ann", "usd"), banks.has("ben", "sol")) == (334, 33)
    assert (orders(banks, "ann").base, orders(banks, "ben").quote) == (27, 166)
    vm.send(cancel("ann"))
    vm.send(cancel("ben"))
    assert (banks.has("ann", "sol"), banks.has("ben", "usd")) == (67, 666)
    assert orders(banks, "ann") == orders(banks, "ben") == Reservation()
    banks.refresh("sol")
    assert banks.bank("sol").potential == 0


def test_only_at_prices_and_amounts_of_both(banks: Banks, vm: Vm) -> None:
    vm.send(place("ann", base=60, at="9.5"))
    vm.send(place("ben", quote=500, at="10.5"))
    for price in ("9.499", "10.501"):
        with vm.fails(Error.InvalidPrice):
            vm.send(fill(1, price), payer="admin")
    for amount in (61, 50):
        with vm.fails(Error.InsufficientBalance):
            vm.send(fill(amount, "10.1"), payer="admin")
    with vm.fails(Error.SameAccount):
        vm.send(fill(1, "10", buyer="ann"), payer="admin")
    vm.send(fill(49, "10.1"), payer="admin")


def test_what_is_set_aside_must_be_there_and_have_a_price(banks: Banks, vm: Vm) -> None:
    with vm.fails(Error.InsufficientBalance):
        vm.send(place("ann", base=101))
    changes: list[dict[str, Any]] = [{"lowest_ask": 0}, {"slot": 4}]
    for wrong in changes:
        with vm.fails(Error.InvalidParameter):
            vm.send(place("ann", base=1, **wrong))
    vm.send(place("ann", base=1))
    with vm.fails(Error.NoFreeSlot):
        vm.send(place("ann", base=1))
    with vm.fails(Error.NotAuthorized):
        vm.send(place("ann", base=1, owner="ben", slot=1))
    with vm.fails(Error.NotLiquidatable):
        vm.send(cancel("ann", sender="ben"))
    with vm.fails(Error.WrongAccounts):
        vm.send(cancel("ann", slot=1))


def test_orders_back_loans_as_if_they_ended_badly(banks: Banks, vm: Vm) -> None:
    banks.open("lender", usd=5_000)
    vm.send(place("ann", base=100, at="10"))
    # 100 sol, or 1,000 usd that pay for a loan: at worst worth 800.
    with vm.fails(Error.HealthTooLow):
        vm.send(banks.withdraw("ann", "usd", 667))
    vm.send(banks.withdraw("ann", "usd", 666))
    banks.reprice("7")
    vm.send(cancel("ann", sender="ben"))
    assert banks.has("ann", "sol") == 100


def test_orders_in_a_market_count_for_health(vm: Vm) -> None:
    cross = Cross(vm)
    vm.send(cross.bind())

    def note(bids: int, authority: str = "ann") -> Instruction:
        return perpetuals.note_orders(
            account="ann_account",
            trader="ann_btc",
            authority=authority,
            given=ALL,
            bids=bids,
            asks=0,
        )

    vm.send(note(50))
    assert vm.read("ann_btc", Trader).bids == 50
    for call, error in ((note(51), Error.HealthTooLow), (note(1, "ben"), Error.NotAuthorized)):
        with vm.fails(error):
            vm.send(call)


def test_orders_placed_and_cancelled_fill_no_sum(banks: Banks, vm: Vm) -> None:
    banks.open("mal", sol=2**63)
    for _ in range(3):
        vm.send(place("mal", base=2**63), cancel("mal"))
    assert banks.has("mal", "sol") == 2**63
