"""Auctions at a falling price, after Maker's Clipper.

A purchase writes the auction and the buyer's balances only: the house is read, and what the auction
raised reaches treasury and limits when anyone settles it.
"""

from __future__ import annotations

from ....kit import Context, Layout, Mut, Signer, require, u256
from ..errors import StablecoinError
from ..events import Bought
from ..program import stablecoin
from ..relations import require_admin, require_engine, require_key, require_type
from ..rules.fixed_point import fits_u256, ray_product
from ..rules.price_curves import needs_reset, price_after
from ..rules.sizes import keeper_reward, purchase
from ..state import CoinBalance, CollateralBalance, CollateralType, Engine
from .state import LiquidationLimit, PriceAuction, PriceHouse


class AuctionQuote(Layout, program="stablecoin"):
    """An auction now: price [ray], lot [wad], debt [rad], and whether it must be reset first."""

    price: u256
    lot: u256
    debt: u256
    needs_reset: bool


@stablecoin.instruction(tag=46)
def buy(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    house: PriceHouse,
    auction: Mut[PriceAuction],
    coin_balance: Mut[CoinBalance],
    collateral_balance: Mut[CollateralBalance],
    leftover: Mut[CollateralBalance],
    buyer: Signer,
    amount: u256,
    price_max: u256,
) -> None:
    """Buy up to `amount` [wad] of a lot at the price of now (`take`), at most `price_max` [ray].

    Coins are the buyer's; the collateral may go to any balance. What is left of the lot when all
    of the debt is raised goes to `leftover`, a balance of the position's owner.
    """
    _require_related(engine, collateral_type, house, auction)
    for balance in (collateral_balance, leftover):
        require_type(balance.collateral_type, collateral_type, balance)
    require_engine(coin_balance.engine, engine, coin_balance)
    require(coin_balance.holder == buyer.key, StablecoinError.NotAllowed, account=buyer)
    require(house.stopped < 3, StablecoinError.Stopped, account=house)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    require(leftover.holder == auction.holder, StablecoinError.WrongAccount, account=leftover)
    price, stale = status(house, auction, ctx.clock.unix_timestamp)
    require(not stale, StablecoinError.NeedsReset, account=auction)
    require(price_max >= price, StablecoinError.TooExpensive)
    part, paid = purchase(auction.lot, auction.debt, price, amount, house.remainder_min)
    require(paid <= coin_balance.coins, StablecoinError.InsufficientCoins, account=coin_balance)
    coin_balance.coins -= paid
    collateral_balance.amount += part
    leftover.amount += record_purchase(auction, part, paid)
    ctx.emit(Bought(auction=auction.key, price=price, lot=part, paid=paid))


@stablecoin.instruction(tag=47)
def reset(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    house: PriceHouse,
    auction: Mut[PriceAuction],
    treasury: Mut[CoinBalance],
    keeper: Mut[CoinBalance],
    caller: Signer,
) -> None:
    """Start an auction anew at the price of now (`redo`), when it ran too long or too low."""
    del caller
    _require_related(engine, collateral_type, house, auction)
    require_key(engine.treasury, treasury)
    require_engine(keeper.engine, engine, keeper)
    require(house.stopped < 2, StablecoinError.Stopped, account=house)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    now = ctx.clock.unix_timestamp
    _, stale = status(house, auction, now)
    require(stale, StablecoinError.NoReset, account=auction)
    top_price = ray_product(collateral_type.price, house.markup)
    require(top_price > 0, StablecoinError.InvalidPrice, account=collateral_type)
    auction.started_at = now
    auction.top_price = top_price
    worth = fits_u256(auction.lot * collateral_type.price)
    if min(auction.debt, worth) >= house.remainder_min:
        reward = keeper_reward(house.keeper_fee, house.keeper_share, auction.debt)
        treasury.bad_debt += reward
        keeper.coins += reward


@stablecoin.instruction(tag=48)
def settle_auction(
    engine: Engine,
    limits: Mut[LiquidationLimit],
    house: Mut[PriceHouse],
    auction: Mut[PriceAuction],
    treasury: Mut[CoinBalance],
) -> None:
    """Give the treasury what an auction has raised, and the limits their room back. Anyone may."""
    require_engine(limits.engine, engine, limits)
    require_key(house.limits, limits)
    require_key(auction.house, house)
    require_key(engine.treasury, treasury)
    treasury.coins += auction.raised
    limits.used -= auction.released
    house.used -= auction.released
    auction.raised = 0
    auction.released = 0


@stablecoin.instruction(tag=49)
def cancel_auction(
    engine: Engine,
    collateral_type: CollateralType,
    house: PriceHouse,
    auction: Mut[PriceAuction],
    receiver: Mut[CollateralBalance],
    admin: Signer,
) -> None:
    """Take the lot out of an auction (`yank`); the admin's right."""
    require_admin(engine, admin)
    _require_related(engine, collateral_type, house, auction)
    require_type(receiver.collateral_type, collateral_type, receiver)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    receiver.amount += auction.lot
    auction.released += auction.debt
    _end(auction)


@stablecoin.instruction(tag=58)
def quote_auction(ctx: Context, house: PriceHouse, auction: PriceAuction) -> None:
    """Return price, lot and debt of now, and whether a reset is due, as an AuctionQuote."""
    require_key(auction.house, house)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    price, stale = status(house, auction, ctx.clock.unix_timestamp)
    quote = AuctionQuote(price=price, lot=auction.lot, debt=auction.debt, needs_reset=stale)
    ctx.set_return_data(quote.encode())


def status(house: PriceHouse, auction: PriceAuction, now: int) -> tuple[int, bool]:
    """The price [ray] of now, and whether the auction must be reset before anyone buys."""
    elapsed_s = now - auction.started_at
    require(elapsed_s >= 0, StablecoinError.InvalidTime)
    top = auction.top_price
    price = price_after(house.curve, house.cut, house.step_s, top, elapsed_s)
    return price, needs_reset(price, top, house.price_ratio_min, elapsed_s, house.duration_max_s)


def record_purchase(auction: PriceAuction, part: int, paid: int) -> int:
    """Note that a part of the lot was bought; what of the lot goes back to the position's owner."""
    auction.raised += paid
    auction.debt -= paid
    auction.lot -= part
    if auction.lot == 0:
        auction.released += paid + auction.debt
        _end(auction)
        return 0
    auction.released += paid
    if auction.debt == 0:
        left = auction.lot
        _end(auction)
        return left
    return 0


def _end(auction: PriceAuction) -> None:
    auction.lot = auction.debt = 0
    auction.running = False


def _require_related(
    engine: Engine, kind: CollateralType, house: PriceHouse, auction: PriceAuction
) -> None:
    require_engine(kind.engine, engine, kind)
    require_type(house.collateral_type, kind, house)
    require_key(auction.house, house)
