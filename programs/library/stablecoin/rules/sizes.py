"""How much of a position is liquidated, and how much of a lot a buyer gets.

State transitions without accounts, after Maker's Dog, Cat and Clipper. Rounding: all down. Of debt
and collateral taken from a position that leaves it the remainder; of a purchase, the buyer pays the
price of what it gets, or the whole debt for at most as much collateral as it buys.
"""

from __future__ import annotations

from dataclasses import dataclass

from ....kit import require
from ...units import WAD
from ..errors import StablecoinError
from ..state import Position
from .debt import Terms
from .fixed_point import fits_u256, wad_product


@dataclass(frozen=True, slots=True)
class Part:
    """What is taken from a position. `debt` [rad] with the penalty is to be raised."""

    collateral: int
    normalized_debt: int
    owed: int
    debt: int


def room_left(limit: int, used: int) -> int:
    """How much more debt [rad] may go up for auction."""
    require(limit > used, StablecoinError.LiquidationLimitHit)
    return limit - used


def part_at_falling_price(position: Position, terms: Terms, penalty: int, room: int) -> Part:
    """What an auction at a falling price takes: all that the room allows, and no dust left."""
    debt = _debt_within(position, terms, penalty, room)
    if debt < position.normalized_debt:
        left = fits_u256((position.normalized_debt - debt) * terms.rate)
        if left < terms.floor:
            debt = position.normalized_debt
        else:
            enough = fits_u256(debt * terms.rate) >= terms.floor
            require(enough, StablecoinError.AuctionTooSmall)
    return _part(position, terms, penalty, debt)


def part_for_bids(position: Position, terms: Terms, penalty: int, debt_max: int, room: int) -> Part:
    """What an auction by bids takes: at most `debt_max` [rad], and what the room allows."""
    require(room >= terms.floor, StablecoinError.LiquidationLimitHit)
    debt = _debt_within(position, terms, penalty, min(debt_max, room))
    require(debt > 0, StablecoinError.NothingToAuction)
    return _part(position, terms, penalty, debt)


def purchase(lot: int, debt: int, price: int, wanted: int, remainder_min: int) -> tuple[int, int]:
    """The part of a lot [wad] that a buyer gets, and what it pays [rad].

    Never more than the lot or the debt. A part may not leave less debt than `remainder_min`: it is
    made smaller, and fails if there is not that much in the first place.
    """
    require(price > 0, StablecoinError.InvalidPrice)
    part = min(lot, wanted)
    paid = fits_u256(part * price)
    if paid > debt:
        return debt // price, debt
    if paid < debt and part < lot and debt - paid < remainder_min:
        require(debt > remainder_min, StablecoinError.NoPartialPurchase)
        paid = debt - remainder_min
        part = paid // price
    return part, paid


def keeper_reward(fee: int, share: int, debt: int) -> int:
    """What who starts or resets an auction gets [rad], rounded down."""
    return fee + wad_product(debt, share)


def _debt_within(position: Position, terms: Terms, penalty: int, room: int) -> int:
    require(penalty > 0, StablecoinError.InvalidParameter, "the house has no penalty factor")
    within = fits_u256(room * WAD) // terms.rate // penalty
    return min(position.normalized_debt, within)


def _part(position: Position, terms: Terms, penalty: int, debt: int) -> Part:
    collateral = fits_u256(position.collateral * debt) // position.normalized_debt
    require(collateral > 0, StablecoinError.NothingToAuction)
    owed = fits_u256(debt * terms.rate)
    return Part(collateral, debt, owed, wad_product(owed, penalty))
