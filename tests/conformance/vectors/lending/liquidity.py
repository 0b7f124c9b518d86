"""Compound's getHypotheticalAccountLiquidity: an obligation's standing after a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sealane.programs.library.lending import LiquidationRule, Reserve, lending
from sealane.testing import Vm

from ....programs.library.lending.bank import Bank
from ..rows import Played, Row
from .numbers import COMPOUND, or_error, priced, wad


def hypothetical(vm: Vm, row: Row) -> Played:
    """One user, in all markets of the row that do not say otherwise."""
    bank = Bank(vm, quote_decimals=0, rule=LiquidationRule.Incentive)
    markets: list[Mapping[str, Any]] = row.inputs.get("markets", [])
    for place, market in enumerate(markets):
        _open(bank, f"m{place}", market)
    entered = [f"m{place}" for place, market in enumerate(markets) if market.get("entered", True)]
    _enter(bank, entered)
    for place, market in enumerate(markets):
        if market.get("entered", True):
            supplied, borrowed = (int(market.get(key, 0)) for key in ("supplied", "borrowed"))
            bank.have("ann", f"m{place}", supplied=supplied, debt=borrowed)

    def played() -> Played:
        name = f"m{int(row.inputs.get('market', 0))}"
        inside = name in entered
        standing = bank.health(
            "ann",
            place=entered.index(name) if inside else 0,
            redeem=int(row.inputs.get("redeem", 0)) if inside else 0,
            borrow=int(row.inputs.get("borrow", 0)) if inside else 0,
        )
        return Played({"liquidity": standing.liquidity, "shortfall": standing.shortfall})

    return or_error(played, COMPOUND)


def _open(bank: Bank, name: str, market: Mapping[str, Any]) -> None:
    factor = wad(market.get("collateral_factor", 0))
    terms = {"loan_to_value": factor, "liquidation_threshold": max(factor, wad("0.9"))}
    price, exponent = priced(market.get("price") or 0)
    bank.open_reserve(
        name, price=price, exponent=exponent, max_liquidation_threshold=wad(1), **terms
    )
    reserve = bank.vm.read(name, Reserve)
    reserve.supply_price = wad(market.get("exchange_rate", 1))
    bank.vm.set_account(name, lamports=1, owner=lending, data=reserve)


def _enter(bank: Bank, names: list[str]) -> None:
    if names:
        bank.open_user("ann", *names)
    else:
        held, bank.reserves = bank.reserves, []
        bank.open_user("ann")
        bank.reserves = held
