"""Tests of OpenBook v2 that are not among the rows, in the form of rows."""

from __future__ import annotations

from typing import Any, Final

import pytest

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
_P: Final = 10_000


def order(
    account: str,
    side: str,
    lots: Any,
    quote: Any,
    price: Any = _P,
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

CASES: Final[dict[str, tuple[dict[str, Any], list[Any], list[Any]]]] = {
    "test_maker_fees": (
        {"maker_fee": 200},
        [
            order("account_1", "Bid", 1, 10_020, client_order_id=30),
            cancel("CancelOrderByClientOrderId", "account_1", client_order_id=30),
            order("account_1", "Bid", 1, 10_020),
            order("account_2", "Ask", 1, 10_000),
            BOTH,
            settle("account_2"),
            settle("account_1", "Some(owner_token_1)"),
            SWEEP,
        ],
        [
            after(1, one_bids_base_lots=0, one_quote_free_native=100_020),
            after(2, one_bids_base_lots=1, one_quote_free_native=0),
            after(3, one_bids_base_lots=1, two_quote_free_native=99_960),
            after(4, one_bids_base_lots=0, one_base_free_native=100, one_quote_free_native=0),
            after(5, market_fees_available=40, market_fees_accrued=60, market_fees_to_referrers=0),
            after(6, market_fees_available=40, market_fees_accrued=60, market_fees_to_referrers=20),
            after(7, market_fees_available=0),
        ],
    ),
    "test_fees_half": (
        {"maker_fee": -3_700, "taker_fee": 7_400},
        [
            order("account_1", "Bid", 1, "initial_quote_amount"),
            order("account_2", "Ask", 1, "initial_quote_amount"),
            BOTH,
            settle("account_1"),
            settle("account_2"),
            SWEEP,
        ],
        [
            after(
                2,
                one_quote_free_native=370,
                two_quote_free_native=99_260,
                market_referrer_rebates_accrued=370,
            ),
            {"step": 4, "state": {"balance_quote": 370}},
            {"step": 5, "state": {"balance_quote": 0}},
        ],
    ),
    "test_locked_maker_fees": (
        {"maker_fee": 350, "taker_fee": 0},
        [
            order("account_1", "Bid", 5, 1_000_000_000, 1_000),
            order("account_2", "Ask", 3, 1_000_000_000, 1_000),
            consume("account_1"),
            cancel("CancelAllOrders", "account_1"),
            order("account_1", "Bid", 5, 1_000_000_000, 1_000),
            settle("account_1"),
            cancel("CancelAllOrders", "account_1"),
            settle("account_1"),
        ],
        [
            after(0, one_locked_maker_fees=18),
            after(2, one_locked_maker_fees=8),
            after(3, one_locked_maker_fees=1),
            after(5, one_locked_maker_fees=19),
            after(6, one_locked_maker_fees=1),
            after(7, one_locked_maker_fees=0),
        ],
    ),
    "test_self_trade_cancel_provide": (
        {},
        [
            order("account_1", "Ask", 1, _P, 1_000),
            order("account_2", "Ask", 2, _P, 1_000),
            order(
                *("account_1", "Bid", 1, _P, 1_000, "ImmediateOrCancel"),
                self_trade_behavior="CancelProvide",
            ),
            order("account_1", "Bid", 1, 10_004, 1_000),
            BOTH,
        ],
        [
            after(2, one_asks_base_lots=0, one_base_free_native=200, two_asks_base_lots=2),
            after(3, one_base_free_native=300, one_quote_free_native=0, two_asks_base_lots=2),
            after(4, one_base_free_native=300, two_asks_base_lots=0, two_quote_free_native=20_004),
        ],
    ),
    "test_self_abort_transaction": (
        {},
        [
            order("account_1", "Ask", 1, _P, 1_000),
            order("account_1", "Bid", 1, _P, 1_000, self_trade_behavior="AbortTransaction"),
        ],
        [fails(1, "WouldSelfTrade")],
    ),
    "test_delegate_settle": (
        {"payer_as_delegate": True},
        [
            order("account_1", "Bid", 1, _P),
            order("account_2", "Ask", 1, _P),
            BOTH,
            settle("account_1"),
            settle("account_1"),
            settle("account_2"),
        ],
        [
            fails(3),
            after(4, one_base_free_native=0, one_quote_free_native=0, two_quote_free_native=99_960),
            after(5, two_quote_free_native=0),
        ],
    ),
    "test_cancel_orders": (
        {"maker_fee": -100},
        [
            order("account_1", "Bid", 1, _P),
            order("account_2", "Ask", 1, _P),
            BOTH,
            {
                "op": "Deposit",
                "open_orders_account": "account_1",
                "base_amount": 10_000,
                "quote_amount": 0,
            },
            order("account_1", "Ask", 1, _P),
            settle("account_1"),
            cancel("CancelOrder", "account_1", order_id="order_id_to_cancel"),
            order("account_1", "Bid", 1, _P),
            cancel("CancelOrder", "account_1", order_id="order_id_to_cancel"),
        ],
        [
            after(2, one_base_free_native=100, one_quote_free_native=10),
            after(3, one_base_free_native=10_100, one_quote_free_native=10),
            after(4, one_asks_base_lots=1, one_base_free_native=10_000),
            after(5, one_asks_base_lots=1, one_base_free_native=0, one_quote_free_native=0),
            after(6, one_asks_base_lots=0, one_base_free_native=100),
            after(7, one_bids_base_lots=1, one_quote_free_native=0),
            after(8, one_base_free_native=100, one_quote_free_native=100_000),
        ],
    ),
    "test_expired_orders": (
        {},
        [
            order("account_1", "Bid", 1, _P, expiry_timestamp="now_ts + 2"),
            order("account_2", "Ask", 1, _P),
            BOTH,
        ],
        [
            {"step": 1, "state": {"event_heap.header.count()": 1, "account_2.asks_base_lots": 1}},
            after(2, one_bids_base_lots=0, one_quote_free_native=100_000),
        ],
    ),
    "test_immediate_order": (
        {},
        [
            order("account_1", "Bid", 1, _P),
            order("account_2", "Ask", 2, 20_000, _P, "ImmediateOrCancel"),
            BOTH,
            settle("account_1"),
            order("account_1", "Bid", 1, _P),
            order("account_2", "Ask", 1, _P, _P, "PostOnly"),
            order("account_2", "Ask", 1, _P, "price_lots - 100", "PostOnly"),
            order("account_2", "Ask", 1, 10_040, _P, "PostOnlySlide"),
        ],
        [
            after(1, one_bids_base_lots=1, two_asks_base_lots=0, two_quote_free_native=99_960),
            after(2, one_base_free_native=100, one_quote_free_native=20),
            after(5, one_bids_base_lots=1, two_asks_base_lots=0),
            after(6, two_asks_base_lots=0),
            after(7, one_bids_base_lots=1, two_asks_base_lots=1),
        ],
    ),
    "test_fill_or_kill_order": (
        {"maker_fee": 0, "taker_fee": 0},
        [
            order("account_1", "Bid", 5, 50_000),
            order("account_2", "Ask", 1, 10_000, _P, "FillOrKill"),
            BOTH,
            order("account_2", "Ask", 6, 60_000, _P, "FillOrKill"),
        ],
        [
            after(0, one_bids_base_lots=5),
            after(2, one_bids_base_lots=4, two_asks_base_lots=0),
            fails(3, "WouldExecutePartially"),
        ],
    ),
    "test_skip_missing_accounts": (
        {},
        [
            *(order(f"maker_{k}", "Bid", 1, _P) for k in (1, 2, 3)),
            order("taker", "Ask", 3, _P),
            consume("maker_2", "maker_3"),
        ],
        [
            {"step": 3, "state": {"event_heap.header.count()": 3}},
            {"step": 4, "state": {"event_heap.header.count()": 1}},
        ],
    ),
    "test_take_ask_order": (
        {},
        [
            order("account_1", "Bid", 1, _P),
            {
                "op": "PlaceTakeOrder",
                "side": "Ask",
                "price_lots": _P,
                "max_base_lots": 1,
                "max_quote_lots_including_fees": _P,
            },
            consume("account_1"),
        ],
        [
            after(1, one_bids_base_lots=1),
            after(2, one_bids_base_lots=0, one_base_free_native=100, one_quote_free_native=20),
        ],
    ),
    "test_negative_spread_ask": (
        {"quote_lot_size": 100, "base_lot_size": 1_000_000_000},
        [
            order("account_1", "Bid", 1_000_000, 10_000),
            order("account_2", "Ask", 1, 7_500, 7_500),
        ],
        [after(1, two_asks_base_lots=0, two_bids_base_lots=0)],
    ),
    "test_place_order_taker_fees": (
        {"taker_fee": 11_000, "maker_fee": 0, "quote_lot_size": 1_000, "base_lot_size": 1},
        [
            order("account_1", "Ask", 500, 500, 1),
            order("account_2", "Bid", 9_999_999, 1_000, 1),
        ],
        [after(1, two_bids_quote_lots=494, two_base_free_native=500)],
    ),
    "test_permissioned_open_order": (
        {"open_orders_admin_bool": True},
        [order("account_1", "Bid", 1, _P), order("account_1", "Bid", 1, _P)],
        [fails(0), after(1, one_bids_base_lots=1)],
    ),
    "test_consume_events_admin": (
        {},
        [order("account_1", "Bid", 1, _P), order("account_2", "Ask", 1, _P), BOTH, BOTH],
        [fails(2), after(3, one_bids_base_lots=0)],
    ),
    "test_oracle_peg_invalid_oracle": (
        {},
        [peg("account_1", "Bid", 1, 100_000, -1, 100)],
        [fails(0)],
    ),
    "test_take_peg_invalid_oracle": (
        {},
        [
            peg("account_1", "Bid", 1, 100_000, -1, 100),
            order("account_2", "Ask", 1, 100_000),
            {"op": "SetOraclePrice", "price": "1000.0"},
            order("account_2", "Ask", 1, 100_000, 100),
        ],
        [after(0, one_bids_base_lots=1), after(1, one_bids_base_lots=1, two_asks_base_lots=1)],
    ),
    "test_oracle_peg_limit": (
        {"quote_lot_size": 10, "base_lot_size": 10_000, "maker_fee": 0, "taker_fee": 0},
        [
            peg("account_1", "Bid", 2, 100_000, -100, 101_000),
            peg("account_1", "Bid", 2, 101_000, -100, 101_000),
        ],
        [
            {"step": 0, "state": {"bids_data.roots[1].leaf_count": 0}},
            {"step": 1, "state": {"bids_data.roots[1].leaf_count": 1}},
        ],
    ),
    "test_locked_amounts": (
        {"maker_fee": 200},
        [
            peg("account_1", "Bid", 1_000, 100_000_000, 0, 30),
            cancel("CancelAllOrders", "account_1"),
            settle("account_1"),
            peg("account_1", "Bid", 1_000, 100_000_000, 0, 30),
            peg("account_2", "Ask", 1_000, 100_000_000, 0, 10),
            BOTH,
        ],
        [
            after(1, one_quote_free_native=300_060),
            after(
                5,
                one_quote_free_native=200_040,
                one_base_free_native=100_000,
                two_quote_free_native=99_960,
                two_base_free_native=0,
            ),
        ],
    ),
    "test_bids_quote_lots": (
        {"maker_fee": 200},
        [
            peg("account_1", "Bid", 100, 100_000_000, 0, 20),
            peg("account_2", "Ask", 30, 100_000_000, 0, 20),
            BOTH,
            order("account_2", "Ask", 70, 100_000_000, 1),
            BOTH,
        ],
        [
            after(1, one_bids_quote_lots=2_000),
            after(2, one_bids_quote_lots=1_400),
            after(4, one_bids_quote_lots=0),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    market, steps, expected = CASES[name]
    inputs = {"model": "openbook_v2", "market": _MARKET | market, "steps": steps}
    row = Row("orderbook", f"openbook:file:{name}", "", inputs, {"after": expected})
    assert mismatches(row, play(row)) == []
