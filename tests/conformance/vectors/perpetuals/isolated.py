"""Cases of dYdX v1: a market, isolated accounts, their funding, their liquidation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sealane import Instruction
from sealane.programs.library.perpetuals import WAD, perpetuals
from sealane.testing import Vm

from ....programs.library.perpetuals.desk import Desk, wad
from ..rows import CannotPlay, Played, Row

ERRORS: Final = {
    "NoPositiveValue": "account is undercollateralized and has no positive value",
    "PositionIncreased": "account is undercollateralized and absolute position size increased",
    "PositionFlipped": "account is undercollateralized and position changed signs",
    "NewlyUndercollateralized": "account is undercollateralized and was not previously",
    "CollateralizationDecreased": "account is undercollateralized and collateralization decreased",
    "NotCollateralized": "account not collateralized",
    "NotLiquidator": "Sender is not a global operator",
    "NotUndercollateralized": "Cannot liquidate since maker is not undercollateralized",
    "MakerTooSmall": "allOrNothing is set and maker position is less than amount",
    "TakerTooSmall": "allOrNothing is set and taker position is less than amount",
    "WrongSide": "liquidation must not increase maker's position size",
    "NothingPositive": "Cannot liquidate when maker position and margin are both negative",
    "NotUnderwater": "Cannot deleverage since maker is not underwater",
    "WrongTakerSide": "Taker position has wrong sign to deleverage this maker",
    "NotMarked": "Cannot deleverage since account is not marked",
    "TimelockRunning": (
        "Cannot deleverage since account has not been marked for the timelock period"
    ),
    "NotFundingProvider": "The funding rate can only be set by the funding rate provider",
}
_DELEVERAGING_ERRORS: Final = {"WrongSide": "deleveraging must not increase maker's position size"}
# The reference's funder gives funding by the period, ours a rate by the second: long enough that
# a rate of 18 decimals can say it.
_PERIODS_S: Final = (1_000, 100, 10, 1)
_RATE_MAX: Final = WAD * 75 // 10_000 // 28_800
_STEP_MAX: Final = _RATE_MAX * 2 // 2_700
_HOUR_S: Final = 3_600
_START_PRICE: Final = 100
_RICH: Final = 10**18


def take_over(vm: Vm, row: Row) -> Played:
    """Liquidate or deleverage, after what happened before at the price of the suite's start."""
    inputs = row.inputs
    names = [name for name in ("long", "short") if name in inputs]
    desk = Desk(vm, _START_PRICE, min_collateral=wad(inputs.get("min_collateral", "1.1")))
    for name in names:
        desk.open(name, inputs[name]["margin"], inputs[name]["position"])
    for step in inputs.get("before", []):
        for name in (step.get("who"), step.get("from"), step.get("to")):
            if name is not None and name not in names:
                names.append(name)
                desk.open(name)
        vm.send(_before(desk, step))
    desk.set_price(inputs["oracle_price"])
    error = _error(vm, _taking(desk, inputs), inputs["op"])
    if error is not None:
        return Played({"error": error})
    balances = {name: desk.balance(name) for name in names}
    margin = {name: balance[0] for name, balance in balances.items()}
    position = {name: balance[1] for name, balance in balances.items()}
    return Played({"margin": margin, "position": position, "ok": True})


def index(vm: Vm, row: Row) -> Played:
    """The index after each period, at the period's price and funding."""
    updates = row.inputs["updates"]
    desk = Desk(vm, updates[0]["price"])
    after: list[Fraction] = []
    for update in updates:
        desk.set_price(update["price"])
        _accrue(desk, update["funding"])
        after.append(Fraction(_index_now(vm), WAD))
    return Played({"index_after": after, "index": after[-1]})


def settle(vm: Vm, row: Row) -> Played:
    """Settle accounts after periods of funding; each step is one, or as many as it says."""
    inputs = row.inputs
    desk = Desk(vm, inputs["price"])
    names = list(inputs["accounts"])
    for name, (margin, position) in inputs["accounts"].items():
        desk.open(name, margin, position)
    figures: dict[str, Any] = {"margin_after": []}
    for number, step in enumerate(inputs["steps"]):
        for _ in range(step.get("times", 1)):
            _accrue(desk, step["funding"])
            vm.send(desk.settle(step["settle"]))
        margins = {name: desk.balance(name)[0] for name in names}
        figures["margin_after"].append(margins)
        figures |= {f"margin_{name}_after_step_{number}": margins[name] for name in names}
    figures["margin"] = {name: desk.balance(name)[0] for name in names}
    figures["position"] = {name: desk.balance(name)[1] for name in names}
    figures["contract_surplus"] = desk.held("vault") - sum(figures["margin"].values())
    return Played(figures)


