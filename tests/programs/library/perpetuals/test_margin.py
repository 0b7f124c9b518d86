"""Deposits and withdrawals of isolated accounts, and the final settlement of a market."""

from __future__ import annotations

import pytest

from sealane import Instruction
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.programs.library.perpetuals import perpetuals
from sealane.testing import Vm

from .desk import Desk, wad


def test_tokens_go_in_and_out(desk: Desk) -> None:
    desk.open("ann")
    desk.vm.send(desk.deposit("ann", 500))
    assert (desk.balance("ann"), desk.held("vault"), desk.held("ann_usd")) == ((500, 0), 500, 0)
    desk.vm.send(desk.withdraw("ann", 500))
    assert (desk.balance("ann"), desk.held("vault"), desk.held("ann_usd")) == ((0, 0), 0, 500)


def test_what_is_taken_out_must_not_be_needed(desk: Desk) -> None:
    desk.open("ann", 500)
    desk.open("ben", 500)
    desk.vm.send(desk.trade("ann", "ben", 10, 1_000))
    with desk.vm.fails(Error.NotCollateralized):
        desk.vm.send(desk.withdraw("ann", 410))  # -910 against 1,000
    desk.vm.send(desk.withdraw("ann", 409))
    assert desk.balance("ann") == (-909, 10)


def test_only_the_user_withdraws_and_only_from_the_markets_vaults(desk: Desk, vm: Vm) -> None:
    desk.open("ann", 500)
    desk.tokens("mallory_usd", "mallory", 100)
    call = perpetuals.withdraw(
        market="btc",
        feed="btc_feed",
        trader="ann_btc",
        vault="vault",
        destination="mallory_usd",
        authority=desk.authority,
        owner="mallory",
        amount=1,
    )
    with vm.fails(Error.NotAuthorized):
        vm.send(call)
    paid = perpetuals.deposit(
        market="btc",
        trader="ann_btc",
        source="mallory_usd",
        vault="mallory_usd",
        payer="mallory",
        amount=1,
    )
    with vm.fails(Error.WrongVault):
        vm.send(paid)
    desk.tokens("other_vault", desk.authority, 0, mint="eur")
    other = perpetuals.deposit(
        market="btc",
        trader="ann_btc",
        source="mallory_usd",
        vault="other_vault",
        payer="mallory",
        amount=1,
    )
    with vm.fails(Error.WrongVault):
        vm.send(other)


def settlement(low: str = "0", high: str = "1000") -> Instruction:
    return perpetuals.enable_final_settlement(
        market="btc", feed="btc_feed", admin="admin", lowest=wad(low), highest=wad(high)
    )


def taken(desk: Desk, name: str) -> Instruction:
    desk.tokens(f"{name}_usd", name)
    return perpetuals.withdraw_final_settlement(
        market="btc",
        trader=f"{name}_btc",
        vault="vault",
        destination=f"{name}_usd",
        authority=desk.authority,
        owner=name,
    )


@pytest.fixture
def closed(desk: Desk) -> Desk:
    desk.open("ann", 500)
    desk.open("ben", 500)
    desk.open("cat", -600, 5)
    desk.vm.send(desk.trade("ann", "ben", 10, 1_000))
    desk.set_price("110.55")
    desk.vm.send(settlement())
    return desk


def test_everybody_takes_what_the_last_price_leaves(closed: Desk) -> None:
    closed.tokens("vault", closed.authority, 700)
    closed.vm.send(taken(closed, "ann"))
    assert closed.held("ann_usd") == 605  # 605.5
    closed.vm.send(taken(closed, "cat"))
    assert (closed.held("cat_usd"), closed.balance("cat")) == (0, (-600, 5))
    closed.vm.send(taken(closed, "ben"))
    assert closed.held("ben_usd") == 95  # of 394.5: the vault is empty, the rest stays due
    assert closed.balance("ben") == (299, 0)


def test_nothing_else_goes_on_then(closed: Desk) -> None:
    for call in (
        closed.trade("ann", "ben", 1, 100),
        closed.deposit("ann", 1),
        closed.withdraw("ann", 1),
        closed.liquidate("cat", "ann", 1),
        perpetuals.update_funding(market="btc", feed="btc_feed"),
    ):
        with closed.vm.fails(Error.Settled):
            closed.vm.send(call, payer="ann")


def test_settlement_is_the_admins_and_within_bounds(desk: Desk, vm: Vm) -> None:
    desk.open("ann", 500)
    with vm.fails(Error.NotSettled):
        vm.send(taken(desk, "ann"))
    with vm.fails(Error.PriceBelowBound):
        vm.send(settlement(low="100.000001"))
    with vm.fails(Error.PriceAboveBound):
        vm.send(settlement(high="99.999999"))
    stranger = perpetuals.enable_final_settlement(
        market="btc", feed="btc_feed", admin="ann", lowest=0, highest=0
    )
    with vm.fails(Error.NotAdmin):
        vm.send(stranger)
