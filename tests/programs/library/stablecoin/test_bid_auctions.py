"""Liquidation by bids: the cases of Maker's BiteTest and flip.t.sol, by instructions.

ann owes 400 on 100 gold, which is worth 700: the auction is to raise 440.
"""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs.library.stablecoin import (
    RAD,
    WAD,
    BidAuction,
    BidTerms,
    LiquidationLimit,
    stablecoin,
)
from sealane.programs.library.stablecoin import StablecoinError as Error

from .bank import BID_TERMS, Bank
from .calls import KIND

PLACES: dict[str, Any] = {"house": "bid_house", "auction": "bids"}
BIDDERS = ("bob", "cat")


@pytest.fixture
def bidding(bank: Bank) -> Bank:
    for name in ("ann", *BIDDERS):
        bank.add(name)
    bank.fund("ann", 100, 400)
    for name in BIDDERS:
        bank.fund(name, 500, 1_000)
    bank.set_price(7)
    bank.send(bank.liquidate_by_bids("ann"))
    return bank


def places(bidder: str, outbid: str | None) -> dict[str, Any]:
    balance = None if outbid is None else f"{outbid}_dai"
    return PLACES | {"coin_balance": f"{bidder}_dai", "outbid": balance, "bidder": bidder}


def tend(bidder: str, bid: int, outbid: str | None = None, lot: int = 100) -> Instruction:
    where = places(bidder, outbid)
    return stablecoin.raise_bid(engine="engine", **where, lot=lot * WAD, bid=bid * RAD)


def dent(bidder: str, lot: int, outbid: str | None = None, bid: int = 440) -> Instruction:
    where = places(bidder, outbid) | {"leftover": "ann_gem"}
    return stablecoin.lower_lot(**KIND, **where, lot=lot * WAD, bid=bid * RAD)


def deal(winner: str) -> Instruction:
    where = {"limits": "limits", "winner": f"{winner}_gem", "treasury": "vow"}
    return stablecoin.finish_auction(**KIND, **PLACES, **where)


def used(bank: Bank) -> int:
    return bank.vm.read("limits", LiquidationLimit).used


def test_bids_rise_to_the_debt_then_the_lot_falls(bidding: Bank) -> None:
    assert used(bidding) == 440 * RAD
    bidding.send(tend("bob", 100))
    bidding.send(tend("cat", 200, outbid="bob"))
    assert (bidding.coins("bob"), bidding.coins("cat")) == (1_000 * RAD, 800 * RAD)
    bidding.send(tend("cat", 440))
    bidding.send(dent("bob", 80, outbid="cat"))
    assert (bidding.coins("bob"), bidding.coins("cat")) == (560 * RAD, 1_000 * RAD)
    assert bidding.gems("ann") == 20 * WAD
    with bidding.vm.fails(Error.NotFinished):
        bidding.send(deal("bob"))
    bidding.pass_time(10_801)
    with bidding.vm.fails(Error.WrongAccount):
        bidding.send(deal("cat"))
    bidding.send(deal("bob"))
    assert (bidding.gems("bob"), bidding.treasury.coins, used(bidding)) == (80 * WAD, 440 * RAD, 0)
    with bidding.vm.fails(Error.NotFinished):
        bidding.send(deal("bob"))
    with bidding.vm.fails(Error.NoAuction):
        bidding.send(tend("bob", 500))


def test_bids_that_are_refused(bidding: Bank) -> None:
    vm = bidding.vm
    bidding.send(tend("bob", 100))
    refused = {
        Error.LotMismatch: [tend("cat", 200, "bob", lot=99)],
        Error.BidTooHigh: [tend("cat", 441, "bob")],
        Error.BidNotHigher: [tend("cat", 100, "bob"), tend("cat", 104, "bob")],
        Error.WrongAccount: [tend("cat", 200), tend("cat", 200, "cat")],
        Error.BidMismatch: [dent("cat", 90, "bob")],
        Error.NotFullyBid: [dent("cat", 90, "bob", bid=100)],
    }
    for error, calls in refused.items():
        for call in calls:
            with vm.fails(error):
                bidding.send(call)
    bidding.send(tend("cat", 440, "bob"))
    for lot in (100, 96):
        with vm.fails(Error.LotNotLower):
            bidding.send(dent("bob", lot, "cat"))
    with vm.fails(Error.FullyBid):
        bidding.send(_cancel("cat"))


def test_an_auction_without_bids_is_prolonged(bidding: Bank) -> None:
    restart = stablecoin.restart_auction(**PLACES)
    with bidding.vm.fails(Error.NotFinished):
        bidding.send(restart)
    bidding.pass_time(172_801)
    with bidding.vm.fails(Error.BidExpired):
        bidding.send(tend("bob", 100))
    bidding.send(restart, tend("bob", 100))
    bidding.pass_time(172_801)
    with bidding.vm.fails(Error.AlreadyBid):
        bidding.send(restart)


def test_the_admin_can_cancel_and_the_bid_is_paid_back(bidding: Bank) -> None:
    bidding.send(tend("bob", 100))
    with bidding.vm.fails(Error.WrongAccount):
        bidding.send(_cancel(None))
    bidding.send(_cancel("bob"))
    assert (bidding.gems("admin"), bidding.coins("bob"), used(bidding)) == (
        100 * WAD,
        1_000 * RAD,
        0,
    )


@pytest.mark.parametrize(("room", "debt_max", "raises"), [(110, 440, 110), (440, 55, 55)])
def test_a_part_is_liquidated(bank: Bank, room: int, debt_max: int, raises: int) -> None:
    bank.add("ann")
    bank.fund("ann", 100, 400)
    bank.set_price(7)
    terms = BidTerms(**BID_TERMS | {"debt_max": debt_max * RAD})
    bank.send(
        stablecoin.set_limit(engine="engine", limits="limits", admin="admin", limit=room * RAD),
        stablecoin.set_bid_house(**KIND, house="bid_house", admin="admin", terms=terms),
        bank.liquidate_by_bids("ann"),
    )
    auction = bank.vm.read("bids", BidAuction)
    debt = raises * WAD * 10 // 11
    assert (raises * RAD - auction.debt) // RAD == 0
    assert bank.urn("ann").normalized_debt == 400 * WAD - debt
    assert auction.lot == debt // 4
    if room == raises:
        with bank.vm.fails(Error.LiquidationLimitHit):
            bank.send(bank.liquidate_by_bids("ann", "more"))


def _cancel(outbid: str | None) -> Instruction:
    where = PLACES | {"receiver": "admin_gem", "limits": "limits"}
    balance = None if outbid is None else f"{outbid}_dai"
    return stablecoin.cancel_bids(**KIND, **where, outbid=balance, admin="admin")
