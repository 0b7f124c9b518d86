"""Rows of BiteTest in vat.t.sol: liquidation into auctions by bids."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sealane import Instruction
from sealane.programs.library.stablecoin import (
    RAD,
    RAY,
    WAD,
    BidAuction,
    BidHouse,
    LiquidationLimit,
    stablecoin,
)

from ..rows import CannotPlay, Played, Row
from .bank import Bank, given, integer
from .names import reference_name

_PLACES: Final = {"engine": "engine", "collateral_type": "gold"}
_ME = "me"  # owns the position and bids


def play(row: Row) -> Played:
    """Steps of the user `me` on one position."""
    inputs = row.inputs
    bank = _bank(inputs)
    told: dict[str, Any] = {"bidder_dai": []}
    figures: dict[str, Any] = {}
    errors: list[str | None] = []
    for number, step in enumerate(inputs.get("steps", [{"bite": 1}])):
        bank.pass_time(given(step, "after_s", 0))
        what, call = _call(bank, step, f"sale_{number}", figures.get("sale"))
        errors.append(bank.send(call))
        if errors[-1] is None:
            _note(bank, what, f"sale_{number}", told, figures)
    return Played(_outcome(row, errors, told))


def _call(bank: Bank, step: Mapping[str, Any], new_sale: str, sale: Any) -> tuple[str, Instruction]:
    for what, make in _STEPS.items():
        if what in step:
            return what, make(bank, new_sale if what == "bite" else sale, step[what])
    raise CannotPlay(f"the step {sorted(step)} is not known")


def _bite(bank: Bank, sale: str, value: Any) -> Instruction:
    del value
    bank.vm.set_account(sale, owner=stablecoin, data=bytes(BidAuction.layout_size))
    return stablecoin.liquidate_by_bids(
        **_PLACES,
        shard="shard",
        position="me_urn",
        limits="limits",
        house="house",
        auction=sale,
        treasury="vow",
        caller=_ME,
    )


def _tend(bank: Bank, sale: str, value: Any) -> Instruction:
    del bank
    return stablecoin.raise_bid(
        engine="engine",
        house="house",
        auction=sale,
        coin_balance="me_dai",
        outbid=None,
        bidder=_ME,
        lot=integer(value[0]),
        bid=integer(value[1]),
    )


def _dent(bank: Bank, sale: str, value: Any) -> Instruction:
    del bank
    return stablecoin.lower_lot(
        **_PLACES,
        house="house",
        auction=sale,
        coin_balance="me_dai",
        outbid=None,
        leftover="me_gem",
        bidder=_ME,
        lot=integer(value[0]),
        bid=integer(value[1]),
    )


def _deal(bank: Bank, sale: str, value: Any) -> Instruction:
    del bank, value
    return stablecoin.finish_auction(
        **_PLACES, limits="limits", house="house", auction=sale, winner="me_gem", treasury="vow"
    )


_STEPS: Final = {"bite": _bite, "tend": _tend, "dent": _dent, "deal": _deal}


def _bank(inputs: Mapping[str, Any]) -> Bank:
    bank = Bank({"line": 100_000 * RAD} | dict(inputs))
    ink, art = given(inputs, "ink", 40 * WAD), given(inputs, "art", 100 * WAD)
    gems = given(inputs, "bidder_gem", 1_000 * WAD - ink)
    coins = given(inputs, "bidder_dai", art * RAY)
    bank.user(_ME, collateral=ink, debt=art, gems=gems, coins=coins)
    used = given(inputs, "litter", 0)
    limit = given(inputs, "box", 10**7 * RAD)
    bank.put("limits", LiquidationLimit(engine="engine", limit=limit, used=used))
    penalty = Fraction(str(inputs.get("chop", "1"))) * WAD
    if penalty > 1_000 * WAD:
        penalty /= WAD
    house = BidHouse(
        collateral_type="gold",
        limits="limits",
        penalty=int(penalty),
        debt_max=given(inputs, "dunk", 0),
        step_min=given(inputs, "beg", WAD * 105 // 100),
        bid_s=given(inputs, "ttl", 3 * 3_600),
        auction_s=given(inputs, "tau", 2 * 86_400),
    )
    bank.put("house", house)
    return bank


def _note(
    bank: Bank, what: str, new_sale: str, told: dict[str, Any], figures: dict[str, Any]
) -> None:
    """What the suite looks at after each step."""
    used = bank.vm.read("limits", LiquidationLimit).used
    coins, gems = bank.coins(_ME), bank.gems(_ME)
    if what == "bite":
        figures["sale"] = new_sale
        sale, urn = bank.vm.read(new_sale, BidAuction), bank.urn(_ME)
        told |= {"ink": urn.collateral, "art": urn.normalized_debt, "litter": used}
        told |= {"vow_sin": bank.treasury.bad_debt, "lot": sale.lot, "tab": sale.debt}
    elif what == "tend":
        told["bidder_dai"].append(coins)
    told |= {f"litter_after_{what}": used, f"bidder_dai_after_{what}": coins}
    told |= {f"bidder_gem_after_{what}": gems, "vow_dai": bank.treasury.coins}


def _outcome(row: Row, errors: list[str | None], told: dict[str, Any]) -> dict[str, Any]:
    failed = next((error for error in errors if error is not None), None)
    if failed is not None and "error" in row.expect:
        return {"error": reference_name(failed, row.expect["error"])}
    if not isinstance(row.expect.get("bidder_dai"), list):
        told["bidder_dai"] = told["bidder_dai"][-1] if told["bidder_dai"] else None
    return told | {"ok": failed is None, "results": [error is None for error in errors]}
