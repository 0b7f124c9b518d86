"""Exchanges, tiers and pools: what may be set up, and by whom."""

from __future__ import annotations

import pytest

from sealane import Pubkey
from sealane.programs.library.amm import AmmError, Exchange, FeeTier, amm, authority_of
from sealane.programs.library.token import Mint, TokenAccount

from .market import Market, held, put, put_mint, put_tokens


def test_only_the_authority_opens_tiers_and_names_who_gets_fees(market: Market) -> None:
    vm = market.vm
    with vm.fails(AmmError.WrongAuthority):
        vm.send(amm.set_fee_to(exchange="exchange", authority="ann", fee_to="ann"))
    put(vm, "other", FeeTier.layout_size)
    tier = {"exchange": "exchange", "tier": "other", "fee_numerator": 1, "fee_denominator": 100}
    with vm.fails(AmmError.WrongAuthority):
        vm.send(amm.open_fee_tier(**tier, authority="ann"))
    vm.send(amm.set_fee_to(exchange="exchange", authority="boss", fee_to="ben"))
    assert vm.read("exchange", Exchange).fee_to == Pubkey.of("ben")


@pytest.mark.parametrize("fee", [(1, 1), (2, 1), (1, 0)])
def test_a_fee_is_below_one(market: Market, fee: tuple[int, int]) -> None:
    with market.vm.fails(AmmError.InvalidFee):
        market.open_tier("greedy", *fee)


def test_a_tier_without_a_fee(market: Market) -> None:
    market.open_tier("free", 0, 1)
    market.open("gift", tier="free")
    market.own_shares("ann", "gift")
    market.mint((10_000, 10_000), pool="gift")
    market.vm.send(market.swapping(10_000, pool="gift"))
    assert held(market.vm, "gift_b") == 5_000


def test_an_account_is_set_up_once(market: Market) -> None:
    with market.vm.fails("AccountAlreadyInitialized", account="exchange"):
        market.vm.send(amm.initialize_exchange(exchange="exchange", authority="ann"))


class TestInitializePool:
    def opened(self, market: Market) -> None:
        market.vm.send(
            amm.initialize_pool(
                pool="new",
                tier="tier",
                vault_a="new_a",
                vault_b="new_b",
                share_mint="new_shares",
            )
        )

    def test_it_copies_the_fee_and_derives_its_authority(self, market: Market) -> None:
        pool = market.pool()
        assert (pool.fee_numerator, pool.fee_denominator) == (3, 1_000)
        assert (pool.mint_a, pool.mint_b) == (Pubkey.of("a"), Pubkey.of("b"))

    def test_two_different_tokens(self, market: Market) -> None:
        market.prepare("new")
        put_tokens(market.vm, "new_b", "a", authority_of("new"))
        with market.vm.fails(AmmError.RepeatedMint, account="new_b"):
            self.opened(market)

    def test_vaults_of_its_own(self, market: Market) -> None:
        market.prepare("new")
        put_tokens(market.vm, "new_a", "a", "ann")
        with market.vm.fails(AmmError.InvalidVault, account="new_a"):
            self.opened(market)

    @pytest.mark.parametrize("field", ["delegate", "close_authority"])
    def test_nobody_else_can_empty_a_vault(self, market: Market, field: str) -> None:
        market.prepare("new")
        vault = market.vm.read("new_b", TokenAccount)
        setattr(vault, field, "ann")
        market.vm.set_account("new_b", owner="token", data=vault)
        with market.vm.fails(AmmError.InvalidVault, account="new_b"):
            self.opened(market)

    def test_a_share_mint_without_a_past_or_another_master(self, market: Market) -> None:
        market.prepare("new")
        for changes in (
            {"mint_authority": "ann"},
            {"supply": 1},
            {"freeze_authority": "ann"},
        ):
            put_mint(market.vm, "new_shares", authority_of("new"))
            mint = market.vm.read("new_shares", Mint)
            for field, value in changes.items():
                setattr(mint, field, value)
            market.vm.set_account("new_shares", owner="token", data=mint)
            with market.vm.fails(AmmError.InvalidShareMint, account="new_shares"):
                self.opened(market)


def test_what_is_sent_to_a_vault_is_no_reserve_until_it_is_synced(market: Market) -> None:
    vm = market.vm
    market.mint((10_000, 10_000))
    for name, amount in (("a", 700), ("b", 300)):
        put_tokens(vm, f"pool_{name}", name, authority_of("pool"), 10_000 + amount)
    before = held(vm, "ben_a")
    vm.send(
        amm.skim(
            pool="pool",
            vault_a="pool_a",
            vault_b="pool_b",
            destination_a="ben_a",
            destination_b="ben_b",
        )
    )
    assert held(vm, "ben_a") == before + 700
    put_tokens(vm, "pool_b", "b", authority_of("pool"), 12_000)
    vm.send(amm.sync(pool="pool", vault_a="pool_a", vault_b="pool_b"))
    assert (market.pool().reserve_a, market.pool().reserve_b) == (10_000, 12_000)


def test_vaults_of_another_pool(market: Market) -> None:
    with market.vm.fails(AmmError.WrongAccount, account="pool_b"):
        market.vm.send(amm.sync(pool="pool", vault_a="pool_b", vault_b="pool_a"))
