"""Names that Opyn Gamma has for what the program refuses, and the tokens of its suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sealane import Receipt
from sealane.primitives import ProgramFailure

DECIMALS: Final = {
    "usdc": 6,
    "dai": 8,
    "weth": 18,
    "cusdc": 8,
    "ceth": 8,
    "rusd": 29,
    "reth": 29,
    "tusd": 27,
}
DOLLAR: Final = 10**8  # what a token costs that a case gives no price of

_ERRORS: Final = {
    "NotFinal": "price at expiry not finalized yet",
    "NotExpired": "Otoken not expired yet",
    "TooManyShorts": "Too many short otokens in the vault",
    "TooManyLongs": "Too many long otokens in the vault",
    "TooManyCollaterals": "Too many collateral assets in the vault",
    "ShortMismatch": "Short asset and amount mismatch",
    "LongMismatch": "Long asset and amount mismatch",
    "CollateralMismatch": "Collateral asset and amount mismatch",
    "LongNotMarginable": "long asset not marginable for short asset",
    "CollateralNotMarginable": "collateral asset not marginable for short asset",
    "NakedLong": "naked margin vault cannot have long otoken",
    "BelowDust": "naked margin vault should have collateral amount greater than dust amount",
    "NoExpiryValues": "product have no expiry values",
    "NoUpperBound": "product have no upper bound value",
}


def reference_name(failure: ProgramFailure) -> str:
    """The reference's name of a failure."""
    return _named(failure.error.name)


def error_of(receipt: Receipt) -> str | None:
    """The reference's name of what a transaction failed with; None if it succeeded."""
    if receipt.error is None:
        return None
    own = receipt.error.program == "options"
    return _named(receipt.error.name) if own else f"the runtime's {receipt.error.name}"


def price_in(inputs: Mapping[str, Any], asset: str) -> int:
    """The price of a token in a case, with 8 decimals."""
    prices: dict[str, Any] = inputs.get("price_1e8") or {}
    return int(prices.get(asset, DOLLAR))


def _named(name: str) -> str:
    return f"MarginCalculator: {_ERRORS[name]}" if name in _ERRORS else f"our {name}"
