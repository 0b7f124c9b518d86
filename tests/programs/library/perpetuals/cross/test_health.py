"""The health of margin accounts: the constellations of Mango v4's test_health1, by its formulas.

Tokens 1, 2 and 3 cost 1, 5 and 10, weighted 0.8 and 1.2, 0.5 and 1.5, 0.5 and 1.5; the market's
base costs 5, in lots of 10, weighted 0.8 and 1.2, and a gain in it 0.95.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from sealane.programs.library.perpetuals import WAD, HealthKind, PerpetualsError, perpetuals
from sealane.programs.library.perpetuals.cross.quotes import figures
from sealane.programs.library.perpetuals.cross.state import Reservation
from sealane.testing import Vm

from ..desk import Desk, wad
from .bank_desk import put_bank, put_margin_account

LOT = 50  # the value of a lot
WEIGHTS = {"bank1": ("0.8", "1.2"), "bank2": ("0.5", "1.5"), "bank3": ("0.5", "1.5")}
PRICES = {"bank1": 1, "bank2": 5, "bank3": 10}
NEAR = Fraction(1, 10**12)


class Case(NamedTuple):
    expected: Fraction | int
    tokens: tuple[int, int, int] = (0, 0, 0)
    perp: tuple[int, int, int, int] = (0, 0, 0, 0)
    oo2: tuple[int, int] = (0, 0)
    oo3: tuple[int, int] = (0, 0)
    ask2: str = "0"
    bid3: str = "0"
    banks: tuple[dict[str, int], ...] = ({}, {}, {})


CASES = {
    "bids execute": Case(
        Fraction(8, 10) * (100 + 20 + 15 * 5 + 10 * LOT * Fraction(8, 10) - 131 - 7 * LOT)
        - 10 * 5 * Fraction(3, 2),
        (100, -10, 0),
        (3, -131, 7, 11),
        (20, 15),
    ),
    "asks execute": Case(
        Fraction(12, 10) * (-100 - 21 * LOT * Fraction(12, 10) - 131 + 11 * LOT)
        + (50 + 20 + 75) * Fraction(1, 2),
        (-100, 10, 0),
        (-10, -131, 7, 11),
        (20, 15),
    ),
    "a gain is weighted": Case(
        Fraction(8, 10) * Fraction(95, 100) * (100 - Fraction(12, 10) * LOT), perp=(-1, 100, 0, 0)
    ),
    "a loss is not": Case(Fraction(12, 10) * (-100 + Fraction(8, 10) * LOT), perp=(1, -100, 0, 0)),
    "a larger gain": Case(
        Fraction(8, 10) * Fraction(95, 100) * (100 + Fraction(8, 10) * 10 * LOT),
        perp=(10, 100, 0, 0),
    ),
    "a gain in spite of costs": Case(
        Fraction(8, 10) * Fraction(95, 100) * (-100 + Fraction(8, 10) * 30 * LOT),
        perp=(30, -100, 0, 0),
    ),
    "orders at rest": Case(
        -120 - 75 - 150 + 6 * Fraction(12, 10) + 11 * Fraction(12, 10),
        (-100, -10, -10),
        oo2=(1, 1),
        oo3=(1, 1),
    ),
    "orders that pay off a debt": Case(
        -14 * Fraction(12, 10) - 75 - 150 + 11 * Fraction(12, 10) + 6 * Fraction(8, 10),
        (-14, -10, -10),
        oo2=(1, 1),
        oo3=(1, 1),
    ),
    "orders into another token": Case(
        -120 - 750 - 15 + 10 * Fraction(3, 2) + 10 * Fraction(1, 2), (-100, -100, -1), oo3=(10, 1)
    ),
    "one market turns another": Case(
        -120 - 750 - 15 + 80 * Fraction(12, 10) + 20 * Fraction(8, 10) + 20 * Fraction(8, 10),
        (-100, -100, -1),
        oo2=(100, 0),
        oo3=(10, 1),
    ),
    "deposits beyond the limit": Case(
        80 + 250 * Fraction(5000, 7500) + 500 * Fraction(1, 10),
        (100, 100, 100),
        banks=(
            {"deposits": 100, "deposit_scale_start": 1_000},
            {"deposits": 1_500, "deposit_scale_start": 5_000},
            {"deposits": 10_000, "deposit_scale_start": 10_000},
        ),
    ),
    "borrows beyond the limit": Case(
        -120 - 750 * Fraction(7500, 5000) - 1500 * 10,
        (-100, -100, -100),
        banks=(
            {"borrows": 100, "borrow_scale_start": 1_000},
            {"borrows": 1_500, "borrow_scale_start": 5_000},
            {"borrows": 10_000, "borrow_scale_start": 10_000},
        ),
    ),
    "a gain pays off a debt": Case(
        Fraction(8, 10) * (-100 + Fraction(95, 100) * (100 + Fraction(8, 10) * LOT)),
        (-100, 0, 0),
        (1, 100, 0, 0),
    ),
    "a loss is paid by a deposit": Case(
        Fraction(12, 10) * (-Fraction(12, 10) * LOT), (100, 0, 0), (-1, -100, 0, 0)
    ),
    "extreme prices of orders": Case(
        -120 - 75 + 4 * Fraction(12, 10) + (Fraction(11, 12) + 1) * 5,
        (-100, -10, 0),
        oo2=(1, 1),
        oo3=(11, 1),
        ask2="3",
        bid3="12",
    ),
    "extreme prices beyond the oracle's": Case(
        -120 - 75 + 6 * Fraction(12, 10) + (Fraction(11, 10) + 1) * 5,
        (-100, -10, 0),
        oo2=(1, 1),
        oo3=(11, 1),
        ask2="6",
        bid3="9",
    ),
    "orders and deposits": Case(
        80 + 250 + 500 + 250 + 500, (100, 100, 100), oo2=(0, 100), oo3=(0, 100)
    ),
    "what orders may bring counts for the limit": Case(
        80 + 500 * Fraction(1, 2) + 1000 * Fraction(5, 7),
        (100, 100, 100),
        oo2=(0, 100),
        oo3=(0, 100),
        banks=(
            {},
            {"deposits": 100, "deposit_scale_start": 500, "potential": 100},
            {"deposits": 600, "deposit_scale_start": 5_000, "potential": 100},
        ),
    ),
}


def put_case(vm: Vm, case: Case) -> list[str]:
    """Put the case in place; the accounts that the health depends on."""
    desk = Desk(
        vm,
        5,
        init_asset_weight=wad("0.8"),
        init_liab_weight=wad("1.2"),
        init_overall_weight=wad("0.95"),
        maint_asset_weight=wad("0.9"),
        maint_liab_weight=wad("1.1"),
        maint_overall_weight=wad("0.98"),
    )
    base, quote, bids, asks = case.perp
    desk.open("ann", quote, base * 10)
    trader = desk.trader("ann")
    trader.bids, trader.asks = bids * 10, asks * 10
    vm.set_account("ann_btc", data=trader)
    for (name, (asset, liab)), more in zip(WEIGHTS.items(), case.banks, strict=True):
        weights = {"init_asset_weight": wad(asset), "init_liab_weight": wad(liab)}
        mint = "usd" if name == "bank1" else f"{name}_mint"
        put_bank(vm, name, PRICES[name], mint=mint, **weights | more)
    put_margin_account(
        vm,
        "ann",
        dict(zip(WEIGHTS, case.tokens, strict=True)),
        _orders(case),
        ["ann_btc"],
    )
    feeds = [f"{name}_feed" for name in WEIGHTS]
    return [*WEIGHTS, *feeds, "ann_btc", "btc", "btc_feed"]


def _orders(case: Case) -> list[Reservation]:
    (quote2, base2), (quote3, base3) = case.oo2, case.oo3
    return [
        Reservation(
            base_bank="bank2",
            quote_bank="bank1",
            base=base2,
            quote=quote2,
            lowest_ask=wad(case.ask2),
        ),
        Reservation(
            base_bank="bank3",
            quote_bank="bank1",
            base=base3,
            quote=quote3,
            highest_bid=wad(case.bid3),
        ),
    ]


def health(vm: Vm, given: list[str], kind: HealthKind = HealthKind.Init) -> Fraction:
    call = perpetuals.health(account="ann_account", given=given, kind=kind)
    returned = vm.send(call, payer="ann").return_data
    assert returned is not None
    return Fraction(figures(returned)[0], WAD)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_initial_health(vm: Vm, case: Case) -> None:
    given = put_case(vm, case)
    expected = Fraction(case.expected)
    # Rounded down, by less than the smallest unit for each product.
    assert expected - NEAR < health(vm, given) <= expected


def test_the_three_kinds_have_their_weights_and_prices(vm: Vm) -> None:
    put_bank(
        vm,
        "bank1",
        10,
        init_asset_weight=wad("0.5"),
        maint_asset_weight=wad("0.75"),
        stable_price=wad(8),
        deposits=1_000,
        deposit_scale_start=5_000,
    )
    put_margin_account(vm, "ann", {"bank1": 100})
    found = [health(vm, ["bank1", "bank1_feed"], kind) for kind in HealthKind]
    assert found == [200, 750, 500]  # half of the weight is left, at 8; at 10; at 10


def test_all_that_health_depends_on_must_be_given(vm: Vm) -> None:
    given = put_case(vm, CASES["bids execute"])
    for missing in given:
        fewer: list[Any] = [name for name in given if name != missing]
        with vm.fails(PerpetualsError.WrongAccounts):
            health(vm, fewer)
