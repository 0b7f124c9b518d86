"""What rows of OpenBook v2 leave out: they have the instructions of a test, but not all between.

By the name of the test, after its source: the clock that moves on, makers' accounts that are passed
so that fills need no event, who signs, and a price.
"""

from __future__ import annotations

from typing import Final

# Seconds that pass after the first step of this kind, or before it.
CLOCK: Final[dict[str, tuple[str, str, int]]] = {
    "test_expired_orders": ("after", "expiring", 2),
    "test_place_cancel_order_remaining": ("after", "expiring", 11),
    "test_cancel_order_yourself": ("after", "expiring", 11),
    "test_oracle_peg_invalid_oracle": ("before", "PlaceOrderPegged", 200),
    "test_take_peg_invalid_oracle": ("after", "PlaceOrderPegged", 200),
}
PASSED: Final = frozenset(
    {
        "test_edit_order",
        "test_place_cancel_order_remaining",
        "test_cancel_order_yourself",
        "test_take_peg_invalid_oracle",
    }
)
# Tests whose `price_lots` is that of 1 token for 1. Rows have 1,000, as most tests have: with it,
# the reference would not do what these tests expect.
AT_PAR: Final = frozenset(
    {"test_skip_missing_accounts", "test_crank_given_events", "test_oracle_peg"}
)
# Who signs for a settlement, and whose wallets it is paid to, where it is not the owner.
SETTLERS: Final[dict[str, list[tuple[str | None, str | None]]]] = {
    "test_delegate_settle": [("payer", "payer"), ("payer", None), (None, "payer")],
}
# Tests whose orders are signed, and paid for, by the account's delegate.
DELEGATED: Final = frozenset({"test_delegate"})
# Tests that do the same twice, first without the signature of an admin that the market asks for.
SIGNED_LATER: Final[dict[str, str]] = {
    "test_permissioned_open_order": "PlaceOrder",
    "test_permissioned_open_take_order": "PlaceOrder",
    "test_consume_events_admin": "ConsumeEvents",
}
# Variables of tests that rows may name, instead of saying their values.
VARIABLES: Final[dict[str, int]] = {
    "initial_quote_amount": 10_000,
    "market_base_lot_size": 10_000,
    "market_quote_lot_size": 10,
}
QUOTE_LOTS: Final[dict[str, int]] = {
    "insufficient_funds": 104,
    "test_oracle_peg": 100_000,
    "test_oracle_peg_limit": 100_000,
}
# Accounts by the names that tests give to what they have read of them.
_READ_AS: Final[dict[str, str]] = {
    "oo_1": "account_1",
    "oo_2": "account_2",
    "position_0": "account_1",
    "position_1": "account_2",
    "open_orders_account_1": "account_1",
    "open_orders_account_2": "account_2",
}
_READ_ONCE: Final[dict[str, str]] = {
    "insufficient_funds": "account_1",
    "test_negative_spread_ask": "account_2",
    "test_locked_maker_fees": "maker",
    "test_take_peg_invalid_oracle": "account_1",
    "test_oracle_peg": "account_2",
}


def account_of(test: str, name: str) -> str:
    """The open-orders account that a figure's name begins with."""
    if name in ("oo", "position", "open_orders_account"):
        return _READ_ONCE.get(test, "account_1")
    return _READ_AS.get(name, name)
