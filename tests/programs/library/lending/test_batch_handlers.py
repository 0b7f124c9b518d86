"""Supplies and repayments by column: the same as one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from sealane import Account
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.lending import Position, Reserve, Totals, lending
from sealane.programs.library.lending.figures.accrual import DEBT_UNIT
from sealane.programs.library.token import TOKEN_ID, AccountState, TokenAccount
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .bank import WAD, terms

CONFIG = terms()
SHARES_MAX = 2**60


def owned(layout: Any) -> Account:
    return Account(10_000_000, lending.id, layout.encode())


def tokens(mint: str, owner: Any, amount: int) -> Account:
    held = TokenAccount(mint=mint, token_owner=owner, amount=amount, state=AccountState.Initialized)
    return Account(2_039_280, TOKEN_ID, held.encode())


def rows(user_name: str) -> Callable[[int], st.SearchStrategy[BatchRow]]:
    """Calls on reserves of different age and prices, a few of them by who may not, or too large."""

    def row(number: int) -> st.SearchStrategy[BatchRow]:
        name, user = f"reserve {number}", f"user {number}"
        authority, bump = found_authority(name, lending.id)

        def call(index: int, rate: int, amount: int, debt: int, stranger: bool) -> BatchRow:
            reserve = Reserve(
                market="bank",
                mint="usd",
                totals=f"{name} totals",
                authority=authority,
                bump=bump,
                borrow_index=WAD + index,
                supply_price=WAD + index // 2,
                borrow_rate=rate,
                supply_rate=rate + 1,
                config=CONFIG,
            )
            totals = Totals(reserve=name, cash=SHARES_MAX, debt_shares=debt * DEBT_UNIT)
            owner = "stranger" if stranger else user
            position = Position(owner_key=owner, reserve=name, debt_shares=debt * DEBT_UNIT)
            accounts = {
                "reserve": (name, owned(reserve)),
                "totals": (f"{name} totals", owned(totals)),
                "position": (f"{user} position", owned(position)),
                "source": (f"{user} tokens", tokens("usd", user, SHARES_MAX)),
                "vault": (f"{name} vault", tokens("usd", authority, SHARES_MAX)),
                user_name: (user, Account(1)),
            }
            return BatchRow(accounts, arguments={"amount": amount})

        amounts = st.one_of(st.integers(0, 10**6), st.just(2**64 - 1))
        return st.builds(
            call,
            st.integers(0, 3 * WAD),
            st.integers(0, 10**12),
            amounts,
            st.integers(0, 10**7),
            st.sampled_from([False] * 9 + [True]),
        )

    return row


def test_supplies() -> None:
    seen = assert_batch_matches_scalar(lending.supply, rows=rows("owner"))
    assert seen.vectorized > seen.succeeded // 2


def test_repayments() -> None:
    seen = assert_batch_matches_scalar(lending.repay, rows=rows("payer"))
    assert seen.vectorized > seen.succeeded // 2
