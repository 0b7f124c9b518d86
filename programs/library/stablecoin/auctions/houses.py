"""Limits and auction houses: making them, and what the admin sets."""

from __future__ import annotations

from ....kit import Arg, Layout, Mut, Signer, UncheckedAccount, require, u8, u64, u256
from ...units import WAD
from ..errors import StablecoinError
from ..program import stablecoin
from ..relations import require_admin, require_engine, require_type
from ..rules.fixed_point import RAY, wad_product
from ..state import CollateralType, Engine
from .state import BidHouse, Curve, LiquidationLimit, PriceHouse

STOPPED_MAX = 3


class PriceTerms(Layout):
    """The settings of a house of auctions at a falling price, as in PriceHouse."""

    penalty: u256
    limit: u256
    markup: u256
    duration_max_s: u64
    price_ratio_min: u256
    keeper_fee: u256
    keeper_share: u256
    curve: Curve
    cut: u256
    step_s: u64
    stopped: u8


class BidTerms(Layout):
    """The settings of a house of auctions by bids, as in BidHouse."""

    penalty: u256
    debt_max: u256
    step_min: u256
    bid_s: u64
    auction_s: u64


@stablecoin.instruction(tag=38)
def initialize_limit(
    engine: Engine, limits: Mut[UncheckedAccount], admin: Signer, limit: u256
) -> None:
    """Make a limit [rad] on the debt up for auction, for houses to share."""
    require_admin(engine, admin)
    LiquidationLimit.view(limits).initialize(engine=engine.key, limit=limit)


@stablecoin.instruction(tag=39)
def set_limit(engine: Engine, limits: Mut[LiquidationLimit], admin: Signer, limit: u256) -> None:
    """Set a limit [rad]; one below what is up for auction stops new auctions only."""
    require_admin(engine, admin)
    require_engine(limits.engine, engine, limits)
    limits.limit = limit


@stablecoin.instruction(tag=40)
def initialize_price_house(
    engine: Engine,
    collateral_type: CollateralType,
    limits: LiquidationLimit,
    house: Mut[UncheckedAccount],
    admin: Signer,
    terms: Arg[PriceTerms],
) -> None:
    """Make a house of auctions at a falling price."""
    _require_related(engine, collateral_type, limits, admin)
    _require_price_terms(terms)
    floor = wad_product(collateral_type.floor, terms.penalty)
    PriceHouse.view(house).initialize(
        collateral_type=collateral_type.key,
        limits=limits.key,
        remainder_min=floor,
        **terms.values(),
    )


@stablecoin.instruction(tag=41)
def set_price_house(
    engine: Engine,
    collateral_type: CollateralType,
    house: Mut[PriceHouse],
    admin: Signer,
    terms: Arg[PriceTerms],
) -> None:
    """Replace a house's settings; the least remainder becomes the type's floor with the penalty."""
    require_admin(engine, admin)
    require_engine(collateral_type.engine, engine, collateral_type)
    require_type(house.collateral_type, collateral_type, house)
    _require_price_terms(terms)
    for name, value in terms.values().items():
        setattr(house, name, value)
    house.remainder_min = wad_product(collateral_type.floor, terms.penalty)


@stablecoin.instruction(tag=42)
def initialize_bid_house(
    engine: Engine,
    collateral_type: CollateralType,
    limits: LiquidationLimit,
    house: Mut[UncheckedAccount],
    admin: Signer,
    terms: Arg[BidTerms],
) -> None:
    """Make a house of auctions by bids."""
    _require_related(engine, collateral_type, limits, admin)
    _require_bid_terms(terms)
    kind, key = collateral_type.key, limits.key
    BidHouse.view(house).initialize(collateral_type=kind, limits=key, **terms.values())


@stablecoin.instruction(tag=43)
def set_bid_house(
    engine: Engine,
    collateral_type: CollateralType,
    house: Mut[BidHouse],
    admin: Signer,
    terms: Arg[BidTerms],
) -> None:
    """Replace a house's settings."""
    require_admin(engine, admin)
    require_engine(collateral_type.engine, engine, collateral_type)
    require_type(house.collateral_type, collateral_type, house)
    _require_bid_terms(terms)
    for name, value in terms.values().items():
        setattr(house, name, value)


def _require_related(
    engine: Engine, kind: CollateralType, limits: LiquidationLimit, admin: Signer
) -> None:
    require_admin(engine, admin)
    require_engine(kind.engine, engine, kind)
    require_engine(limits.engine, engine, limits)


def _require_price_terms(terms: PriceTerms) -> None:
    require(terms.penalty >= WAD, StablecoinError.InvalidParameter, "the penalty is below 1")
    require(terms.cut <= RAY, StablecoinError.InvalidParameter, "the price would rise")
    timed = terms.step_s > 0 or terms.curve == Curve.Exponential
    require(timed, StablecoinError.InvalidParameter, "the step is zero")
    require(terms.stopped <= STOPPED_MAX, StablecoinError.InvalidParameter, "stopped is 0 to 3")


def _require_bid_terms(terms: BidTerms) -> None:
    require(terms.penalty >= WAD, StablecoinError.InvalidParameter, "the penalty is below 1")
    require(terms.step_min >= WAD, StablecoinError.InvalidParameter, "bids would fall")
