"""Deposits and withdrawals of both tokens, and the protocol's part of the fees."""

from __future__ import annotations

from sealane.programs.library.amm import AmmError, Deposited, Withdrawn, amm
from sealane.programs.library.amm.pairs.constant_product import MINIMUM_LIQUIDITY
from sealane.programs.library.token import TokenError

from .market import Market, events, held, put_tokens, supply


def collected(market: Market, destination: str = "boss_pool") -> None:
    market.vm.send(
        amm.collect_protocol_fee(
            pool="pool",
            exchange="exchange",
            share_mint="pool_shares",
            destination=destination,
        )
    )


def adding(market: Market, most: tuple[int, int], least: tuple[int, int] = (0, 0)) -> None:
    accounts = market.liquidity("ben", "pool") | {
        "source_a": "ben_a",
        "source_b": "ben_b",
        "destination": "ben_pool",
    }
    market.vm.send(
        amm.add_liquidity(
            **accounts,
            amount_a_max=most[0],
            amount_b_max=most[1],
            amount_a_min=least[0],
            amount_b_min=least[1],
        )
    )


def test_the_first_shares_are_the_geometric_mean_less_what_is_locked(market: Market) -> None:
    done = market.mint((10_000, 40_000))
    assert held(market.vm, "ann_pool") == 20_000 - MINIMUM_LIQUIDITY
    assert supply(market.vm, "pool_shares") == market.pool().supply - MINIMUM_LIQUIDITY
    (event,) = events(done, Deposited)
    assert (event.amount_a, event.amount_b, event.shares) == (10_000, 40_000, 19_000)


def test_the_first_deposit_must_be_worth_more_than_what_is_locked(market: Market) -> None:
    with market.vm.fails(AmmError.InsufficientLiquidityMinted):
        market.mint((1_000, 1_000))


def test_a_deposit_worth_no_share(market: Market) -> None:
    market.mint((10**9, 2_000))
    with market.vm.fails(AmmError.InsufficientLiquidityMinted):
        market.mint((100, 0))


def test_what_is_out_of_proportion_is_a_gift(market: Market) -> None:
    market.mint((10_000, 10_000))
    market.mint((1_000, 5_000), user="ben")
    assert held(market.vm, "ben_pool") == 1_000


def test_adding_liquidity_takes_what_is_in_proportion(market: Market) -> None:
    adding(market, (10_000, 40_000))
    before = held(market.vm, "ben_a"), held(market.vm, "ben_b")
    adding(market, (1_000, 9_999))
    adding(market, (9_999, 4_000))
    assert (before[0] - held(market.vm, "ben_a"), before[1] - held(market.vm, "ben_b")) == (
        2_000,
        8_000,
    )
    with market.vm.fails(AmmError.ExceededSlippage):
        adding(market, (1_000, 9_999), (0, 4_001))
    with market.vm.fails(AmmError.ExceededSlippage):
        adding(market, (9_999, 4_000), (1_001, 0))
    with market.vm.fails(AmmError.InsufficientAmount):
        adding(market, (0, 4_000))


def test_limits_on_shares_and_amounts(market: Market) -> None:
    with market.vm.fails(AmmError.ExceededSlippage):
        market.mint((10_000, 10_000), shares_min=9_001)
    market.mint((10_000, 10_000), shares_min=9_000)
    with market.vm.fails(AmmError.ExceededSlippage):
        market.vm.send(market.burning(100, amount_a_min=101))


def test_a_withdrawal_pays_its_part_of_both_tokens(market: Market) -> None:
    market.mint((10_000, 40_000))
    before = held(market.vm, "ann_b")
    done = market.vm.send(market.burning(5_000))
    assert held(market.vm, "ann_b") == before + 10_000
    (event,) = events(done, Withdrawn)
    assert (event.amount_a, event.amount_b, event.shares) == (2_500, 10_000, 5_000)


def test_shares_that_are_worth_nothing_or_do_not_exist(market: Market) -> None:
    market.mint((10**9, 2_000))
    with market.vm.fails(AmmError.InsufficientLiquidityBurned):
        market.vm.send(market.burning(1))
    with market.vm.fails(AmmError.InvalidShares):
        market.vm.send(market.burning(0))
    with market.vm.fails(TokenError.InsufficientFunds):
        market.vm.send(market.burning(10_000, user="ben"))


def test_another_exchange_or_mint_does_not_do(market: Market) -> None:
    with market.vm.fails(AmmError.WrongAccount, account="pool_b"):
        market.mint((10_000, 10_000), vault_a="pool_b")
    with market.vm.fails(AmmError.WrongAccount, account="b"):
        market.mint((10_000, 10_000), share_mint="b")


class TestProtocolFee:
    def grown(self, market: Market) -> None:
        """A pool that traded, after a deposit with the fee on."""
        set_to = amm.set_fee_to(exchange="exchange", authority="boss", fee_to="boss")
        market.vm.send(set_to)
        market.mint((10**9, 10**9))
        for _ in range(5):
            market.vm.send(market.swapping(10**7), market.swapping(10**7, "ba"))

    def test_a_sixth_of_the_growth_is_booked_at_the_next_withdrawal(self, market: Market) -> None:
        self.grown(market)
        assert market.pool().protocol_shares == 0
        market.vm.send(market.burning(10_000))
        assert market.pool().protocol_shares == 24_872
        collected(market)
        assert held(market.vm, "boss_pool") == 24_872
        assert supply(market.vm, "pool_shares") == market.pool().supply - MINIMUM_LIQUIDITY
        with market.vm.fails(AmmError.NoFees):
            collected(market)

    def test_only_to_the_one_whom_the_exchange_names(self, market: Market) -> None:
        self.grown(market)
        market.vm.send(market.burning(10_000))
        with market.vm.fails(AmmError.WrongAuthority, account="ann_pool"):
            collected(market, "ann_pool")

    def test_turned_off_it_forgets_the_growth(self, market: Market) -> None:
        self.grown(market)
        market.vm.send(amm.set_fee_to(exchange="exchange", authority="boss", fee_to=None))
        market.vm.send(market.burning(10_000))
        assert (market.pool().last_product, market.pool().protocol_shares) == (0, 0)


def test_all_shares_withdrawn_leave_what_is_locked(market: Market) -> None:
    market.mint((10**6, 10**6))
    market.mint((10**6, 10**6), user="ben")
    for user in ("ann", "ben"):
        market.vm.send(market.burning(held(market.vm, f"{user}_pool"), user=user))
    pool = market.pool()
    assert (pool.supply, pool.reserve_a, pool.reserve_b) == (MINIMUM_LIQUIDITY, 1_000, 1_000)


def test_a_deposit_needs_its_owner(market: Market) -> None:
    put_tokens(market.vm, "ann_a", "a", "ben", 10**9)
    with market.vm.fails(TokenError.OwnerMismatch):
        market.mint((10_000, 10_000))
