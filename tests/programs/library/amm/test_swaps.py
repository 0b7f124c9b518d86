"""Swaps with one pool, price sums and quotes."""

from __future__ import annotations

from typing import Any

import pytest

from sealane.programs.library.amm import AmmError, Swapped, amm
from sealane.programs.library.amm.pairs.quotes import Amount, Both, PriceSums
from sealane.programs.library.token import token

from .market import Market, events, held

FULL = (10**9, 2 * 10**9)


def test_an_exact_amount_in_either_way(market: Market) -> None:
    market.mint(FULL)
    done = market.vm.send(market.swapping(1_000_000))
    (event,) = events(done, Swapped)
    assert (event.a_in, event.b_in, event.a_out, event.b_out) == (1_000_000, 0, 0, 1_992_013)
    done = market.vm.send(market.swapping(1_992_013, "ba"))
    (event,) = events(done, Swapped)
    assert (event.b_in, event.a_out) == (1_992_013, 994_014)
    pool = market.pool()
    assert (pool.reserve_a, pool.reserve_b) == (
        held(market.vm, "pool_a"),
        held(market.vm, "pool_b"),
    )


def test_an_exact_amount_out_costs_what_that_amount_in_buys(market: Market) -> None:
    market.mint(FULL)
    quoted = market.vm.send(amm.quote_exact_out(pool="pool", a_to_b=True, amount_out=1_992_013))
    price = Amount.decode(quoted.return_data or b"").amount
    assert price == 1_000_000
    accounts = market.trading("ab", "ben", "pool")
    before = held(market.vm, "ben_a"), held(market.vm, "ben_b")
    market.vm.send(amm.swap_exact_out(**accounts, amount_out=1_992_013, amount_in_max=price))
    assert held(market.vm, "ben_a") == before[0] - price
    assert held(market.vm, "ben_b") == before[1] + 1_992_013


def test_limits(market: Market) -> None:
    market.mint(FULL)
    with market.vm.fails(AmmError.ExceededSlippage):
        market.vm.send(market.swapping(1_000_000, amount_out_min=1_992_014))
    accounts = market.trading("ab", "ann", "pool")
    with market.vm.fails(AmmError.ExceededSlippage):
        market.vm.send(amm.swap_exact_out(**accounts, amount_out=1_992_013, amount_in_max=999_999))
    with market.vm.fails(AmmError.InsufficientLiquidity):
        market.vm.send(amm.swap_exact_out(**accounts, amount_out=FULL[1], amount_in_max=10**18))


@pytest.mark.parametrize(
    ("amount", "error"),
    [(0, AmmError.InsufficientInputAmount), (1, AmmError.InsufficientOutputAmount)],
)
def test_nothing_for_nothing(market: Market, amount: int, error: AmmError) -> None:
    market.mint((10**9, 10**4))
    with market.vm.fails(error):
        market.vm.send(market.swapping(amount))


def test_an_empty_pool(market: Market) -> None:
    with market.vm.fails(AmmError.InsufficientLiquidity):
        market.vm.send(market.swapping(10))


@pytest.mark.parametrize(
    "changes",
    [
        {"vault_in": "pool_b"},
        {"vault_out": "pool_a"},
        {"vault_in": "ann_a"},
        {"vault_out": "ann_b"},
    ],
)
def test_vaults_that_are_not_the_pools(market: Market, changes: dict[str, Any]) -> None:
    market.mint(FULL)
    with market.vm.fails(AmmError.WrongAccount):
        market.vm.send(market.swapping(1_000, **changes))


def test_an_authority_that_is_not_the_pools(market: Market) -> None:
    market.mint(FULL)
    with market.vm.fails("PrivilegeEscalation"):
        market.vm.send(market.swapping(1_000, authority="ben"))


def test_tokens_sent_ahead_pay_for_what_is_taken(market: Market) -> None:
    market.mint(FULL)
    sent = token.transfer(source="ann_a", destination="pool_a", authority="ann", amount=1_000_000)

    def taken(amount: int) -> Any:
        return amm.swap_prepaid(
            pool="pool",
            vault_a="pool_a",
            vault_b="pool_b",
            destination_a="ann_a",
            destination_b="ann_b",
            a_out=0,
            b_out=amount,
        )

    with market.vm.fails(AmmError.ProductDecreased):
        market.vm.send(sent, taken(1_992_014))
    market.vm.send(sent, taken(1_992_013))
    with market.vm.fails(AmmError.InsufficientInputAmount):
        market.vm.send(taken(1))


class TestPrices:
    def sums(self, market: Market) -> tuple[int, int]:
        asked = market.vm.send(amm.observe(pool="pool")).return_data
        found = PriceSums.decode(asked or b"")
        return found.price_a_sum >> 112, found.price_b_sum >> 112

    def test_they_add_up_by_the_second_read_or_written(self, market: Market) -> None:
        market.mint((10**6, 4 * 10**6))
        market.vm.advance(seconds=100)
        assert self.sums(market) == (400, 25)
        assert market.pool().price_a_sum == 0  # asking writes nothing
        market.vm.send(market.swapping(10**6))
        assert market.pool().price_a_sum >> 112 == 400
        assert self.sums(market) == (400, 25)
        market.vm.advance(seconds=10)
        # Twice the a, half the b: a is worth about one b.
        assert self.sums(market) == (410, 34)


class TestToPrice:
    def sent(self, market: Market, price: tuple[int, int], most: tuple[int, int]) -> None:
        market.vm.send(
            amm.swap_to_price(
                pool="pool",
                vault_a="pool_a",
                vault_b="pool_b",
                user_a="ann_a",
                user_b="ann_b",
                owner="ann",
                price_a=price[0],
                price_b=price[1],
                a_max=most[0],
                b_max=most[1],
            )
        )

    def test_the_best_trade_leaves_nothing_to_win(self, market: Market) -> None:
        market.mint(FULL)
        self.sent(market, (1, 1), (10**18, 10**18))
        pool = market.pool()
        assert abs(pool.reserve_a - pool.reserve_b) * 300 < pool.reserve_a
        with market.vm.fails(AmmError.AlreadyAtPrice):
            self.sent(market, (1, 1), (10**18, 10**18))

    def test_within_limits(self, market: Market) -> None:
        market.mint(FULL)
        self.sent(market, (1, 4), (0, 10**6))
        assert market.pool().reserve_b == FULL[1] + 10**6
        with market.vm.fails(AmmError.ZeroPrice):
            self.sent(market, (1, 0), (1, 1))
        with market.vm.fails(AmmError.ZeroSpend):
            self.sent(market, (1, 4), (0, 0))

    def test_what_shares_are_worth_there(self, market: Market) -> None:
        market.mint(FULL)
        names: dict[str, Any] = {"pool": "pool", "exchange": "exchange"}
        asked = market.vm.send(amm.value_shares(**names, shares=market.pool().supply))
        both = Both.decode(asked.return_data or b"")
        assert (both.a, both.b) == FULL
        at_price = amm.value_shares_at_price(**names, shares=10**6, price_a=1, price_b=8)
        both = Both.decode(market.vm.send(at_price).return_data or b"")
        assert abs(both.b - 8 * both.a) * 300 < both.b  # all but the fee of the way there
        with market.vm.fails(AmmError.InvalidShares):
            market.vm.send(amm.value_shares_at_price(**names, shares=0, price_a=1, price_b=8))

    def test_an_empty_pool_has_no_price(self, market: Market) -> None:
        with market.vm.fails(AmmError.EmptyPool):
            market.vm.send(amm.quote_arbitrage(pool="pool", price_a=1, price_b=8))
