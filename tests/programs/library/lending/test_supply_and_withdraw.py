"""Supplying, taking back, and what a share is worth in between."""

from __future__ import annotations

import pytest

from sealane.programs.library.lending import LendingError, lending

from .bank import ALL, WAD, Bank


def test_what_is_supplied_can_be_taken_back(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 1_000))
    assert bank.position("ann", "usd").supply_shares == 1_000
    assert (bank.amount("usd_vault"), bank.amount("ann_usd_tokens")) == (1_000, 99_000)
    bank.vm.send(bank.withdraw("ann", "usd", 400))
    bank.vm.send(bank.withdraw_amount("ann", "usd", 100))
    assert bank.position("ann", "usd").supply_shares == 500
    bank.vm.send(bank.withdraw("ann", "usd"))
    assert (bank.amount("usd_vault"), bank.amount("ann_usd_tokens")) == (0, 100_000)
    assert (bank.totals("usd").cash, bank.totals("usd").supply_shares) == (0, 0)


def test_supplies_only_add_to_the_sums(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 1_000))
    assert not bank.vm.touched.over_declared


def test_a_supplier_earns_what_borrowers_pay_less_the_protocols_part(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 10_000))
    bank.vm.send(bank.supply("ben", "gold", 1_000))
    bank.vm.send(bank.borrow("ben", "usd", 5_000))
    bank.vm.advance(slots=1_000)
    bank.vm.send(bank.refresh("usd"))
    # 5% + 20% × a half = 15% of 5,000 in a year; a tenth of it is the protocol's.
    assert bank.totals("usd").reserves == 75 * WAD
    assert bank.reserve("usd").supply_price == 10_675 * WAD // 10_000
    bank.vm.send(bank.repay("ben", "usd"))
    assert bank.amount("ben_usd_tokens") == 100_000 - 750
    bank.vm.send(bank.withdraw("ann", "usd"))
    assert bank.amount("ann_usd_tokens") == 100_000 + 675
    totals = bank.totals("usd")
    assert (totals.cash, totals.reserves) == (75, 75 * WAD)
    assert (totals.supply_shares, totals.debt_shares) == (0, 0)


def test_shares_cost_what_they_may_be_worth_by_now(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 10_000))
    bank.vm.send(bank.supply("ben", "gold", 1_000))
    bank.vm.send(bank.borrow("ben", "usd", 5_000))
    bank.vm.advance(slots=1_000)
    bank.vm.send(bank.supply("cat", "usd", 10_675))
    assert bank.position("cat", "usd").supply_shares == 9_999  # the price is a bound, rounded up
    bank.vm.send(bank.refresh("usd"), bank.supply("cat", "usd", 10_675))
    assert bank.position("cat", "usd").supply_shares in (9_999 + 9_999, 9_999 + 10_000)


def test_any_account_of_the_authority_is_a_vault(bank: Bank) -> None:
    bank.tokens("usd_vault_2", "usd", owner=bank.authority("usd"))
    bank.vm.send(bank.supply("ann", "usd", 10, vault="usd_vault_2"))
    bank.vm.send(bank.supply("ben", "usd", 5))
    assert (bank.amount("usd_vault"), bank.amount("usd_vault_2")) == (5, 10)
    with bank.vm.fails("token.InsufficientFunds"):
        bank.vm.send(bank.withdraw("ann", "usd"))
    move = lending.move_cash(
        reserve="usd",
        source_vault="usd_vault_2",
        target_vault="usd_vault",
        vault_authority=bank.authority("usd"),
        amount=10,
    )
    bank.vm.send(move, bank.withdraw("ann", "usd"))
    assert bank.amount("usd_vault") == 5


def test_no_other_account_is_a_vault(bank: Bank) -> None:
    for vault in ("ben_usd_tokens", "gold_vault", "ben"):
        with bank.vm.fails(LendingError.WrongVault):
            bank.vm.send(bank.supply("ann", "usd", 10, vault=vault))


def test_supplies_that_are_refused(bank: Bank) -> None:
    with bank.vm.fails(LendingError.TooLittle):
        bank.vm.send(bank.supply("ann", "usd", 0))
    with bank.vm.fails(LendingError.WrongAuthority):
        bank.vm.send(bank.supply("ann", "usd", 5, owner="ben"))


def test_withdrawals_that_are_refused(bank: Bank) -> None:
    bank.vm.send(bank.supply("ann", "usd", 100), bank.supply("ben", "gold", 1_000))
    with bank.vm.fails(LendingError.NotEnoughShares):
        bank.vm.send(bank.withdraw("ann", "usd", 101))
    for call in (bank.withdraw("cat", "usd"), bank.withdraw_amount("ann", "usd", 0)):
        with bank.vm.fails(LendingError.AmountIsZero):
            bank.vm.send(call)
    bank.vm.send(bank.borrow("ben", "usd", 60))
    with bank.vm.fails(LendingError.NotEnoughCash):
        bank.vm.send(bank.withdraw("ann", "usd"))
    with bank.vm.fails(LendingError.WithdrawTooLarge):
        bank.vm.send(bank.withdraw("ben", "gold"))


@pytest.mark.parametrize("changed", ["totals", "position"])
def test_accounts_of_another_reserve(bank: Bank, changed: str) -> None:
    wrong = {"totals": "gold_totals", "position": "ann_gold"}[changed]
    bank.vm.send(bank.supply("ann", "usd", 10))
    with bank.vm.fails(LendingError.WrongReserve):
        bank.vm.send(bank.withdraw("ann", "usd", ALL, **{changed: wrong}))
