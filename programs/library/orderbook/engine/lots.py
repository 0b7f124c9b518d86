"""Money of a trade: from lots and ticks to tokens, and fees.

Fees are in millionths. A taker's fee is rounded up, in favour of the market; a maker's fee is
rounded up when it is locked and down when it falls due, a maker's rebate down, so that what is
locked always covers it. After OpenBook v2's `Market` and Phoenix v1's `FIFOMarket`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from ....kit import div_up
from .order import Side

FEE_SCALE: Final = 1_000_000
LOTS_MAX: Final = 2**63 - 1  # tokens in an order: a signed 64-bit number in the references
UNLIMITED: Final = 2**64 - 1


class Rules(Enum):
    """Whose rules a market follows where the two differ; the page lists the differences."""

    OpenBook = 0
    Phoenix = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a market. Sizes in tokens, `tick` in quote lots, fees in millionths."""

    rules: Rules
    base_lot: int
    quote_lot: int
    tick: int
    maker_fee: int
    taker_fee: int
    fee_unit: int

    @property
    def phoenix(self) -> bool:
        return self.rules is Rules.Phoenix

    def base(self, base_lots: int) -> int:
        """Base tokens in this many lots."""
        return base_lots * self.base_lot

    def quote(self, base_lots: int, price: int) -> int:
        """Quote tokens for this many base lots."""
        return base_lots * price * self.tick * self.quote_lot

    def quote_lots(self, base_lots: int, price: int) -> int:
        """Quote lots for this many base lots."""
        return base_lots * price * self.tick

    def affordable(self, quote_lots: int, price: int) -> int:
        """Base lots that this many quote lots buy; rounded down."""
        return quote_lots // (price * self.tick)

    def taker_fees(self, quote: int) -> int:
        """A taker's fee on `quote` tokens; rounded up to a multiple of `fee_unit`."""
        fee = div_up(quote * self.taker_fee, FEE_SCALE)
        return div_up(fee, self.fee_unit) * self.fee_unit

    def maker_fees_locked(self, quote: int) -> int:
        """What is locked of a maker for its fee on `quote` tokens; rounded up."""
        return div_up(quote * self.maker_fee, FEE_SCALE) if self.maker_fee > 0 else 0

    def maker_fees_due(self, quote: int) -> int:
        """A maker's fee on `quote` tokens traded; rounded down."""
        return quote * self.maker_fee // FEE_SCALE if self.maker_fee > 0 else 0

    def maker_rebate(self, quote: int) -> int:
        """What a maker gets of the taker's fee, where its own fee is negative; rounded down."""
        return quote * -self.maker_fee // FEE_SCALE if self.maker_fee < 0 else 0

    def matchable(self, side: Side, quote_lots: int) -> int:
        """The quote lots that may be matched for a budget of `quote_lots` that includes fees."""
        if self.phoenix:
            return _phoenix_budget(side, quote_lots, self.taker_fee)
        if side is Side.Ask:
            return quote_lots
        return quote_lots * FEE_SCALE // (FEE_SCALE + self.taker_fee)


def _phoenix_budget(side: Side, quote_lots: int, fee: int) -> int:
    """A buyer's budget without its fee; a seller's with the fee on top; both rounded down.

    The fee is a fraction of 2^64 - 1, itself rounded up, which can cost the last lot.
    """
    part = div_up(UNLIMITED * fee, FEE_SCALE)
    whole = UNLIMITED + part if side is Side.Bid else UNLIMITED - part
    return min(UNLIMITED, quote_lots * UNLIMITED // whole)
