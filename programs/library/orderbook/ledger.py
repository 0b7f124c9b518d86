"""Who is credited for what left the book: at once, or by an event.

An account is credited at once if it is the taker's own or among those that the call passed; else
the credit waits in the market's event queue. A market without a queue needs every account passed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...kit import Context, InstructionErrors, Pubkey, UncheckedAccount, fail, require
from .engine import EventSlots, QueuedEvent, RestingOrder, Side, Terms
from .errors import OrderbookError
from .events import OrderEvicted, OrderExpired, OrderFilled, OrderReduced
from .position import fill_maker, unlock
from .state import MarketFees, OpenOrders


class Ledger:
    """The `engine.Credits` of one instruction. `own` is the taker's account, if it has one."""

    def __init__(
        self,
        ctx: Context,
        market: Pubkey,
        terms: Terms,
        fees: MarketFees | None,
        own: OpenOrders | None,
        passed: Sequence[UncheckedAccount] = (),
        queue: EventSlots | None = None,
    ) -> None:
        self._ctx = ctx
        self._market = market
        self._terms = terms
        self._fees = fees
        self._queue = queue
        self._passed = {bytes(account.key): account for account in passed}
        self._views: dict[bytes, OpenOrders] = {} if own is None else {bytes(own.key): own}
        self._own = None if own is None else bytes(own.key)

    def fill(self, order: RestingOrder, side: Side, lots: int, price: int) -> None:
        """Credit the maker of an order with a trade."""
        left = order.quantity - lots
        self._ctx.emit(
            OrderFilled(
                maker=order.owner,
                side=side,
                sequence=order.sequence,
                client_id=order.client_id,
                price=price,
                lots=lots,
                left=left,
            )
        )
        own = order.owner == self._own
        event = QueuedEvent(
            order.owner, True, side is Side.Bid, own, lots, left, price, order.locked_price
        )
        # With a queue, even a trade with oneself waits in it: as a maker, one is paid like others.
        waits = own and self._queue is not None and order.owner not in self._passed
        self._credit(event, None if waits else self.account(order.owner))

    def release(self, order: RestingOrder, side: Side, lots: int) -> None:
        """Free what an order of the taker itself had locked."""
        self._emit_out(OrderReduced, order, side, lots, left=order.quantity - lots)
        self._unlock(order, side, lots)

    def expired(self, order: RestingOrder, side: Side) -> None:
        """Free what an expired order had locked."""
        self._emit_out(OrderExpired, order, side, order.quantity)
        self._unlock(order, side, order.quantity)

    def evicted(self, order: RestingOrder, side: Side) -> None:
        """Free what an order had locked that made room for a better one."""
        self._emit_out(OrderEvicted, order, side, order.quantity)
        self._unlock(order, side, order.quantity)

    def self_trade(self) -> None:
        """Refuse an order that would trade with its own account."""
        fail(OrderbookError.WouldSelfTrade)

    def account(self, key: bytes) -> OpenOrders | None:
        """The open-orders account of this key, if the instruction may write it."""
        view = self._views.get(key)
        if view is None and key in self._passed:
            view = self._views[key] = self._checked(self._passed[key])
        return view

    def apply(self, event: QueuedEvent, account: OpenOrders) -> None:
        """Give an account what an event owes it."""
        terms = self._terms
        side = Side.Bid if event.bid else Side.Ask
        if not event.fill:
            unlock(account, terms, side, event.lots, event.left, event.locked_price)
            return
        fee = fill_maker(
            account,
            terms,
            side,
            event.lots,
            event.left,
            event.price,
            event.locked_price,
            own=event.own,
        )
        if self._fees is not None:
            self._fees.maker_volume += terms.quote(event.lots, event.price)
            if fee:
                self._fees.accrued += fee
                self._fees.rebates_credited += fee

    def _credit(self, event: QueuedEvent, account: OpenOrders | None) -> None:
        if account is not None:
            self.apply(event, account)
            return
        queue = self._queue
        if queue is None:
            fail(OrderbookError.MakerAccountMissing, str(Pubkey(event.maker)))
        require(queue.push(event), OrderbookError.EventQueueFull)

    def _unlock(self, order: RestingOrder, side: Side, lots: int) -> None:
        left = order.quantity - lots
        event = QueuedEvent(
            order.owner, False, side is Side.Bid, False, lots, left, 0, order.locked_price
        )
        self._credit(event, self.account(order.owner))

    def _emit_out(
        self,
        kind: type[OrderReduced | OrderExpired | OrderEvicted],
        order: RestingOrder,
        side: Side,
        lots: int,
        **more: int,
    ) -> None:
        event = kind(
            account=order.owner,
            side=side,
            sequence=order.sequence,
            client_id=order.client_id,
            price=order.locked_price,
            lots=lots,
            **more,
        )
        self._ctx.emit(event)

    def _checked(self, account: UncheckedAccount) -> OpenOrders:
        owned = account.owner == self._ctx.program_id
        require(owned, InstructionErrors.InvalidAccountOwner, account=account)
        view = OpenOrders.view(account)
        require(view.market == self._market, OrderbookError.WrongAccount, account=account)
        return view
