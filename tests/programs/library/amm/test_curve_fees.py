"""Who gets what of the four fees of a pool on a curve, and when."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.amm import AmmError, CurveKind, FeesCollected, FeeTable, HostFees, amm
from sealane.programs.library.amm.curves.pools import FIRST_SHARES
from sealane.testing import Vm

from .market import Market, events, held, put, supply

FEES = FeeTable(
    trade_fee_numerator=2,
    trade_fee_denominator=1_000,
    owner_trade_fee_numerator=1,
    owner_trade_fee_denominator=1_000,
    owner_withdraw_fee_numerator=1,
    owner_withdraw_fee_denominator=100,
    host_fee_numerator=1,
    host_fee_denominator=5,
)


@pytest.fixture
def desk(vm: Vm) -> Market:
    """A pool with all fees, and a host who is owed nothing yet."""
    desk = Market(vm, users=("ann", "ben"))
    desk.open_curve(CurveKind.ConstantProduct, (10**9, 10**9), fees=FEES)
    for user in ("ann", "ben", "host"):
        desk.own_shares(user)
    put(vm, "hosted", HostFees.layout_size)
    vm.send(amm.open_host_fees(pool="pool", host_fees="hosted", host="host"))
    return desk


def swap(desk: Market, host: str | None = None) -> None:
    accounts = desk.trading("ab", "ann", "pool") | ({} if host is None else {"host": host})
    desk.vm.send(amm.swap_on_curve(**accounts, amount_in=10**6, amount_out_min=0))


def collecting(to: str) -> dict[str, Any]:
    return {"pool": "pool", "share_mint": "pool_shares", "destination": to}


def test_a_swap_mints_nothing_and_books_the_owners_part(desk: Market) -> None:
    swap(desk)
    # 1,000 of 2,000,000,000 tokens, in shares of one billion.
    assert desk.curve_pool().owner_shares == 499
    assert supply(desk.vm, "pool_shares") == FIRST_SHARES == desk.curve_pool().supply - 499
    done = desk.vm.send(amm.collect_owner_fees(**collecting("boss_pool")))
    (event,) = events(done, FeesCollected)
    assert event.shares == 499
    assert held(desk.vm, "boss_pool") == supply(desk.vm, "pool_shares") == FIRST_SHARES + 499
    with desk.vm.fails(AmmError.NoFees):
        desk.vm.send(amm.collect_owner_fees(**collecting("boss_pool")))


def test_only_the_owners_account_gets_the_owners_part(desk: Market) -> None:
    swap(desk)
    with desk.vm.fails(AmmError.WrongAuthority, account="ann_pool"):
        desk.vm.send(amm.collect_owner_fees(**collecting("ann_pool")))


def test_a_host_gets_a_fifth_of_the_owners_part(desk: Market) -> None:
    swap(desk, host="hosted")
    assert desk.vm.read("hosted", HostFees).shares == 99
    assert desk.curve_pool().owner_shares == 400
    names = collecting("host_pool") | {"host_fees": "hosted"}
    with desk.vm.fails(AmmError.WrongAuthority):
        desk.vm.send(amm.collect_host_fees(**names, host="ben"))
    desk.vm.send(amm.collect_host_fees(**names, host="host"))
    assert held(desk.vm, "host_pool") == 99
    with desk.vm.fails(AmmError.NoFees):
        desk.vm.send(amm.collect_host_fees(**names, host="host"))


def test_a_host_of_another_pool_gets_nothing(desk: Market) -> None:
    desk.open_curve(CurveKind.ConstantProduct, (10**9, 10**9), fees=FEES, name="next")
    put(desk.vm, "elsewhere", HostFees.layout_size)
    desk.vm.send(amm.open_host_fees(pool="next", host_fees="elsewhere", host="host"))
    with desk.vm.fails(AmmError.WrongAccount):
        swap(desk, host="elsewhere")


def test_who_withdraws_leaves_a_hundredth_of_the_shares_to_the_owner(desk: Market) -> None:
    accounts = desk.liquidity("ann", "pool")
    del accounts["exchange"]
    deposit = amm.deposit_both(
        **accounts,
        source_a="ann_a",
        source_b="ann_b",
        destination="ann_pool",
        shares=10**6,
        amount_a_max=10**18,
        amount_b_max=10**18,
    )
    desk.vm.send(deposit)
    before = held(desk.vm, "ann_a")
    withdrawal: dict[str, Any] = {"amount_a_min": 0, "amount_b_min": 0, "shares": 10**6}
    withdrawal |= {"destination_a": "ann_a", "destination_b": "ann_b"}
    desk.vm.send(amm.withdraw_both(**accounts, **withdrawal, source="ann_pool"))
    assert held(desk.vm, "ann_a") == before + 990_000
    assert desk.curve_pool().owner_shares == 10_000
    assert desk.curve_pool().supply == FIRST_SHARES + 10_000
    accounts["owner"] = "boss"  # who owns the pool pays none
    desk.vm.send(amm.withdraw_both(**accounts, **withdrawal, source="boss_pool"))
    assert held(desk.vm, "ann_a") == before + 990_000 + 10**6
