"""Batch handlers give what the scalar ones give, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import Layout
from sealane.programs.library.oracle import Feed, FeedStatus, oracle
from sealane.programs.library.perpetuals import NOBODY, WAD, Market, Totals, Trader, perpetuals
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .desk import params

Accounts = dict[str, tuple[str, Account]]
RENT = 10_000_000


def held(layout: Layout, owner: Pubkey = perpetuals.id) -> Account:
    return Account(RENT, owner, layout.encode())


def market_of(number: int, *, settled: bool = False, price: int = 100) -> Accounts:
    """The row's own market, at an index of a half, and its feed and sums."""
    market = f"market {number}"
    authority, bump = Pubkey.find_program_address([b"authority", Pubkey.of(market)], perpetuals.id)
    state = Market(
        **params(taker_fee_bps=10, price_age_max_s=60).values(),
        mint="usd",
        feed=f"feed {number}",
        totals=f"totals {number}",
        authority=authority,
        bump=bump,
        price_exponent=-6,
        price_unit=10**12,
        index=WAD // 2,
        settled=settled,
    )
    feed = Feed(price=price * 10**6, exponent=-6, status=FeedStatus.Trading)
    totals = Totals(market=market, opened=100, closed=40, fees=7)
    return {
        "market": (market, held(state)),
        "feed": (f"feed {number}", held(feed, oracle.id)),
        "totals": (f"totals {number}", held(totals)),
        "authority": (str(authority), Account()),
    }


def trader_of(number: int, side: str, margin: int, position: int, **fields: Any) -> Accounts:
    user = f"{side} {number}"
    values = {"market": f"market {number}", "user": user, "operator": NOBODY, "group": NOBODY}
    state = Trader(**values | {"margin": margin, "position": position, "index": 0} | fields)
    return {side: (f"{user} trader", held(state)), f"{side}_authority": (user, Account(RENT))}


def tokens_of(name: str, owner: str | Pubkey, amount: int) -> tuple[str, Account]:
    state = TokenAccount(mint="usd", owner=owner, amount=amount, state=AccountState.Initialized)
    return name, Account(2_039_280, token.id, state.encode())


def only(accounts: Accounts, *names: str) -> Accounts:
    return {name: accounts[name] for name in names}


MARGINS = st.sampled_from([0, 1_000, -1_000, 50_000, 2**62])
POSITIONS = st.sampled_from([0, 10, -10, 7, 2**40])
SIZES = st.sampled_from([0, 1, -1, 9, -20, 2**62, -(2**63)])


def trades(number: int) -> st.SearchStrategy[BatchRow]:
    def row(
        margins: tuple[int, int], positions: tuple[int, int], size: int, worth: int, settled: bool
    ) -> BatchRow:
        accounts = market_of(number, settled=settled)
        accounts |= trader_of(number, "maker", margins[0], positions[0])
        accounts |= trader_of(number, "taker", margins[1], positions[1])
        names = ("market", "feed", "totals", "maker", "taker")
        cost = max(-(2**63), min(size * worth, 2**63 - 1))
        given = only(accounts, *names, "maker_authority", "taker_authority")
        return BatchRow(given, {"size": size, "cost": cost})

    rarely = st.sampled_from([False] * 7 + [True])
    worths = st.sampled_from([100, 90, 110])
    pair = st.tuples(MARGINS, MARGINS), st.tuples(POSITIONS, POSITIONS)
    return st.builds(row, *pair, SIZES, worths, rarely)


def deposits(number: int) -> st.SearchStrategy[BatchRow]:
    def row(margin: int, position: int, amount: int, stranger: bool) -> BatchRow:
        accounts = market_of(number) | trader_of(number, "trader", margin, position)
        payer = f"payer {number}"
        owner = "stranger" if stranger else accounts["authority"][0]
        accounts |= {
            "source": tokens_of(f"source {number}", payer, 500),
            "vault": tokens_of(f"vault {number}", owner, 5),
            "payer": (payer, Account(RENT)),
        }
        names = ("market", "trader", "source", "vault", "payer")
        return BatchRow(only(accounts, *names), {"amount": amount})

    amounts = st.sampled_from([0, 1, 499, 500, 501])
    return st.builds(row, MARGINS, POSITIONS, amounts, st.sampled_from([False] * 7 + [True]))


def withdrawals(number: int) -> st.SearchStrategy[BatchRow]:
    def row(margin: int, position: int, amount: int) -> BatchRow:
        accounts = market_of(number) | trader_of(number, "trader", margin, position)
        user = accounts["trader_authority"]
        accounts |= {
            "vault": tokens_of(f"vault {number}", accounts["authority"][0], 60_000),
            "destination": tokens_of(f"destination {number}", user[0], 0),
            "owner": user,
        }
        names = ("market", "feed", "trader", "vault", "destination", "authority", "owner")
        return BatchRow(only(accounts, *names), {"amount": amount})

    return st.builds(row, MARGINS, POSITIONS, st.sampled_from([1, 200, 900, 1_000, 60_001]))


def settlements(number: int) -> st.SearchStrategy[BatchRow]:
    def row(margin: int, position: int, elsewhere: bool) -> BatchRow:
        fields = {"market": "elsewhere"} if elsewhere else {}
        accounts = market_of(number) | trader_of(number, "trader", margin, position, **fields)
        return BatchRow(only(accounts, "market", "trader"), {})

    return st.builds(row, MARGINS, POSITIONS, st.sampled_from([False] * 7 + [True]))


def compare(instruction: Any, rows: Callable[[int], Any]) -> set[str]:
    seen = assert_batch_matches_scalar(instruction, rows=rows, examples=15)
    assert seen.vectorized > 0
    return set(seen.failures)


def test_trades() -> None:
    assert {"Settled", "NoPositiveValue"} <= compare(perpetuals.trade, trades)


def test_deposits() -> None:
    assert "WrongVault" in compare(perpetuals.deposit, deposits)


def test_withdrawals() -> None:
    assert "NotCollateralized" in compare(perpetuals.withdraw, withdrawals)


def test_settlements() -> None:
    assert "WrongMarket" in compare(perpetuals.settle, settlements)
