"""The oracle: price feeds, and how programs read them.

>>> from sealane.programs.library.oracle import Feed, FeedStatus
>>> usd = Feed(price=99_980_000, exponent=-8, confidence=20_000, status=FeedStatus.Trading)
>>> usd.price, usd.exponent
(99980000, -8)
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import publishing as publishing
from . import single as single
from .errors import OracleError
from .events import Aggregated
from .program import oracle
from .reading import Price, fresh_average, fresh_price
from .state import ORACLE_ID, Aggregation, Feed, FeedConfig, FeedStatus, Publisher

__all__ = [
    "ORACLE_ID",
    "Aggregated",
    "Aggregation",
    "Feed",
    "FeedConfig",
    "FeedStatus",
    "OracleError",
    "Price",
    "Publisher",
    "fresh_average",
    "fresh_price",
    "oracle",
]
