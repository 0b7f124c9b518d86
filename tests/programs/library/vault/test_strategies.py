"""Strategies: what they get, report and repay, and how gains come to count."""

from __future__ import annotations

import pytest

from sealane.programs.library.vault import Strategy, VaultError, vault

from .desk import STARTING, Desk


@pytest.fixture
def farmed(desk: Desk) -> Desk:
    """10,000 deposited by ann, of which a strategy has 6,000."""
    desk.vm.send(desk.deposit("ann", 10_000))
    desk.open_strategy("farm", debt_max=8_000)
    desk.vm.send(desk.allocate("farm", 6_000))
    return desk


def test_a_loss_lowers_the_price_and_a_gain_raises_it(farmed: Desk) -> None:
    farmed.vm.send(farmed.report("farm", loss=1_000))
    assert (farmed.book().assets, farmed.strategy("farm").debt) == (9_000, 5_000)
    farmed.vm.send(farmed.report("farm", gain=3_000))
    assert farmed.book().assets == 12_000
    assert farmed.tokens("idle") == farmed.state().idle == 7_000
    farm = farmed.strategy("farm")
    assert (farm.gained, farm.lost) == (3_000, 1_000)


def test_a_gain_counts_little_by_little(farmed: Desk) -> None:
    farmed.set_terms(unlock_s=100)
    farmed.vm.send(farmed.report("farm", gain=1_000))
    seen = [farmed.book().assets]
    for _ in range(4):
        farmed.vm.advance(seconds=25)
        seen.append(farmed.book().assets)
    assert seen == [10_000, 10_250, 10_500, 10_750, 11_000]


def test_what_is_locked_bears_losses_first(farmed: Desk) -> None:
    farmed.set_terms(unlock_s=100)
    farmed.vm.send(farmed.report("farm", gain=1_000))
    farmed.vm.advance(seconds=50)
    farmed.vm.send(farmed.report("farm", loss=300))
    assert farmed.book().assets == 10_500
    farmed.vm.send(farmed.report("farm", loss=400))
    assert farmed.book().assets == 10_300
    farmed.vm.advance(seconds=50)
    assert farmed.book().assets == 10_300


def test_gains_on_each_other_unlock_over_the_average_time(farmed: Desk) -> None:
    farmed.set_terms(unlock_s=100)
    farmed.vm.send(farmed.report("farm", gain=1_000))
    farmed.vm.advance(seconds=50)
    farmed.vm.send(farmed.report("farm", gain=500))
    assert farmed.state().unlock_until - farmed.vm.clock.unix_timestamp == 75
    assert farmed.book().assets == 10_500
    farmed.vm.advance(seconds=75)
    assert farmed.book().assets == 11_500


def test_the_admin_shares_in_gains_without_moving_the_price(farmed: Desk) -> None:
    farmed.set_terms(performance_fee_bps=2_000, unlock_s=100)
    before = farmed.book()
    farmed.vm.send(farmed.report("farm", gain=1_000))
    after = farmed.book()
    assert (after.assets, after.shares) == (before.assets + 200, before.shares + 200)
    assert farmed.tokens("boss_shares") == 0
    farmed.vm.send(farmed.collect())
    assert farmed.tokens("boss_shares") == 200
    assert farmed.state().fee_shares == 0


def test_funds_that_a_strategy_has_cannot_be_withdrawn(farmed: Desk) -> None:
    with farmed.vm.fails(VaultError.NotEnoughIdle):
        farmed.vm.send(farmed.withdraw("ann", 4_001))
    farmed.vm.send(farmed.repay("farm", 6_000), farmed.redeem("ann", 10_000))
    assert farmed.tokens("ann_usd") == farmed.tokens("meg_usd") == STARTING
    with farmed.vm.fails(VaultError.TooMuch):
        farmed.vm.send(farmed.repay("farm", 1))


def test_what_is_not_repaid_is_written_off(farmed: Desk) -> None:
    with farmed.vm.fails(VaultError.NotAdmin):
        farmed.vm.send(farmed.write_off("farm", 1, admin="meg"))
    with farmed.vm.fails(VaultError.TooMuch):
        farmed.vm.send(farmed.write_off("farm", 6_001))
    farmed.vm.send(farmed.write_off("farm", 6_000))
    assert farmed.book().assets == 4_000


def test_who_may_do_what(farmed: Desk) -> None:
    send, fails = farmed.vm.send, farmed.vm.fails
    with fails(VaultError.NotManager):
        send(farmed.report("farm", gain=1, manager="ann", source="ann_usd"))
    with fails(VaultError.NotManager):
        send(farmed.repay("farm", 1, manager="ann", source="ann_usd"))
    with fails(VaultError.NotAdmin):
        send(farmed.allocate("farm", 1, admin="meg"))
    with fails(VaultError.InvalidParameter):
        send(farmed.report("farm", gain=1, loss=1))
    with fails(VaultError.ExceededDebtMax):
        send(farmed.allocate("farm", 2_001))
    with fails(VaultError.NotEnoughIdle):
        send(farmed.allocate("farm", 4_001))
    with fails(VaultError.WrongTokens):
        send(farmed.allocate("farm", 1, tokens="ann_usd"))
    for wrong in ("ann_shares", "idle"):
        with fails(VaultError.WrongTokens):
            farmed.open_strategy("mine", 1, tokens=wrong)


def test_a_strategy_of_another_vault(farmed: Desk) -> None:
    stray = Strategy(vault="elsewhere", manager="meg", tokens="meg_usd", debt=5, debt_max=9)
    farmed.vm.set_account("stray", owner=vault, data=stray)
    for call in (farmed.report("stray", loss=1), farmed.allocate("stray", 1)):
        with farmed.vm.fails(VaultError.WrongVault):
            farmed.vm.send(call)


def test_nobody_profits_from_coming_for_a_report_only(farmed: Desk) -> None:
    farmed.set_terms(unlock_s=100)
    farmed.vm.send(
        farmed.deposit("ben", 10_000),
        farmed.report("farm", gain=5_000),
        farmed.redeem("ben", 10_000),
    )
    assert farmed.tokens("ben_usd") == STARTING
