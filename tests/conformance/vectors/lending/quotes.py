"""Rates, fees and seizures, as the program's read-only instructions return them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sealane.programs.library.lending import LiquidationRule, RateKind, Reserve, lending
from sealane.testing import Vm

from ....programs.library.lending.bank import Bank, figures, rates
from ..rows import Played, Row
from .numbers import COMPOUND, WAD, or_error, percent, wad, word

# Three roundings of a number with 18 decimals; the suite allows 1e7.
_RATE_TOLERANCE: Final = Fraction(3, WAD)
# The suite's own function has this kink and jump by default, for whichever model.
_KINK, _JUMP = "0.9", "5"
# harnessExchangeRateDetails of the suite: 4e10 borrowed, 8e10 shares.
_EXCHANGE_RATE: Final = WAD // 2


def borrow_rate(vm: Vm, row: Row) -> Played:
    """Compound's getBorrowRate."""
    bank, given = Bank(vm), row.inputs
    bank.open_reserve("usd", rates=_model(given))
    cash, borrows, reserves = _sums(given)
    call = lending.quote_rates(reserve="usd", cash=cash, borrows=borrows, reserves=reserves)
    return or_error(lambda: _rate(vm.send(call).return_data, row), COMPOUND)


def fees(vm: Vm, row: Row) -> Played:
    """SPL's calculate_borrow_fees and calculate_flash_loan_fees."""
    bank, given = Bank(vm), row.inputs
    bank.open_reserve(
        "usd",
        borrow_fee=int(given.get("borrow_fee_wad", 0)),
        flash_loan_fee=int(given.get("flash_loan_fee_wad", 0)),
        host_part=percent(given.get("host_fee_pct", 0)),
    )
    call = lending.quote_fee(
        reserve="usd",
        amount=int(given["amount"]),
        flash="flash" in str(given["op"]),
        included=given.get("mode") == "inclusive",
        with_host=True,
    )

    def played() -> Played:
        total, host = figures(vm.send(call).return_data)
        return Played({"total_fee": total, "host_fee": host, "origination_fee": total - host})

    return or_error(played, {})


def protocol_fee(vm: Vm, row: Row) -> Played:
    """Solend's calculate_protocol_liquidation_fee."""
    bank, given = Bank(vm), row.inputs
    total, part = percent(given["total_bonus_pct"]), percent(given["protocol_fee_pct"])
    terms = {"liquidation_bonus": total - part, "protocol_liquidation_fee": part}
    bank.open_reserve("gold", max_liquidation_bonus=total - part, **terms)
    call = lending.quote_protocol_fee(reserve="gold", seized=int(given["amount_liquidated"]))
    return Played({"fee": figures(vm.send(call).return_data)[0]})


def seized(vm: Vm, row: Row) -> Played:
    """Compound's liquidateCalculateSeizeTokens."""
    given = row.inputs
    bonus = word(given.get("incentive", WAD)) - WAD
    _collateral(vm, word(given.get("exchange_rate", _EXCHANGE_RATE)), liquidation_bonus=bonus)
    call = lending.quote_seizure(
        collateral_reserve="gold",
        repaid=word(given["repay"]),
        borrowed_price=word(given["price_borrowed"]),
        collateral_price=word(given["price_collateral"]),
    )

    def played() -> Played:
        shares = figures(vm.send(call).return_data)[0]
        tolerances = {key: row.expect.get("tolerance", 0) for key in row.expect}
        return Played(
            {"seize_tokens_approx": shares, "seize_tokens": shares}, tolerances=tolerances
        )

    return or_error(played, COMPOUND)


def split(vm: Vm, row: Row) -> Played:
    """Compound's seize: with prices at which as many shares are seized as the row says."""
    given = row.inputs
    exchange_rate = int(given["exchange_rate"])
    share = int(given["protocol_seize_share"])
    _collateral(vm, exchange_rate, liquidation_bonus=0, protocol_seize_share=share)
    call = lending.quote_seizure(
        collateral_reserve="gold",
        repaid=int(given["seize_tokens"]),
        borrowed_price=exchange_rate,
        collateral_price=WAD,
    )
    shares, protocol, liquidator, added = figures(vm.send(call).return_data)
    assert shares == int(given["seize_tokens"])
    return Played(
        {"protocol_tokens": protocol, "liquidator_tokens": liquidator, "reserves_added": added}
    )


def _collateral(vm: Vm, exchange_rate: int, **terms: Any) -> None:
    bank = Bank(vm, rule=LiquidationRule.Incentive)
    most = terms["liquidation_bonus"]
    bank.open_reserve("gold", max_liquidation_bonus=most, protocol_liquidation_fee=0, **terms)
    reserve = vm.read("gold", Reserve)
    reserve.supply_price = exchange_rate
    vm.set_account("gold", lamports=1, owner=lending, data=reserve)


def _model(given: Mapping[str, Any]) -> Any:
    def parameter(name: str, default: str) -> int:
        if f"{name}_pct" in given:
            return word(percent(given[f"{name}_pct"]))
        return word(wad(given.get(name, default)))

    return rates(
        kind=RateKind.Jump,
        base=parameter("base", "0"),
        multiplier=parameter("multiplier", "0"),
        jump=parameter("jump", _JUMP),
        kink=parameter("kink", _KINK),
        blocks_per_year=int(given["blocks_per_year"]),
    )


def _sums(given: Mapping[str, Any]) -> tuple[int, int, int]:
    """Cash, borrows and reserves; for a utilization, those that the suite makes for it."""
    if "utilization_pct" not in given:
        return word(given["cash"]), word(given["borrows"]), word(given.get("reserves", 0))
    used = Fraction(given["utilization_pct"]) / 100
    return (int(WAD / used), WAD, WAD) if used else (0, 0, 0)


def _rate(data: bytes | None, row: Row) -> Played:
    per_block = Fraction(figures(data)[0], WAD)
    per_year = per_block * 100 * int(row.inputs["blocks_per_year"])
    return Played(
        {"rate_per_block": per_block, "rate_per_year_pct": per_year},
        tolerances={
            "rate_per_block": _RATE_TOLERANCE,
            "rate_per_year_pct": row.expect.get("tolerance_pct", 0),
        },
    )
