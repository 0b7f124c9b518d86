"""Rows of OpenBook v2 in short, for tests of it that are not among those given."""

from __future__ import annotations

from typing import Any, Final

from ..adapters.orderbook import play
from ..compare import mismatches
from ..rows import Row

_MARKET: Final = {
    "quote_lot_size": 10,
    "base_lot_size": 100,
    "maker_fee": -200,
    "taker_fee": 400,
    "fee_scale": 1_000_000,
}
P: Final = 10_000


def order(
    account: str,
    side: str,
    lots: Any,
    quote: Any,
    price: Any = P,
    kind: str = "Limit",
    **more: Any,
) -> dict[str, Any]:
    return {
        "op": "PlaceOrder",
        "open_orders_account": account,
        "side": side,
        "price_lots": price,
        "max_base_lots": lots,
        "max_quote_lots_including_fees": quote,
        "client_order_id": 0,
        "expiry_timestamp": 0,
        "order_type": kind,
        "self_trade_behavior": "DecrementTake",
    } | more


def peg(account: str, side: str, lots: int, quote: int, offset: int, limit: Any) -> dict[str, Any]:
    return {
        "op": "PlaceOrderPegged",
        "open_orders_account": account,
        "side": side,
        "price_offset": offset,
        "peg_limit": limit,
        "max_base_lots": lots,
        "max_quote_lots_including_fees": quote,
        "client_order_id": 0,
    }


def consume(*accounts: str, **more: Any) -> dict[str, Any]:
    return {"op": "ConsumeEvents", "open_orders_accounts": list(accounts)} | more


def settle(account: str, referrer: str | None = None) -> dict[str, Any]:
    return {"op": "SettleFunds", "open_orders_account": account, "referrer_account": referrer}


def cancel(op: str, account: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "open_orders_account": account} | more


def after(step: int, **state: Any) -> dict[str, Any]:
    """`one_x` is account_1's x, `two_x` account_2's."""
    keys = {"one": "account_1.", "two": "account_2.", "market": "market."}
    named = {
        keys[name.split("_")[0]] + name.partition("_")[2]: value for name, value in state.items()
    }
    return {"step": step, "state": named}


def fails(step: int, error: Any = True) -> dict[str, Any]:
    return {"step": step, "error": error}


BOTH: Final = consume("account_1", "account_2")
SWEEP: Final = {"op": "SweepFees", "collect_fee_admin": "collect_fee_admin"}


def differences(
    name: str, market: dict[str, Any], steps: list[Any], expected: list[Any]
) -> list[str]:
    """What comes out otherwise than expected when the steps are played."""
    inputs = {"model": "openbook_v2", "market": _MARKET | market, "steps": steps}
    row = Row("orderbook", f"openbook:file:{name}", "", inputs, {"after": expected})
    return mismatches(row, play(row))
