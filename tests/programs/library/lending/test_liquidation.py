"""Liquidation: only below the line, by either rule, and who gets the shares."""

from __future__ import annotations

import pytest

from sealane.programs.library.lending import LendingError, LiquidationRule, lending
from sealane.programs.library.oracle import FeedStatus
from sealane.testing import Vm

from .bank import ALL, PERCENT, WAD, Bank, figures, terms


@pytest.fixture
def owing(bank: Bank) -> Bank:
    """Ben owes 15,000 dollars for 1,000 gold worth 20,000."""
    bank.vm.send(bank.supply("ann", "usd", 50_000), bank.supply("ben", "gold", 1_000))
    bank.vm.send(bank.borrow("ben", "usd", 15_000))
    return bank


def by_incentive(vm: Vm) -> Bank:
    """As `owing`, by Compound's rule: an incentive of 5%, half of a debt at once."""
    bank = Bank(vm, rule=LiquidationRule.Incentive, close_factor=50 * PERCENT)
    bank.open_reserve("usd")
    bank.open_reserve("gold", price=20)
    for user in ("ann", "ben", "cat"):
        bank.open_user(user, amount=100_000)
    vm.send(bank.supply("ann", "usd", 50_000), bank.supply("ben", "gold", 1_000))
    vm.send(bank.borrow("ben", "usd", 15_000))
    return bank


def test_a_healthy_obligation_is_left_alone(owing: Bank) -> None:
    owing.set_price("gold", 19)  # the line is at 15,200
    with owing.vm.fails(LendingError.ObligationHealthy):
        owing.liquidated("cat", "ben", "usd", "gold")


def test_a_fifth_is_repaid_for_collateral_with_a_bonus(owing: Bank) -> None:
    owing.set_price("gold", 1875, -2)  # the line is at 15,000 now, the bonus 5% and 1%
    event = owing.liquidated("cat", "ben", "usd", "gold")
    assert (event.repaid, event.settled) == (3_000, 3_000 * WAD)
    assert event.seized == 3_000 * 106 // 1875
    assert event.protocol_shares == 2  # 1% of 160, rounded up
    assert owing.position("cat", "gold").supply_shares == event.seized - 2
    assert owing.position("ben", "gold").supply_shares == 1_000 - event.seized
    assert owing.health("ben").owed == 12_000 * WAD
    assert owing.amount("cat_usd_tokens") == 97_000
    owing.vm.send(owing.refresh("gold"))
    totals = owing.totals("gold")
    assert (totals.supply_shares, totals.reserves) == (998, 2 * WAD)
    assert owing.reserve("gold").supply_price == WAD


def test_the_bonus_grows_below_the_line(owing: Bank) -> None:
    quote = lending.quote_bonus(
        market="bank",
        obligation="ben_loans",
        collateral_reserve="gold",
        entered=owing.entries("ben"),
    )
    bonuses: list[list[int]] = []
    for price in (1875, 1765, 1600):
        owing.set_price("gold", price, -2)
        bonuses.append(figures(owing.vm.send(quote).return_data))
    assert bonuses[0] == [6 * PERCENT, PERCENT]
    assert 8 * PERCENT < bonuses[1][0] < 9 * PERCENT
    assert bonuses[2] == [11 * PERCENT, PERCENT]


def test_a_closeable_obligation_is_liquidated_without_bonus(owing: Bank) -> None:
    mark = lending.mark_closeable(
        market="bank", obligation="ben_loans", authority="governor", closeable=True
    )
    owing.vm.send(mark)
    event = owing.liquidated("cat", "ben", "usd", "gold", 1_000)
    assert (event.repaid, event.seized, event.protocol_shares) == (1_000, 49, 0)


def test_a_dust_debt_is_closed_whole(vm: Vm) -> None:
    bank = Bank(vm, whole_below=100 * WAD)
    bank.open_reserve("usd")
    bank.open_reserve("gold", price=20)
    for user in ("ann", "ben", "cat"):
        bank.open_user(user, amount=1_000)
    vm.send(bank.supply("ann", "usd", 1_000), bank.supply("ben", "gold", 10))
    vm.send(bank.borrow("ben", "usd", 100))
    bank.set_price("gold", 12)
    event = bank.liquidated("cat", "ben", "usd", "gold", 1)
    assert event.repaid == 100
    assert bank.position("ben", "usd").debt_shares == 0


def test_by_incentive_a_share_of_what_is_seized_is_the_protocols(vm: Vm) -> None:
    bank = by_incentive(vm)
    bank.set_price("gold", 15)
    event = bank.liquidated("cat", "ben", "usd", "gold", 7_500)
    assert (event.repaid, event.seized) == (7_500, 525)  # 7,500 × 1.05 / 15
    assert (event.protocol_shares, event.reserves_added) == (14, 14)  # 2.8%
    assert bank.position("cat", "gold").supply_shares == 511


def test_by_incentive_no_more_than_the_close_factor(vm: Vm) -> None:
    bank = by_incentive(vm)
    bank.set_price("gold", 15)
    with vm.fails(LendingError.TooMuchRepaid):
        bank.liquidated("cat", "ben", "usd", "gold", 7_501)
    bank.set_price("gold", 5)
    with vm.fails(LendingError.SeizureTooLarge):
        bank.liquidated("cat", "ben", "usd", "gold", 7_500)
    bank.set_price("gold", 20)
    with vm.fails(LendingError.ObligationHealthy):
        bank.liquidated("cat", "ben", "usd", "gold", 1)


