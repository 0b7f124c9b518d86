"""Pools on SPL token-swap's curves: set up, traded, and paid into and out of."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Instruction
from sealane.programs.library.amm import (
    AmmError,
    CurveKind,
    CurvePool,
    Deposited,
    amm,
    authority_of,
)
from sealane.programs.library.amm.curves.pools import FIRST_SHARES
from sealane.programs.library.token import TokenError
from sealane.testing import Vm

from .market import Market, events, held, no_fees, put_mint, put_tokens, supply

PRODUCT, PRICE, OFFSET = CurveKind.ConstantProduct, CurveKind.ConstantPrice, CurveKind.Offset


@pytest.fixture
def desk(vm: Vm) -> Market:
    """Users ann and ben, whose accounts of shares are there before the pool is."""
    desk = Market(vm, users=("ann", "ben"))
    for user in ("ann", "ben"):
        desk.own_shares(user)
    return desk


def swap(desk: Market, amount: int, way: str = "ab", **changes: Any) -> Instruction:
    values = {**desk.trading(way, "ann", "pool"), "amount_in": amount, "amount_out_min": 0}
    return amm.swap_on_curve(**values | changes)


def both(desk: Market, user: str = "ann") -> dict[str, Any]:
    """The accounts of a deposit or withdrawal of both tokens, but for the user's."""
    accounts = desk.liquidity(user, "pool")
    del accounts["exchange"]
    return accounts


def depositing(desk: Market, shares: int, most: int = 10**18) -> Instruction:
    mine = {"source_a": "ann_a", "source_b": "ann_b", "destination": "ann_pool"}
    limits = {"amount_a_max": most, "amount_b_max": most}
    return amm.deposit_both(**both(desk), **mine, **limits, shares=shares)


def withdrawing(desk: Market, shares: int, user: str = "ann", least: int = 0) -> Instruction:
    mine = {"source": f"{user}_pool", "destination_a": "ann_a", "destination_b": "ann_b"}
    limits = {"amount_a_min": least, "amount_b_min": least}
    return amm.withdraw_both(**both(desk, user), **mine, **limits, shares=shares)


def single(which: str, **changes: Any) -> dict[str, Any]:
    """The accounts of a deposit of one token by ann."""
    names = {"pool": "pool", "vault": f"pool_{which}", "share_mint": "pool_shares", "owner": "ann"}
    return names | {"source": f"ann_{which}", "destination": "ann_pool"} | changes


class TestSettingUp:
    def test_a_billion_shares_for_what_the_vaults_hold(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (10_000, 40_000))
        assert held(desk.vm, "boss_pool") == FIRST_SHARES == desk.curve_pool().supply
        assert (desk.curve_pool().reserve_a, desk.curve_pool().reserve_b) == (10_000, 40_000)

    @pytest.mark.parametrize(
        ("kind", "holdings", "parameter", "error"),
        [
            (PRODUCT, (0, 5), 0, AmmError.EmptySupply),
            (PRODUCT, (5, 0), 0, AmmError.EmptySupply),
            (PRICE, (0, 5), 3, AmmError.EmptySupply),
            (PRICE, (5, 0), 0, AmmError.InvalidCurve),
            (OFFSET, (5, 0), 0, AmmError.InvalidCurve),
        ],
    )
    def test_what_no_pool_can_be(
        self,
        desk: Market,
        kind: CurveKind,
        holdings: tuple[int, int],
        parameter: int,
        error: AmmError,
    ) -> None:
        with desk.vm.fails(error):
            desk.open_curve(kind, holdings, parameter)

    def test_fees_below_one(self, desk: Market) -> None:
        fees = no_fees()
        fees.host_fee_numerator = fees.host_fee_denominator = 1
        with desk.vm.fails(AmmError.InvalidFee):
            desk.open_curve(PRODUCT, (5, 5), fees=fees)

    def test_it_is_set_up_once(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (5, 5))
        put_mint(desk.vm, "pool_shares", authority_of("pool"))  # without supply again
        with desk.vm.fails("AccountAlreadyInitialized", account="pool"):
            desk.vm.send(desk.initialization(PRODUCT, 0, no_fees(), "pool"))


class TestSwapping:
    def test_only_as_much_is_taken_as_what_is_paid_out_is_worth(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (29_980, 10_000))
        before = held(desk.vm, "ann_a"), held(desk.vm, "ann_b")
        desk.vm.send(swap(desk, 20))
        assert held(desk.vm, "ann_a") == before[0] - 18
        assert held(desk.vm, "ann_b") == before[1] + 6

    def test_at_a_constant_price(self, desk: Market) -> None:
        desk.open_curve(PRICE, (1_000, 100), 7)
        before = held(desk.vm, "ann_a")
        desk.vm.send(swap(desk, 50, "ab"), swap(desk, 5, "ba"))
        assert held(desk.vm, "ann_a") == before - 49 + 35
        with desk.vm.fails(AmmError.InsufficientLiquidity):
            desk.vm.send(swap(desk, 700))

    def test_with_an_offset(self, desk: Market) -> None:
        desk.open_curve(OFFSET, (1_000_000, 0), 1_000_000)
        with desk.vm.fails(AmmError.InsufficientLiquidity):
            desk.vm.send(swap(desk, 100))
        with desk.vm.fails(AmmError.ZeroTradingTokens):
            desk.vm.send(swap(desk, 1, "ba"))

    def test_limits_and_other_vaults(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (29_980, 10_000))
        with desk.vm.fails(AmmError.ExceededSlippage):
            desk.vm.send(swap(desk, 20, amount_out_min=7))
        with desk.vm.fails(AmmError.WrongAccount, account="pool_a"):
            desk.vm.send(swap(desk, 20, vault_out="pool_a"))


