"""Weights and prices of a token in each kind of health, after Mango v4.

Initial health takes the worse of oracle price and stable price, and weights that get worse with all
that is deposited or borrowed; maintenance health the oracle price, and weights that may be moving.
Asset weights round down and liability weights up, against the account.
"""

from __future__ import annotations

from typing import NamedTuple

from ....kit import div_up
from ...units import WAD
from .state import INDEXED_UNIT, Bank, HealthKind


class Terms(NamedTuple):
    """How one unit of a token counts: as an asset, and as a liability."""

    asset_weight: int
    liab_weight: int
    asset_price: int
    liab_price: int


def terms_of(bank: Bank, price: int, kind: HealthKind, now_s: int) -> Terms:
    """The terms of the bank's token at this oracle price."""
    if kind is HealthKind.Maint:
        return Terms(*maint_weights(bank, now_s), price, price)
    if kind is HealthKind.LiquidationEnd:
        return Terms(bank.init_asset_weight, bank.init_liab_weight, price, price)
    low, high = price_range(price, bank.stable_price)
    # The higher price for both, as it makes for the worse weights.
    return Terms(scaled_asset_weight(bank, high), scaled_liab_weight(bank, high), low, high)


def price_range(price: int, stable_price: int) -> tuple[int, int]:
    """(price of assets, price of liabilities) in initial health; a stable price of 0 is none."""
    stable = stable_price or price
    return min(price, stable), max(price, stable)


def maint_weights(bank: Bank, now_s: int) -> tuple[int, int]:
    """(asset weight, liability weight) in maintenance health, on their way to their targets."""
    now = (bank.maint_asset_weight, bank.maint_liab_weight)
    target = (bank.shift_asset_target, bank.shift_liab_target)
    span_s, passed_s = bank.shift_end - bank.shift_start, now_s - bank.shift_start
    if span_s == 0 or passed_s <= 0:
        return now
    if passed_s >= span_s:
        return target
    asset = now[0] + (target[0] - now[0]) * passed_s // span_s
    return asset, now[1] + div_up((target[1] - now[1]) * passed_s, span_s)


def scaled_asset_weight(bank: Bank, price: int) -> int:
    """The initial asset weight, less in proportion to deposits beyond the bank's limit."""
    start = bank.deposit_scale_start * WAD
    deposits = bank.deposits * bank.deposit_index // INDEXED_UNIT + bank.potential * WAD
    value = div_up(deposits * price, WAD)
    if start == 0 or value <= start:
        return bank.init_asset_weight
    return bank.init_asset_weight * start // value


def scaled_liab_weight(bank: Bank, price: int) -> int:
    """The initial liability weight, more in proportion to borrows beyond the bank's limit."""
    start = bank.borrow_scale_start * WAD
    value = div_up(bank.borrows * bank.borrow_index * price, INDEXED_UNIT * WAD)
    if start == 0 or value <= start:
        return bank.init_liab_weight
    return div_up(bank.init_liab_weight * value, start)
