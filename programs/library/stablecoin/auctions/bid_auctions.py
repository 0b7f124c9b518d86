"""Auctions by bids, after Maker's Flipper.

First bidders offer more and more coins for the lot, up to the debt to be raised; then they take
less and less of the lot for the same coins, and the rest goes back to the position's owner. Each
bid pays the one before it back, so bids on one auction wait for each other, and for nothing else.
"""

from __future__ import annotations

from ....kit import Context, Mut, Pubkey, Signer, fail, require, u256
from ...units import WAD
from ..errors import StablecoinError
from ..program import stablecoin
from ..relations import require_admin, require_engine, require_key, require_type
from ..rules.fixed_point import fits_u256
from ..state import CoinBalance, CollateralBalance, CollateralType, Engine
from .state import BidAuction, BidHouse, LiquidationLimit

NOBODY = Pubkey(bytes(32))


@stablecoin.instruction(tag=50)
def raise_bid(
    ctx: Context,
    engine: Engine,
    house: BidHouse,
    auction: Mut[BidAuction],
    coin_balance: Mut[CoinBalance],
    outbid: Mut[CoinBalance] | None,
    bidder: Signer,
    lot: u256,
    bid: u256,
) -> None:
    """Bid more coins [rad] for the whole lot [wad] (`tend`); `outbid` is the last bidder's."""
    now = ctx.clock.unix_timestamp
    _require_open(house, auction, now)
    require(lot == auction.lot, StablecoinError.LotMismatch)
    require(bid <= auction.debt, StablecoinError.BidTooHigh)
    high_enough = fits_u256(bid * WAD) >= fits_u256(house.step_min * auction.bid)
    require(bid > auction.bid, StablecoinError.BidNotHigher)
    require(high_enough or bid == auction.debt, StablecoinError.BidNotHigher)
    _take_over(engine, auction, coin_balance, outbid, bidder, bid)
    auction.bid = bid
    auction.bid_ends_at = now + house.bid_s


@stablecoin.instruction(tag=51)
def lower_lot(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    house: BidHouse,
    auction: Mut[BidAuction],
    coin_balance: Mut[CoinBalance],
    outbid: Mut[CoinBalance] | None,
    leftover: Mut[CollateralBalance],
    bidder: Signer,
    lot: u256,
    bid: u256,
) -> None:
    """Take less of the lot [wad] for all of the debt [rad] (`dent`); the rest is `leftover`'s."""
    now = ctx.clock.unix_timestamp
    _require_open(house, auction, now)
    _require_type(engine, collateral_type, house, leftover)
    require(leftover.holder == auction.holder, StablecoinError.WrongAccount, account=leftover)
    require(bid == auction.bid, StablecoinError.BidMismatch)
    require(bid == auction.debt, StablecoinError.NotFullyBid)
    require(lot < auction.lot, StablecoinError.LotNotLower)
    low_enough = fits_u256(house.step_min * lot) <= fits_u256(auction.lot * WAD)
    require(low_enough, StablecoinError.LotNotLower)
    _take_over(engine, auction, coin_balance, outbid, bidder, bid)
    leftover.amount += auction.lot - lot
    auction.lot = lot
    auction.bid_ends_at = now + house.bid_s


@stablecoin.instruction(tag=52)
def finish_auction(
    ctx: Context,
    engine: Engine,
    collateral_type: CollateralType,
    limits: Mut[LiquidationLimit],
    house: BidHouse,
    auction: Mut[BidAuction],
    winner: Mut[CollateralBalance],
    treasury: Mut[CoinBalance],
) -> None:
    """Give the lot to the best bidder, and its bid to the treasury (`deal`). Anyone may."""
    _require_settled(engine, limits, house, auction, treasury)
    _require_type(engine, collateral_type, house, winner)
    require(auction.running, StablecoinError.NotFinished, account=auction)
    now = ctx.clock.unix_timestamp
    run_out = auction.bid_ends_at < now or auction.ends_at < now
    require(auction.bid_ends_at != 0 and run_out, StablecoinError.NotFinished, account=auction)
    require(winner.holder == auction.bidder, StablecoinError.WrongAccount, account=winner)
    winner.amount += auction.lot
    treasury.coins += auction.bid
    _end(limits, auction)


