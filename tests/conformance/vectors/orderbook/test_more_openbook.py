"""Tests of OpenBook v2 of orders, fees and funds that are not among the rows."""

from __future__ import annotations

from typing import Any, Final

import pytest

from .openbook_rows import (
    BOTH,
    SWEEP,
    P,
    after,
    cancel,
    consume,
    differences,
    fails,
    order,
    settle,
)

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
            order("account_1", "Ask", 1, P, 1_000),
            order("account_2", "Ask", 2, P, 1_000),
            order(
                *("account_1", "Bid", 1, P, 1_000, "ImmediateOrCancel"),
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
            order("account_1", "Ask", 1, P, 1_000),
            order("account_1", "Bid", 1, P, 1_000, self_trade_behavior="AbortTransaction"),
        ],
        [fails(1, "WouldSelfTrade")],
    ),
    "test_cancel_orders": (
        {"maker_fee": -100},
        [
            order("account_1", "Bid", 1, P),
            order("account_2", "Ask", 1, P),
            BOTH,
            {
                "op": "Deposit",
                "open_orders_account": "account_1",
                "base_amount": 10_000,
                "quote_amount": 0,
            },
            order("account_1", "Ask", 1, P),
            settle("account_1"),
            cancel("CancelOrder", "account_1", order_id="order_id_to_cancel"),
            order("account_1", "Bid", 1, P),
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
            order("account_1", "Bid", 1, P, expiry_timestamp="now_ts + 2"),
            order("account_2", "Ask", 1, P),
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
            order("account_1", "Bid", 1, P),
            order("account_2", "Ask", 2, 20_000, P, "ImmediateOrCancel"),
            BOTH,
            settle("account_1"),
            order("account_1", "Bid", 1, P),
            order("account_2", "Ask", 1, P, P, "PostOnly"),
            order("account_2", "Ask", 1, P, "price_lots - 100", "PostOnly"),
            order("account_2", "Ask", 1, 10_040, P, "PostOnlySlide"),
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
            order("account_2", "Ask", 1, 10_000, P, "FillOrKill"),
            BOTH,
            order("account_2", "Ask", 6, 60_000, P, "FillOrKill"),
        ],
        [
            after(0, one_bids_base_lots=5),
            after(2, one_bids_base_lots=4, two_asks_base_lots=0),
            fails(3, "WouldExecutePartially"),
        ],
    ),
    "test_take_ask_order": (
        {},
        [
            order("account_1", "Bid", 1, P),
            {
                "op": "PlaceTakeOrder",
                "side": "Ask",
                "price_lots": P,
                "max_base_lots": 1,
                "max_quote_lots_including_fees": P,
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
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    assert differences(name, *CASES[name]) == []
