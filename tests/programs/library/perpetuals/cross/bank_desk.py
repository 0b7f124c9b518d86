"""Banks and margin accounts put straight into a chain."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sealane import Pubkey
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.perpetuals import NOBODY, WAD, Bank, BankParams, MarginAccount
from sealane.programs.library.perpetuals.cross.state import (
    INDEXED_UNIT,
    ORDERS_MAX,
    TOKENS_MAX,
    TRADERS_MAX,
    Reservation,
    TokenPosition,
)
from sealane.testing import Vm

from ..desk import EXPONENT

PRICE_UNIT = 10 ** (18 + EXPONENT)


def bank_params(**changes: Any) -> BankParams:
    """A token that counts in full, without interest or fees."""
    values: dict[str, Any] = {
        "price_age_max_s": 60,
        "init_asset_weight": WAD,
        "init_liab_weight": WAD,
        "maint_asset_weight": WAD,
        "maint_liab_weight": WAD,
    }
    return BankParams(**values | changes)


def indexed(amount: int) -> int:
    """An amount of tokens, indexed where the index is 1."""
    return amount * INDEXED_UNIT


def put_feed(vm: Vm, name: str, price: str | int) -> None:
    value = Fraction(price) / Fraction(10) ** EXPONENT
    assert value.denominator == 1, f"a price of {price} has too many decimals"
    data = Feed(
        authority="publisher",
        price=value.numerator,
        exponent=EXPONENT,
        published_at=vm.clock.unix_timestamp,
        status=FeedStatus.Trading,
    )
    vm.set_account(name, data=data)


def put_bank(
    vm: Vm,
    name: str,
    price: str | int = 1,
    *,
    deposits: int = 0,
    borrows: int = 0,
    potential: int = 0,
    mint: str | None = None,
    **changes: Any,
) -> None:
    """A bank of `NAME_mint`, with its feed `NAME_feed`."""
    put_feed(vm, f"{name}_feed", price)
    state = Bank(
        **bank_params(**changes).values(),
        admin="admin",
        mint=mint or f"{name}_mint",
        feed=f"{name}_feed",
        totals=f"{name}_sums",
        price_exponent=EXPONENT,
        price_unit=PRICE_UNIT,
        deposit_index=WAD,
        borrow_index=WAD,
        deposits=indexed(deposits),
        borrows=indexed(borrows),
        potential=potential,
    )
    vm.set_account(name, data=state)


def put_margin_account(
    vm: Vm,
    name: str,
    tokens: dict[str, int],
    orders: list[Reservation] | None = None,
    traders: list[str] | None = None,
) -> None:
    """An account of the user of that name, with tokens by bank."""
    held = [TokenPosition(bank=bank, indexed=indexed(amount)) for bank, amount in tokens.items()]
    resting, places = orders or [], [Pubkey.of(trader) for trader in traders or []]
    state = MarginAccount(
        admin="admin",
        user=name,
        operator=NOBODY,
        tokens=held + [TokenPosition()] * (TOKENS_MAX - len(held)),
        orders=resting + [Reservation()] * (ORDERS_MAX - len(resting)),
        traders=places + [NOBODY] * (TRADERS_MAX - len(places)),
    )
    vm.set_account(f"{name}_account", data=state)


def set_time(vm: Vm, now_s: int) -> None:
    vm.clock = replace(vm.clock, unix_timestamp=now_s)
