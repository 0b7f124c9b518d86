"""Anybody may make banks and markets, with feeds of their own: they must not count elsewhere.

mal is the admin of `fake_bank` and of `btc`, and the publisher of their feeds.
"""

from __future__ import annotations

import pytest

from sealane import Instruction
from sealane.programs.library.perpetuals import Bank, BankTotals, MarginAccount, perpetuals
from sealane.programs.library.perpetuals import PerpetualsError as Error
from sealane.programs.library.token import Mint
from sealane.testing import Vm

from ..desk import Desk
from .bank_desk import bank_params, put_feed
from .banks import GIVEN, Banks

ALL = [*GIVEN, "fake_bank", "fake_feed"]


def fake_bank(banks: Banks) -> None:
    vm = banks.vm
    vm.set_account("fake", owner="token", data=Mint(is_initialized=True, decimals=6))
    put_feed(vm, "fake_feed", 1_000_000)
    for name, layout in (("fake_bank", Bank), ("fake_sums", BankTotals)):
        vm.set_account(name, owner=perpetuals, data=bytes(layout.layout_size))
    made = perpetuals.initialize_bank(
        bank="fake_bank",
        totals="fake_sums",
        mint="fake",
        feed="fake_feed",
        admin="mal",
        params=bank_params(),
    )
    vm.send(made)
    banks.tokens("fake_vault", "fake", banks.bank("fake").authority)


@pytest.fixture
def banks(vm: Vm) -> Banks:
    made = Banks(vm)
    made.open("lender", sol=1_000)
    fake_bank(made)
    return made


def test_worthless_tokens_back_no_loans(banks: Banks) -> None:
    banks.open("mal")
    with banks.vm.fails(Error.ForeignAdmin, account="fake_bank"):
        banks.vm.send(banks.deposit("mal", "fake", 1_000))
    with banks.vm.fails(Error.HealthTooLow):
        banks.vm.send(banks.withdraw("mal", "sol", 1_000, given=ALL))


def test_nobody_pays_in_what_the_owner_would_need_the_price_of(banks: Banks) -> None:
    banks.open("ann", usd=500)
    banks.tokens("mal_fake", "fake", "mal", 1)
    gift = perpetuals.deposit_collateral(
        bank="fake_bank",
        totals="fake_sums",
        account="ann_account",
        source="mal_fake",
        vault="fake_vault",
        payer="mal",
        amount=1,
    )
    with banks.vm.fails(Error.ForeignAdmin):
        banks.vm.send(gift)
    banks.vm.send(banks.withdraw("ann", "usd", 500))


def test_an_account_chooses_whom_it_trusts(banks: Banks) -> None:
    vm = banks.vm
    vm.set_account("mal_account", owner=perpetuals, data=bytes(MarginAccount.layout_size))
    vm.send(perpetuals.open_margin_account(account="mal_account", admin="mal", owner="mal"))
    vm.send(banks.deposit("mal", "fake", 1_000))
    with vm.fails(Error.ForeignAdmin, account="sol_bank"):
        vm.send(banks.withdraw("mal", "sol", 1, given=ALL))


def bind(owner: str) -> Instruction:
    given = [*GIVEN, f"{owner}_account", f"{owner}_btc", "btc", "btc_feed"]
    return perpetuals.bind(
        account=f"{owner}_account", trader=f"{owner}_btc", owner=owner, given=given
    )


def test_gains_in_a_market_of_ones_own_back_nothing(vm: Vm) -> None:
    desk = Desk(vm)
    market = desk.market
    market.admin = vm.key("mal")
    vm.set_account("btc", data=market)
    banks = Banks(vm)
    desk.reprice()
    banks.open("mal", usd=1)
    desk.open("mal", margin=0, position=1_000_000)
    with vm.fails(Error.ForeignAdmin, account="btc"):
        vm.send(bind("mal"))
