"""What expired options are worth: `getExpiredCashValue` and `getExpiredPayoutRate`."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from sealane.programs.library.options import Expiry, PayoutQuote, Series, options
from sealane.programs.library.options.rules.fixed_point import FROM_8, scale_of
from sealane.testing import Vm

from ..rows import Played, Row
from .references import DECIMALS, DOLLAR, error_of

_NOW_S: Final = 1_000
_STRIKE: Final = 250 * 10**8  # of the options of the suite


def quoted(vm: Vm, row: Row) -> Played:
    """Ask the program."""
    inputs = row.inputs
    vm.advance(seconds=_NOW_S)
    final = inputs.get("underlying_final", True) and inputs.get("strike_asset_final", True)
    strike_price = int(inputs.get("strike_asset_price_1e8", DOLLAR))
    expiry = Expiry(
        final=bool(final),
        underlying_price=int(inputs.get("underlying_price_1e8", DOLLAR)),
        strike_price=strike_price,
        collateral_price=strike_price,
    )
    scale = scale_of(DECIMALS["usdc"])
    series = Series(
        expiry="expiry",
        is_put=bool(inputs.get("put", False)),
        strike=int(inputs.get("strike_1e8", _STRIKE)),
        expires_at=_NOW_S - 1 if inputs.get("expired", True) else _NOW_S + 1_000,
        unit=scale.unit,
        shrink=scale.shrink,
    )
    vm.set_account("expiry", owner=options, data=expiry)
    vm.set_account("series", owner=options, data=series)
    receipt = vm.try_send(options.quote_payout(expiry="expiry", series="series"))
    error = error_of(receipt)
    if error is not None:
        return Played({"error": error})
    quote = PayoutQuote.decode(receipt.return_data or b"")
    worth = Fraction(quote.cash_value, FROM_8)
    return Played({"cash_value_1e8": worth, "payout_rate": quote.rate})
