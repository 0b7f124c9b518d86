"""Consuming events: makers are credited with what was traded while their accounts were not named.

Writes the event queue and the accounts passed, only adds to the fees, and leaves the book alone.
"""

from __future__ import annotations

from ...kit import Adds, Context, Mut, Signer, UncheckedAccount, require, u16
from .desk import queue_of, require_admin, require_part
from .engine import EventSlots
from .errors import OrderbookError
from .ledger import Ledger
from .program import orderbook
from .state import EventQueue, Market, MarketFees

EVENTS_MAX = 8  # for one instruction


@orderbook.instruction(tag=14)
def consume_events(
    ctx: Context,
    market: Market,
    events: Mut[EventQueue],
    fees: Adds[MarketFees],
    events_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    events_max: u16,
) -> None:
    """Credit the makers of the oldest events, at most 8; those not passed are left for later."""
    _consume(ctx, market, events, fees, events_admin, makers, [], events_max)


@orderbook.instruction(tag=15)
def consume_given_events(
    ctx: Context,
    market: Market,
    events: Mut[EventQueue],
    fees: Adds[MarketFees],
    events_admin: Signer | None,
    makers: list[Mut[UncheckedAccount]],
    slots: list[u16],
) -> None:
    """As consume_events, the events in `slots` first; free slots stand for the oldest events."""
    known = all(slot < events.capacity for slot in slots)
    require(known, OrderbookError.NoEventSlot, account=events)
    _consume(ctx, market, events, fees, events_admin, makers, slots, len(slots))


def _consume(
    ctx: Context,
    market: Market,
    events: EventQueue,
    fees: MarketFees,
    events_admin: Signer | None,
    makers: list[UncheckedAccount],
    slots: list[int],
    events_max: int,
) -> None:
    require_admin(market.events_admin, events_admin)
    require_part(fees, market.fees)
    queue = queue_of(market, events)
    if queue is None:
        return
    ledger = Ledger(ctx, market.key, market.terms, fees, None, makers)
    for slot in _chosen(queue, slots, min(events_max, EVENTS_MAX)):
        event = queue.get(slot)
        account = None if event is None else ledger.account(event.maker)
        if event is not None and account is not None:
            ledger.apply(event, account)
            queue.delete(slot)


def _chosen(queue: EventSlots, slots: list[int], events_max: int) -> list[int]:
    """The used ones of `slots`, then the oldest; each once, at most `events_max`."""
    asked = [slot for slot in slots if queue.get(slot) is not None]
    return list(dict.fromkeys([*asked, *queue]))[:events_max]
