"""Tests of Phoenix v1's matching engine that are not among the rows, in the form of rows."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ..adapters.orderbook import play
from ..compare import mismatches
from ..rows import Row

TICK: Final = 100  # quote lots a base lot, in the markets of most tests


def post(side: str, price: int, lots: int = 1, trader: str = "A", **more: Any) -> dict[str, Any]:
    return {
        "op": "post_only",
        "side": side,
        "price_ticks": price,
        "base_lots": lots,
        "trader": trader,
    } | more


def limit(side: str, price: int, lots: int, trader: str = "A", **more: Any) -> dict[str, Any]:
    return post(side, price, lots, trader) | {"op": "limit", "self_trade": "CancelProvide"} | more


def ioc(side: str, price: int | None, lots: int, **more: Any) -> dict[str, Any]:
    return {
        "op": "ioc",
        "trader": "T",
        "side": side,
        "price_ticks": price,
        "base_lots": lots,
        "self_trade": "Abort",
    } | more


def after(step: int, **figures: Any) -> dict[str, Any]:
    return {"step": step} | figures


SEEDED: Final = [
    post(side, 100 + sign * k, 10, "M")
    for k in range(1, 11)
    for side, sign in (("bid", -1), ("ask", 1))
]
DEEP: Final = [
    post(side, 100 + sign * k, 10_000 * k, "M")
    for k in range(1, 11)
    for side, sign in (("bid", -1), ("ask", 1))
]
N: Final = len(SEEDED)
NO: Final = {"rejected": True}
WIDE: Final = {"tick_size_quote_lots_per_base_unit": 1_000, "base_lots_per_base_unit": 1_000}

CASES: Final[dict[str, tuple[dict[str, Any], list[Any], list[Any]]]] = {
    "post_only_default": (
        {},
        [post("bid", 100), post("ask", 100), post("ask", 102), post("bid", 101), post("bid", 102)],
        [after(1, **NO), after(4, bids=[[101, 1], [100, 1]], asks=[[102, 1]], **NO)],
    ),
    "post_only_rejection": (
        {},
        [
            *(post("bid", 100), post("ask", 102), post("bid", 101)),
            post("bid", 102, reject=True),
            post("ask", 100, reject=False),
            post("bid", 102, reject=False),
        ],
        [after(3, **NO), after(5, bids=[[101, 2], [100, 1]], asks=[[102, 2]])],
    ),
    "cancel_all": (
        {},
        [
            *(post("bid", 100 - k) for k in range(10)),
            *(post("ask", 102 + k) for k in range(10)),
            {"op": "cancel_all", "trader": "A"},
        ],
        [after(20, best_bid=None, best_ask=None)],
    ),
    "limit_orders_with_free_lots": (
        {},
        [
            limit("bid", 100, 5),
            limit("bid", 95, 15),
            limit("ask", 95, 15, "B"),
            limit("ask", 100, 5),
            limit("ask", 100, 20),
            limit("bid", 100, 10),
            limit("bid", 101, 10, "B"),
            limit("ask", 100, 50),
            limit("bid", 105, 55, "B"),
            limit("bid", 100, 20),
            limit("bid", 100, 50),
            limit("bid", 120, 50),
            limit("ask", 120, 25),
            limit("ask", 110, 25, "B"),
            limit("bid", 111, 75),
        ],
        [
            after(3, response={"base_lots_posted": 5, "free_base_lots_used": 5}),
            after(4, response={"base_lots_posted": 20, "free_base_lots_used": 10}),
            after(
                7,
                response={
                    "base_lots_in": 10,
                    "quote_lots_out": 101 * TICK * 10,
                    "base_lots_posted": 40,
                    "free_base_lots_used": 25,
                },
            ),
            after(
                9,
                response={
                    "quote_lots_posted": 100 * TICK * 20,
                    "free_quote_lots_used": 100 * TICK * 20,
                },
            ),
            after(
                10,
                response={
                    "quote_lots_posted": 100 * TICK * 50,
                    "free_quote_lots_used": 100 * TICK * 30,
                },
            ),
            after(
                14,
                response={
                    "quote_lots_in": 110 * TICK * 25,
                    "base_lots_out": 25,
                    "quote_lots_posted": 111 * TICK * 50,
                    "free_quote_lots_used": 120 * TICK * 50,
                },
            ),
        ],
    ),
    "orders_with_only_free_funds": (
        {},
        [
            post("bid", 100, 5, "T", reject=False, use_only_deposited_funds=True),
            post("bid", 100, 5, reject=False),
            ioc("ask", 100, 5, use_only_deposited_funds=True),
            ioc("ask", 100, 5),
            limit("ask", 100, 5, use_only_deposited_funds=True, self_trade="Abort"),
            limit("bid", 100, 5, "T", self_trade="Abort"),
            limit("ask", 100, 5, "T", self_trade="Abort"),
            ioc("bid", 100, 6, trader="A", use_only_deposited_funds=True),
        ],
        [after(0, **NO), after(2, **NO), after(4, ok=True), after(7, filled=True)],
    ),
    "fok_limit_2": (
        {},
        [*SEEDED, ioc("bid", 102, 30, fok=True), ioc("ask", 98, 30, fok=True)],
        [after(N, **NO), after(N + 1, **NO)],
    ),
    "ioc_limit_3": (
        {},
        [
            *SEEDED,
            ioc("bid", 103, 0, quote_lots=102 * TICK * 30 + 1),
            ioc("ask", 97, 31),
        ],
        [
            after(N, response={"quote_lots_in": 102 * TICK * 30, "base_lots_out": 30}),
            after(N + 1, response={"base_lots_in": 30, "quote_lots_out": 98 * TICK * 30}),
        ],
    ),
    "ioc_limit_4": (
        {},
        [*SEEDED, ioc("bid", 102, 0, quote_lots=102 * TICK * 30), ioc("ask", 98, 30)],
        [
            after(N, response={"quote_lots_in": 203 * TICK * 10, "base_lots_out": 20}),
            after(N + 1, response={"base_lots_in": 20, "quote_lots_out": 197 * TICK * 10}),
        ],
    ),
    "ioc_limit_5": (
        {},
        [
            *SEEDED,
            ioc("bid", None, 100, last_valid_slot=2, slot=1_000, unix_timestamp=1_000),
            ioc("bid", None, 100, last_valid_unix_timestamp_in_seconds=2),
            ioc("bid", None, 100, last_valid_slot=1_200, last_valid_unix_timestamp=1_200),
            ioc("bid", None, 100, quote_lots=1),
        ],
        [
            after(N, response={}),
            after(N + 1, response={}),
            after(N + 2, filled=True),
            after(N + 3, **NO),
        ],
    ),
    "fok_with_free_funds": (
        {},
        [
            *SEEDED,
            {"op": "deposit", "trader": "T", "base_lots": 29, "quote_lots": 103 * TICK},
            ioc("ask", 99, 10, fok=True),
            ioc("ask", 98, 10, fok=True, use_only_deposited_funds=True),
            ioc("ask", 97, 10, fok=True, use_only_deposited_funds=True),
            ioc("bid", 101, 10, fok=True),
            ioc("bid", 102, 10, fok=True, use_only_deposited_funds=True),
        ],
        [
            after(N + 2, filled=True),
            after(N + 3, **NO),
            after(N + 4, filled=True),
            after(N + 5, **NO),
        ],
    ),
    "fok_with_slippage_2": (
        WIDE | {"taker_fee_bps": 5},
        [*DEEP, ioc("ask", None, 50_000, min_quote_lots=98 * 50_000)],
        [after(N, **NO)],
    ),
    "fok_with_slippage_3": (
        WIDE | {"taker_fee_bps": 5},
        [*DEEP, ioc("ask", None, 50_000, min_quote_lots=4_886_280)],
        [after(N, response={"base_lots_in": 50_000})],
    ),
    "fees_basic": (
        {"base_lots_per_base_unit": 1_000, "taker_fee_bps": 5},
        [
            *(post("bid", 9_900, 10), post("ask", 10_100, 10)),
            ioc("bid", 10_100, 10),
            ioc("ask", 9_900, 10),
            {"op": "collect_fees"},
        ],
        [
            after(2, response={"base_lots_out": 10, "quote_lots_in": 1_010_000 * 10_005 // 10_000}),
            after(3, response={"base_lots_in": 10, "quote_lots_out": 990_000 * 9_995 // 10_000}),
            after(4, uncollected_fees=0),
        ],
    ),
    "reduce_order": (
        {},
        [
            post("bid", 1_000, 100, label="first"),
            {"op": "reduce", "trader": "A", "order": "first", "base_lots": 10},
            post("bid", 1_000, 100, "B"),
            {"op": "reduce", "trader": "B", "order": "first", "base_lots": 10},
            {"op": "reduce", "trader": "A", "order": "another", "base_lots": 10},
            {"op": "reduce", "trader": "A", "order": "first", "base_lots": 100},
        ],
        [
            after(
                1,
                bids=[[1_000, 90]],
                response={"quote_lots_out": 1_000 * TICK * 10},
                reduced={"base_lots_removed": 10, "base_lots_remaining": 90},
            ),
            after(3, **NO),
            after(4, response={}),
            after(5, bids=[[1_000, 100]], reduced={"base_lots": 90}),
        ],
    ),
    "time_in_force_unix": (
        {},
        [
            post("bid", 1_000, 100, "M", last_valid_unix_timestamp=2_000, unix_timestamp=3_000),
            post("bid", 1_000, 100, "M", last_valid_unix_timestamp=2_000, unix_timestamp=1_000),
            ioc("ask", 0, 10, unix_timestamp=2_000),
            ioc("ask", 0, 10, unix_timestamp=2_001),
        ],
        [
            after(0, response={}),
            after(2, filled=True),
            after(3, response={}, expired_order_removed={"price_ticks": 1_000, "base_lots": 90}),
        ],
    ),
    "limit_order_crossing": (
        {},
        [
            *(limit("bid", 100, 10), limit("bid", 100, 10)),
            limit("ask", 95, 20, "B", match_limit=1, self_trade="Abort"),
        ],
        [after(2, best_ask=None, bids=[[100, 10]])],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    usual = {
        "tick_size_quote_lots_per_base_unit": 10_000,
        "base_lots_per_base_unit": 100,
        "taker_fee_bps": 0,
    }
    market, steps, expected = CASES[name]
    inputs = {"model": "phoenix_v1", "market": usual | market, "steps": steps}
    row = Row("orderbook", f"phoenix:{name}", "", inputs, {"after": expected})
    assert mismatches(row, play(row)) == []
