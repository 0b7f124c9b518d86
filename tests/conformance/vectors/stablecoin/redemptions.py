"""Rows of Liquity's FeeArithmeticTest: minutes, powers, and the decay of the base rate.

All of them are what `quote_redemption` returns for redemptions that were last used so long ago.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from sealane.programs.library.stablecoin import WAD, RedemptionQuote, Redemptions, stablecoin
from sealane.testing import Vm

from ..rows import Played, Row
from .bank import integer

_MINUTE_FACTOR = 999_037_758_833_783_000


def minutes_passed(row: Row) -> Played:
    """The full minutes in a time."""
    seconds = integer(row.inputs["seconds"])
    return Played({"minutes": _quote(WAD, _MINUTE_FACTOR, seconds).minutes})


def power(row: Row) -> Played:
    """A power: a base rate of 1 that decays by the base for as many minutes as the exponent."""
    base, exponent = integer(row.inputs["base_1e18"]), integer(row.inputs["exponent"])
    found = _quote(WAD, base, 60 * exponent).base_rate
    return Played({"result_1e18": found}, tolerances=_tolerance(row, "tolerance", "result_1e18"))


def decay(row: Row) -> Played:
    """A base rate after a time."""
    initial = Fraction(str(row.inputs["initial"])) * WAD
    factor = integer(row.inputs.get("minute_factor_1e18", _MINUTE_FACTOR))
    found = _quote(int(initial), factor, integer(row.inputs["seconds"])).base_rate
    allowed = _tolerance(row, "tolerance_1e18", "base_rate_1e18")
    return Played({"base_rate_1e18": found}, tolerances=allowed)


def _quote(base_rate: int, minute_factor: int, elapsed_s: int) -> RedemptionQuote:
    with Vm() as vm:
        vm.clock = replace(vm.clock, unix_timestamp=elapsed_s)
        values = Redemptions(base_rate=base_rate, minute_factor=minute_factor, floor=0)
        vm.set_account("redemptions", data=values)
        call = stablecoin.quote_redemption(redemptions="redemptions")
        receipt = vm.send(call, payer="payer")
        assert receipt.return_data is not None
        return RedemptionQuote.decode(receipt.return_data)


def _tolerance(row: Row, given: str, figure: str) -> dict[str, object]:
    tolerance = row.expect.get(given)
    return {} if tolerance is None else {figure: tolerance}
