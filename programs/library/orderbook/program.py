"""The order book program. Instructions are added by the modules that implement them."""

from __future__ import annotations

from typing import Final

from ...kit import Program
from .errors import OrderbookError
from .state import Book, EventQueue, Market, MarketFees, OpenOrders

_COMPUTE_UNITS: Final = 10_000  # estimates, of the order of what the references take on chain
ORDER_UNITS: Final = 30_000

orderbook = Program(
    "orderbook",
    errors=OrderbookError,
    layouts=[Market, Book, EventQueue, MarketFees, OpenOrders],
    compute_units=_COMPUTE_UNITS,
    about="a central limit order book: limit orders in price-time order, free and locked funds",
    trusted=True,
)
ORDERBOOK_ID: Final = orderbook.id