def funding(vm: Vm, row: Row) -> Played:
    """What a rate comes to after a time: the index at a price of one."""
    desk = _bounded(vm)
    desk.accrue(wad(row.inputs["rate_per_second"]), row.inputs["seconds"])
    return Played({"funding": Fraction(_index_now(vm), WAD)})


def set_funding_rate(vm: Vm, row: Row) -> Played:
    """Set a rate, by whoever the row says; the rate in force is bounded."""
    inputs = row.inputs
    desk = _bounded(vm)
    caller = inputs.get("caller", "provider")
    if (old := _first(inputs, "old_rate", "previous_rate", "initial_rate", "from")) is not None:
        desk.accrue(wad(old), _first(inputs, "seconds", "elapsed_seconds", "elapsed") or _HOUR_S)
    call = perpetuals.set_funding_rate(
        market="btc",
        feed="btc_feed",
        provider="provider" if "provider" in str(caller) else caller,
        rate=wad(_first(inputs, "rate", "new_rate", "funding_rate") or 0),
    )
    error = _error(vm, call, "set_funding_rate")
    if error is not None:
        return Played({"error": error})
    rate = Fraction(desk.market.funding_rate, WAD)
    return Played({"ok": True} | dict.fromkeys(("rate", "funding_rate", "bounded_rate"), rate))


def verify_final_balance(vm: Vm, row: Row) -> Played:
    """Bring an account from one state to another by a trade with a rich one."""
    inputs = row.inputs
    before, after = inputs["initial"], inputs["final"]
    desk = Desk(vm, inputs["oracle_price"], min_collateral=wad(inputs["min_collateral"]))
    desk.open("risky", before["margin"], before["position"])
    desk.open("rich", _RICH)
    size = after["position"] - before["position"]
    cost = before["margin"] - after["margin"]
    error = _error(vm, desk.trade("risky", "rich", size, cost), "trade")
    if error is not None:
        return Played({"error": error})
    assert desk.balance("risky") == (after["margin"], after["position"])
    return Played({"ok": True})


def _taking(desk: Desk, inputs: Mapping[str, Any]) -> Instruction:
    maker = inputs["maker"]
    taker = inputs.get("taker", "short" if maker == "long" else "long")
    flags = {key: inputs[key] for key in ("is_buy", "all_or_nothing", "sender") if key in inputs}
    call = desk.liquidate if inputs["op"] == "liquidate" else desk.deleverage
    return call(maker, taker, inputs["amount"], **flags)


def _before(desk: Desk, step: Mapping[str, Any]) -> Instruction:
    who, other = step["who"], str(step.get("from") or step.get("to"))
    if "deposit" in step:
        return desk.deposit(who, step["deposit"])
    if "withdraw" in step:
        return desk.withdraw(who, step["withdraw"])
    if "buy" in step:
        return desk.trade(who, other, step["buy"], step["cost"])
    if "sell" in step:
        return desk.trade(who, other, -step["sell"], -step["cost"])
    raise CannotPlay(f"no such step: {dict(step)}")


def _bounded(vm: Vm) -> Desk:
    """A market at a price of one, with the bounds of the reference, whose rate is an hour old."""
    desk = Desk(vm, 1, funding_rate_max=_RATE_MAX, funding_step_max=_STEP_MAX)
    vm.advance(seconds=_HOUR_S)
    desk.reprice()
    return desk


def _accrue(desk: Desk, amount: str) -> None:
    due = wad(amount)
    seconds = next(period for period in _PERIODS_S if due % period == 0)
    desk.accrue(due // seconds, seconds)


def _index_now(vm: Vm) -> int:
    receipt = vm.send(perpetuals.funding_index(market="btc"), payer="admin")
    assert receipt.return_data is not None
    return int.from_bytes(receipt.return_data, "little", signed=True)


def _first(inputs: Mapping[str, Any], *names: str) -> Any:
    return next((inputs[name] for name in names if name in inputs), None)


def _error(vm: Vm, call: Instruction, operation: str) -> str | None:
    """The reference's name for what fails the call; None if nothing does."""
    failure = vm.try_send(call).error
    if failure is None:
        return None
    names = ERRORS | (_DELEVERAGING_ERRORS if operation == "deleverage" else {})
    return names.get(failure.name, f"ours: {failure.name}")
