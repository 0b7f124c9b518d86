"""The batch handlers beside the scalar ones, with nested transfers of both tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs.library.orderbook import (
    ORDERBOOK_ID,
    Market,
    MarketFees,
    OpenOrders,
    orderbook,
)
from sealane.programs.library.token import AccountState, TokenAccount
from sealane.testing import BatchRow, assert_batch_matches_scalar

HELD: Final = 1_000
AMOUNTS: Final = st.sampled_from([0, 1, 700, HELD, HELD + 1])


def row(number: int, instruction: str, base: int, quote: int, rebates: int, owner: str) -> BatchRow:
    """A call in a market of its own; `owner` signs for ann's account."""
    market = f"market {number}"
    authority, bump = Pubkey.find_program_address([b"authority", Pubkey.of(market)], ORDERBOOK_ID)
    ann = f"ann {number}"
    names = {
        f"{m}_{w}": f"{m} {w} {number}" for m in ("base", "quote") for w in ("wallet", "vault")
    }
    terms = Market(
        authority=authority,
        bump=bump,
        base_vault=names["base_vault"],
        quote_vault=names["quote_vault"],
        fees=f"fees {number}",
    )
    orders = OpenOrders(
        market=market, trader=ann, base_free=HELD, quote_free=HELD, referrer_rebates=rebates
    )
    fees = Account(1, ORDERBOOK_ID, MarketFees(market=market).encode())
    accounts: dict[str, tuple[str, Account]] = {
        "market": (market, Account(1, ORDERBOOK_ID, terms.encode())),
        "open_orders": (f"orders {number}", Account(1, ORDERBOOK_ID, orders.encode())),
        "owner": (f"{owner} {number}", Account(10**9)),
    }
    for name, key in names.items():
        holder = authority if name.endswith("vault") else Pubkey.of(ann)
        accounts[name] = (key, _tokens(name.split("_")[0], holder))
    if instruction != "deposit":
        accounts["authority"] = (str(authority), Account(0))
    if instruction == "settle_funds":
        return BatchRow(accounts | {"fees": (f"fees {number}", fees)}, {})
    return BatchRow(accounts, {"base": base, "quote": quote})


def _tokens(mint: str, owner: Pubkey) -> Account:
    held = TokenAccount(mint=mint, owner=owner, amount=HELD, state=AccountState.Initialized)
    return Account(1, Pubkey.of("token"), held.encode())


def rows_of(instruction: str) -> Callable[[int], st.SearchStrategy[BatchRow]]:
    def of(number: int) -> st.SearchStrategy[BatchRow]:
        owners, rebates = st.sampled_from(["ann", "ann", "eve"]), st.sampled_from([0, 9])
        made: Any = st.builds(
            row, st.just(number), st.just(instruction), AMOUNTS, AMOUNTS, rebates, owners
        )
        return made

    return of


@pytest.mark.parametrize("instruction", ["deposit", "settle_funds", "withdraw"])
def test_rows_come_out_as_alone(instruction: str) -> None:
    spec = getattr(orderbook, instruction)
    seen = assert_batch_matches_scalar(spec, rows=rows_of(instruction), examples=25)
    assert seen.vectorized > 0
    assert "WrongOwner" in seen.failures
