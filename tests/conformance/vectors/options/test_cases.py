"""Further cases of Opyn Gamma's suites, in the form of rows.

marginCalculator.test.ts and marginCalculatorNakedMargin.test.ts of commit 841f81d9.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from ..adapters.options import play
from ..compare import mismatches
from ..rows import Row

Option = dict[str, Any]

ONE: Final = 10**8
USDC, WETH, CTOKEN = 10**6, 10**18, 10**8
TUSD, R = 10**27, 10**29
CALCULATOR: Final = "MarginCalculator: "
NOT_LONG: Final = CALCULATOR + "long asset not marginable for short asset"


def put(strike: float, asset: str = "usdc", collateral: str | None = None) -> Option:
    return {
        "underlying": "weth",
        "strike_asset": asset,
        "collateral": collateral or asset,
        "put": True,
        "strike_1e8": int(strike * ONE),
    }


def call(strike: float, asset: str = "weth", collateral: str | None = None) -> Option:
    return {
        "underlying": asset,
        "strike_asset": "usdc",
        "collateral": collateral or asset,
        "put": False,
        "strike_1e8": int(strike * ONE),
    }


def vault(
    short: Any = None,
    shorts: int | None = None,
    long: Any = None,
    longs: int | None = None,
    collateral: int | None = None,
    asset: Any = None,
    **others: Any,
) -> dict[str, Any]:
    """Amounts of options are whole ones; `price` is of weth, and means that options expired."""
    price = others.pop("price", None)
    inputs = {
        "vault_type": 0,
        "short": short,
        "long": long,
        "collateral_asset": asset,
        "short_amount_1e8": None if shorts is None else shorts * ONE,
        "long_amount_1e8": None if longs is None else longs * ONE,
        "collateral_amount": collateral if collateral is None else str(collateral),
        "expired": price is not None,
    }
    if price is not None:
        inputs["price_1e8"] = {"weth": price * ONE}
    if asset is None and collateral is not None:
        inputs["collateral_asset"] = (short or long)["collateral"]
    return inputs | others


def matches(inputs: dict[str, Any], expect: dict[str, Any]) -> None:
    row = Row("options", "case", "suite", inputs, expect)
    assert mismatches(row, play(row)) == []


@pytest.mark.parametrize(
    ("inputs", "excess"),
    [
        (vault(put(250), 1, collateral=250 * USDC), 0),
        (vault(put(250), 1, collateral=300 * USDC), 50 * USDC),
        (vault(put(250), 1, collateral=100 * USDC), -150 * USDC),
        (vault(put(250), 1, put(200), 1, 0), -50 * USDC),
        (vault(put(250), 1, put(200), 1, 10 * USDC), -40 * USDC),
        (vault(put(250), 1, put(200), 1, 50 * USDC), 0),
        (vault(put(200), 1, put(100), 2, 0), -100 * USDC),
        (vault(put(200), 1, put(250), 2, 0), 0),
        (vault(put(200), 2, put(250), 1, 0), -150 * USDC),
        (vault(put(200), 3, put(250), 2, 0), -100 * USDC),
        (vault(put(200), 30_000, put(250), 20_000, 3_000_000 * USDC), 2_000_000 * USDC),
        (vault(put(300, "tusd"), 1, collateral=0), -300 * TUSD),
        (vault(put(300, "tusd"), 1), -300 * TUSD),
        (vault(put(300, "rusd"), 1, collateral=0), -300 * R),
        (vault(put(300, "rusd"), 1, collateral=350 * R), 50 * R),
        (vault(call(200), 1, collateral=0), -WETH),
        (vault(call(200), 1, collateral=2 * WETH), WETH),
        (vault(call(200), 1, call(250), 1, 0), -WETH // 5),
        (vault(call(250), 1, call(200), 1, 0), 0),
        (vault(call(250), 3, call(200), 1, 0), -2 * WETH),
        (vault(call(100), 4, call(300), 1, 0), -3 * WETH),
        (vault(call(100), 2, call(200), 1, 0), -WETH),
        (vault(call(300, "reth"), 1, collateral=0), -R),
        (vault(call(300, "reth"), 1, collateral=2 * R), R),
        (vault(call(200), 1, call(0), 1), 0),
    ],
)
def test_vaults_before_expiry(inputs: dict[str, Any], excess: int) -> None:
    matches(inputs, {"is_excess": excess >= 0, "net_value": str(abs(excess))})


def test_collateral_of_another_kind() -> None:
    inputs = vault(put(300, collateral="cusdc"), 1, collateral=0)
    inputs["price_1e8"] = {"usdc": ONE, "cusdc": ONE // 50}
    matches(inputs, {"is_excess": False, "net_value": 15_000 * CTOKEN})


@pytest.mark.parametrize(
    ("strike_1e8", "amount_1e8", "collateral", "needed"),
    [(ONE // 4, 1, 0, 1), (ONE // 4, 1, 1, 0), (150, ONE, 0, 2)],
)
def test_next_to_nothing(strike_1e8: int, amount_1e8: int, collateral: int, needed: int) -> None:
    inputs = vault(put(1) | {"strike_1e8": strike_1e8}, collateral=collateral)
    inputs["short_amount_1e8"] = amount_1e8
    matches(inputs, {"is_excess": not needed, "net_value": needed})


@pytest.mark.parametrize(
    ("inputs", "excess"),
    [
        (vault(put(250), 1, put(200), 1, 50 * USDC, price=150), 0),
        (vault(put(200), 1, put(250), 1, 0, price=150), 50 * USDC),
        (vault(put(200), 1, put(250), 2, 0, price=150), 150 * USDC),
        (vault(put(250), 1, collateral=300 * USDC, price=300), 300 * USDC),
        (vault(put(250), 1, put(200), 1, 50 * USDC, price=300), 50 * USDC),
        (vault(put(200), 1, put(250), 1, 0, price=300), 0),
        (vault(put(200), 1, put(250), 2, 0, price=300), 0),
        (vault(long=put(200), longs=1, price=300), 0),
        (vault(put(200), 1, put(250), 1, 0, price=210), 40 * USDC),
        (vault(put(250), 1, put(200), 1, 50 * USDC, price=210), 10 * USDC),
        (vault(call(200), 1, call(250), 1, WETH // 5, price=150), WETH // 5),
        (vault(call(200), 1, call(250), 2, WETH // 5, price=150), WETH // 5),
        (vault(call(250), 1, call(200), 3, 0, price=150), 0),
        (vault(call(200), 1, collateral=2 * WETH, price=300), 1_666666666666666666),
        (vault(call(200), 1, call(250), 2, WETH // 5, price=300), WETH // 5),
        (vault(call(250), 1, call(200), 1, 0, price=300), 166666666666666666),
        (vault(call(250), 1, call(200), 3, 0, price=300), 833333333333333333),
        (vault(call(250), 1, call(200), 1, 0, price=210), 47619047619047619),
        (vault(call(200), 1, call(250), 1, WETH // 5, price=210), 152380952380952380),
    ],
)
def test_vaults_after_expiry(inputs: dict[str, Any], excess: int) -> None:
    matches(inputs, {"is_excess": True, "net_value": excess})


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        (vault([call(250), put(250)]), "Too many short otokens in the vault"),
        (vault(long=[call(250), put(250)]), "Too many long otokens in the vault"),
        (vault(asset=["usdc", "dai"]), "Too many collateral assets in the vault"),
        (vault(put(250)), "Short asset and amount mismatch"),
        (vault(asset="usdc"), "Collateral asset and amount mismatch"),
        (vault(put(250), 1, put(0) | {"underlying": "dai"}, 1), None),
        (vault(put(250), 1, put(0, "dai", "usdc"), 1), None),
        (vault(put(250), 1, put(0, "usdc", "dai"), 1), None),
        (vault(put(250), 1, put(0) | {"expiry": 1}, 1), None),
        (
            vault(put(200), 1, put(250), 1, vault_type=1),
            "naked margin vault cannot have long otoken",
        ),
        (
            vault(put(200), 1, collateral=10 * USDC, vault_type=1),
            "naked margin vault should have collateral amount greater than dust amount",
        ),
    ],
)
def test_what_is_refused(inputs: dict[str, Any], error: str | None) -> None:
    matches(inputs, {"error": CALCULATOR + error if error else NOT_LONG})


@pytest.mark.parametrize(
    ("option", "spot", "collateral", "excess"),
    [
        (put(100), 150, 16_780_000, 0),
        (put(100), 150, 30 * USDC, 13_220_000),
        (call(2_500), 1_800, WETH * 678 // 10_000, -WETH // 10),
    ],
)
def test_naked_vaults(option: Option, spot: int, collateral: int, excess: int) -> None:
    inputs = vault(option, 1, collateral=collateral, vault_type=1)
    inputs["price_1e8"] = {"weth": spot * ONE}
    matches(inputs, {"is_excess": excess >= 0, "net_value": abs(excess)})


@pytest.mark.parametrize(
    ("is_put", "price", "worth"),
    [(True, 200, 50), (False, 150, 0), (True, 300, 0), (False, 300, 50)],
)
def test_cash_values(is_put: bool, price: int, worth: int) -> None:
    inputs = {
        "op": "expired_cash_value",
        "put": is_put,
        "strike_1e8": 250 * ONE,
        "underlying_price_1e8": price * ONE,
        "strike_asset_price_1e8": ONE,
    }
    matches(inputs, {"cash_value_1e8": worth * ONE})
    early = inputs | {"expired": False}
    matches(early, {"error": CALCULATOR + "Otoken not expired yet"})
