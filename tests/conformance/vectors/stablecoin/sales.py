"""Rows of clip.t.sol: liquidation into auctions at a falling price, purchases and resets.

What a row does not say is as the suite's `takeSetup` has it: a price that falls by 1% a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, cast

from sealane import Instruction
from sealane.programs import ProgramFailure
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    AuctionQuote,
    Curve,
    LiquidationLimit,
    PriceAuction,
    PriceHouse,
    stablecoin,
)
from sealane.programs.library.stablecoin.auctions.liquidation import opening_price

from ..rows import CannotPlay, Played, Row, Way
from .bank import START_S, Bank, given, integer
from .names import reference_name

_PLACES: Final = {"engine": "engine", "collateral_type": "gold", "house": "house"}
_FEED = 4 * RAY  # what the suite's feed tells when the auction starts


def play(row: Row) -> Played:
    """One call, `op`, on a running auction or on an unsafe position."""
    inputs = row.inputs
    if inputs.get("op") == "kick":
        return _kick(row)
    bank = _bank(inputs)
    bank.pass_time(given(inputs, "elapsed", 0))
    quoted = _quoted(bank)
    steps: list[Mapping[str, Any]] = inputs.get("steps", [inputs])
    errors = [_step(bank, inputs, step) for step in steps]
    return Played(quoted | _figures(row, bank, errors))


def _kick(row: Row) -> Played:
    """A start that no position is behind: what the instruction asks of debt and lot."""
    inputs = row.inputs
    debt, lot = given(inputs, "tab", 110 * RAD), given(inputs, "lot", 40 * WAD)
    try:
        top = opening_price(_house(inputs, 0), debt, lot, given(inputs, "feed_price", _FEED))
    except ProgramFailure as failure:
        name = reference_name(failure.error.name, row.expect.get("error"))
        return Played({"error": name} if "error" in row.expect else {"ok": False}, Way.FUNCTIONS)
    return Played({"ok": True, "top": top, "tab": debt, "lot": lot}, Way.FUNCTIONS)


def _quoted(bank: Bank) -> dict[str, Any]:
    """The price before the call, and whether a reset is due (`getStatus`)."""
    if not bank.vm.account("sale").data:
        return {}
    call = stablecoin.quote_auction(house="house", auction="sale")
    receipt = bank.vm.send(call, payer="payer")
    assert receipt.return_data is not None
    quote = AuctionQuote.decode(receipt.return_data)
    return {"price": quote.price, "needs_redo": quote.needs_reset}


def _step(bank: Bank, inputs: Mapping[str, Any], step: Mapping[str, Any]) -> str | None:
    op = step.get("op") or next((name for name in _CALLS if name in step), None)
    if op not in _CALLS:
        raise CannotPlay(f"the op {op!r} of an auction is not known")
    nested = step.get(op)
    step = {**step, **cast("dict[str, Any]", nested)} if isinstance(nested, dict) else step
    if "steps" in inputs:
        bank.pass_time(given(step, "elapsed", given(step, "after_s", 0)))
    return bank.send(_CALLS[op](bank, step))


def _take(bank: Bank, step: Mapping[str, Any]) -> Instruction:
    del bank
    return stablecoin.buy(
        **_PLACES,
        auction=_auction(step),
        coin_balance="taker_dai",
        collateral_balance="taker_gem",
        leftover="owner_gem",
        buyer="taker",
        amount=given(step, "amt", 25 * WAD),
        price_max=given(step, "max", 5 * RAY),
    )


def _redo(bank: Bank, step: Mapping[str, Any]) -> Instruction:
    del bank
    return stablecoin.reset(
        **_PLACES, auction=_auction(step), treasury="vow", keeper="taker_dai", caller="taker"
    )


def _yank(bank: Bank, step: Mapping[str, Any]) -> Instruction:
    del bank
    return stablecoin.cancel_auction(
        **_PLACES, auction=_auction(step), receiver="owner_gem", admin="admin"
    )


def _bark(bank: Bank, step: Mapping[str, Any]) -> Instruction:
    del step
    bank.vm.set_account("sale", owner=stablecoin, data=bytes(PriceAuction.layout_size))
    return stablecoin.liquidate_at_falling_price(
        **_PLACES,
        shard="shard",
        position="owner_urn",
        limits="limits",
        auction="sale",
        treasury="vow",
        keeper="taker_dai",
        caller="taker",
    )


_CALLS: Final = {"take": _take, "redo": _redo, "yank": _yank, "bark": _bark}


def _bank(inputs: Mapping[str, Any]) -> Bank:
    bank = Bank({"line": 10_000 * RAD, "dust": 20 * RAD, "spot": 2 * RAY} | dict(inputs))
    gold = bank.gold
    gold.price = given(inputs, "feed_price", given(inputs, "price", _FEED))
    bank.put("gold", gold)
    sale: Mapping[str, Any] = inputs.get("auction", {})
    ink, art = given(inputs, "ink", 40 * WAD), given(inputs, "art", 100 * WAD)
    bank.user("owner", collateral=ink, debt=art, gems=given(inputs, "owner_gem", 960 * WAD))
    coins = given(inputs, "taker_dai", given(inputs, "keeper_dai", 1_000 * RAD))
    bank.user("taker", gems=given(inputs, "taker_gem", 0), coins=coins)
    used = given(sale, "tab", 0) if sale else given(inputs, "dirt", 0)
    limit = given(inputs, "Hole", 1_000 * RAD)
    bank.put("limits", LiquidationLimit(engine="engine", limit=limit, used=used))
    bank.put("house", _house(inputs, used))
    bank.put("nothing", PriceAuction(house="house", holder="owner"))
    if sale:
        _put_sale(bank, sale)
    return bank


def _house(inputs: Mapping[str, Any], used: int) -> PriceHouse:
    curve, cut, step_s = _curve(inputs)
    penalty = Fraction(str(inputs.get("chop", "1.1"))) * WAD
    if penalty > 1_000 * WAD:
        penalty /= WAD
    return PriceHouse(
        collateral_type="gold",
        limits="limits",
        penalty=int(penalty),
        limit=given(inputs, "hole", 1_000 * RAD),
        used=used,
        markup=given(inputs, "buf", RAY * 5 // 4),
        duration_max_s=given(inputs, "tail", 3_600),
        price_ratio_min=given(inputs, "cusp", RAY * (3 if curve != Curve.Linear else 5) // 10),
        keeper_fee=given(inputs, "tip", 0),
        keeper_share=given(inputs, "chip", 0),
        remainder_min=given(inputs, "chost", 22 * RAD),
        curve=curve,
        cut=cut,
        step_s=step_s,
        auctions=1 if "auction" in inputs else 0,
        stopped=given(inputs, "stopped", 0),
    )


def _curve(inputs: Mapping[str, Any]) -> tuple[Curve, int, int]:
    calc = inputs.get("calc", {})
    settings: dict[str, Any] = dict(inputs) | (calc if isinstance(calc, dict) else {})
    if "tau" in settings:
        return Curve.Linear, RAY, integer(settings["tau"])
    if inputs.get("op") == "redo" and "cut" not in settings:
        return Curve.Linear, RAY, 36_000
    cut = given(settings, "cut", RAY * 99 // 100)
    if "exponential" in str(settings.get("curve", calc)) and "step" not in settings:
        return Curve.Exponential, cut, 0
    return Curve.Stairstep, cut, given(settings, "step", 1)


def _put_sale(bank: Bank, sale: Mapping[str, Any]) -> None:
    auction = PriceAuction(
        house="house",
        number=1,
        running=True,
        holder="owner",
        debt=given(sale, "tab", 0),
        lot=given(sale, "lot", 0),
        started_at=START_S,
        top_price=given(sale, "top", 5 * RAY),
    )
    bank.put("sale", auction)


def _auction(step: Mapping[str, Any]) -> str:
    return "sale" if given(step, "id", 1) == 1 else "nothing"


def _figures(row: Row, bank: Bank, errors: list[str | None]) -> dict[str, Any]:
    expect = row.expect
    failed = next((error for error in errors if error is not None), None)
    if failed is not None and "error" in expect:
        return {"error": reference_name(failed, expect["error"])}
    figures: dict[str, Any] = {
        "ok": failed is None,
        "results": [error is None for error in errors],
        "taker_gem": bank.gems("taker"),
        "taker_dai": bank.coins("taker"),
        "keeper_dai": bank.coins("taker"),
        "owner_gem": bank.gems("owner"),
        "ink": bank.urn("owner").collateral,
        "art": bank.urn("owner").normalized_debt,
        "vow_sin": bank.treasury.bad_debt,
    }
    return figures | _sale_figures(expect, bank)


def _sale_figures(expect: Mapping[str, Any], bank: Bank) -> dict[str, Any]:
    name = "sale" if bank.vm.account("sale").data else "nothing"
    sale = bank.vm.read(name, PriceAuction)
    told = {
        "tab": sale.debt,
        "lot": sale.lot,
        "top": sale.top_price,
        "tic": sale.started_at,
        "usr": "owner",
    }
    wanted = expect.get("auction")
    running = wanted if wanted not in (None, "ended") else "running"
    state: Any = running if sale.running else "ended"
    if isinstance(wanted, dict):
        state = told
    limits = bank.vm.read("limits", LiquidationLimit)
    house = bank.vm.read("house", PriceHouse)
    return told | {
        "auction": state,
        "Dirt": limits.used - sale.released,
        "dirt": house.used - sale.released,
        "kicks": house.auctions,
        "vow_dai": bank.treasury.coins + sale.raised,
    }
