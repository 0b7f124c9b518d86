"""Accounts in markets as parts of a margin account: health decides, and tokens pay for losses.

ann has 1,000 usd, weighted 0.8 and 1.2, and an account in `btc`, at 100, weighted 0.8 and 1.2.
"""

from __future__ import annotations

import pytest

from sealane import Instruction
from sealane.programs.library.perpetuals import NOBODY, MarginAccount, Market, Trader, perpetuals
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.testing import Vm

from ..desk import Desk, params, wad
from ..test_insurance import cover
from ..test_margin import settlement
from .banks import GIVEN, Banks

ALL = [*GIVEN, "ann_account", "ann_btc", "btc", "btc_feed"]
WEIGHTS = {
    "init_asset_weight": wad("0.8"),
    "init_liab_weight": wad("1.2"),
    "maint_asset_weight": wad("0.9"),
    "maint_liab_weight": wad("1.1"),
}


class Cross:
    def __init__(self, vm: Vm) -> None:
        self.vm = vm
        self.desk = Desk(vm, **WEIGHTS)
        self.banks = Banks(vm)
        self.desk.reprice()
        self.banks.open("ann", usd=1_000)
        self.desk.open("ann")
        self.desk.open("ben", 100_000)

    def bind(self, owner: str = "ann") -> Instruction:
        return perpetuals.bind(account="ann_account", trader="ann_btc", owner=owner, given=ALL)

    def unbind(self) -> Instruction:
        return perpetuals.unbind(
            market="btc",
            feed="btc_feed",
            account="ann_account",
            trader="ann_btc",
            owner="ann",
            given=ALL,
        )

    def trade(self, size: int, cost: int) -> Instruction:
        return perpetuals.trade_cross(
            market="btc",
            feed="btc_feed",
            totals="sums",
            maker="ben_btc",
            taker="ann_btc",
            maker_authority="ben",
            taker_authority="ann",
            given=ALL,
            size=size,
            cost=cost,
        )

    def fund(self, amount: int, sender: str = "ann") -> Instruction:
        return perpetuals.fund_trader(
            bank="usd_bank",
            bank_totals="usd_sums",
            market="btc",
            account="ann_account",
            trader="ann_btc",
            bank_vault="usd_vault",
            market_vault="vault",
            authority=self.banks.authorities["usd"],
            sender=sender,
            given=ALL,
            amount=amount,
        )

    def collect(self, amount: int, sender: str = "ann") -> Instruction:
        return perpetuals.collect_margin(
            bank="usd_bank",
            bank_totals="usd_sums",
            market="btc",
            account="ann_account",
            trader="ann_btc",
            market_vault="vault",
            bank_vault="usd_vault",
            authority=self.desk.authority,
            sender=sender,
            given=ALL,
            amount=amount,
        )

    def take_over(self, amount: int) -> Instruction:
        return perpetuals.liquidate_position(
            market="btc",
            feed="btc_feed",
            totals="sums",
            account="ann_account",
            trader="ann_btc",
            taker="ben_btc",
            taker_authority="ben",
            given=ALL,
            amount=amount,
        )

    def release(self) -> Instruction:
        return perpetuals.release(account="ann_account", trader="ann_btc", given=ALL)


@pytest.fixture
def cross(vm: Vm) -> Cross:
    made = Cross(vm)
    vm.send(made.bind())
    return made


def test_binding_is_the_owners_and_of_own_accounts(vm: Vm) -> None:
    made = Cross(vm)
    with vm.fails(Error.NotAuthorized):
        vm.send(made.bind(owner="ben"))
    foreign = perpetuals.bind(account="ann_account", trader="ben_btc", owner="ann", given=ALL)
    with vm.fails(Error.NotAuthorized, account="ben_btc"):
        vm.send(foreign)
    vm.send(made.bind())
    assert vm.read("ann_btc", Trader).group == vm.key("ann_account")
    assert vm.read("ann_account", MarginAccount).traders[0] == vm.key("ann_btc")
    with vm.fails(Error.CrossMargined):
        vm.send(made.bind())


