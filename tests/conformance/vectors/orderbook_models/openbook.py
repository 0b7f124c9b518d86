"""Rows of OpenBook v2. Its open-orders accounts are traders of ours, with a wallet each.

The rows have the instructions of a test, but not what stands between them: the clock that moves on,
and makers' accounts passed so that fills need no event. `_CLOCK` and `_PASSED` have these, after
the tests themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane import Instruction
from sealane.programs.library.oracle import Feed, FeedStatus
from sealane.programs.library.orderbook import NOBODY, OrderType, SelfTrade, Side, orderbook
from sealane.testing import Vm

from ....programs.library.orderbook.exchange import Answer, Exchange
from ..rows import CannotPlay, Played, Row
from .expressions import number

_ORDERS_MAX: Final = 24
_EVENTS: Final = 600
_STALE_S: Final = 100

# Seconds that pass after the first step of this kind, or before it.
_CLOCK: Final[dict[str, tuple[str, str, int]]] = {
    "test_expired_orders": ("after", "expiring", 2),
    "test_place_cancel_order_remaining": ("after", "expiring", 11),
    "test_cancel_order_yourself": ("after", "expiring", 11),
    "test_oracle_peg_invalid_oracle": ("before", "PlaceOrderPegged", 200),
    "test_take_peg_invalid_oracle": ("after", "PlaceOrderPegged", 200),
}
_PASSED: Final = frozenset(
    {
        "test_edit_order",
        "test_place_cancel_order_remaining",
        "test_cancel_order_yourself",
        "test_take_peg_invalid_oracle",
    }
)
# Tests whose `price_lots` is that of 1 token for 1. Rows have 1,000, as most tests have: with it,
# the reference would not do what these tests expect.
_AT_PAR: Final = frozenset(
    {"test_skip_missing_accounts", "test_crank_given_events", "test_oracle_peg"}
)
_POSITION: Final[dict[str, str]] = {
    "bids_base_lots": "bids_base_lots",
    "asks_base_lots": "asks_base_lots",
    "bids_quote_lots": "bids_quote_lots",
    "base_free_native": "base_free",
    "quote_free_native": "quote_free",
    "locked_maker_fees": "locked_maker_fees",
    "referrer_rebates_available": "referrer_rebates",
    "maker_volume": "maker_volume",
    "taker_volume": "taker_volume",
}
_ERRORS: Final[dict[str, str]] = {
    "WouldExecutePartially": "WouldExecutePartially",
    "WouldSelfTrade": "WouldSelfTrade",
    "MarketExpired": "MarketHasExpired",
    "NoEventSlot": "InvalidInputHeapSlots",
    "OrderNotFound": "OpenOrdersOrderNotFound",
    "TooManyOrders": "OpenOrdersFull",
    "PriceTooLow": "InvalidInputPriceLots",
    "InvalidQuantity": "InvalidInputLotsSize",
    "NoOraclePrice": "DisabledOraclePeg",
    "AdminRequired": "MissingOpenOrdersAdmin",
    "MarketNotExpired": "MarketHasNotExpired",
}


def play(row: Row, vm: Vm) -> Played:
    """Play the steps of one test."""
    if "reduce_only" in str(row.inputs["steps"]):
        raise CannotPlay(
            "cases/mod.rs leaves this test out, so the reference never runs it: it places orders "
            "with fields, and expects figures, that the program no longer has"
        )
    return Test(row, vm).play()


class Test:
    """One test: a market, its steps, and what it expects after some of them."""

    def __init__(self, row: Row, vm: Vm) -> None:
        market = row.inputs["market"]
        vm.advance(seconds=1_000)
        self.name = row.case.rpartition(":")[2]
        self.steps: list[Mapping[str, Any]] = list(row.inputs["steps"])
        self.expected: dict[int, Mapping[str, Any]] = {e["step"]: e for e in row.expect["after"]}
        self.vm = vm
        self.exchange = _exchange(vm, market, self.steps)
        self.prices = _prices(self.name, market)
        self._clock = _CLOCK.get(self.name)

    def play(self) -> Played:
        after: list[dict[str, Any]] = []
        for index, step in enumerate(self.steps):
            self._pass_time("before", step)
            error = self._step(step)
            self._pass_time("after", step)
            expected = self.expected.get(index)
            fails = expected is not None and "error" in expected
            if error is not None and not fails:
                return Played({"error": f"step {index}: {error}"})
            if expected is not None:
                after.append(self._found(index, expected, error))
        return Played({"after": after})

    def _found(self, index: int, expected: Mapping[str, Any], error: str | None) -> dict[str, Any]:
        found: dict[str, Any] = {"step": index}
        if error is not None:
            found["error"] = _ERRORS.get(error, error)
        if "state" in expected:
            found["state"] = {key: self._figure(key) for key in expected["state"]}
        return found

    def _pass_time(self, when: str, step: Mapping[str, Any]) -> None:
        if self._clock is None or self._clock[0] != when:
            return
        expiring = str(step.get("expiry_timestamp", "0")).startswith("now_ts")
        if self._clock[1] == ("expiring" if expiring else step["op"]):
            self.vm.advance(seconds=self._clock[2])
            self._clock = None

    def _step(self, step: Mapping[str, Any]) -> str | None:
        op = step["op"]
        if op in _SETTING:
            return None
        if op not in _OPS:
            raise CannotPlay(f"there is no step {op!r}")
        return _OPS[op](self, step)

    def send(self, *calls: Instruction, payer: str = "payer") -> str | None:
        """Run one transaction; the name of the error, if it fails."""
        return Answer(self.vm.try_send(*calls, payer=payer)).error

    def trader(self, step: Mapping[str, Any]) -> str:
        return str(step.get("open_orders_account", "account_1"))

    def _figure(self, key: str) -> Any:
        head, _, tail = key.partition(".")
        tail = tail.removeprefix("position.")
        if head == "market":
            return _of_market(self.exchange, tail)
        if head == "event_heap":
            return self.exchange.waiting()
        sides = re.fullmatch(r"(bids|asks)\w*\.roots\[(\d)\]\.leaf_count", key)
        if sides is not None:
            side = Side.Bid if sides[1] == "bids" else Side.Ask
            return len(self.exchange.orders(side, pegged=sides[2] == "1"))
        if tail not in _POSITION:
            raise CannotPlay(f"the row expects {key!r}, which the reference does not have")
        return getattr(self.exchange.position(head), _POSITION[tail])


def _exchange(vm: Vm, market: Mapping[str, Any], steps: list[Mapping[str, Any]]) -> Exchange:
    oracle = market.get("with_oracle", True)
    orders_admin = market.get("open_orders_admin_bool", _named(steps, "open_orders_admin"))
    events_admin = market.get("consume_events_admin_bool", _named(steps, "consume_events_admin"))
    exchange = Exchange(
        vm,
        capacity=64,
        events=_EVENTS,
        decimals=6,
        quote_lot=int(market["quote_lot_size"]),
        base_lot=int(market["base_lot_size"]),
        maker_fee=int(market["maker_fee"]),
        taker_fee=int(market["taker_fee"]),
        orders_max=_ORDERS_MAX,
        expires_at=int(market.get("time_expiry", 0)),
        peg_capacity=8,
        oracle="feed",
        oracle_age_max_s=_STALE_S,
        admin="admin",
        orders_admin="orders_admin" if orders_admin else NOBODY,
        events_admin="events_admin" if events_admin else NOBODY,
    )
    if oracle:
        exchange.oracle = "feed"
        _publish(vm, "1.0")
    return exchange


def _named(steps: list[Mapping[str, Any]], admin: str) -> bool:
    return any(step.get(admin) for step in steps if step["op"] != "CreateMarket")


def _publish(vm: Vm, price: str) -> None:
    whole, _, part = price.replace("_", "").partition(".")
    feed = Feed(
        price=int(whole + part),
        exponent=-len(part),
        published_at=vm.clock.unix_timestamp,
        status=FeedStatus.Trading,
    )
    vm.set_account("feed", owner="oracle", data=feed)


def _of_market(exchange: Exchange, name: str) -> int:
    fees = exchange.fees
    figures = {
        "fees_available": fees.available - fees.swept,
        "fees_accrued": fees.accrued,
        "fees_to_referrers": fees.to_referrers,
        "referrer_rebates_accrued": fees.rebates_credited - fees.rebates_settled,
        "maker_volume": fees.maker_volume,
        "base_deposit_total": exchange.tokens("base_vault"),
        "quote_deposit_total": exchange.tokens("quote_vault"),
    }
    if name not in figures:
        raise CannotPlay(f"the row expects the market's {name!r}")
    return figures[name]


def _set_price(test: Test, step: Mapping[str, Any]) -> str | None:
    _publish(test.vm, str(step["price"]))
    return None


def _order(test: Test, step: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an order as `Exchange` takes them."""
    now = test.vm.clock.unix_timestamp
    expiry = number(step.get("expiry_timestamp", 0), now_ts=now)
    order: dict[str, Any] = {
        "side": Side[step["side"]],
        "order_type": OrderType[step.get("order_type", "Limit")],
        "self_trade": SelfTrade[step.get("self_trade_behavior", "DecrementTake")],
        "base_lots": number(step["max_base_lots"]),
        "quote_lots": number(step["max_quote_lots_including_fees"]),
        "client_id": number(step.get("client_order_id", 0)),
        "valid_until": max(0, expiry - 1),  # the reference's orders are expired at this time
        "matches_max": number(step.get("limit", 10)),
    }
    if "price_offset" in step:
        offset = number(step["price_offset"])
        return order | {"offset": offset, "peg_limit": number(step["peg_limit"])}
    price = number(step["price_lots"], price_lots=test.prices[0])
    return order | {"price": test.prices[1] if price == test.prices[0] else price}


