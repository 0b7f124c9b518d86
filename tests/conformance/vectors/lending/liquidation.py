"""Solend's calculate_bonus and calculate_liquidation, and what Compound's liquidateBorrow refuses.

Obligations have the values that a row names: one debt, one collateral, prices that fit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from sealane.programs.library.lending import LiquidationRule, lending
from sealane.testing import Vm

from ....programs.library.lending.bank import ALL, PERCENT, Bank, figures
from ..rows import CannotPlay, Played, Row
from .numbers import WAD, or_error, percent, priced, wad

_SUPPLIED: Final = 10**9  # worth this much, so that each line is an exact part of it


def bonus(vm: Vm, row: Row) -> Played:
    """Solend's calculate_bonus."""
    given = row.inputs
    lines = [
        wad(Fraction(given[key]) / _SUPPLIED)
        for key in ("unhealthy_borrow_value", "super_unhealthy_borrow_value")
    ]
    bank = Bank(vm)
    bank.open_reserve("usd")
    bank.open_reserve("gold")
    # Some of the suite's terms could not be set by an instruction, there as here.
    bank.set_terms(
        "gold",
        loan_to_value=0,
        liquidation_threshold=lines[0],
        max_liquidation_threshold=lines[1],
        liquidation_bonus=percent(given["liquidation_bonus_pct"]),
        max_liquidation_bonus=percent(given["max_liquidation_bonus_pct"]),
        protocol_liquidation_fee=wad(Fraction(given["protocol_liquidation_fee_decipct"]) / 1_000),
    )
    bank.open_user("ben")
    bank.have("ben", "usd", debt=int(given["borrowed_value"]))
    bank.have("ben", "gold", supplied=_SUPPLIED)
    if given.get("closeable"):
        mark = lending.mark_closeable(
            market="bank", obligation="ben_loans", authority="governor", closeable=True
        )
        vm.send(mark)
    return or_error(lambda: _bonus(bank), {})


def amounts(vm: Vm, row: Row) -> Played:
    """Solend's calculate_liquidation."""
    given = row.inputs
    if Fraction(given["obligation_borrowed_value"]) != Fraction(given["borrow_market_value"]):
        raise CannotPlay("an obligation with other debts")
    bank = Bank(vm, close_factor=percent(given.get("close_factor_pct", 20)))
    _open_valued(bank, "usd", given["borrow_amount"], given["borrow_market_value"], {})
    _open_valued(bank, "gold", given["deposit_amount"], given["deposit_market_value"], _terms(row))
    for user in ("ben", "cat"):
        bank.open_user(user, amount=int(given["borrow_amount"]))
    bank.have("ben", "usd", debt=int(given["borrow_amount"]))
    bank.have("ben", "gold", supplied=int(given["deposit_amount"]))
    amount = int(given.get("amount_to_liquidate", ALL))

    def played() -> Played:
        event = bank.liquidated("cat", "ben", "usd", "gold", amount)
        return Played(
            {
                "settle_amount": Fraction(event.settled, WAD),
                "repay_amount": event.repaid,
                "withdraw_amount": event.seized,
            }
        )

    return or_error(played, {})


