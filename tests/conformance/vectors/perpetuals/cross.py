"""Cases of Mango v4 and GMX: banks, the health of margin accounts, fees."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, cast

from sealane import Instruction, Pubkey
from sealane.programs.library.perpetuals import WAD, HealthKind, perpetuals
from sealane.programs.library.perpetuals.cross.quotes import figures
from sealane.programs.library.perpetuals.cross.state import Reservation
from sealane.testing import Vm

from ....programs.library.perpetuals.cross.bank_desk import (
    put_bank,
    put_margin_account,
    set_time,
)
from ....programs.library.perpetuals.desk import Desk, wad
from ..rows import Played, Row

# The market of the suite, where a row gives only a position in it.
_MARKET: Final[Mapping[str, Any]] = {
    "price": "5",
    "base_lot": 10,
    "quote_lot": 1,
    "init_base_weights": ["0.8", "1.2"],
    "init_overall_asset_weight": "0.95",
    "settle_token": "1",
}
_NO_POSITION: Final = (0, 0, 0, 0)


def health(vm: Vm, row: Row) -> Played:
    """The initial health of an account: tokens, resting spot orders, a position in a market."""
    inputs = row.inputs
    market, position = _market_and_position(inputs)
    banks = [f"bank{token}" for token in inputs["tokens"]]
    _put_market(vm, market, position)
    _put_banks(vm, inputs, f"bank{market['settle_token']}")
    held = {bank: inputs.get(f"token{bank[4:]}", 0) for bank in banks}
    put_margin_account(vm, "ann", held, _orders(inputs), ["ann_btc"])
    call = perpetuals.health(
        account="ann_account",
        given=[
            *(name for bank in banks for name in (bank, f"{bank}_feed")),
            *("ann_btc", "btc", "btc_feed"),
        ],
        kind=HealthKind.Init,
    )
    return _played(row, {"health": _figures(vm, call)[0]})


def interest_rate(vm: Vm, row: Row) -> Played:
    """A point of a bank's curve."""
    curve = [(wad(at), wad(rate)) for at, rate in row.inputs["curve"]]
    (_, zero), (util0, rate0), (util1, rate1), (_, highest) = curve
    put_bank(
        vm,
        "bank",
        zero_util_rate=zero,
        util0=util0,
        rate0=rate0,
        util1=util1,
        rate1=rate1,
        max_rate=highest,
    )
    call = perpetuals.rate_quote(bank="bank", utilization=wad(row.inputs["utilization"]))
    return _played(row, {"rate": _figures(vm, call)[0]})


def maint_weights(vm: Vm, row: Row) -> Played:
    """Weights on their way to others."""
    inputs = row.inputs
    (asset, asset_target), (liab, liab_target) = inputs["asset"], inputs["liab"]
    put_bank(
        vm,
        "bank",
        maint_asset_weight=wad(asset),
        maint_liab_weight=wad(liab),
        shift_start=inputs["start"],
        shift_end=inputs["end"],
        shift_asset_target=wad(asset_target),
        shift_liab_target=wad(liab_target),
    )
    set_time(vm, inputs["now"])
    found = _figures(vm, perpetuals.weight_quote(bank="bank"))
    return _played(row, {"asset": found[0], "liab": found[1]})


def fee_basis_points(vm: Vm, row: Row) -> Played:
    """The fee for bringing a token's amount nearer to its target, or further away."""
    inputs = row.inputs
    put_bank(
        vm,
        "bank",
        deposits=inputs["usdg_amount"],
        target=inputs["target_amount"],
        fee_bps=inputs["fee_bps"],
        tax_bps=inputs["tax_bps"],
    )
    call = perpetuals.fee_quote(bank="bank", amount=inputs["delta"], increases=inputs["increment"])
    return _played(row, {"fee_bps": _figures(vm, call)[0] * WAD})


def _market_and_position(inputs: Mapping[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """`perp1` is one of them; the other is then as in the rest of the suite."""
    given: Any = inputs.get("perp1", {})
    if isinstance(given, list):
        return dict(_MARKET), cast("list[int]", given)
    return {**_MARKET, **given}, list(inputs.get("perp1_position", _NO_POSITION))


def _put_market(vm: Vm, market: Mapping[str, Any], position: list[int]) -> None:
    """The market and the account in it, from lots."""
    asset, liab = (wad(weight) for weight in market["init_base_weights"])
    desk = Desk(
        vm,
        market["price"],
        init_asset_weight=asset,
        init_liab_weight=liab,
        init_overall_weight=wad(market["init_overall_asset_weight"]),
    )
    base, quote, bids, asks = position
    lot = market["base_lot"]
    desk.open("ann", quote, base * lot)
    trader = desk.trader("ann")
    trader.group = Pubkey.of("ann_account")
    trader.bids, trader.asks = bids * lot, asks * lot
    vm.set_account("ann_btc", data=trader)


def _put_banks(vm: Vm, inputs: Mapping[str, Any], settle_bank: str) -> None:
    settings = inputs.get("banks", [{}] * len(inputs["tokens"]))
    for (token, terms), more in zip(inputs["tokens"].items(), settings, strict=True):
        name, (asset, liab) = f"bank{token}", terms["init_weights"]
        put_bank(
            vm,
            name,
            terms["price"],
            mint="usd" if name == settle_bank else f"{name}_mint",
            init_asset_weight=wad(asset),
            init_liab_weight=wad(liab),
            deposits=more.get("deposits", 0),
            borrows=more.get("borrows", 0),
            potential=more.get("potential_serum_tokens", 0),
            deposit_scale_start=more.get("deposit_scale_start", 0),
            borrow_scale_start=more.get("borrow_scale_start", 0),
        )


def _orders(inputs: Mapping[str, Any]) -> list[Reservation]:
    """`oo_QUOTE_BASE`: what is reserved of each, and the extreme prices where they are known."""
    orders: list[Reservation] = []
    for key, (quote_amount, base_amount) in (
        (key, value) for key, value in inputs.items() if key.startswith("oo_")
    ):
        _, quote, base = key.split("_")
        market = f"{quote}_{base}"
        orders.append(
            Reservation(
                base_bank=f"bank{base}",
                quote_bank=f"bank{quote}",
                base=base_amount,
                quote=quote_amount,
                lowest_ask=wad(inputs.get(f"lowest_ask_{market}", 0)),
                highest_bid=wad(inputs.get(f"highest_bid_{market}", 0)),
            )
        )
    return orders


def _figures(vm: Vm, call: Instruction) -> list[int]:
    receipt = vm.send(call, payer="admin")
    assert receipt.return_data is not None
    return figures(receipt.return_data)


def _played(row: Row, found: dict[str, int]) -> Played:
    tolerance = row.expect.get("tolerance", 0)
    exact = {key: Fraction(value, WAD) for key, value in found.items()}
    return Played(exact, tolerances=dict.fromkeys(found, tolerance))