def _prices(name: str, market: Mapping[str, Any]) -> tuple[int, int]:
    """`price_lots` as rows have it, and as the test has it."""
    par = int(market["base_lot_size"]) // int(market["quote_lot_size"])
    return 1_000 * par, par if name in _AT_PAR else 1_000 * par


def _call(test: Test, step: Mapping[str, Any], how: str = "place_order", **more: int) -> Any:
    exchange = test.exchange
    exchange.makers = []
    if test.name in _PASSED:
        own = test.trader(step)
        exchange.makers = [name for name in exchange.traders() if name != own]
    exchange.orders_admin = "orders_admin" if _is_some(step.get("open_orders_admin")) else None
    fields: dict[str, Any] = _order(test, step) | more
    side: Side = fields.pop("side")
    return exchange.order_call(test.trader(step), side, how=how, **fields)


def _is_some(value: Any) -> bool:
    return value not in (None, "None", False)


def _place(test: Test, step: Mapping[str, Any]) -> str | None:
    return test.send(_call(test, step))


def _take(test: Test, step: Mapping[str, Any]) -> str | None:
    order = {"order_type": "ImmediateOrCancel", "open_orders_account": "taker"} | dict(step)
    return test.send(_call(test, order, "take_order"))


def _edit(test: Test, step: Mapping[str, Any]) -> str | None:
    expected = number(step["expected_cancel_size"])
    return test.send(_call(test, step, "edit_order", expected_lots=expected))


