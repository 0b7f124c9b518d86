"""What a market's vaults must hold, to the token: all that it owes, to whom it is owed."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.programs.library.orderbook import EventQueue, Market, OpenOrders, Side
from sealane.programs.library.orderbook.engine import EventSlots, QueuedEvent

from .exchange import Exchange


def owed(exchange: Exchange) -> tuple[int, int]:
    """Base and quote tokens that traders, referrers and the market's admin are owed."""
    terms = exchange.vm.read("market", Market).terms
    positions = [exchange.position(trader) for trader in exchange.traders()]
    fees = exchange.fees
    base = sum(p.base_free + terms.base(p.asks_base_lots) for p in positions)
    quote = fees.available - fees.swept + sum(map(_quote_of, positions))
    quote += terms.quote_lot * sum(p.bids_quote_lots for p in positions)
    for event in _waiting(exchange):
        if event.fill:
            traded = terms.quote(event.lots, event.price)
            rebate = 0 if event.own else terms.maker_rebate(traded)
            # The maker still counts as locked what the taker has got, and waits for its part.
            base += terms.base(event.lots) * (1 if event.bid else -1)
            quote += rebate + (-traded if event.bid else traded)
    return base, quote


def assert_sound(exchange: Exchange) -> None:
    """The vaults cover the claims exactly, and the book is sorted and does not cross."""
    held = exchange.tokens("base_vault"), exchange.tokens("quote_vault")
    assert held == owed(exchange)
    bids, asks = exchange.orders(Side.Bid), exchange.orders(Side.Ask)
    assert bids == sorted(bids, key=lambda order: (-order.price, order.sequence))
    assert asks == sorted(asks, key=lambda order: (order.price, order.sequence))
    clock = exchange.vm.clock
    good = [
        [order.price for order in side if not order.expired(clock.unix_timestamp, clock.slot)]
        for side in (bids, asks)
    ]
    assert not all(good) or good[0][0] < good[1][0]
    assert all(order.quantity > 0 for order in (*bids, *asks))


def _quote_of(position: OpenOrders) -> int:
    return position.quote_free + position.locked_maker_fees + position.referrer_rebates


def _waiting(exchange: Exchange) -> Iterator[QueuedEvent]:
    if not exchange.has_events:
        return
    data = memoryview(exchange.vm.account("events").data)
    capacity = EventQueue.decode(data).capacity
    slots = EventSlots(data, EventQueue.layout_size, capacity)
    for slot in slots:
        event = slots.get(slot)
        assert event is not None
        yield event
