"""Tests of OpenBook v2 of admins, delegates, cranks and pegs that are not among the rows."""

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
    peg,
    settle,
)

CASES: Final[dict[str, tuple[dict[str, Any], list[Any], list[Any]]]] = {
    "test_delegate_settle": (
        {"payer_as_delegate": True},
        [
            order("account_1", "Bid", 1, P),
            order("account_2", "Ask", 1, P),
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
    "test_delegate": (
        {},
        [
            order("account_3", "Bid", 1, P),
            cancel("CancelOrderByClientOrderId", "account_3", client_order_id=0),
            {"op": "SetDelegate", "open_orders_account": "account_3", "delegate_account": None},
            order("account_3", "Bid", 1, P),
        ],
        [fails(3)],
    ),
    "test_close_market_admin": (
        {"close_market_admin_bool": True},
        [
            order("account_1", "Bid", 2, 20_000),
            order("account_2", "Ask", 1, P),
            {"op": "CloseMarket"},
            {"op": "SetMarketExpired"},
            order("account_1", "Bid", 1, P),
            BOTH,
            {"op": "PruneOrders", "open_orders_account": "account_1"},
            settle("account_1"),
            {"op": "SettleFundsExpired", "open_orders_account": "account_2"},
            SWEEP,
            {"op": "CloseMarket"},
        ],
        [
            fails(2),
            after(3, market_time_expiry=-1),
            fails(4, "MarketHasExpired"),
            after(6, one_bids_base_lots=0),
            after(8, two_quote_free_native=0, market_fees_available=20),
            after(9, market_quote_deposit_total=0, market_base_deposit_total=0),
        ],
    ),
    "test_skip_missing_accounts": (
        {},
        [
            *(order(f"maker_{k}", "Bid", 1, P) for k in (1, 2, 3)),
            order("taker", "Ask", 3, P),
            consume("maker_2", "maker_3"),
        ],
        [
            {"step": 3, "state": {"event_heap.header.count()": 3}},
            {"step": 4, "state": {"event_heap.header.count()": 1}},
        ],
    ),
    "test_permissioned_open_order": (
        {"open_orders_admin_bool": True},
        [order("account_1", "Bid", 1, P), order("account_1", "Bid", 1, P)],
        [fails(0), after(1, one_bids_base_lots=1)],
    ),
    "test_consume_events_admin": (
        {},
        [order("account_1", "Bid", 1, P), order("account_2", "Ask", 1, P), BOTH, BOTH],
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
    assert differences(name, *CASES[name]) == []
