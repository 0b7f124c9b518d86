"""Tokens in margin accounts: deposits, loans, interest, fees, liquidation, bad debts."""

from __future__ import annotations

import pytest

from sealane.programs.library.perpetuals import WAD, MarginAccount, perpetuals
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.testing import Vm

from .bank_desk import bank_params
from .banks import GIVEN, Banks

YEAR_S = 365 * 24 * 60 * 60


@pytest.fixture
def banks(vm: Vm) -> Banks:
    return Banks(vm)


@pytest.fixture
def indebted(banks: Banks) -> Banks:
    """ann: 1,500 usd, 100 sol owed: initial health 0. The liquidator and a lender are rich."""
    banks.open("lender", sol=1_000)
    banks.open("keeper", sol=1_000, usd=1_000)
    banks.open("ann", usd=1_500)
    banks.vm.send(banks.withdraw("ann", "sol", 100))
    return banks


def test_a_deposit_comes_back_whole(banks: Banks) -> None:
    banks.open("ann", usd=500)
    assert (banks.has("ann", "usd"), banks.held_tokens("usd_vault")) == (500, 500)
    banks.vm.send(banks.withdraw("ann", "usd", 500))
    assert (banks.has("ann", "usd"), banks.held_tokens("ann_usd")) == (0, 500)
    account = banks.vm.read("ann_account", MarginAccount)
    assert account == MarginAccount(admin="admin", user="ann")  # no slot is kept for nothing


def test_a_loan_needs_health(indebted: Banks) -> None:
    assert indebted.has("ann", "sol") == -100
    assert indebted.held_tokens("ann_sol") == 100
    with indebted.vm.fails(Error.HealthTooLow):
        indebted.vm.send(indebted.withdraw("ann", "sol", 1))
    indebted.vm.send(indebted.deposit("ann", "sol", 100))
    indebted.vm.send(indebted.withdraw("ann", "usd", 1_500))
    assert indebted.vm.read("ann_account", MarginAccount) == MarginAccount(
        admin="admin", user="ann"
    )


def test_only_the_owner_withdraws(banks: Banks) -> None:
    banks.open("ann", usd=500)
    with banks.vm.fails(Error.NotAuthorized):
        banks.vm.send(banks.withdraw("ann", "usd", 1, owner="ben"))


def test_borrowers_pay_what_depositors_get(vm: Vm) -> None:
    tenth = WAD // 10
    banks = Banks(vm, util0=tenth, rate0=tenth, util1=9 * tenth, rate1=tenth, max_rate=tenth)
    banks.open("lender", sol=1_000)
    banks.open("ann", usd=15_000)
    vm.send(banks.withdraw("ann", "sol", 500))
    vm.advance(seconds=YEAR_S)
    banks.refresh("sol")
    assert (banks.has("ann", "sol"), banks.has("lender", "sol")) == (-550, 1_050)


def test_fees_lean_towards_the_target(vm: Vm) -> None:
    banks = Banks(vm, fee_bps=100, tax_bps=50, target=1_000)
    banks.open("ann", usd=1_000)
    assert banks.has("ann", "usd") == 995  # half a percent: it comes nearer
    banks.refresh("usd")
    vm.send(banks.withdraw("ann", "usd", 500))
    assert (banks.has("ann", "usd"), banks.held_tokens("ann_usd")) == (495, 494)  # 1.12%: 6
    banks.refresh("usd")
    assert banks.bank("usd").insurance == 5 + 6
    assert banks.held_tokens("usd_vault") == 495 + 11


def test_liquidation_only_below_the_line(indebted: Banks) -> None:
    for price in ("10", "12.27"):  # maintenance: 1,350 against 110 times the price
        indebted.reprice(price)
        with indebted.vm.fails(Error.NotLiquidatable):
            indebted.vm.send(indebted.liquidate("ann", "keeper", 100))
    indebted.reprice("12.28")
    indebted.vm.send(indebted.liquidate("ann", "keeper", 10))
    # 10 sol for 122.8 usd and 10% more
    assert (indebted.has("ann", "sol"), indebted.has("ann", "usd")) == (-90, 1_364)
    assert (indebted.has("keeper", "sol"), indebted.has("keeper", "usd")) == (990, 1_135)
    assert indebted.vm.read("ann_account", MarginAccount).being_liquidated


