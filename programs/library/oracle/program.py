"""The oracle program itself; the modules beside this one declare its instructions."""

from __future__ import annotations

from ...kit import Program
from .errors import OracleError
from .events import Aggregated
from .state import Feed, FeedConfig, Publisher

oracle = Program(
    "oracle",
    errors=OracleError,
    layouts=[Feed, FeedConfig, Publisher, Aggregated],
    about="price feeds: prices with confidence and age, and their moving averages",
    trusted=True,
)