class TestBothTokens:
    def test_a_deposit_is_rounded_up_and_a_withdrawal_down(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (1_001, 2_003))
        share = FIRST_SHARES // 100
        (event,) = events(desk.vm.send(depositing(desk, share)), Deposited)
        assert (event.amount_a, event.amount_b) == (11, 21)
        before = held(desk.vm, "ann_a"), held(desk.vm, "ann_b")
        desk.vm.send(withdrawing(desk, share))
        assert (held(desk.vm, "ann_a") - before[0], held(desk.vm, "ann_b") - before[1]) == (10, 20)

    def test_limits(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (1_001, 2_003))
        share = FIRST_SHARES // 100
        with desk.vm.fails(AmmError.ExceededSlippage):
            desk.vm.send(depositing(desk, share, most=20))
        with desk.vm.fails(AmmError.ExceededSlippage):
            desk.vm.send(withdrawing(desk, share, "boss", least=11))
        with desk.vm.fails(AmmError.ZeroTradingTokens):
            desk.vm.send(depositing(desk, 1))
        with desk.vm.fails(AmmError.ZeroTradingTokens):
            desk.vm.send(withdrawing(desk, 1, "boss"))
        with desk.vm.fails(TokenError.InsufficientFunds):
            desk.vm.send(withdrawing(desk, share))

    def test_nobody_deposits_against_an_offset(self, desk: Market) -> None:
        desk.open_curve(OFFSET, (1_000_000, 0), 1_000_000)
        with desk.vm.fails(AmmError.UnsupportedCurveOperation):
            desk.vm.send(depositing(desk, 1_000))

    def test_everything_withdrawn_leaves_nothing(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (1_001, 2_003))
        desk.vm.send(depositing(desk, 123_456_789))
        desk.vm.send(withdrawing(desk, 123_456_789), withdrawing(desk, FIRST_SHARES, "boss"))
        pool = desk.curve_pool()
        assert (pool.supply, pool.reserve_a, pool.reserve_b) == (0, 0, 0)
        assert supply(desk.vm, "pool_shares") == held(desk.vm, "pool_a") == 0
        with desk.vm.fails(AmmError.EmptyPool):
            desk.vm.send(amm.quote_shares(pool="pool", shares=5, round_up=False))

    def test_of_a_token_that_is_gone_nothing_is_paid(self, desk: Market) -> None:
        desk.open_curve(PRICE, (100, 0), 3)
        before = held(desk.vm, "ann_a")
        desk.vm.send(withdrawing(desk, FIRST_SHARES // 2, "boss"))
        assert held(desk.vm, "ann_a") == before + 25


class TestOneToken:
    def test_a_deposit_and_its_withdrawal(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (1_000_000, 50_000_000))
        desk.vm.send(amm.deposit_one(**single("a"), amount=10_000, shares_min=0))
        shares = held(desk.vm, "ann_pool")
        assert shares == 4_987_562
        names = single("a", source="ann_pool", destination="ann_a")
        with desk.vm.fails(AmmError.ExceededSlippage):
            desk.vm.send(amm.withdraw_one(**names, amount=10_000, shares_max=shares - 1))
        desk.vm.send(amm.withdraw_one(**names, amount=9_999, shares_max=shares))
        assert held(desk.vm, "pool_a") == 1_000_001

    def test_limits(self, desk: Market) -> None:
        desk.open_curve(PRODUCT, (1_000_000, 50_000_000))
        with desk.vm.fails(AmmError.ExceededSlippage):
            desk.vm.send(amm.deposit_one(**single("b"), amount=10_000, shares_min=10**9))
        with desk.vm.fails(AmmError.ZeroTradingTokens):
            desk.vm.send(amm.deposit_one(**single("b"), amount=0, shares_min=0))
        with desk.vm.fails(AmmError.WrongAccount, account="ann_a"):
            desk.vm.send(amm.deposit_one(**single("b", vault="ann_a"), amount=10, shares_min=0))
        put_tokens(desk.vm, "ann_pool", "pool_shares", "ann", 2 * FIRST_SHARES)
        names = single("a", source="ann_pool", destination="ann_a")
        with desk.vm.fails(AmmError.InsufficientLiquidity):
            desk.vm.send(amm.withdraw_one(**names, amount=2_000_000, shares_max=10**18))


@pytest.mark.parametrize("of_a", [True, False])
@pytest.mark.parametrize("amount", [10**9 + 7, 198_290_007_846_423])
def test_one_token_in_and_out_of_a_large_pool_gains_nothing(
    vm: Vm, desk: Market, of_a: bool, amount: int
) -> None:
    """The reference's roots, good to 11 digits, would leave millions of such a pool."""
    large, small = 9 * 10**18 + 3, 300_000
    desk.open_curve(PRODUCT, (large, small) if of_a else (small, large))
    state = desk.curve_pool()
    state.supply = 9 * 10**17
    vm.set_account("pool", owner=amm, data=CurvePool.decode(state.encode()))
    name = "a" if of_a else "b"
    put_tokens(vm, f"ann_{name}", name, "ann", amount)
    mine = {"vault": f"pool_{name}", "share_mint": "pool_shares", "owner": "ann", "pool": "pool"}
    paying = {"source": f"ann_{name}", "destination": "ann_pool", "amount": amount}
    vm.send(amm.deposit_one(**mine, **paying, shares_min=0))
    got = held(vm, "ann_pool")
    taking = {"source": "ann_pool", "destination": f"ann_{name}", "amount": amount}
    with vm.fails(AmmError.ExceededSlippage):
        vm.send(amm.withdraw_one(**mine, **taking, shares_max=got - 1))
