"""What products and series may be."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Pubkey
from sealane.programs import InstructionErrors
from sealane.programs.library.options import Expiry, Product, Series, VaultPlan, options
from sealane.programs.library.options import OptionsError as Error
from sealane.programs.library.token import Mint
from sealane.testing import Vm

from .desk import EXPIRES_AT, OPTION, USD, Desk, margin_params


def open_series(**changes: Any) -> Any:
    values: dict[str, Any] = {
        "product": "product",
        "expiry": "expiry",
        "series": "new",
        "mint": "new_option",
        "strike": OPTION,
    }
    return options.open_series(**values | changes)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"collateral": "cusdc", "collateral_feed": "cusdc_feed"}, Error.InvalidParameter),
        ({"collateral_feed": "weth_feed"}, Error.WrongFeed),
        ({"underlying": "usdc", "underlying_feed": "usdc_feed"}, Error.InvalidParameter),
    ],
)
def test_products_that_cannot_be(desk: Desk, changes: dict[str, str], error: Error) -> None:
    desk.allot("another", Product)
    with desk.vm.fails(error):
        desk.vm.send(desk.initialization(product="another", **changes))


def test_nothing_is_made_twice(desk: Desk) -> None:
    desk.open_vault("ann")
    calls = [
        desk.initialization(),
        options.open_expiry(product="product", expiry="expiry", at=EXPIRES_AT),
        options.open_vault(product="product", vault="ann_vault", writer="ben", margined=False),
    ]
    for call in calls:
        with desk.vm.fails(InstructionErrors.AccountAlreadyInitialized):
            desk.vm.send(call)


@pytest.mark.parametrize(
    "changes",
    [
        {"mint_authority": Pubkey.of("ann")},
        {"freeze_authority": Pubkey.of("ann")},
        {"decimals": 6},
        {"supply": 1},
    ],
)
def test_a_series_has_a_mint_of_its_own(desk: Desk, changes: dict[str, Any]) -> None:
    desk.allot("new", Series)
    desk.put_option_mint("new_option", "new", **changes)
    with desk.vm.fails(Error.WrongMint):
        desk.vm.send(open_series())


def test_series_that_cannot_be(desk: Desk) -> None:
    desk.allot("new", Series)
    desk.put_option_mint("new_option", "new")
    with desk.vm.fails(Error.InvalidParameter):
        desk.vm.send(open_series(strike=0))
    desk.vm.set_account("elsewhere", owner=options, data=Expiry(product="other", at=EXPIRES_AT))
    with desk.vm.fails(Error.WrongProduct):
        desk.vm.send(open_series(expiry="elsewhere"))
    desk.allot("never", Expiry)
    with desk.vm.fails(Error.InvalidParameter):
        desk.vm.send(options.open_expiry(product="product", expiry="never", at=0))
    desk.vm.advance(seconds=EXPIRES_AT)
    with desk.vm.fails(Error.Expired):
        desk.vm.send(open_series())


def test_collateral_is_no_option_of_the_product(vm: Vm) -> None:
    desk = Desk(vm, margined=True)
    desk.allot("odd", Product)
    desk.put_option_mint("loop", "new")
    feed = {"collateral": "loop", "collateral_feed": "loop_feed"}
    vm.send(desk.initialization(product="odd", margined=True, **feed))
    desk.allot("odd_expiry", Expiry)
    vm.send(options.open_expiry(product="odd", expiry="odd_expiry", at=EXPIRES_AT))
    desk.allot("new", Series)
    assert vm.read("loop", Mint).supply == 0
    with vm.fails(Error.WrongMint):
        vm.send(open_series(product="odd", expiry="odd_expiry", mint="loop"))


def test_another_products_accounts(desk: Desk) -> None:
    desk.open_vault("ann")
    desk.vm.send(desk.write("ann", OPTION, 200 * USD))
    for name, layout in (("expiry", Expiry), ("series_200", Series)):
        state = desk.vm.read(name, layout)
        state.product = Pubkey.of("other")
        desk.vm.set_account(f"foreign_{name}", owner=options, data=state)
    vault = desk.vault("ann")
    vault.product = Pubkey.of("other")
    desk.vm.set_account("foreign_vault", owner=options, data=vault)
    for call in (
        desk.write("ann", 1, 2, series="foreign_series_200"),
        desk.write("ann", 1, 2, vault="foreign_vault"),
        desk.set_prices(expiry="foreign_expiry"),
        desk.redeem("ann", 1, series="foreign_series_200"),
    ):
        with desk.vm.fails(Error.WrongProduct):
            desk.vm.send(call)


def test_a_covered_product_has_no_margin(desk: Desk) -> None:
    call = options.configure_margin(product="product", admin="admin", params=margin_params())
    with desk.vm.fails(Error.NotMargined):
        desk.vm.send(call)


@pytest.mark.parametrize(
    ("counts", "error"),
    [
        ([2, 0, 0, 0, 0, 0], Error.TooManyShorts),
        ([0, 2, 0, 0, 0, 0], Error.TooManyLongs),
        ([0, 0, 2, 0, 0, 0], Error.TooManyCollaterals),
        ([1, 0, 0, 0, 0, 0], Error.ShortMismatch),
        ([0, 1, 0, 0, 0, 0], Error.LongMismatch),
        ([0, 0, 1, 0, 0, 0], Error.CollateralMismatch),
        ([0, 0, 0, 1, 0, 0], Error.MissingAccount),
        ([1, 1, 0, 0, 0, 0], Error.ShortMismatch),
    ],
)
def test_plans_that_are_no_vaults(desk: Desk, counts: list[int], error: Error) -> None:
    related = ["series_200", "series_250"][: sum(counts[:3])]
    plan = VaultPlan(margined=False, counts=counts, amounts=[])
    with desk.vm.fails(error):
        desk.vm.send(
            options.quote_vault(product="product", expiry="expiry", related=related, plan=plan)
        )
