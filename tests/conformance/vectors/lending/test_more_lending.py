"""The other cases of the same suites, in the form of the rows."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ..compare import mismatches
from ..rows import Row, Way, adapter_of

MAX: Final = 2**256 - 1
E18: Final = 10**18
Case = tuple[dict[str, Any], dict[str, Any]]


def rate(pct: int, kink: int, jump: int, expected: float) -> Case:
    inputs = {"op": "borrow_rate", "model": "jump", "base_pct": 10, "multiplier_pct": 20}
    terms = {"jump_pct": jump, "kink_pct": kink, "utilization_pct": pct}
    years = {"blocks_per_year": 2_102_400}
    return inputs | terms | years, {"rate_per_year_pct": expected, "tolerance_pct": "0.01"}


def sums(cash: int, borrows: int, base: Any = "0.1", multiplier: Any = "0.45") -> Case:
    given = {"cash": str(cash), "borrows": str(borrows), "base": base, "multiplier": multiplier}
    inputs = {"op": "borrow_rate", "model": "jump", "blocks_per_year": 2_102_400}
    return inputs | given, {"error": True}


def seized(exchange: int, borrowed: int, collateral: int, incentive: int, repay: int) -> Case:
    inputs = {
        "op": "liquidate_calculate_seize_tokens",
        "exchange_rate": str(exchange),
        "price_borrowed": str(borrowed),
        "price_collateral": str(collateral),
        "incentive": str(incentive),
        "repay": str(repay),
    }
    exact = repay * incentive * borrowed // (collateral * exchange) if collateral else 0
    return inputs, {"seize_tokens_approx": str(exact), "tolerance": 10_000_000}


def fee(amount: int, host: int, expected: dict[str, Any], mode: str = "exclusive") -> Case:
    terms = {"borrow_fee_wad": "10000000000000000", "flash_loan_fee_wad": 0, "host_fee_pct": host}
    inputs = {"op": "calculate_borrow_fees", "amount": amount, "mode": mode}
    return inputs | terms, expected


def bonus(values: tuple[int, int, int], terms: tuple[int, int, int], expected: Any) -> Case:
    inputs = dict(
        zip(
            (
                "borrowed_value",
                "unhealthy_borrow_value",
                "super_unhealthy_borrow_value",
                "liquidation_bonus_pct",
                "max_liquidation_bonus_pct",
                "protocol_liquidation_fee_decipct",
            ),
            values + terms,
            strict=True,
        )
    )
    if isinstance(expected, str):
        return inputs | {"op": "calculate_bonus"}, {"error": expected}
    total, protocol, closeable = expected
    figures = {"total_bonus_pct": total, "protocol_fee_pct": protocol}
    return inputs | {"op": "calculate_bonus", "closeable": closeable}, figures


def closed(debt: tuple[int, str], held: tuple[int, str], expected: tuple[int, int, int]) -> Case:
    inputs = {
        "op": "calculate_liquidation",
        "close_factor_pct": 20,
        "amount_to_liquidate": str(2**64 - 1),
        "borrow_amount": debt[0],
        "borrow_market_value": debt[1],
        "obligation_borrowed_value": debt[1],
        "deposit_amount": held[0],
        "deposit_market_value": held[1],
        "total_bonus_pct": 5,
        "protocol_fee_pct": 1,
    }
    keys = ("settle_amount", "repay_amount", "withdraw_amount")
    return inputs, dict(zip(keys, expected, strict=True))


def refused(condition: str, error: str) -> Case:
    return {"op": "liquidate", "condition": condition}, {"error": error}


def liquidity(expected: dict[str, Any], *markets: dict[str, Any], **change: int) -> Case:
    return {"op": "hypothetical_liquidity", "markets": list(markets)} | change, expected


ONE: Final = {"collateral_factor": "0.5", "price": "1", "supplied": 1_000_000}
NOTHING: Final = {"liquidity": 0, "shortfall": 0}

CASES: Final[list[Case]] = [
    *(rate(*point) for point in ((10, 90, 100, 12), (89, 90, 100, 27.8), (100, 90, 100, 38))),
    *(rate(*point) for point in ((100, 90, 20, 30), (100, 90, 0, 28), (10, 110, 0, 12))),
    *(rate(*point) for point in ((0, 0, 2_000, 10), (10, 0, 2_000, 210), (100, 0, 2_000, 2_010))),
    *(sums(*pair) for pair in ((MAX, MAX), (0, MAX))),
    sums(1, 1, 0, -1),
    seized(E18, E18, E18, E18, E18),
    seized(2 * E18, E18, E18, E18, E18),
    seized(
        2_789 * 10**15, 5_230_480_842 * 10**9, 771_320 * 10**15, 13 * 10**17, 10_002_450 * 10**15
    ),
    seized(
        7_009_232_529_961_056 * 10**9,
        25_278_726_317_240_445 * 10**8,
        26_177_112_093_242_585 * 10**7,
        1_179_713_989_619_784_000,
        7_790_468_414_639_561 * 10**9,
    ),
    (seized(E18, E18, 0, E18, E18)[0], {"error": "PRICE_ERROR"}),
    (seized(E18, E18, E18, E18, MAX)[0], {"error": True}),
    (seized(E18, MAX, E18, E18, E18)[0], {"error": True}),
    fee(2, 20, {"error": "BorrowTooSmall"}),
    fee(1, 0, {"error": "BorrowTooSmall"}),
    fee(1_000, 20, {"total_fee": 10, "host_fee": 2}),
    fee(1_000, 0, {"total_fee": 10, "host_fee": 0}),
    fee(1_010, 0, {"total_fee": 10, "host_fee": 0}, "inclusive"),
    (
        {
            "op": "protocol_liquidation_fee",
            "amount_liquidated": 10_000,
            "total_bonus_pct": 5,
            "protocol_fee_pct": 0,
        },
        {"fee": 1},
    ),
    (
        {
            "op": "protocol_liquidation_fee",
            "amount_liquidated": 10_000,
            "total_bonus_pct": 1,
            "protocol_fee_pct": 1,
        },
        {"fee": 100},
    ),
    bonus((100, 101, 150), (10, 20, 10), "ObligationHealthy"),
    bonus((100, 101, 150), (10, 20, 10), (0, 0, True)),
    bonus((100, 100, 150), (10, 20, 10), (11, 1, False)),
    bonus((100, 50, 150), (10, 20, 10), (16, 1, False)),
    bonus((100, 50, 100), (10, 20, 10), (21, 1, False)),
    bonus((200, 50, 100), (10, 20, 10), (21, 1, False)),
    bonus((60, 40, 60), (30, 30, 30), (25, 3, False)),
    closed((100, "0.5"), (100, "1"), (100, 100, 52)),
    closed((1, "1"), (1_000, "1.05"), (1, 1, 1_000)),
    closed((10, "1"), (10, "0.525"), (5, 5, 10)),
    closed((1, "1"), (1, "10"), (1, 1, 1)),
    refused("market-not-fresh", "LiquidateFreshnessCheck"),
    refused("borrower-is-liquidator", "LiquidateLiquidatorIsBorrower"),
    refused("repay-zero", "LiquidateCloseAmountIsZero"),
    refused("repay-amount-0", "LiquidateCloseAmountIsZero"),
    refused("repay-refused", "RepayBorrowComptrollerRejection"),
    refused("seize-refused", "LiquidateSeizeComptrollerRejection"),
    (
        {"op": "seize", "condition": "not-allowed-to-seize"},
        {"error": "LiquidateSeizeComptrollerRejection"},
    ),
    ({"op": "seize", "condition": "balance-below-amount"}, {"error": True}),
    ({"op": "seize", "condition": "liquidator-overflows"}, {"error": True}),
    refused("repay-max", "LiquidateCloseAmountIsUintMax"),
    liquidity(NOTHING, ONE, redeem=1_000_000),
    liquidity(NOTHING, ONE | {"entered": False}, borrow=1_000_000),
    liquidity(NOTHING),
    liquidity({"error": "PRICE_ERROR"}, {"collateral_factor": "0.5", "supplied": 0}),
]


@pytest.mark.parametrize("case", CASES, ids=[str(number) for number in range(len(CASES))])
def test_case(case: Case) -> None:
    row = Row("lending", "other", "the same suite", *case)
    played = adapter_of("lending")(row)
    assert not mismatches(row, played)
    assert played.way is Way.RUNTIME
