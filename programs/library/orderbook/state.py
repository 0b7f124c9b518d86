"""Layouts of the program's accounts.

A market is five accounts, so that what is written often stands apart from what is only read:
`Market` (terms and keys, read), `Book` (orders), `EventQueue` (credits that makers wait for),
`MarketFees` (sums, only added to) and, a trader, `OpenOrders` (free and locked funds).
"""

from __future__ import annotations

from typing import Final

from ...kit import Layout, Pubkey, i64, u8, u16, u32, u64, u128
from ..authorities import authority_seeds
from ..token_moves import Seeds
from .engine import EventSlots, Moment, OrderBook, Rules, Terms

NOBODY: Final = Pubkey(bytes(32))  # an admin or an account that a market does without


class Market(Layout, discriminator=b"OBMARKET"):
    """The terms of a market. Sizes in tokens, `tick` in quote lots a base lot, fees in 10^-6.

    `maker_fee` below 0 is a rebate out of the taker's fee. `events` of nobody: makers are credited
    at once. `orders_max` 0: any number of orders an account. `expires_at` 0: never.
    """

    rules: Rules
    bump: u8
    orders_max: u16
    base_decimals: u8
    quote_decimals: u8
    authority: Pubkey
    admin: Pubkey
    orders_admin: Pubkey
    events_admin: Pubkey
    fees_admin: Pubkey
    base_mint: Pubkey
    quote_mint: Pubkey
    base_vault: Pubkey
    quote_vault: Pubkey
    book: Pubkey
    events: Pubkey
    fees: Pubkey
    oracle: Pubkey
    oracle_age_max_s: u64
    base_lot: u64
    quote_lot: u64
    tick: u64
    maker_fee: i64
    taker_fee: u64
    fee_unit: u64
    expires_at: i64

    @property
    def terms(self) -> Terms:
        """The figures that matching needs."""
        return Terms(
            self.rules,
            self.base_lot,
            self.quote_lot,
            self.tick,
            self.maker_fee,
            self.taker_fee,
            self.fee_unit,
        )

    def has_expired(self, now: int) -> bool:
        return self.expires_at != 0 and self.expires_at < now

    def authority_seeds(self) -> Seeds:
        """The seeds with which the program signs for the vaults."""
        return authority_seeds(self.key, self.bump)


class Book(Layout, discriminator=b"OBOOK\0\0\0"):
    """The header of a book; the orders lie behind it (`engine.OrderBook`)."""

    market: Pubkey
    capacity: u32  # fixed orders a side
    peg_capacity: u32  # pegged orders a side
    sequence: u64  # of the last order

    @staticmethod
    def space(capacity: int, peg_capacity: int = 0) -> int:
        """Bytes of an account for this many orders a side."""
        return Book.layout_size + OrderBook.space(capacity, peg_capacity)

    def orders(self) -> OrderBook:
        """The orders, in the account's own bytes."""
        return OrderBook(self.data, Book.layout_size, self.capacity, self.peg_capacity)

    def next_sequence(self) -> int:
        """A sequence number that no order has had."""
        self.sequence += 1
        return self.sequence


class EventQueue(Layout, discriminator=b"OBEVENTS"):
    """The header of an event queue; the slots lie behind it (`engine.EventSlots`)."""

    market: Pubkey
    capacity: u16

    @staticmethod
    def space(capacity: int) -> int:
        """Bytes of an account for this many events."""
        return EventQueue.layout_size + EventSlots.space(capacity)

    def slots(self) -> EventSlots:
        """The events, in the account's own bytes."""
        return EventSlots(self.data, EventQueue.layout_size, self.capacity)


class MarketFees(Layout, discriminator=b"OBFEES\0\0"):
    """Sums of a market, in quote tokens. Instructions that trade or settle only add to them.

    In the vault are `credited - paid` that no trader owns: what waits for referrers in open-orders
    accounts, and `available - swept`.
    """

    market: Pubkey
    accrued: u128  # fees of takers without rebates, and of makers
    to_referrers: u128
    rebates_credited: u64  # to open-orders accounts, for their referrers
    rebates_settled: u64  # of these, those paid or turned into `available`
    available: u64
    swept: u64
    maker_volume: u128
    taker_volume: u128


class OpenOrders(Layout, discriminator=b"OBORDERS"):
    """A trader's account in a market: what is free, and what its orders have locked.

    Bids lock `bids_quote_lots` and `locked_maker_fees`, asks `asks_base_lots`. An order that is
    filled counts until its maker is credited.
    """

    market: Pubkey
    trader: Pubkey
    delegate: Pubkey
    orders: u32
    bids_base_lots: u64
    bids_quote_lots: u64
    asks_base_lots: u64
    base_free: u64
    quote_free: u64
    locked_maker_fees: u64
    referrer_rebates: u64
    maker_volume: u128
    taker_volume: u128

    @property
    def empty(self) -> bool:
        """Whether nothing is left in it, and no event waits to credit it.

        Lots count until then, also those of an order whose rest was cancelled.
        """
        lots = self.bids_base_lots + self.asks_base_lots
        held = (self.base_free, self.quote_free, self.locked_maker_fees, self.referrer_rebates)
        return self.orders == 0 and lots == 0 and not any(held)


def moment_of(now: int, slot: int, oracle_price: int | None = None) -> Moment:
    """The moment of an instruction; Unix time before 1970 counts as 1970."""
    return Moment(max(0, now), slot, oracle_price)
