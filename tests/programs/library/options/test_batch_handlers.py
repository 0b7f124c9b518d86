"""Batch handlers give what the scalar ones give, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from sealane import Account, Pubkey
from sealane.programs import Layout
from sealane.programs.library.options import Expiry, Product, Series, Vault, options
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .desk import EXPIRES_AT, OPTION, USD

Accounts = dict[str, tuple[str, Account]]
RENT = 10_000_000


def held(layout: Layout) -> Account:
    return Account(RENT, options.id, layout.encode())


def tokens(name: str, mint: str, owner: str | Pubkey, amount: int) -> tuple[str, Account]:
    state = TokenAccount(mint=mint, owner=owner, amount=amount, state=AccountState.Initialized)
    return name, Account(2_039_280, token.id, state.encode())


def market(number: int, *, is_put: bool, expires_at: int, final: bool = True) -> Accounts:
    """The row's own product and series, and its tokens."""
    product, series = f"product {number}", f"series {number}"
    authority, bump = Pubkey.find_program_address([b"authority", Pubkey.of(product)], options.id)
    scale = {"unit": 10**21, "shrink": 1}
    terms = {"collateral": "usd", "is_put": is_put} | scale
    state = Series(
        product=product,
        expiry=f"expiry {number}",
        mint=f"option {number}",
        strike=200 * OPTION,
        expires_at=expires_at,
        **terms,
    )
    prices = Expiry(
        product=product,
        at=expires_at,
        final=final,
        underlying_price=150 * OPTION if is_put else 300 * OPTION,
        strike_price=OPTION,
        collateral_price=OPTION,
    )
    user, option = f"user {number}", f"option {number}"
    return {
        "product": (product, held(Product(authority=authority, bump=bump, **terms))),
        "series": (series, held(state)),
        "expiry": (f"expiry {number}", held(prices)),
        "authority": (str(authority), Account()),
        "pool": tokens(f"pool {number}", "usd", authority, 1_000 * USD),
        "stock": tokens(f"stock {number}", option, authority, 5 * OPTION),
        "money": tokens(f"money {number}", "usd", user, 500 * USD),
        "options": tokens(f"options {number}", option, user, 3 * OPTION),
        "user": (user, Account(RENT)),
    }


def vault_of(number: int, written: int, **fields: Any) -> tuple[str, Account]:
    values: dict[str, Any] = {
        "product": f"product {number}",
        "writer": f"user {number}",
        "short": f"series {number}",
        "short_amount": written,
        "collateral": written * 2,
    }
    return f"vault {number}", held(Vault(**values | fields))


def row(accounts: Accounts, given: dict[str, str], **arguments: int) -> BatchRow:
    return BatchRow({name: accounts[source] for name, source in given.items()}, arguments)


def named(*names: str, **others: str) -> dict[str, str]:
    return {name: name for name in names} | others


AMOUNTS = st.sampled_from([0, 1, OPTION // 3, OPTION, 2 * OPTION, 6 * OPTION])
RARELY = st.sampled_from([False] * 5 + [True])
_ODD: list[dict[str, Any]] = [{"writer": "stranger"}, {"short": "other"}, {"margined": True}]
ODD = st.sampled_from([*[dict[str, Any]()] * 5, *_ODD])


def writings(number: int) -> st.SearchStrategy[BatchRow]:
    def made(amount: int, short: int, is_put: bool, less: bool, odd: dict[str, Any]) -> BatchRow:
        accounts = market(number, is_put=is_put, expires_at=EXPIRES_AT)
        accounts["vault"] = vault_of(number, short, **odd)
        names = named("product", "series", "vault", "pool", "stock", "authority")
        given = names | {"source": "money", "destination": "options", "writer": "user"}
        ordered = ("product", "series", "vault", "source", "pool", "stock", "destination")
        ordered += ("authority", "writer")
        given = {name: given[name] for name in ordered}
        needed = amount * 2 if is_put else amount // 100 + 10**6
        return row(accounts, given, collateral=max(needed - less, 0), amount=amount)

    shorts = st.sampled_from([0, OPTION])
    return st.builds(made, AMOUNTS, shorts, st.booleans(), RARELY, ODD)


def returns(number: int) -> st.SearchStrategy[BatchRow]:
    def made(amount: int, odd: dict[str, Any]) -> BatchRow:
        accounts = market(number, is_put=True, expires_at=EXPIRES_AT)
        accounts["vault"] = vault_of(number, OPTION, **odd)
        given = named("product", "series", "vault", source="options", stock="stock", writer="user")
        return row(accounts, given, amount=amount)

    return st.builds(made, AMOUNTS, ODD)


def redemptions(number: int) -> st.SearchStrategy[BatchRow]:
    def made(amount: int, is_put: bool, open_: bool) -> BatchRow:
        accounts = market(number, is_put=is_put, expires_at=0, final=not open_)
        given = named("product", "expiry", "series", source="options", stock="stock")
        given |= named("pool", destination="money", authority="authority", holder="user")
        return row(accounts, given, amount=amount)

    return st.builds(made, AMOUNTS, st.booleans(), RARELY)


def deposits(number: int) -> st.SearchStrategy[BatchRow]:
    def made(amount: int, elsewhere: bool) -> BatchRow:
        accounts = market(number, is_put=True, expires_at=EXPIRES_AT)
        fields = {"product": "elsewhere"} if elsewhere else {}
        accounts["vault"] = vault_of(number, OPTION, **fields)
        given = named("product", "vault", source="money", pool="pool", payer="user")
        return row(accounts, given, amount=amount)

    return st.builds(made, AMOUNTS, RARELY)


def compare(instruction: Any, rows: Callable[[int], Any]) -> set[str]:
    seen = assert_batch_matches_scalar(instruction, rows=rows, examples=12)
    assert seen.vectorized > 0
    return set(seen.failures)


def test_writing() -> None:
    assert {"Undercollateralized", "NotWriter"} <= compare(options.write, writings)


def test_buying_back() -> None:
    assert {"InsufficientShort", "NotWriter"} <= compare(options.buy_back, returns)


def test_redeeming() -> None:
    assert "NotFinal" in compare(options.redeem, redemptions)


def test_depositing() -> None:
    assert "WrongProduct" in compare(options.deposit_collateral, deposits)