def test_what_is_bound_is_not_used_by_itself(cross: Cross, vm: Vm) -> None:
    for call in (
        cross.desk.trade("ann", "ben", 1, 100),
        cross.desk.withdraw("ann", 0),
        cross.desk.liquidate("ann", "ben", 1),
    ):
        with vm.fails(Error.CrossMargined):
            vm.send(call)


def test_tokens_back_a_position(cross: Cross, vm: Vm) -> None:
    # 0.2 of 50 times 100 is 1,000 of weighted loss: all that the tokens may pay for.
    vm.send(cross.trade(50, 5_000))
    assert cross.desk.balance("ann") == (-5_000, 50)
    with vm.fails(Error.HealthTooLow):
        vm.send(cross.trade(1, 100))
    vm.send(cross.trade(-1, -100))
    with vm.fails(Error.HealthTooLow):
        vm.send(cross.banks.withdraw("ann", "usd", 21, given=ALL))
    vm.send(cross.banks.withdraw("ann", "usd", 20, given=ALL))


def test_an_unhealthy_account_may_get_better_only(cross: Cross, vm: Vm) -> None:
    vm.send(cross.trade(50, 5_000))
    cross.desk.set_price(95)
    with vm.fails(Error.HealthTooLow):
        vm.send(cross.trade(1, 95))
    vm.send(cross.trade(-10, -950))
    assert cross.desk.balance("ann") == (-4_050, 40)


def test_nobody_gives_away_what_liquidation_would_need(cross: Cross, vm: Vm) -> None:
    """ann has 50 left. Weights ask for more, so that a sale for too little would better health."""
    vm.send(cross.trade(50, 5_000))
    cross.desk.set_price(81)
    with vm.fails(Error.HealthTooLow, account="ann_btc"):
        vm.send(cross.trade(-50, -50 * 70))
    vm.send(cross.trade(-50, -50 * 81))
    assert cross.desk.balance("ann") == (-950, 0)


def test_margin_moves_both_ways_with_its_tokens(cross: Cross, vm: Vm) -> None:
    before = cross.desk.held("vault"), cross.banks.held_tokens("usd_vault")
    vm.send(cross.fund(400))
    assert cross.desk.balance("ann") == (400, 0)
    assert cross.banks.has("ann", "usd") == 600
    assert cross.desk.held("vault") == before[0] + 400
    vm.send(cross.collect(400))
    assert cross.banks.has("ann", "usd") == 1_000
    assert (cross.desk.held("vault"), cross.banks.held_tokens("usd_vault")) == before
    with vm.fails(Error.NotLiquidatable):
        vm.send(cross.fund(1, sender="ben"))


def test_anybody_pays_a_loss_out_of_tokens_below_the_line(cross: Cross, vm: Vm) -> None:
    vm.send(cross.trade(50, 5_000))
    cross.desk.set_price(85)  # maintenance: 1,000 and 0.9 * 4,250 against 5,000
    with vm.fails(Error.InsufficientBalance):
        vm.send(cross.fund(1_001, sender="ben"))
    with vm.fails(Error.NotLiquidatable):
        vm.send(cross.release(), payer="ben")  # there are tokens left
    vm.send(cross.fund(1_000, sender="ben"))
    assert (cross.banks.has("ann", "usd"), cross.desk.balance("ann")) == (0, (-4_000, 50))
    assert vm.read("ann_account", MarginAccount).being_liquidated
    with vm.fails(Error.BeingLiquidated):
        vm.send(cross.collect(1))


def test_positions_are_taken_over_no_more_than_health_needs(cross: Cross, vm: Vm) -> None:
    chosen = params(**WEIGHTS, liquidation_fee_bps=100)
    vm.send(perpetuals.configure(market="btc", admin="admin", params=chosen))
    vm.send(cross.trade(50, 5_000))
    with vm.fails(Error.NotLiquidatable):
        vm.send(cross.take_over(1))
    cross.desk.set_price(88)  # maintenance: 1,000 and 0.9 * 4,400 against 5,000
    with vm.fails(Error.MakerTooSmall):
        vm.send(cross.take_over(51))
    # 480 are missing, and each one that goes for 87.12, but counts for 70.4, brings 16.72: 29.
    with vm.fails(Error.NotLiquidatable):
        vm.send(cross.take_over(30))
    vm.send(cross.take_over(10))
    assert cross.desk.balance("ann") == (-5_000 + 871, 40)
    assert vm.read("ann_account", MarginAccount).being_liquidated
    vm.send(cross.take_over(19))
    assert not vm.read("ann_account", MarginAccount).being_liquidated


