"""An order: as it rests on the book, as 96 bytes of the book's account, and as it comes in.

Prices are in ticks, quantities in base lots. A pegged order rests at an offset from the oracle's
price; its `locked_price` is then its limit, as that much is locked for each lot of a bid.
"""

from __future__ import annotations

from enum import Enum
from struct import Struct
from typing import Final, NamedTuple

RECORD: Final = Struct("<qQQQ32sqQQQ")
RECORD_LEN: Final = RECORD.size
FOREVER: Final = 0  # `valid_until` and `valid_until_slot` of an order that never expires
NO_PEG: Final = 0


class Side(Enum):
    """Who pays with quote tokens (Bid), who with base tokens (Ask)."""

    Bid = 0
    Ask = 1

    @property
    def opposite(self) -> Side:
        return Side.Ask if self is Side.Bid else Side.Bid

    @property
    def sign(self) -> int:
        """1 where the higher price is the better one."""
        return 1 if self is Side.Bid else -1

    def accepts(self, price: int, limit: int) -> bool:
        """Whether an order of this side with this limit would trade at `price`."""
        return price <= limit if self is Side.Bid else price >= limit

    def better(self, price: int, other: int) -> bool:
        """Whether an order of this side at `price` goes before one at `other`."""
        return price > other if self is Side.Bid else price < other


class OrderType(Enum):
    """What happens to the part of an order that cannot be filled at once, and to one that could."""

    Limit = 0  # the rest is posted
    ImmediateOrCancel = 1  # the rest is dropped
    PostOnly = 2  # never takes: if it would, it is dropped or refused, as the market's rules say
    Market = 3  # immediate or cancel, at any price
    PostOnlySlide = 4  # never takes: its price is moved behind the best opposite order
    FillOrKill = 5  # filled as a whole or refused

    @property
    def posts(self) -> bool:
        return self in _POSTING

    @property
    def takes(self) -> bool:
        return self not in (OrderType.PostOnly, OrderType.PostOnlySlide)


_POSTING: Final = frozenset({OrderType.Limit, OrderType.PostOnly, OrderType.PostOnlySlide})


class SelfTrade(Enum):
    """What happens when an order meets one of the same open-orders account."""

    DecrementTake = 0  # both become smaller, and no fee is due
    CancelProvide = 1  # the resting one is cancelled
    AbortTransaction = 2


class RestingOrder(NamedTuple):
    """An order on the book. `price` is an offset in ticks if it is pegged (`peg_limit` > 0)."""

    price: int
    sequence: int
    quantity: int
    client_id: int
    owner: bytes  # the open-orders account
    peg_limit: int
    locked_price: int
    valid_until: int  # unix time, inclusive
    valid_until_slot: int

    @property
    def expires(self) -> bool:
        """Whether it is good for a time only."""
        return self.valid_until != FOREVER or self.valid_until_slot != FOREVER

    def expired(self, now: int, slot: int) -> bool:
        return (self.valid_until != FOREVER and self.valid_until < now) or (
            self.valid_until_slot != FOREVER and self.valid_until_slot < slot
        )


class IncomingOrder(NamedTuple):
    """An order about to be matched. Budgets are in lots and exclude fees."""

    side: Side
    limit_price: int
    base_lots: int
    quote_lots: int
    matches_max: int
    self_trade: SelfTrade
    owner: bytes | None  # None: a taker without an open-orders account