def test_liquidation_ends_when_health_is_back(indebted: Banks) -> None:
    indebted.reprice("12.28")
    indebted.vm.send(indebted.liquidate("ann", "keeper", 100))
    account = indebted.vm.read("ann_account", MarginAccount)
    assert not account.being_liquidated
    assert -100 < indebted.has("ann", "sol") < 0
    with indebted.vm.fails(Error.NotLiquidatable):
        indebted.vm.send(indebted.liquidate("ann", "keeper", 1))


def test_no_new_risks_while_being_liquidated(indebted: Banks) -> None:
    indebted.reprice("12.28")
    indebted.vm.send(indebted.liquidate("ann", "keeper", 10))
    with indebted.vm.fails(Error.BeingLiquidated):
        indebted.vm.send(indebted.withdraw("ann", "usd", 1))


def test_an_account_that_recovers_is_free_again(indebted: Banks) -> None:
    indebted.reprice("12.28")
    indebted.vm.send(indebted.liquidate("ann", "keeper", 10))
    indebted.reprice("10")
    indebted.vm.send(indebted.withdraw("ann", "usd", 1))
    assert not indebted.vm.read("ann_account", MarginAccount).being_liquidated


def test_what_is_owed_beyond_all_is_borne_by_insurance_and_lenders(indebted: Banks) -> None:
    indebted.reprice("20")
    with indebted.vm.fails(Error.NoDeficit):
        indebted.vm.send(indebted.write_off("ann"), payer="admin")
    indebted.vm.send(indebted.liquidate("ann", "keeper", 100))
    # 1,500 usd pay for 68.18 sol at 22
    assert (indebted.has("ann", "usd"), indebted.has("ann", "sol")) == (0, -32)
    state = indebted.bank("sol")
    state.insurance = 12
    indebted.vm.set_account("sol_bank", data=state)
    lent = indebted.has("lender", "sol")
    indebted.vm.send(indebted.write_off("ann"), payer="admin")
    assert indebted.vm.read("ann_account", MarginAccount) == MarginAccount(
        admin="admin", user="ann"
    )
    assert indebted.bank("sol").insurance == 0
    # 20 of 1,931 that are deposited
    assert (lent, indebted.has("lender", "sol")) == (1_000, 989)


def test_there_must_be_a_debt_and_something_to_pay_it_with(indebted: Banks) -> None:
    indebted.open("bare", usd=100)
    indebted.vm.send(indebted.withdraw("bare", "sol", 6))
    indebted.reprice("20")
    turned = perpetuals.liquidate_collateral(
        asset="sol_bank",
        liab="usd_bank",
        asset_totals="sol_sums",
        liab_totals="usd_sums",
        liqee="bare_account",
        liqor="keeper_account",
        liqor_authority="keeper",
        given=GIVEN,
        amount=1,
    )
    with indebted.vm.fails(Error.NothingOwed):
        indebted.vm.send(turned)
    with indebted.vm.fails(Error.SameAccount):
        indebted.vm.send(indebted.liquidate("keeper", "keeper", 1))


def test_room_for_six_tokens(banks: Banks) -> None:
    banks.open("ann", usd=500)
    full = banks.vm.read("ann_account", MarginAccount)
    full.tokens = [full.tokens[0]] * 6
    banks.vm.set_account("ann_account", data=full)
    with banks.vm.fails(Error.NoFreeSlot):
        banks.vm.send(banks.deposit("ann", "sol", 1))


def test_parameters_of_banks_have_bounds(banks: Banks) -> None:
    for wrong in (
        bank_params(fee_bps=9_000, tax_bps=1_001),
        bank_params(util0=2, util1=1),
        bank_params(maint_asset_weight=WAD + 1),
        bank_params(maint_liab_weight=WAD - 1),
    ):
        with banks.vm.fails(Error.InvalidParameter):
            banks.vm.send(perpetuals.configure_bank(bank="usd_bank", admin="admin", params=wrong))
    with banks.vm.fails(Error.NotAdmin):
        banks.vm.send(perpetuals.configure_bank(bank="usd_bank", admin="ann", params=bank_params()))
