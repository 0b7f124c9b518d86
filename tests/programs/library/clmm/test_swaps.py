"""Swaps: across ticks, to a limit, with the arrays that they need and no others."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from sealane import Instruction
from sealane.primitives.integers import U64_MAX
from sealane.programs.library.clmm import ClmmError, Swapped, SwapQuote, TickArrayMap, clmm
from sealane.programs.library.clmm.maths.tick_prices import (
    SQRT_PRICE_MAX,
    SQRT_PRICE_MIN,
    sqrt_price_at,
)
from sealane.programs.library.clmm.transitions.tick_arrays import array_count, array_number
from sealane.testing import Vm

from .venue import PLENTY, Q96, Venue

L = 10**12


@pytest.fixture(autouse=True)
def three_ranges(venue: Venue, vm: Vm) -> None:
    """Liquidity L in [-600, 600), 2 L in [600, 1200), none in [1200, 6000), L in [6000, 7200)."""
    for name, lower, upper, liquidity in (
        ("middle", -600, 600, L),
        ("next", 600, 1_200, 2 * L),
        ("far", 6_000, 7_200, L),
    ):
        venue.open(name, lower, upper)
        vm.send(venue.add(name, liquidity))


def test_an_input_within_a_range(venue: Venue, vm: Vm) -> None:
    before = venue.held("vault")
    receipt = vm.send(venue.swap(True, 10**9))
    assert venue.held("bob") == (PLENTY - 10**9, PLENTY + 996_006_981)  # L * p - L * L / (...)
    assert venue.held("vault") == (before[0] + 10**9, before[1] - 996_006_981)
    pool = venue.pool
    assert (pool.tick, pool.liquidity) == (-20, L)
    # 0.3% of the input, for each unit of liquidity.
    assert pool.fee_growth0 == 3_000_000 * (1 << 128) // L
    assert pool.fee_growth1 == 0
    event = Swapped.decode(b64decode(receipt.logs[-1].removeprefix("Program data: ")))
    assert (event.amount_in, event.amount_out, event.tick) == (10**9, 996_006_981, -20)


def test_an_output_is_received_exactly(venue: Venue, vm: Vm) -> None:
    vm.send(venue.swap(True, -996_006_981))
    paid, received = (have - PLENTY for have in venue.held("bob"))
    assert received == 996_006_981
    assert -(10**9) <= paid < -999_999_990


def test_ticks_are_crossed_up_and_down(venue: Venue, vm: Vm) -> None:
    seen: list[tuple[int, int]] = []
    for zero_for_one, tick in (
        (False, 900),
        (False, 3_000),
        (False, 6_600),
        (True, 1_199),
        (True, 599),
        (True, -1_000),
    ):
        vm.send(venue.swap(zero_for_one, U64_MAX, limit=sqrt_price_at(tick)))
        seen.append((venue.pool.tick, venue.pool.liquidity // L))
    assert seen == [(900, 2), (3_000, 0), (6_600, 1), (1_199, 2), (599, 1), (-1_000, 0)]


def test_a_crossed_tick_turns_its_other_side_around(venue: Venue, vm: Vm) -> None:
    vm.send(venue.swap(False, U64_MAX, limit=sqrt_price_at(900)))
    vm.send(venue.remove("middle", 0), venue.remove("next", 0))
    below, growth = venue.tick(600).fee_growth_outside1, venue.pool.fee_growth1
    assert below == venue.position("middle").fee_growth_inside1
    assert growth - below == venue.position("next").fee_growth_inside1
    vm.send(venue.swap(True, U64_MAX, limit=sqrt_price_at(0)))
    assert venue.tick(600).fee_growth_outside1 == growth - below  # what grew above it


def test_quotes_are_what_swaps_do(venue: Venue, vm: Vm) -> None:
    for amount in (10**9, -(10**9), 10**12, -(10**11)):
        for zero_for_one in (True, False):
            with vm.snapshot():
                receipt = vm.send(quote(venue, zero_for_one, amount))
                expected = SwapQuote.decode(receipt.return_data or b"")
                before = venue.held("vault")
                vm.send(venue.swap(zero_for_one, amount))
                after, pool = venue.held("vault"), venue.pool
            assert (expected.amount0, expected.amount1) == (
                after[0] - before[0],
                after[1] - before[1],
            )
            assert (expected.sqrt_price, expected.tick) == (pool.sqrt_price, pool.tick)


def quote(venue: Venue, zero_for_one: bool, amount: int) -> Instruction:
    return clmm.quote_swap(
        pool="pool",
        observations="past",
        tick_map="map",
        arrays=venue.all_arrays(),
        zero_for_one=zero_for_one,
        exact_in=amount > 0,
        amount=abs(amount),
        sqrt_price_limit=0,
    )


def test_a_swap_within_the_known_range_needs_no_array(venue: Venue, vm: Vm) -> None:
    vm.send(venue.swap(False, 10**9))
    with vm.snapshot():
        vm.send(venue.swap(False, 10**9))
        expected = venue.held("vault"), venue.pool.sqrt_price
    vm.send(venue.swap(False, 10**9, arrays=[]))
    assert (venue.held("vault"), venue.pool.sqrt_price) == expected


def test_an_array_of_the_pool_is_not_left_out(venue: Venue, vm: Vm) -> None:
    arrays = [venue.array(0)]
    with vm.fails(ClmmError.TickArrayMissing):
        vm.send(venue.swap(False, U64_MAX, limit=sqrt_price_at(6_600), arrays=arrays))
    vm.send(venue.swap(False, U64_MAX, limit=sqrt_price_at(1_100), arrays=arrays))
    assert venue.pool.tick == 1_100


def test_no_array_of_another_pool(venue: Venue, vm: Vm) -> None:
    account = vm.account(venue.array(0))
    data = bytearray(account.data)
    data[8] ^= 1
    vm.set_account("foreign", lamports=1, owner=clmm, data=bytes(data))
    with vm.fails(ClmmError.WrongAccount, account="foreign"):
        vm.send(venue.swap(True, 1_000, arrays=["foreign"]))


@pytest.mark.parametrize(
    ("zero_for_one", "limit"),
    [
        (True, Q96),
        (True, Q96 + 1),
        (True, SQRT_PRICE_MIN),
        (False, Q96),
        (False, Q96 - 1),
        (False, SQRT_PRICE_MAX),
    ],
)
def test_limits_that_cannot_be(zero_for_one: bool, limit: int, venue: Venue, vm: Vm) -> None:
    with vm.fails(ClmmError.PriceLimit):
        vm.send(venue.swap(zero_for_one, 1_000, limit=limit))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": 0}, ClmmError.AmountZero),
        ({"amount": 1_000, "threshold": 997}, ClmmError.TooLittleReceived),
        ({"amount": -1_000, "threshold": 1_004}, ClmmError.TooMuchRequested),
        ({"amount": 1_000, "vault_in": "vault1", "vault_out": "vault0"}, ClmmError.WrongAccount),
        ({"amount": 1_000, "observations": "other"}, "InvalidAccountOwner"),
        ({"amount": 1_000, "owner": "cat", "source": "bob 0"}, "token.OwnerMismatch"),
        ({"amount": 1_000, "authority": "bob"}, "token.OwnerMismatch"),
    ],
)
def test_swaps_that_fail(
    changes: dict[str, Any], error: ClmmError | str, venue: Venue, vm: Vm
) -> None:
    with vm.fails(error):
        vm.send(venue.swap(True, **changes))


def test_the_bounds_are_met_exactly(venue: Venue, vm: Vm) -> None:
    vm.send(venue.swap(True, 1_000, threshold=996))
    vm.send(venue.swap(True, -1_000, threshold=1_005))


def test_which_arrays_there_can_be() -> None:
    assert array_count(60) == 464
    assert array_number(-232 * 3_840, 60) == 0
    assert TickArrayMap.layout_size == 40


def test_liquidity_that_ends_leaves_a_gap_that_costs_nothing(venue: Venue, vm: Vm) -> None:
    vm.send(venue.swap(False, U64_MAX, limit=sqrt_price_at(1_200)))
    before = venue.held("vault")
    vm.send(venue.swap(False, U64_MAX, limit=sqrt_price_at(5_999)))
    assert venue.held("vault") == before
    assert venue.pool.tick == 5_999