def refusal(vm: Vm, row: Row) -> Played:
    """A condition under which Compound's liquidateBorrow reverts."""
    condition = str(row.inputs["condition"])
    name, reference = _refused(condition)
    bank = Bank(vm, rule=LiquidationRule.Incentive, close_factor=WAD // 2)
    bank.open_reserve("usd")
    bank.open_reserve("gold", seizure_paused=name == "SeizurePaused")
    for user in ("ben", "cat"):
        bank.open_user(user, amount=1_000)
    bank.have("ben", "gold", supplied=1_000)
    bank.have("ben", "usd", debt=100 if name == "ObligationHealthy" else 900)
    vm.advance(slots=1)
    by = "ben" if name == "SelfLiquidation" else "cat"
    amount = {"AmountIsZero": 0, "TooMuchRepaid": ALL}.get(name, 10)
    changes = {"debt_totals": "gold_totals"} if name == "WrongReserve" else {}
    stale = {"DebtNotFresh": "usd", "CollateralNotFresh": "gold"}.get(name)
    fresh = [bank.refresh(reserve) for reserve in ("usd", "gold") if reserve != stale]
    if name == "PriceInvalid":
        bank.set_price("gold", 0)
    if name == "SeizureTooLarge":
        bank.set_price("usd", 10**6)
    if name == "ArithmeticOverflow":
        position = bank.position("cat", "gold")
        position.supply_shares = ALL
        vm.set_account("cat_gold", lamports=1, owner=lending, data=position)
    call = bank.liquidate(by, "ben", "usd", "gold", amount, **changes)

    def played() -> Played:
        vm.send(*fresh, call)
        return Played({"error": None})

    return or_error(played, {name: reference})


# The first whose words all occur in a row's condition: our error, Compound's.
_CONDITIONS: Final = (
    (("collateral", "fresh"), "CollateralNotFresh", "LiquidateCollateralFreshnessCheck"),
    (("fresh",), "DebtNotFresh", "LiquidateFreshnessCheck"),
    (("overflow",), "ArithmeticOverflow", "revert"),
    (("balance",), "SeizureTooLarge", "revert"),
    (("max",), "TooMuchRepaid", "LiquidateCloseAmountIsUintMax"),
    (("zero",), "AmountIsZero", "LiquidateCloseAmountIsZero"),
    (("-0",), "AmountIsZero", "LiquidateCloseAmountIsZero"),
    (("liquidator", "borrower"), "SelfLiquidation", "LiquidateLiquidatorIsBorrower"),
    (("same",), "SelfLiquidation", "LiquidateLiquidatorIsBorrower"),
    (("self",), "SelfLiquidation", "LiquidateLiquidatorIsBorrower"),
    (("calculat",), "PriceInvalid", "LIQUIDATE_COMPTROLLER_CALCULATE_AMOUNT_SEIZE_FAILED"),
    (("seize",), "SeizurePaused", "LiquidateSeizeComptrollerRejection"),
    (("repay",), "WrongReserve", "RepayBorrowComptrollerRejection"),
    (("comptroller",), "ObligationHealthy", "LiquidateComptrollerRejection"),
)


def _refused(condition: str) -> tuple[str, str]:
    for words, error, reference in _CONDITIONS:
        if all(word in condition for word in words):
            return error, reference
    raise CannotPlay(f"no such condition: {condition!r}")


def _terms(row: Row) -> dict[str, Any]:
    """Below the line, with both lines alike: the bonus is the least."""
    given = row.inputs
    line = Fraction(given["borrow_market_value"]) / Fraction(given["deposit_market_value"])
    threshold = min(wad(line), WAD)
    fee = percent(given["protocol_fee_pct"])
    extra = percent(given["total_bonus_pct"]) - fee
    return {
        "loan_to_value": 0,
        "liquidation_threshold": threshold,
        "max_liquidation_threshold": threshold,
        "liquidation_bonus": extra,
        "max_liquidation_bonus": extra,
        "protocol_liquidation_fee": fee,
    }


def _open_valued(bank: Bank, name: str, amount: Any, value: Any, terms: dict[str, Any]) -> None:
    price, exponent = priced(Fraction(value) / int(amount))
    bank.open_reserve(name, price=price, exponent=exponent, **terms)


def _bonus(bank: Bank) -> Played:
    quote = lending.quote_bonus(
        market="bank",
        obligation="ben_loans",
        collateral_reserve="gold",
        entered=bank.entries("ben"),
    )
    total, protocol = figures(bank.vm.send(quote).return_data)
    return Played(
        {
            "total_bonus_pct": Fraction(total, PERCENT),
            "protocol_fee_pct": Fraction(protocol, PERCENT),
        }
    )
