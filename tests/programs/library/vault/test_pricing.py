"""Prices, fees and limits by themselves: the reference's cases, and what no rounding may do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.primitives import ProgramFailure
from sealane.programs.library.units import WAD
from sealane.programs.library.vault.airdrops.index import grow, owed_since, weigh
from sealane.programs.library.vault.pricing import (
    Book,
    deposit_max,
    deposit_move,
    fee_on_raw,
    fee_on_total,
    mint_max,
    mint_move,
    redeem_move,
    withdraw_max,
    withdraw_move,
)
from sealane.programs.library.vault.state import NO_LIMIT

TOKEN = 10**18
amounts = st.integers(0, 2**128)
fees = st.integers(0, 10_000)


@st.composite
def books(draw: st.DrawFn) -> Book:
    offset = draw(st.sampled_from([None, 0, 6, 18]))
    virtual = (0, 0) if offset is None else (1, 10**offset)
    least = 1 if offset is None else 0
    assets, shares = (draw(st.integers(least, 2**96)) for _ in range(2))
    return Book(assets, shares, *virtual, draw(fees), draw(fees))


@pytest.mark.parametrize("offset", [0, 6, 18])
def test_an_empty_vault_gives_a_share_for_a_token(offset: int) -> None:
    book, share = Book(0, 0, 1, 10**offset), TOKEN * 10**offset
    assert deposit_move(book, TOKEN).shares == share
    assert mint_move(book, share).assets == TOKEN
    assert withdraw_move(book, 0).shares == redeem_move(book, 0).assets == 0


@pytest.mark.parametrize(("offset", "back"), [(0, 0), (6, 999999 * 10**12), (18, TOKEN - 1)])
def test_an_inflated_price_hurts_less_by_the_offset(offset: int, back: int) -> None:
    book = Book(TOKEN, 0, 1, 10**offset)
    shares = deposit_move(book, TOKEN).shares
    assert shares == TOKEN * 10**offset // (TOKEN + 1)
    after = book._replace(assets=2 * TOKEN, shares=shares)
    assert back - 10**12 <= after.assets_down(shares) <= TOKEN
    share = TOKEN * 10**offset
    assert mint_move(book, share).assets == -(-share * (TOKEN + 1) // 10**offset)


@pytest.mark.parametrize("offset", [0, 6, 18])
def test_a_full_vault(offset: int) -> None:
    share = TOKEN * 10**offset
    book = Book(TOKEN, 100 * share, 1, 10**offset)
    virtual = 10**offset
    shares, assets = 100 * share + virtual, TOKEN + 1
    assert deposit_move(book, TOKEN).shares == TOKEN * shares // assets
    assert mint_move(book, share).assets == share * assets // shares + 1
    assert withdraw_move(book, TOKEN).shares == TOKEN * shares // assets + 1
    assert redeem_move(book, 100 * share).assets == 100 * share * assets // shares


def test_fees_of_five_percent() -> None:
    entry, exit_ = Book(0, 0, 1, 1, 500), Book(2**255 - 1, 2**255 - 1, 1, 1, 0, 500)
    assert deposit_move(entry, 10_500) == mint_move(entry, 10_000) == (10_500, 10_000, 500)
    assert redeem_move(exit_, 10_500) == withdraw_move(exit_, 10_000) == (10_000, 10_500, 500)


def test_without_virtual_shares_nothing_is_sold_for_nothing() -> None:
    book = Book(assets=10, shares=3)
    with pytest.raises(ProgramFailure, match="ZeroShares"):
        deposit_move(book, 3)
    with pytest.raises(ProgramFailure, match="ZeroAssets"):
        redeem_move(Book(3, 10), 3)
    with pytest.raises(ProgramFailure, match="Worthless"):
        deposit_move(Book(0, 3), 10)
    assert mint_move(book, 0).assets == withdraw_move(book, 0).shares == 0
    assert mint_move(Book(0, 0), 7).assets == deposit_move(Book(0, 0), 7).shares == 7


@given(books(), amounts)
def test_no_operation_lowers_the_price(book: Book, amount: int) -> None:
    for move, sign in (
        (mint_move(book, amount), 1),
        (withdraw_move(book, min(amount, withdraw_max(book, book.shares))), -1),
    ):
        net = move.assets - move.fee if sign > 0 else move.assets + move.fee
        after = book._replace(
            assets=book.assets + sign * net, shares=book.shares + sign * move.shares
        )
        assert after.assets >= 0
        assert after.shares >= 0
        price, before = after.price, book.price
        if not after.unpriced:
            assert price[0] * before[1] >= before[0] * price[1]


@given(books(), st.integers(1, 2**96))
def test_nothing_is_won_by_going_in_and_out(book: Book, assets: int) -> None:
    # Worth a share at least: else vaults without virtual shares refuse it.
    assets += 2 * book.assets_up(1)
    bought = deposit_move(book._replace(entry_fee_bps=book.entry_fee_bps // 2), assets)
    held = book._replace(
        assets=book.assets + assets - bought.fee, shares=book.shares + bought.shares
    )
    most = withdraw_max(held, bought.shares)
    assert most <= assets
    assert withdraw_move(held, most).shares <= bought.shares
    if most:
        assert redeem_move(held, bought.shares).assets == most
    assert book.assets_up(bought.shares) <= assets - bought.fee


@given(amounts, fees)
def test_the_two_fees_agree(net: int, fee_bps: int) -> None:
    fee = fee_on_raw(net, fee_bps)
    assert fee_on_total(net + fee, fee_bps) == fee


@given(books(), st.integers(0, 2**97))
def test_limits_are_the_last_that_pass(book: Book, assets_max: int) -> None:
    most = deposit_max(book, assets_max)
    assert book.assets + most <= max(assets_max, book.assets)
    assert mint_move(book, mint_max(book, assets_max)).assets <= most
    assert deposit_max(book, NO_LIMIT) == mint_max(book, NO_LIMIT) == NO_LIMIT
    assert withdraw_move(book, withdraw_max(book, book.shares)).shares <= book.shares


@given(st.lists(st.integers(1, 2**40), min_size=1, max_size=5), st.lists(st.integers(0, 2**50)))
def test_rewards_are_never_more_than_was_given(weights: list[int], given_: list[int]) -> None:
    index = carried = 0
    for amount in given_:
        index, carried = grow(index, carried, amount, sum(weights))
    paid = sum(owed_since(0, index, weight) for weight in weights)
    assert paid <= sum(given_)
    assert sum(given_) - paid <= len(weights) + carried // WAD


@given(st.integers(0, 2**64 - 1), st.integers(0, 1_000), st.integers(0, 100_000))
def test_longer_locks_weigh_more(shares: int, time_s: int, boost_bps: int) -> None:
    weight = weigh(shares, time_s, 1_000, boost_bps)
    assert shares <= weight <= weigh(shares, 1_000, 1_000, boost_bps)
    assert weigh(shares, 1_000, 1_000, boost_bps) == shares + shares * boost_bps // 10_000
