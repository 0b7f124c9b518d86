"""Naked margin: `getNakedMarginRequired`."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sealane.programs.library.options import BOUNDS_MAX, MarginParams, Product, options
from sealane.programs.library.options.rules.fixed_point import ONE, OPTION, scale_of
from sealane.testing import Vm

from ..rows import Played, Row
from .references import DECIMALS, error_of

_DAY_S: Final = 60 * 24  # as the reference's suite counts
_DUST: Final = {"usdc": 10 * 10**6, "weth": 10**16}


def quoted(vm: Vm, row: Row) -> Played:
    """Ask the program."""
    inputs = row.inputs
    is_put = bool(inputs["put"])
    collateral = str(inputs.get("collateral", "usdc" if is_put else "weth"))
    decimals = DECIMALS[collateral]
    left_s = int(inputs["days_to_expiry"]) * _DAY_S
    scale = scale_of(decimals)
    terms = terms_of(inputs, collateral, left_s)
    product = Product(
        **terms.values(), is_put=is_put, margined=True, unit=scale.unit, shrink=scale.shrink
    )
    vm.set_account("product", owner=options, data=product)
    amounts = {
        "amount": _scaled(inputs["short_amount"], OPTION),
        "strike": _scaled(inputs["strike"], OPTION),
        "spot": _scaled(inputs["spot"], OPTION),
    }
    receipt = vm.try_send(options.quote_margin(product="product", left_s=left_s, **amounts))
    error = error_of(receipt)
    if error is not None:
        return Played({"error": error})
    units = int.from_bytes(receipt.return_data or b"", "little")
    margin = Fraction(units, 10**decimals)
    near = "literal_within_0.1"
    return Played({"required_margin": margin, near: margin}, tolerances={near: Fraction(1, 10)})


def terms_of(inputs: Mapping[str, Any], collateral: str, left_s: int) -> MarginParams:
    """The margin terms of a case; what it leaves out is as in the reference's suite."""
    dust = next((inputs[key] for key in inputs if "dust" in key), _DUST.get(collateral, 0))
    none = [0] * (BOUNDS_MAX - 1)
    return MarginParams(
        spot_shock=_scaled(inputs.get("spot_shock", "0.75"), ONE),
        deviation=0,
        dust=int(dust),
        times_s=[left_s, *none],
        bounds=[_scaled(inputs.get("upper_bound", "0.1678"), ONE), *none],
    )


def _scaled(value: Any, unit: int) -> int:
    scaled = Fraction(str(value)) * unit
    assert scaled.denominator == 1, f"{value} has too many decimals"
    return scaled.numerator
