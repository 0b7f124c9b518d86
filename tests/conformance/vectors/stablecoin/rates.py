"""Rows of jug.t.sol and of FoldTest: stability fees by power, and what the treasury gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sealane.programs.library.stablecoin import RAY, WAD, stablecoin

from ..rows import Played, Row
from .bank import Bank, given, integer
from .names import reference_name

_COLLECT = {"engine": "engine", "collateral_type": "gold", "shard": "shard", "treasury": "vow"}


def drip(row: Row) -> Played:
    """A fee over one time, or over several with a new fee each."""
    inputs = row.inputs
    bank = _bank(inputs)
    steps = inputs.get("steps", [inputs])
    incomes: list[int] = []
    for step in steps:
        if "duty" in step and step is not inputs:
            _set_fee(bank, integer(step["duty"]))
        bank.pass_time(integer(step.get("seconds", 0)))
        _drip(bank)
        incomes.append(bank.treasury.coins // RAY)
    rate, debt = bank.gold.rate, bank.shard.normalized_debt
    return Played(
        {
            "vow_dai_wad": incomes if "steps" in inputs else incomes[-1],
            "vow_dai": bank.treasury.coins,
            "debt_wad": debt * rate // RAY,
            "debt": debt * rate,
            "rate": rate,
            "rate_wad": rate // (RAY // WAD),
            "rho_is_now": bank.gold.updated_at == bank.vm.clock.unix_timestamp,
        }
    )


def fold(row: Row) -> Played:
    """A rise of the rate, here by the fee of one second."""
    rise = next(integer(row.inputs[key]) for key in ("fold", "rise", "delta") if key in row.inputs)
    bank = _bank(row.inputs)
    _set_fee(bank, RAY + rise)
    bank.pass_time(1)
    _drip(bank)
    tab = bank.shard.normalized_debt * bank.gold.rate
    return Played({"tab": tab, "dai": bank.treasury.coins, "rate": bank.gold.rate})


def power(row: Row) -> Played:
    """A power of a ray: what a rate of 1 becomes after as many seconds."""
    inputs = row.inputs
    base = next(integer(inputs[key]) for key in ("x", "base_ray", "base") if key in inputs)
    exponent = next(integer(inputs[key]) for key in ("n", "exponent") if key in inputs)
    bank = Bank({"duty": base})
    bank.pass_time(exponent)
    _drip(bank)
    result = bank.gold.rate
    figures: dict[str, Any] = {"result": result, "result_ray": result}
    figures |= {"result_1e27": result, "result_div_1e17": result // 10**17}
    tolerance = row.expect.get("tolerance", 0)
    return Played(figures, tolerances=dict.fromkeys(figures, tolerance))


def set_fee(row: Row) -> Played:
    """A new fee, in the second of the last update or later."""
    bank = _bank(row.inputs)
    bank.pass_time(1)
    if row.inputs.get("rho_is_now", row.inputs.get("dripped")):
        _drip(bank)
    error = bank.send(_fee(given(row.inputs, "duty", 1)))
    if error is None:
        return Played({"ok": True})
    return Played({"error": reference_name(error, row.expect.get("error")), "ok": False})


def _bank(inputs: Mapping[str, Any]) -> Bank:
    bank = Bank(inputs)
    bank.user("a", debt=given(inputs, "art", 100 * WAD))
    treasury = bank.treasury
    before = ("vow_dai_wad", "vow_dai_before_wad", "vow_dai_initial_wad", "initial_vow_dai_wad")
    treasury.coins = sum(given(inputs, key, 0) for key in before) * RAY
    treasury.coins += given(inputs, "vow_dai", 0)
    shrinks = given(inputs, "duty", RAY) + given(inputs, "base", 0) < RAY
    if shrinks and treasury.coins == 0:
        # The suite then moves what was drawn to the treasury first.
        treasury.coins = bank.shard.normalized_debt * RAY
    bank.put("vow", treasury)
    return bank


def _drip(bank: Bank) -> None:
    update = stablecoin.drip(engine="engine", collateral_type="gold")
    bank.done(update, stablecoin.collect_fees(**_COLLECT))


def _fee(fee: int) -> Any:
    return stablecoin.set_fee(engine="engine", collateral_type="gold", admin="admin", fee=fee)


def _set_fee(bank: Bank, fee: int) -> None:
    bank.done(_fee(fee))