def _consume(test: Test, step: Mapping[str, Any]) -> str | None:
    exchange = test.exchange
    exchange.events_admin = "events_admin" if _is_some(step.get("consume_events_admin")) else None
    slots = None
    if "slots" in step:
        slots = [number(slot, MAX_NUM_EVENTS=_EVENTS) for slot in step["slots"]]
    return test.send(exchange.consume_call(*step["open_orders_accounts"], slots=slots))


def _settle(test: Test, step: Mapping[str, Any]) -> str | None:
    trader = test.trader(step)
    referrer = None
    if _is_some(step.get("referrer_account")):
        test.exchange.join("referrer")
        referrer = "referrer's quote"
    signer = str(step.get("owner", "owner"))
    delegate = signer.split(".")[0] if signer.split(".")[0] != "owner" else None
    return test.send(test.exchange.settle_call(trader, referrer, delegate))


def _sweep(test: Test, step: Mapping[str, Any]) -> str | None:
    del step
    test.exchange.sweep()
    return None


def _deposit(test: Test, step: Mapping[str, Any]) -> str | None:
    base, quote = number(step["base_amount"]), number(step["quote_amount"])
    test.exchange.deposit(test.trader(step), base, quote)
    return None


def _cancel(test: Test, step: Mapping[str, Any]) -> str | None:
    trader = test.trader(step)
    orders = [
        order.sequence
        for side in Side
        for pegged in (False, True)
        for order in test.exchange.orders(side, pegged)
        if order.owner == test.vm.key(test.exchange.join(trader))
    ]
    # The tests cancel the order in the account's first slot, which is its oldest.
    return test.send(_own(test, trader, "cancel_order", sequence=min(orders, default=0)))


def _cancel_by_client_id(test: Test, step: Mapping[str, Any]) -> str | None:
    client_id = number(step["client_order_id"])
    return test.send(_own(test, test.trader(step), "cancel_by_client_id", client_id=client_id))


def _cancel_all(test: Test, step: Mapping[str, Any]) -> str | None:
    side = step.get("side_option")
    named = Side[str(side)] if _is_some(side) else None
    return test.send(_own(test, test.trader(step), "cancel_all", side=named))


def _own(test: Test, trader: str, how: str, **arguments: Any) -> Instruction:
    accounts = {"market": "market", "book": "book", "owner": trader}
    account = test.exchange.join(trader)
    return getattr(orderbook, how)(open_orders=account, **accounts, **arguments)


_SETTING: Final = frozenset(
    {"CreateMarket", "CreateOpenOrdersAccount", "CreateOpenOrdersIndexer", "StubOracleCreate"}
)
_OPS: Final[dict[str, Callable[[Test, Mapping[str, Any]], str | None]]] = {
    "SetOraclePrice": _set_price,
    "PlaceOrder": _place,
    "PlaceOrderPegged": _place,
    "PlaceTakeOrder": _take,
    "EditOrder": _edit,
    "ConsumeEvents": _consume,
    "ConsumeGivenEvents": _consume,
    "SettleFunds": _settle,
    "SweepFees": _sweep,
    "Deposit": _deposit,
    "CancelOrder": _cancel,
    "CancelOrderByClientOrderId": _cancel_by_client_id,
    "CancelAllOrders": _cancel_all,
}
