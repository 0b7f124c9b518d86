"""The oracle: price feeds, and how programs read them.

>>> from sealane.programs.library.oracle import Feed, FeedStatus
>>> usd = Feed(price=99_980_000, exponent=-8, confidence=20_000, status=FeedStatus.Trading)
>>> usd.price, usd.exponent
(99980000, -8)
"""

from __future__ import annotations

# Importing these modules adds their instructions to the program.
from . import single as single
from .errors import OracleError
from .program import oracle
from .reading import Price, fresh_price
from .state import ORACLE_ID, Feed, FeedStatus

__all__ = [
    "ORACLE_ID",
    "Feed",
    "FeedStatus",
    "OracleError",
    "Price",
    "fresh_price",
    "oracle",
]
