"""The rules of debt: rates folded from time, changes of a position, moves between positions.

State transitions without accounts to look up or signatures to check; the instructions call these,
for one position or, where no branch is needed, for columns of them.
As in Maker's Vat: a change that makes a position neither less covered nor more indebted is always
allowed; any other must leave it safe, and a draw must keep the debt ceiling.

    >>> from sealane.programs.library.stablecoin.rules.fixed_point import RAD
    >>> from sealane.programs.library.stablecoin.state import DebtShard, Position
    >>> terms = Terms(rate=RAY, safe_price=RAY // 2, floor=0)
    >>> position = Position(collateral=8, normalized_debt=3)
    >>> shard = DebtShard(rate=RAY, ceiling=RAD, normalized_debt=3)
    >>> change(position, shard, terms, 0, 1) == RAY  # what is drawn, as a rad
    True
    >>> position.normalized_debt, shard.normalized_debt
    (4, 4)
"""

from __future__ import annotations

from dataclasses import dataclass

from ....kit import Errors, rarely, require
from ..errors import StablecoinError
from ..state import CollateralType, DebtShard, Engine, Position
from .fixed_point import RAY, fits_u256, ray_power, ray_product


@dataclass(frozen=True, slots=True)
class Terms:
    """A collateral type's terms at one time. `rate`, `safe_price` [ray], `floor` [rad]."""

    rate: int
    safe_price: int
    floor: int


def terms_at(engine: Engine, collateral_type: CollateralType, now: int) -> Terms:
    """The terms of a collateral type now, its rate folded from the time since the last update."""
    rate = rate_at(engine, collateral_type, now)
    return Terms(rate, collateral_type.safe_price, collateral_type.floor)


def rate_at(engine: Engine, collateral_type: CollateralType, now: int) -> int:
    """The debt [ray] per unit of normalized debt, rounded down."""
    fee = engine.base_fee + collateral_type.fee
    return grown(collateral_type.rate, fee, now - collateral_type.updated_at)


def grown(index: int, rate: int, elapsed_s: int) -> int:
    """An index [ray] after so many seconds at a rate [ray], rounded down."""
    require(elapsed_s >= 0, StablecoinError.InvalidTime)
    if rarely((elapsed_s != 0) & (rate != RAY)):
        return ray_product(ray_power(rate, elapsed_s), index)
    return index


def fold(shard: DebtShard, rate: int) -> None:
    """Bring a shard up to a rate: what its debt has grown are fees."""
    if rarely(shard.rate != rate):
        shard.fees += shard.normalized_debt * (rate - shard.rate)
        shard.rate = rate


def change(position: Position, shard: DebtShard, terms: Terms, collateral: int, debt: int) -> int:
    """Change a position's collateral and normalized debt [wad, signed]; the coins [rad] drawn.

    The shard, at the same rate already, changes with it. Below zero: coins repaid. Exact: nothing
    is rounded. Whose consent is needed is not asked here.
    """
    position.collateral = at_least_zero(
        position.collateral + collateral, StablecoinError.InsufficientCollateral
    )
    position.normalized_debt = at_least_zero(
        position.normalized_debt + debt, StablecoinError.InsufficientDebt
    )
    shard.normalized_debt = at_least_zero(
        shard.normalized_debt + debt, StablecoinError.InsufficientDebt
    )
    total = fits_u256(shard.normalized_debt * terms.rate)
    require((debt <= 0) | (total <= shard.ceiling), StablecoinError.CeilingExceeded)
    better = (debt <= 0) & (collateral >= 0)
    require(better | is_safe(position, terms), StablecoinError.NotSafe)
    return terms.rate * debt


def move_debt(source: Position, destination: Position, collateral: int, debt: int) -> None:
    """Move collateral and normalized debt [wad, signed] between positions, maybe one and the same.

    What must hold of both afterwards is `require_sound`'s.
    """
    for position, sign in ((source, -1), (destination, 1)):
        position.collateral = at_least_zero(
            position.collateral + sign * collateral, StablecoinError.InsufficientCollateral
        )
        position.normalized_debt = at_least_zero(
            position.normalized_debt + sign * debt, StablecoinError.InsufficientDebt
        )


def require_below_ceiling(shard: DebtShard) -> None:
    """Require the debt of a shard, at its last rate, not to exceed its ceiling."""
    total = fits_u256(shard.normalized_debt * shard.rate)
    require(total <= shard.ceiling, StablecoinError.CeilingExceeded)


def require_sound(position: Position, terms: Terms) -> None:
    """Require a position to be safe and to owe nothing or enough."""
    require_safe(position, terms)
    require_enough_debt(position, terms)


def require_safe(position: Position, terms: Terms) -> None:
    """Require the collateral at the safe price to cover the debt."""
    require(is_safe(position, terms), StablecoinError.NotSafe)


def is_safe(position: Position, terms: Terms) -> bool:
    """Whether the collateral at the safe price covers the debt."""
    covered = fits_u256(position.collateral * terms.safe_price)
    return debt_of(position, terms.rate) <= covered


def require_enough_debt(position: Position, terms: Terms) -> None:
    """Require a position to owe nothing or at least the floor."""
    enough = debt_of(position, terms.rate) >= terms.floor
    require((position.normalized_debt == 0) | enough, StablecoinError.DebtTooSmall)


def is_unsafe(position: Position, terms: Terms) -> bool:
    """Whether a position can be liquidated; never while there is no price."""
    return terms.safe_price > 0 and not is_safe(position, terms)


def debt_of(position: Position, rate: int) -> int:
    """What a position owes [rad]."""
    return fits_u256(position.normalized_debt * rate)


def at_least_zero(value: int, error: Errors) -> int:
    """`value`, unless it is below zero."""
    require(value >= 0, error)
    return value
