"""Events that the program emits; quantities in base lots, prices in ticks, amounts in tokens."""

from __future__ import annotations

from ...kit import Layout, Pubkey, u64
from .engine import Side


class OrderFilled(Layout, discriminator=b"FILLED\0\0"):
    """A resting order was traded; `left` of it stay on the book."""

    maker: Pubkey
    side: Side  # the maker's
    sequence: u64
    client_id: u64
    price: u64
    lots: u64
    left: u64


class OrderPlaced(Layout, discriminator=b"PLACED\0\0"):
    """An order rests on the book."""

    account: Pubkey
    side: Side
    sequence: u64
    client_id: u64
    price: u64
    lots: u64


class OrderReduced(Layout, discriminator=b"REDUCED\0"):
    """Its owner cancelled an order, wholly or in part, or met it with one of its own."""

    account: Pubkey
    side: Side
    sequence: u64
    client_id: u64
    price: u64
    lots: u64
    left: u64


class OrderEvicted(Layout, discriminator=b"EVICTED\0"):
    """The worst order of a full book had to make room for a better one."""

    account: Pubkey
    side: Side
    sequence: u64
    client_id: u64
    price: u64
    lots: u64


class OrderExpired(Layout, discriminator=b"EXPIRED\0"):
    """An order in the way had expired, or was beyond its peg limit, and was taken off the book."""

    account: Pubkey
    side: Side
    sequence: u64
    client_id: u64
    price: u64
    lots: u64


class TakerFilled(Layout, discriminator=b"TAKER\0\0\0"):
    """The sum of what an order took from the book."""

    taker: Pubkey
    side: Side
    base: u64
    quote: u64
    fee: u64


class FundsSettled(Layout, discriminator=b"SETTLED\0"):
    """Free funds went to the trader, and the rebate to a referrer, or to the market's fees."""

    open_orders: Pubkey
    base: u64
    quote: u64
    referrer_rebate: u64


class FeesSwept(Layout, discriminator=b"SWEPT\0\0\0"):
    """The market's fees went to its admin's account."""

    market: Pubkey
    amount: u64