def test_liquidations_that_are_refused(owing: Bank) -> None:
    vm = owing.vm
    owing.set_price("gold", 15)
    vm.advance(slots=1)
    with vm.fails(LendingError.DebtNotFresh):
        vm.send(owing.liquidate("cat", "ben", "usd", "gold"))
    with vm.fails(LendingError.CollateralNotFresh):
        vm.send(owing.refresh("usd"), owing.liquidate("cat", "ben", "usd", "gold"))
    with vm.fails(LendingError.SelfLiquidation):
        owing.liquidated("ben", "ben", "usd", "gold")
    with vm.fails(LendingError.AmountIsZero):
        owing.liquidated("cat", "ben", "usd", "gold", 0)
    with vm.fails(LendingError.WrongAuthority):
        owing.liquidated("cat", "ben", "usd", "gold", liquidator_position="ann_gold")
    for account, wrong in (
        ("liquidator_position", "cat_usd"),
        ("debt_reserve", "gold"),
        ("debt_totals", "gold_totals"),
        ("collateral_reserve", "usd"),
        ("collateral_totals", "usd_totals"),
    ):
        with vm.fails(LendingError.WrongReserve):
            owing.liquidated("cat", "ben", "usd", "gold", **{account: wrong})
    with vm.fails(LendingError.WrongPositions):
        owing.liquidated("cat", "ben", "usd", "gold", debt_position="ann_usd")
    with vm.fails(LendingError.LiquidationTooSmall):
        owing.liquidated("cat", "ben", "gold", "usd")


def test_nobody_pays_for_nothing(owing: Bank) -> None:
    owing.set_price("gold", 18)
    with owing.vm.fails(LendingError.LiquidationTooSmall):
        owing.liquidated("cat", "ben", "usd", "gold", 1)


def test_debt_and_collateral_may_be_of_one_reserve(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 50_000), bank.supply("ben", "usd", 1_000))
    bank.vm.send(bank.borrow("ben", "usd", 750))
    bank.vm.advance(slots=4_000)
    event = bank.liquidated("cat", "ben", "usd", "usd")
    position = bank.position("ben", "usd")
    assert position.supply_shares == 1_000 - event.seized
    assert bank.position("cat", "usd").supply_shares == event.seized - event.protocol_shares


def test_a_reserve_whose_collateral_cannot_be_seized(vm: Vm) -> None:
    bank = Bank(vm)
    bank.open_reserve("usd")
    bank.open_reserve("gold", price=20, seizure_paused=True)
    for user in ("ann", "ben", "cat"):
        bank.open_user(user, amount=20_000)
    vm.send(bank.supply("ann", "usd", 20_000), bank.supply("ben", "gold", 1_000))
    vm.send(bank.borrow("ben", "usd", 15_000))
    bank.set_price("gold", 15)
    with vm.fails(LendingError.SeizurePaused):
        bank.liquidated("cat", "ben", "usd", "gold")


def test_a_debt_without_collateral_is_written_off(owing: Bank) -> None:
    write_off = lending.write_off(
        market="bank",
        reserve="usd",
        totals="usd_totals",
        obligation="ben_loans",
        position="ben_usd",
        authority="governor",
        entered=owing.entries("ben"),
    )
    with owing.vm.fails(LendingError.NotALoss):
        owing.vm.send(write_off)
    owing.set_price("gold", 1)
    event = owing.liquidated("cat", "ben", "usd", "gold", ALL)
    assert event.seized == 1_000
    owing.vm.send(write_off)
    assert owing.position("ben", "usd").debt_shares == 0
    left = 50_000 - 15_000 + event.repaid
    assert owing.reserve("usd").supply_price == left * WAD // 50_000


def test_nobody_enters_more_than_a_liquidation_can_name(owing: Bank) -> None:
    names = [f"token{number}" for number in range(14)]
    for name in names:
        owing.open_reserve(name)
        owing.open_position("ben", name)
        owing.enter("ben", name)
    owing.open_reserve("more")
    owing.open_position("ben", "more")
    with owing.vm.fails(LendingError.TooManyPositions, account="ben_loans"):
        owing.enter("ben", "more")
    owing.set_price("gold", 1875, -2)
    assert owing.liquidated("cat", "ben", "usd", "gold").repaid == 3_000


def test_a_feed_that_has_ended_protects_nobody(owing: Bank) -> None:
    owing.open_reserve("old")
    for user in ("ben", "cat"):
        owing.tokens(f"{user}_old_tokens", "old", owner=user, amount=10)
        owing.open_position(user, "old")
    owing.set_price("old", 1, status=FeedStatus.Halted)
    owing.set_price("gold", 1875, -2)
    owing.enter("ben", "old")
    assert owing.liquidated("cat", "ben", "usd", "gold").repaid == 3_000
    owing.vm.send(owing.supply("ben", "old", 10))
    owing.set_price("gold", 17)
    with owing.vm.fails(LendingError.PriceInvalid):
        owing.liquidated("cat", "ben", "usd", "gold")
    worthless = {"loan_to_value": 0, "liquidation_threshold": 0, "max_liquidation_threshold": 0}
    owing.vm.send(
        lending.configure_reserve(
            market="bank",
            reserve="old",
            totals="old_totals",
            authority="governor",
            config=terms(**worthless),
        )
    )
    assert owing.liquidated("cat", "ben", "usd", "gold").repaid == 2_400
    with owing.vm.fails(LendingError.LiquidationTooSmall):
        owing.liquidated("cat", "ben", "usd", "old")
