"""Unsafe positions go to auction: their debt becomes the treasury's, until the auction raises it.

Liquidations of one collateral type wait for each other: they share a limit. There are few of them;
purchases and bids, of which there are more, share nothing.
"""

from __future__ import annotations

from ....kit import Context, Mut, Signer, UncheckedAccount, require
from ..errors import StablecoinError
from ..events import Liquidated
from ..program import stablecoin
from ..relations import require_engine, require_key, require_live, require_position, require_type
from ..rules.debt import Terms, fold, is_unsafe, terms_at
from ..rules.fixed_point import ray_product
from ..rules.sizes import Part, keeper_reward, part_at_falling_price, part_for_bids, room_left
from ..state import CoinBalance, CollateralType, DebtShard, Engine, Position
from .state import BidAuction, BidHouse, LiquidationLimit, PriceAuction, PriceHouse


@stablecoin.instruction(tag=44)
def liquidate_at_falling_price(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    position: Mut[Position],
    limits: Mut[LiquidationLimit],
    house: Mut[PriceHouse],
    auction: Mut[UncheckedAccount],
    treasury: Mut[CoinBalance],
    keeper: Mut[CoinBalance],
    caller: Signer,
) -> None:
    """Auction an unsafe position, or a part of it, at a falling price (`bark`). Anyone may.

    What starting it earns goes to the balance `keeper`.
    """
    del caller
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_type(house.collateral_type, collateral_type, house)
    require_key(house.limits, limits)
    require_key(engine.treasury, treasury)
    require_engine(keeper.engine, engine, keeper)
    terms = _unsafe_terms(ctx, engine, collateral_type, shard, position)
    room = min(room_left(limits.limit, limits.used), room_left(house.limit, house.used))
    part = part_at_falling_price(position, terms, house.penalty, room)
    _seize(shard, position, treasury, part)
    limits.used += part.debt
    house.used += part.debt
    number = start_at_falling_price(
        auction, house, position, part.debt, part.collateral, collateral_type.price, _now(ctx)
    )
    reward = keeper_reward(house.keeper_fee, house.keeper_share, part.debt)
    treasury.bad_debt += reward
    keeper.coins += reward
    ctx.emit(_event(position, auction, number, part))


@stablecoin.instruction(tag=45)
def liquidate_by_bids(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    shard: Mut[DebtShard],
    position: Mut[Position],
    limits: Mut[LiquidationLimit],
    house: Mut[BidHouse],
    auction: Mut[UncheckedAccount],
    treasury: Mut[CoinBalance],
    caller: Signer,
) -> None:
    """Auction an unsafe position, or a part of it, by bids (`bite`). Anyone may."""
    del caller
    require_live(engine)
    require_position(engine, collateral_type, shard, position)
    require_type(house.collateral_type, collateral_type, house)
    require_key(house.limits, limits)
    require_key(engine.treasury, treasury)
    terms = _unsafe_terms(ctx, engine, collateral_type, shard, position)
    room = room_left(limits.limit, limits.used)
    part = part_for_bids(position, terms, house.penalty, house.debt_max, room)
    _seize(shard, position, treasury, part)
    limits.used += part.debt
    house.auctions += 1
    BidAuction.view(auction).initialize(
        house=house.key,
        number=house.auctions,
        running=True,
        holder=position.holder,
        lot=part.collateral,
        debt=part.debt,
        ends_at=_now(ctx) + house.auction_s,
    )
    ctx.emit(_event(position, auction, house.auctions, part))


def start_at_falling_price(
    auction: UncheckedAccount,
    house: PriceHouse,
    position: Position,
    debt: int,
    lot: int,
    price: int,
    now: int,
) -> int:
    """Start an auction (`kick`) in a new account; its number in the house."""
    top_price = opening_price(house, debt, lot, price)
    house.auctions += 1
    PriceAuction.view(auction).initialize(
        house=house.key,
        number=house.auctions,
        running=True,
        holder=position.holder,
        debt=debt,
        lot=lot,
        started_at=now,
        top_price=top_price,
    )
    return house.auctions


def opening_price(house: PriceHouse, debt: int, lot: int, price: int) -> int:
    """The price [ray] at which an auction of this debt and lot begins, if it may."""
    require(house.stopped < 1, StablecoinError.Stopped)
    require(debt > 0 and lot > 0, StablecoinError.NothingToAuction)
    top_price = ray_product(price, house.markup)
    require(top_price > 0, StablecoinError.InvalidPrice)
    return top_price


def _unsafe_terms(
    ctx: Context, engine: Engine, kind: CollateralType, shard: DebtShard, position: Position
) -> Terms:
    terms = terms_at(engine, kind, _now(ctx))
    require(is_unsafe(position, terms), StablecoinError.StillSafe, account=position)
    fold(shard, terms.rate)
    return terms


def _seize(shard: DebtShard, position: Position, treasury: CoinBalance, part: Part) -> None:
    position.collateral -= part.collateral
    position.normalized_debt -= part.normalized_debt
    shard.normalized_debt -= part.normalized_debt
    treasury.bad_debt += part.owed


def _event(position: Position, auction: UncheckedAccount, number: int, part: Part) -> Liquidated:
    return Liquidated(
        position=position.key,
        auction=auction.key,
        number=number,
        collateral=part.collateral,
        normalized_debt=part.normalized_debt,
        debt=part.debt,
    )


def _now(ctx: Context) -> int:
    return ctx.clock.unix_timestamp