@stablecoin.instruction(tag=53)
def restart_auction(ctx: Context, house: BidHouse, auction: Mut[BidAuction]) -> None:
    """Prolong an auction that ran out without a bid (`tick`). Anyone may."""
    require_key(auction.house, house)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    now = ctx.clock.unix_timestamp
    require(auction.ends_at < now, StablecoinError.NotFinished, account=auction)
    require(auction.bid_ends_at == 0, StablecoinError.AlreadyBid, account=auction)
    auction.ends_at = now + house.auction_s


@stablecoin.instruction(tag=54)
def cancel_bids(
    engine: Engine,
    collateral_type: CollateralType,
    limits: Mut[LiquidationLimit],
    house: BidHouse,
    auction: Mut[BidAuction],
    receiver: Mut[CollateralBalance],
    outbid: Mut[CoinBalance] | None,
    admin: Signer,
) -> None:
    """Take the lot out of an auction not fully bid yet, and pay the bid back (`yank`)."""
    require_admin(engine, admin)
    _require_type(engine, collateral_type, house, receiver)
    require_key(house.limits, limits)
    require_key(auction.house, house)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    require(auction.bid < auction.debt, StablecoinError.FullyBid, account=auction)
    receiver.amount += auction.lot
    _pay_back(engine, auction, outbid)
    _end(limits, auction)


def _take_over(
    engine: Engine,
    auction: BidAuction,
    coin_balance: CoinBalance,
    outbid: CoinBalance | None,
    bidder: Signer,
    bid: int,
) -> None:
    require_engine(coin_balance.engine, engine, coin_balance)
    require(coin_balance.holder == bidder.key, StablecoinError.NotAllowed, account=bidder)
    cost = bid - auction.bid
    if auction.bidder != bidder.key:
        _pay_back(engine, auction, outbid)
        auction.bidder = bidder.key
        cost = bid
    require(cost <= coin_balance.coins, StablecoinError.InsufficientCoins, account=coin_balance)
    coin_balance.coins -= cost


def _pay_back(engine: Engine, auction: BidAuction, outbid: CoinBalance | None) -> None:
    if auction.bidder == NOBODY:
        return
    if outbid is None:
        fail(StablecoinError.WrongAccount, "the last bidder's balance is missing")
    require_engine(outbid.engine, engine, outbid)
    require(outbid.holder == auction.bidder, StablecoinError.WrongAccount, account=outbid)
    outbid.coins += auction.bid


def _end(limits: LiquidationLimit, auction: BidAuction) -> None:
    limits.used -= auction.debt
    auction.bid = auction.lot = auction.debt = 0
    auction.running = False


def _require_open(house: BidHouse, auction: BidAuction, now: int) -> None:
    require_key(auction.house, house)
    require(auction.running, StablecoinError.NoAuction, account=auction)
    standing = auction.bid_ends_at > now or auction.bid_ends_at == 0
    require(standing and auction.ends_at > now, StablecoinError.BidExpired, account=auction)


def _require_settled(
    engine: Engine,
    limits: LiquidationLimit,
    house: BidHouse,
    auction: BidAuction,
    treasury: CoinBalance,
) -> None:
    require_key(house.limits, limits)
    require_key(auction.house, house)
    require_key(engine.treasury, treasury)


def _require_type(
    engine: Engine, kind: CollateralType, house: BidHouse, balance: CollateralBalance
) -> None:
    require_engine(kind.engine, engine, kind)
    require_type(house.collateral_type, kind, house)
    require_type(balance.collateral_type, kind, balance)
