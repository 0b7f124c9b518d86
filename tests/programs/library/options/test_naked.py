"""Vaults with naked margin: what they need, and how they are sold."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from sealane.programs.library.options import OptionsError as Error
from sealane.programs.library.options import Product, options
from sealane.programs.library.options.rules.fixed_point import ONE, OPTION
from sealane.programs.library.options.rules.naked import AUCTION_S, debt_price
from sealane.programs.library.token import TokenError

from .desk import AUTHORITY, STARTING, USD, Desk, margin_params

FEED: Final[dict[str, Any]] = {"related": ["weth_feed"]}
# Spot 150, a put at 200: 0.1678 * 112.5 + (200 - 112.5)
NEEDED: Final = 106_377_500


def written(naked: Desk, collateral: int = NEEDED) -> None:
    naked.open_vault("ann", margined=True)
    naked.vm.send(naked.write("ann", OPTION, collateral, **FEED))
    naked.give("ann", "ben", OPTION)


def start(desk: Desk, **changes: str) -> None:
    values = {"product": "product", "series": "series_200", "vault": "ann_vault"}
    desk.vm.send(options.start_auction(**values | {"underlying_feed": "weth_feed"} | changes))


def liquidate(desk: Desk, amount: int, collateral_min: int = 0) -> None:
    desk.vm.send(
        options.liquidate(
            product="product",
            series="series_200",
            vault="ann_vault",
            source="ben_200",
            stock="stock1_200",
            pool="pool0",
            destination="ben_money",
            authority=AUTHORITY,
            liquidator="ben",
            amount=amount,
            collateral_min=collateral_min,
        )
    )


def fall(naked: Desk, price: int = 100) -> None:
    naked.vm.advance(seconds=10)
    naked.set_price(price)


def test_what_is_needed(naked: Desk) -> None:
    naked.open_vault("ann", margined=True)
    with naked.vm.fails(Error.Undercollateralized):
        naked.vm.send(naked.write("ann", OPTION, NEEDED - 1, **FEED))
    with naked.vm.fails(Error.BelowDust):
        naked.vm.send(naked.write("ann", OPTION, USD, **FEED))
    naked.vm.send(naked.write("ann", OPTION, NEEDED, **FEED))
    with naked.vm.fails(Error.NakedLong):
        naked.vm.send(naked.deposit_long("ann", 1, 250, ["series_200"]))
    naked.vm.send(naked.buy_back("ann", OPTION))
    naked.vm.send(naked.withdraw("ann", NEEDED))


def test_bounds_must_be_known(naked: Desk) -> None:
    quote = options.quote_margin(product="product", amount=1, strike=1, spot=1, left_s=20_001)
    with naked.vm.fails(Error.NoUpperBound):
        naked.vm.send(quote)
    bare = naked.vm.read("product", Product)
    bare.times_s = [0] * 8
    naked.vm.set_account("bare", owner=options, data=bare)
    call = options.quote_margin(product="bare", amount=1, strike=1, spot=1, left_s=1)
    with naked.vm.fails(Error.NoExpiryValues):
        naked.vm.send(call)
    naked.configure(times_s=[10, 8_999, *[0] * 6], bounds=[ONE, ONE, *[0] * 6])
    naked.open_vault("ann", margined=True)
    with naked.vm.fails(Error.NoUpperBound):
        naked.vm.send(naked.write("ann", OPTION, NEEDED, **FEED))
    naked.vm.advance(seconds=1)
    naked.vm.send(naked.write("ann", OPTION, 2 * NEEDED, **FEED))


def test_a_vault_with_too_little_is_auctioned(naked: Desk) -> None:
    written(naked)
    with naked.vm.fails(Error.PriceBeforeUpdate):
        start(naked)
    fall(naked, 150)
    with naked.vm.fails(Error.NotLiquidatable):
        start(naked)
    with naked.vm.fails(Error.NoAuction):
        liquidate(naked, 1)
    fall(naked)
    start(naked)
    with naked.vm.fails(Error.InsufficientCollateral):
        liquidate(naked, OPTION, 95 * USD + 1)
    liquidate(naked, OPTION // 2)  # at what it is worth, 100, less 5% of 100
    assert naked.held("ben_money") == STARTING + 47_500_000
    naked.vm.advance(seconds=AUCTION_S)
    with naked.vm.fails(Error.InsufficientShort):
        liquidate(naked, OPTION)
    with naked.vm.fails(Error.DustLeft):
        liquidate(naked, OPTION // 2 - 1)
    liquidate(naked, OPTION // 2)
    assert naked.held("ben_money") == STARTING + NEEDED
    assert naked.vault("ann").collateral == 0


def test_collateral_in_time_ends_it(naked: Desk) -> None:
    written(naked)
    fall(naked)
    start(naked)
    naked.vm.send(naked.deposit("ann", 200 * USD))
    with naked.vm.fails(Error.NotLiquidatable):
        liquidate(naked, 1)
    naked.vm.send(naked.withdraw("ann", 0, ["weth_feed"]))
    with naked.vm.fails(Error.NoAuction):
        liquidate(naked, 1)


def test_only_margined_vaults_are_auctioned(naked: Desk) -> None:
    naked.open_vault("ann")
    naked.vm.send(naked.write("ann", OPTION, 200 * USD))
    with naked.vm.fails(Error.NotMargined):
        start(naked)
    naked.open_vault("cat", margined=True)
    with naked.vm.fails(Error.WrongSeries):
        start(naked, vault="cat_vault")


def test_a_hole_is_left_to_who_fills_it(naked: Desk) -> None:
    written(naked)
    naked.expire(50)
    with naked.vm.fails(Error.Undercollateralized):
        naked.vm.send(naked.settle("ann"))
    with naked.vm.fails(TokenError.InsufficientFunds):
        naked.vm.send(naked.redeem("ben", OPTION))
    naked.vm.send(naked.redeem("ben", OPTION // 2))


def test_the_price_of_an_auction_of_calls() -> None:
    sold = (ONE, ONE, 100 * ONE, 200 * ONE, ONE // 10)  # worth 100 at 200, 10% may be wrong
    prices = [debt_price(False, *sold, elapsed_s=s) for s in (0, AUCTION_S // 2, AUCTION_S)]
    assert [price * 100 // ONE for price in prices] == [40, 70, 100]


@given(st.booleans(), *[st.integers(1, 10**6)] * 4, st.integers(0, ONE), st.integers(0, AUCTION_S))
def test_an_auction_sells_what_there_is_and_gets_no_dearer(
    is_put: bool, collateral: int, debt: int, cash: int, spot: int, deviation: int, elapsed_s: int
) -> None:
    held, owed, worth, price = (value * ONE // 1_000 for value in (collateral, debt, cash, spot))
    before, after = (
        debt_price(is_put, held, owed, worth, price, deviation, s) for s in (elapsed_s, AUCTION_S)
    )
    assert 0 <= before <= after
    assert after * owed // ONE <= held


def test_margin_is_the_admins_to_set(naked: Desk) -> None:
    none = [0] * 7
    call = options.configure_margin
    with naked.vm.fails(Error.NotAdmin):
        naked.vm.send(call(product="product", admin="ann", params=margin_params()))
    for changes in (
        {"spot_shock": 0},
        {"times_s": [0, *none]},
        {"times_s": [9, 8, *none[1:]], "bounds": [1, 1, *none[1:]]},
        {"times_s": [0, 8, *none[1:]], "bounds": [1, 1, *none[1:]]},
        {"bounds": [0, *none]},
    ):
        with naked.vm.fails(Error.InvalidParameter):
            naked.configure(**changes)
