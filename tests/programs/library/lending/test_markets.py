"""Terms that are refused, who may set them, and what the protocol may take."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.lending import LendingError, LiquidationRule, Reserve, Totals, lending
from sealane.testing import Vm

from .bank import PERCENT, WAD, Bank, market_terms, rates, terms

CONTRADICTIONS: list[dict[str, Any]] = [
    {"reserve_factor": WAD + 1},
    {"host_part": WAD + 1},
    {"protocol_seize_share": WAD + 1},
    {"borrow_fee": WAD},
    {"flash_loan_fee": WAD},
    {"loan_to_value": 81 * PERCENT},
    {"liquidation_threshold": 91 * PERCENT},
    {"max_liquidation_threshold": WAD + 1},
    {"liquidation_bonus": 11 * PERCENT},
    {"protocol_liquidation_fee": 15 * PERCENT + 1},
    {"rates": rates(blocks_per_year=0)},
    {"isolated_debt": True},
]


@pytest.mark.parametrize("changes", CONTRADICTIONS, ids=lambda changes: next(iter(changes)))
def test_terms_that_contradict_each_other(vm: Vm, changes: dict[str, Any]) -> None:
    bank = Bank(vm)
    with vm.fails(LendingError.InvalidConfig):
        bank.open_reserve("usd", **changes)


def test_a_market_whose_close_factor_is_above_one(vm: Vm) -> None:
    bank = Bank(vm)
    bank.put("other", 100)
    call = lending.initialize_market(
        market="other", authority="governor", config=market_terms(close_factor=WAD + 1)
    )
    with vm.fails(LendingError.InvalidConfig):
        vm.send(call)


def test_an_incentive_may_be_higher_than_a_bonus(vm: Vm) -> None:
    bank = Bank(vm, rule=LiquidationRule.Incentive)
    bank.open_reserve("usd", liquidation_bonus=30 * PERCENT, max_liquidation_bonus=30 * PERCENT)


def test_nothing_is_set_up_twice(bank: Bank) -> None:
    calls = (
        lending.initialize_market(market="bank", authority="eve", config=market_terms()),
        bank.reserve_call("usd", terms()),
        lending.initialize_obligation(market="bank", obligation="ann_loans", owner="eve"),
        lending.initialize_position(
            obligation="ann_loans", reserve="usd", position="ann_usd", owner="ann"
        ),
    )
    for call in calls:
        with bank.vm.fails("AccountAlreadyInitialized"):
            bank.vm.send(call)


def configure(authority: str, market: str = "bank", **changes: Any) -> Any:
    return lending.configure_reserve(
        market=market,
        reserve="usd",
        totals="usd_totals",
        authority=authority,
        config=terms(**changes),
    )


def test_new_terms_hold_from_now_on(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 10_000), bank.supply("ben", "gold", 10_000))
    bank.vm.send(bank.borrow("ben", "usd", 5_000))
    bank.vm.advance(slots=1_000)
    bank.vm.send(configure("governor", rates=rates(base=0, multiplier=0)))
    assert bank.reserve("usd").borrow_index == 115 * PERCENT
    bank.vm.advance(slots=1_000)
    bank.vm.send(bank.refresh("usd"))
    assert bank.reserve("usd").borrow_index == 115 * PERCENT


def test_only_the_authority_of_the_market_sets_terms(bank: Bank) -> None:
    vm = bank.vm
    bank.put("other", 100)
    other = lending.initialize_market(market="other", authority="ann", config=market_terms())
    vm.send(other)
    with vm.fails(LendingError.WrongAuthority):
        vm.send(configure("ann"))
    with vm.fails(LendingError.WrongMarket):
        vm.send(configure("ann", market="other"))
    marked = lending.mark_closeable(
        market="bank", obligation="ben_loans", authority="ann", closeable=True
    )
    with vm.fails(LendingError.WrongAuthority):
        vm.send(marked)
    bank.put("eur", Reserve.layout_size)
    bank.put("eur_totals", Totals.layout_size)
    with vm.fails(LendingError.WrongAuthority):
        call = lending.initialize_reserve(
            market="bank",
            reserve="eur",
            totals="eur_totals",
            mint="usd_mint",
            feed="usd_feed",
            authority="ann",
            config=terms(),
        )
        vm.send(call)


def collection(bank: Bank, authority: str = "governor") -> Any:
    return lending.collect_reserves(
        market="bank",
        reserve="usd",
        totals="usd_totals",
        vault="usd_vault",
        destination="treasury",
        vault_authority=bank.authority("usd"),
        authority=authority,
    )


def test_the_protocol_collects_whole_tokens(bank: Bank) -> None:
    bank.tokens("treasury", "usd", owner="governor")
    with bank.vm.fails(LendingError.NothingToCollect):
        bank.vm.send(collection(bank))
    bank.vm.send(bank.supply("ann", "usd", 10_000), bank.supply("ben", "gold", 10_000))
    bank.vm.send(bank.borrow("ben", "usd", 5_000))
    bank.vm.advance(slots=993)
    with bank.vm.fails(LendingError.WrongAuthority):
        bank.vm.send(collection(bank, "ann"))
    bank.vm.send(collection(bank))
    assert bank.amount("treasury") == 74
    assert 0 < bank.totals("usd").reserves < WAD
    assert bank.totals("usd").cash == bank.amount("usd_vault") == 5_000 - 74


def test_a_position_is_of_its_owner_and_market(bank: Bank) -> None:
    bank.put("extra", 200)
    call = lending.initialize_position(
        obligation="ann_loans", reserve="usd", position="extra", owner="ben"
    )
    with bank.vm.fails(LendingError.WrongAuthority):
        bank.vm.send(call)
    for owner, error in (("ben", LendingError.WrongAuthority), ("ann", LendingError.WrongMarket)):
        enter = lending.enter(obligation="ben_loans", position="ann_usd", owner=owner)
        with bank.vm.fails(error):
            bank.vm.send(enter)


def test_a_rate_can_be_asked_for(bank: Bank) -> None:
    call = lending.quote_rates(reserve="usd", cash=20, borrows=80, reserves=0)
    data = bank.vm.send(call).return_data or b""
    assert int.from_bytes(data[:16], "little") == 21 * PERCENT // 1_000
    with bank.vm.fails(LendingError.MathOverflow):
        bank.vm.send(lending.quote_rates(reserve="usd", cash=0, borrows=1, reserves=2))
