"""OpenBook v2's instructions by our own; each returns the name of the error it fails with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sealane import Instruction, Pubkey
from sealane.programs.library.orderbook import OrderType, SelfTrade, Side, orderbook

from ....programs.library.orderbook.exchange import PARTS
from .expressions import number
from .openbook_gaps import PASSED, SIGNED_LATER
from .openbook_stage import EVENTS_MAX, Stage, publish


def _set_price(stage: Stage, step: Mapping[str, Any]) -> str | None:
    publish(stage.vm, str(step["price"]))
    return None


def _order(stage: Stage, step: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an order as `Exchange` takes them."""
    expiry = stage.number(step.get("expiry_timestamp", 0))
    order: dict[str, Any] = {
        "side": Side[step["side"]],
        "order_type": OrderType[step.get("order_type", "Limit")],
        "self_trade": SelfTrade[step.get("self_trade_behavior", "DecrementTake")],
        "base_lots": stage.number(step["max_base_lots"]),
        "quote_lots": stage.number(step["max_quote_lots_including_fees"]),
        "client_id": stage.number(step.get("client_order_id", 0)),
        "valid_until": max(0, expiry - 1),  # the reference's orders are expired at this time
        "matches_max": stage.number(step.get("limit", 10)),
    }
    if "price_offset" in step:
        offset = stage.number(step["price_offset"])
        return order | {"offset": offset, "peg_limit": stage.number(step["peg_limit"])}
    price = stage.number(step["price_lots"])
    return order | {"price": stage.prices[1] if price == stage.prices[0] else price}


def _call(stage: Stage, step: Mapping[str, Any], how: str = "place_order", **more: int) -> Any:
    exchange = stage.exchange
    exchange.makers = []
    if stage.name in PASSED:
        own = stage.trader(step)
        exchange.makers = [name for name in exchange.traders() if name != own]
    exchange.orders_admin = _admin(stage, step, "open_orders_admin")
    fields: dict[str, Any] = _order(stage, step) | more
    side: Side = fields.pop("side")
    if stage.signer is not None:
        fields["signer"] = stage.signer
    return exchange.order_call(stage.trader(step), side, how=how, **fields)


def _admin(stage: Stage, step: Mapping[str, Any], name: str) -> str | None:
    """The admin that signs a step: as the step says, or else as the test does it."""
    op = step["op"]
    signed = (
        _is_some(step[name]) if name in step else SIGNED_LATER.get(stage.name) == op in stage.sent
    )
    return _ADMINS[name] if signed else None


def _is_some(value: Any) -> bool:
    return value not in (None, "None", False)


def _place(stage: Stage, step: Mapping[str, Any]) -> str | None:
    return stage.send(_call(stage, step))


def _take(stage: Stage, step: Mapping[str, Any]) -> str | None:
    order = {"order_type": "ImmediateOrCancel", "open_orders_account": "taker"} | dict(step)
    return stage.send(_call(stage, order, "take_order"))


def _edit(stage: Stage, step: Mapping[str, Any]) -> str | None:
    expected = stage.number(step["expected_cancel_size"])
    return stage.send(_call(stage, step, "edit_order", expected_lots=expected))


def _consume(stage: Stage, step: Mapping[str, Any]) -> str | None:
    exchange = stage.exchange
    exchange.events_admin = _admin(stage, step, "consume_events_admin")
    slots = None
    if "slots" in step:
        slots = [number(slot, MAX_NUM_EVENTS=EVENTS_MAX) for slot in step["slots"]]
    return stage.send(exchange.consume_call(*step["open_orders_accounts"], slots=slots))


def _settle(stage: Stage, step: Mapping[str, Any]) -> str | None:
    trader = stage.trader(step)
    referrer = None
    if _is_some(step.get("referrer_account")):
        stage.exchange.join("referrer")
        referrer = "referrer's quote"
    signer, to = next(stage.settlers, (None, None))
    if to is not None:
        stage.exchange.join(to)
    return stage.send(stage.exchange.settle_call(trader, referrer, signer, to))


def _sweep(stage: Stage, step: Mapping[str, Any]) -> str | None:
    del step
    stage.exchange.sweep()
    return None


def _deposit(stage: Stage, step: Mapping[str, Any]) -> str | None:
    base, quote = stage.number(step["base_amount"]), stage.number(step["quote_amount"])
    stage.exchange.deposit(stage.trader(step), base, quote)
    return None


def _cancel(stage: Stage, step: Mapping[str, Any]) -> str | None:
    trader = stage.trader(step)
    orders = [
        order.sequence
        for side in Side
        for pegged in (False, True)
        for order in stage.exchange.orders(side, pegged)
        if order.owner == stage.vm.key(stage.exchange.join(trader))
    ]
    # The tests cancel the order in the account's first slot, which is its oldest.
    return stage.send(_own(stage, trader, "cancel_order", sequence=min(orders, default=0)))


def _cancel_by_client_id(stage: Stage, step: Mapping[str, Any]) -> str | None:
    client_id = stage.number(step["client_order_id"])
    return stage.send(_own(stage, stage.trader(step), "cancel_by_client_id", client_id=client_id))


def _set_delegate(stage: Stage, step: Mapping[str, Any]) -> str | None:
    named = step.get("delegate_account", step.get("delegate"))
    trader = stage.trader(step)
    delegate = Pubkey.of("payer") if _is_some(named) else None
    account = stage.exchange.join(trader)
    return stage.send(orderbook.set_delegate(open_orders=account, trader=trader, delegate=delegate))


def _expire(stage: Stage, step: Mapping[str, Any]) -> str | None:
    del step
    return stage.send(orderbook.expire_market(market="market", admin="admin"))


def _prune(stage: Stage, step: Mapping[str, Any]) -> str | None:
    call = orderbook.prune_orders(
        market="market",
        book="book",
        open_orders=stage.exchange.join(stage.trader(step)),
        admin="admin",
        cancels_max=255,
    )
    return stage.send(call)


def _close(stage: Stage, step: Mapping[str, Any]) -> str | None:
    del step
    vaults = {"base_vault": "base_vault", "quote_vault": "quote_vault"}
    accounts = PARTS | vaults | {"events": "events", "admin": "admin", "destination": "payer"}
    return stage.send(orderbook.close_market(**accounts))


def _settle_expired(stage: Stage, step: Mapping[str, Any]) -> str | None:
    return stage.send(stage.exchange.settle_call(stage.trader(step), None, "admin"))


def _cancel_all(stage: Stage, step: Mapping[str, Any]) -> str | None:
    side = step.get("side_option")
    named = Side[str(side)] if _is_some(side) else None
    return stage.send(_own(stage, stage.trader(step), "cancel_all", side=named))


def _own(stage: Stage, trader: str, how: str, **arguments: Any) -> Instruction:
    accounts = {"market": "market", "book": "book", "owner": stage.signer or trader}
    account = stage.exchange.join(trader)
    return getattr(orderbook, how)(open_orders=account, **accounts, **arguments)


_ADMINS: Final = {"open_orders_admin": "orders_admin", "consume_events_admin": "events_admin"}
SETTING: Final = frozenset(
    {"CreateMarket", "CreateOpenOrdersAccount", "CreateOpenOrdersIndexer", "StubOracleCreate"}
)
OPS: Final[dict[str, Callable[[Stage, Mapping[str, Any]], str | None]]] = {
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
    "SetDelegate": _set_delegate,
    "SetMarketExpired": _expire,
    "PruneOrders": _prune,
    "CloseMarket": _close,
    "SettleFundsExpired": _settle_expired,
}
