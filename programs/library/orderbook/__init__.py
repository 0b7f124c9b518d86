"""A central limit order book: price-time order, free and locked funds, fees, expiry, eviction.

The engine, apart from accounts and tokens, is in `engine/`. Two references, OpenBook v2 and Phoenix
v1, are options of a market (`Rules`, and whether it has an event queue).

    >>> from sealane.programs.library.orderbook import orderbook
    >>> orderbook.cancel_order(
    ...     market="m", book="b", open_orders="ann's", owner="ann", sequence=7
    ... ).data.hex()
    '040700000000000000'
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import batch_handlers as batch_handlers
from . import cancelling as cancelling
from . import consuming as consuming
from . import quoting as quoting
from . import settling as settling
from . import trading as trading
from .engine import UNLIMITED, OrderType, Rules, SelfTrade, Side
from .errors import OrderbookError
from .managing import MarketTerms
from .placing import NewOrder, OrderResult
from .program import ORDERBOOK_ID, orderbook
from .state import NOBODY, Book, EventQueue, Market, MarketFees, OpenOrders

__all__ = [
    "NOBODY",
    "ORDERBOOK_ID",
    "UNLIMITED",
    "Book",
    "EventQueue",
    "Market",
    "MarketFees",
    "MarketTerms",
    "NewOrder",
    "OpenOrders",
    "OrderResult",
    "OrderType",
    "OrderbookError",
    "Rules",
    "SelfTrade",
    "Side",
    "orderbook",
]