def test_a_short_position_is_taken_over(cross: Cross, vm: Vm) -> None:
    vm.send(cross.trade(-50, -5_000))
    cross.desk.set_price(115)
    vm.send(cross.take_over(10))
    assert cross.desk.balance("ann") == (5_000 - 1_150, -40)


def test_what_tokens_cannot_pay_for_is_the_markets(cross: Cross, vm: Vm) -> None:
    vm.send(cross.trade(50, 5_000))
    cross.desk.set_price(75)
    vm.send(cross.fund(1_000, sender="ben"))
    with vm.fails(Error.NotLiquidatable):
        vm.send(cross.release(), payer="ben")  # there is a position left
    vm.send(cross.take_over(50))
    assert cross.desk.balance("ann") == (-250, 0)
    with vm.fails(Error.CrossMargined):
        vm.send(cover("ann"), payer="ben")  # the fund does not pay for a part
    vm.send(cross.release(), payer="ben")
    assert vm.read("ann_btc", Trader).group == NOBODY
    account = vm.read("ann_account", MarginAccount)
    assert (account.being_liquidated, account.traders) == (False, (NOBODY,) * 4)
    vm.send(cover("ann"), payer="ben")


def test_anybody_collects_what_a_closed_position_left(cross: Cross, vm: Vm) -> None:
    cross.banks.open("lender", sol=1_000)
    vm.send(cross.fund(900))
    vm.send(cross.banks.withdraw("ann", "sol", 60, given=ALL))
    with vm.fails(Error.NotLiquidatable):
        vm.send(cross.collect(900, sender="ben"))
    cross.banks.reprice("15")
    cross.desk.reprice()
    with vm.fails(Error.InsufficientBalance):
        vm.send(cross.collect(901, sender="ben"))
    vm.send(cross.collect(900, sender="ben"))
    assert (cross.banks.has("ann", "usd"), cross.desk.balance("ann")) == (1_000, (0, 0))


def test_unbinding_leaves_both_fine(cross: Cross, vm: Vm) -> None:
    vm.send(cross.trade(10, 1_000))
    with vm.fails(Error.NotCollateralized):
        vm.send(cross.unbind())
    vm.send(cross.fund(100))
    vm.send(cross.unbind())
    assert vm.read("ann_btc", Trader).group == NOBODY
    assert vm.read("ann_account", MarginAccount).traders == (NOBODY,) * 4
    vm.send(cross.desk.trade("ann", "ben", -10, -1_000))


def test_a_market_that_closes_pays_into_and_out_of_tokens(cross: Cross, vm: Vm) -> None:
    close = perpetuals.close_at_settlement(market="btc", trader="ann_btc")
    with vm.fails(Error.NotSettled):
        vm.send(close, payer="ben")
    vm.send(cross.trade(-10, -1_000))
    cross.desk.set_price("90.01")
    vm.send(settlement())
    vm.advance(seconds=100)  # nobody posts prices of btc any more
    cross.banks.reprice("10")
    vm.send(close, payer="ben")
    assert cross.desk.balance("ann") == (99, 0)  # 99.9
    vm.send(cross.collect(99))
    vm.send(cross.unbind())
    assert cross.banks.has("ann", "usd") == 1_099


def test_the_market_of_another_token_does_not_count(cross: Cross, vm: Vm) -> None:
    market = vm.read("btc", Market)
    market.mint = vm.key("eur")
    vm.set_account("btc", data=market)
    with vm.fails(Error.WrongAccounts):
        vm.send(cross.trade(1, 100))
    with vm.fails(Error.WrongVault):
        vm.send(cross.fund(1))
    vm.send(perpetuals.configure(market="btc", admin="admin", params=params()))
