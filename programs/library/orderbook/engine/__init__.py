"""The order book apart from its instructions: orders, sorted ladders, matching, fees, events.

Works on plain integers and memoryviews, and knows neither accounts nor tokens.
"""

from __future__ import annotations

from .book import PRICE_MAX, Candidate, Moment, OrderBook
from .event_queue import SLOTS_MAX, EventSlots, QueuedEvent
from .ladder import Ladder
from .lots import FEE_SCALE, LOTS_MAX, UNLIMITED, Rules, Terms
from .matching import Credits, Matched, Matching
from .order import (
    FOREVER,
    NO_PEG,
    IncomingOrder,
    OrderType,
    RestingOrder,
    SelfTrade,
    Side,
)

__all__ = [
    "FEE_SCALE",
    "FOREVER",
    "LOTS_MAX",
    "NO_PEG",
    "PRICE_MAX",
    "SLOTS_MAX",
    "UNLIMITED",
    "Candidate",
    "Credits",
    "EventSlots",
    "IncomingOrder",
    "Ladder",
    "Matched",
    "Matching",
    "Moment",
    "OrderBook",
    "OrderType",
    "QueuedEvent",
    "RestingOrder",
    "Rules",
    "SelfTrade",
    "Side",
    "Terms",
]
