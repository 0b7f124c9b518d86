"""Deposits, mints, withdrawals and redemptions, and what a vault refuses."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.primitives import Errors
from sealane.programs.library.vault import (
    Limits,
    Operation,
    Quote,
    VaultError,
    Worth,
    authority_of,
    vault,
)
from sealane.testing import Vm

from .desk import STARTING, Desk


def test_the_four_ways(desk: Desk) -> None:
    desk.vm.send(desk.deposit("ann", 1_000))
    desk.vm.send(desk.mint("ben", 500))
    desk.vm.send(desk.donate("cat", 1_500))
    desk.vm.send(desk.withdraw("ann", 500), desk.redeem("ben", 500))
    # A share is worth 3001/1501 now; the price counts a virtual asset and a virtual share.
    assert (desk.tokens("ann_shares"), desk.tokens("ann_usd")) == (749, STARTING - 500)
    assert (desk.tokens("ben_shares"), desk.tokens("ben_usd")) == (0, STARTING + 500)
    state = desk.state()
    assert (state.idle, state.shares, desk.tokens("idle")) == (1_500, 749, 1_500)


def test_fees_wait_for_the_admin(desk: Desk) -> None:
    desk.set_terms(entry_fee_bps=500, exit_fee_bps=500)
    with desk.vm.fails(VaultError.NothingOwed):
        desk.vm.send(desk.collect())
    desk.vm.send(desk.deposit("ann", 10_500))
    assert desk.tokens("ann_shares") == 10_000
    desk.vm.send(desk.redeem("ann", 10_000))
    assert desk.tokens("ann_usd") == STARTING - 10_500 + 9_523
    assert desk.state().fees_owed == 500 + 477
    desk.vm.send(desk.collect())
    assert desk.tokens("boss_usd") == STARTING + 977
    assert desk.tokens("idle") == desk.state().idle == 0


def test_quotes_and_limits(vm: Vm) -> None:
    desk = Desk(vm, assets_max=10_000)
    vm.send(desk.deposit("ann", 4_000), desk.donate("cat", 2_000))
    call = vault.quote(vault="savings", operation=Operation.Redeem, amount=1_000)
    assert Quote.decode(returned(desk, call)) == Quote(assets=1_499, shares=1_000, fee=0)
    limits = Limits.decode(returned(desk, vault.limits(vault="savings", held="ann_shares")))
    assert limits == Limits(deposit=4_000, mint=2_666, withdraw=5_999, redeem=4_000)
    call = vault.convert(vault="savings", shares=2, assets=3)
    assert Worth.decode(returned(desk, call)) == Worth(
        assets=2, shares=2, total_assets=6_000, total_shares=4_000
    )
    for call, error in (
        (desk.deposit("ben", 4_001), VaultError.ExceededMaxDeposit),
        (desk.mint("ben", 2_667), VaultError.ExceededMaxMint),
        (desk.withdraw("ann", 6_000), VaultError.ExceededMaxWithdraw),
        (desk.redeem("ann", 4_001), VaultError.ExceededMaxRedeem),
    ):
        with vm.fails(error):
            vm.send(call)
    vm.send(desk.withdraw("ann", 5_999), desk.deposit("ben", 9_999))


def returned(desk: Desk, call: Any) -> bytes:
    data = desk.vm.send(call).return_data
    assert data is not None
    return data


def test_limits_of_the_call(desk: Desk) -> None:
    desk.vm.send(desk.deposit("ann", 1_000, shares_min=1_000))
    for call in (
        desk.deposit("ann", 10, shares_min=11),
        desk.mint("ann", 10, assets_max=9),
        desk.withdraw("ann", 10, shares_max=9),
        desk.redeem("ann", 10, assets_min=11),
    ):
        with desk.vm.fails(VaultError.ExceededSlippage):
            desk.vm.send(call)


def test_without_virtual_shares(vm: Vm) -> None:
    desk = Desk(vm, offset=None)
    vm.send(desk.deposit("ann", 3), desk.donate("cat", 7))
    with vm.fails(VaultError.ZeroShares):
        vm.send(desk.deposit("ben", 3))
    with vm.fails(VaultError.ZeroAssets):
        vm.send(desk.redeem("ann", 0))
    vm.send(desk.redeem("ann", 3))
    assert desk.tokens("ann_usd") == STARTING + 7
    assert desk.tokens("idle") == 0


def test_the_accounts_must_be_the_vaults(desk: Desk) -> None:
    desk.put_tokens("other_idle", "usd", desk.authority)
    desk.put_mint("other_shares", desk.authority)
    desk.vm.send(desk.deposit("ann", 100))
    changes: tuple[dict[str, Any], ...] = (
        {"idle_vault": "other_idle"},
        {"share_mint": "other_shares"},
    )
    for change in changes:
        for call in (desk.deposit("ann", 5, **change), desk.redeem("ann", 5, **change)):
            with desk.vm.fails(VaultError.WrongTokens):
                desk.vm.send(call)
    with desk.vm.fails("InvalidSeeds"):
        desk.vm.send(desk.redeem("ann", 5, authority="ann"))


def test_only_the_admin_sets_terms(desk: Desk) -> None:
    with desk.vm.fails(VaultError.NotAdmin):
        desk.set_terms("ann")
    with desk.vm.fails(VaultError.NotAdmin):
        desk.vm.send(desk.collect(admin="ann"))
    wrong: tuple[dict[str, int], ...] = ({"entry_fee_bps": 10_001}, {"unlock_s": 31_536_001})
    for terms in wrong:
        with desk.vm.fails(VaultError.InvalidParameter):
            desk.set_terms(**terms)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            {"vault": "savings", "idle_vault": "idle", "share_mint": "shares"},
            "AccountAlreadyInitialized",
        ),
        ({"offset": 19}, VaultError.InvalidParameter),
        ({"idle_vault": "ann_usd"}, VaultError.WrongTokens),
        ({"share_mint": "usd"}, VaultError.InvalidShareMint),
        ({"share_mint": "frozen"}, VaultError.InvalidShareMint),
    ],
)
def test_no_vault_is_made_of_these(desk: Desk, change: dict[str, Any], error: Errors | str) -> None:
    desk.allot("second", 235)
    second = authority_of("second")
    desk.put_tokens("second_idle", "usd", second)
    desk.put_mint("second_shares", second)
    desk.put_mint("frozen", second, freeze_authority="bank")
    good = {"vault": "second", "idle_vault": "second_idle", "share_mint": "second_shares"}
    with desk.vm.fails(error):
        desk.vm.send(desk.open(**good | change))
    desk.vm.send(desk.open(**good))
