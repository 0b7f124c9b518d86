"""Rows of pot.t.sol: savings by power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sealane import Instruction
from sealane.programs.library.stablecoin import (
    RAY,
    WAD,
    SavingsAccount,
    SavingsPot,
    SavingsShard,
    stablecoin,
)

from ..rows import Played, Row
from .bank import START_S, Bank, given, integer
from .names import reference_name

_SAVER = "a"
_PLACES = {"pot": "pot", "shard": "savings", "account": "a_savings", "coin_balance": "a_dai"}


def save(row: Row) -> Played:
    """Coins saved over one time, or over several with a new rate each and exits between."""
    inputs = row.inputs
    joined = given(inputs, "join", 100 * WAD)
    bank = _bank(joined * RAY)
    if "wait_before" in inputs or inputs.get("fresh"):
        bank.pass_time(given(inputs, "wait_before", 86_400))
        _drip(bank)
    bank.done(stablecoin.join_savings(**_PLACES, holder=_SAVER, shares=joined))
    single = "steps" not in inputs
    steps = [inputs] if single else inputs["steps"]
    saved: list[int] = []
    exits: list[tuple[int, int]] = []
    for step in steps:
        if "exit" in step:
            _exit(bank, integer(step["exit"]))
            exits.append((bank.coins(_SAVER) // RAY, _shard(bank).shares))
        else:
            _earn(bank, step)
            saved.append(_shard(bank).shares * _pot(bank).index // RAY)
    figures: dict[str, Any] = {
        "pot_dai_wad": saved,
        "pie": bank.vm.read("a_savings", SavingsAccount).shares,
        "dai_wad_after_exits": [coins for coins, _ in exits],
        "Pie_after_exits": [shares for _, shares in exits],
        "vow_sin_wad": bank.treasury.bad_debt // RAY,
        "chi_wad": _pot(bank).index // (RAY // WAD),
        "chi": _pot(bank).index,
        "Pie": _shard(bank).shares,
    }
    if single:
        _exit(bank, given(inputs, "exit_all", joined))
    return Played(figures | {"dai_wad": bank.coins(_SAVER) // RAY})


def join(row: Row) -> Played:
    """Savings with an index of now, or of the day before."""
    shares = given(row.inputs, "join", 100 * WAD)
    bank = _bank(shares * RAY)
    bank.pass_time(86_400)
    if row.inputs.get("rho_is_now", True):
        _drip(bank)
    error = bank.send(stablecoin.join_savings(**_PLACES, holder=_SAVER, shares=shares))
    return _outcome(row, error)


def set_rate(row: Row) -> Played:
    """A new rate with an index of now, or of the second before."""
    bank = _bank(0)
    bank.pass_time(1)
    if row.inputs.get("rho_is_now", True):
        _drip(bank)
    rate = given(row.inputs, "dsr", RAY + 1)
    return _outcome(row, bank.send(_rate(rate)))


def _bank(coins: int) -> Bank:
    bank = Bank({})
    bank.user(_SAVER, coins=coins)
    bank.put("pot", SavingsPot(engine="engine", rate=RAY, index=RAY, updated_at=START_S))
    bank.put("savings", SavingsShard(pot="pot", index=RAY))
    bank.put("a_savings", SavingsAccount(shard="savings", holder=_SAVER))
    return bank


def _earn(bank: Bank, step: Mapping[str, Any]) -> None:
    bank.done(_rate(given(step, "dsr", RAY)))
    bank.pass_time(integer(step.get("seconds", 0)))
    _drip(bank)


def _exit(bank: Bank, shares: int) -> None:
    bank.done(stablecoin.exit_savings(**_PLACES, holder=_SAVER, shares=shares))


def _drip(bank: Bank) -> None:
    bank.done(
        stablecoin.drip_savings(engine="engine", pot="pot"),
        stablecoin.settle_savings(engine="engine", pot="pot", shard="savings", treasury="vow"),
    )


def _rate(rate: int) -> Instruction:
    return stablecoin.set_savings_rate(engine="engine", pot="pot", admin="admin", rate=rate)


def _pot(bank: Bank) -> SavingsPot:
    return bank.vm.read("pot", SavingsPot)


def _shard(bank: Bank) -> SavingsShard:
    return bank.vm.read("savings", SavingsShard)


def _outcome(row: Row, error: str | None) -> Played:
    if error is None:
        return Played({"ok": True})
    return Played({"error": reference_name(error, row.expect.get("error")), "ok": False})
