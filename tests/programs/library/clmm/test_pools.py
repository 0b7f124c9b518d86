"""Making a pool and its arrays, the protocol's share, and who may do what."""

from __future__ import annotations

from typing import Any

import pytest

from sealane import Pubkey
from sealane.programs.library.authorities import found_authority
from sealane.programs.library.clmm import ClmmError, Observations, Pool, TickArrayMap, clmm
from sealane.programs.library.clmm.maths.tick_prices import SQRT_PRICE_MAX, SQRT_PRICE_MIN
from sealane.programs.library.token import TokenAccount
from sealane.testing import Vm

from .venue import PLENTY, Q96, Venue


def test_a_new_pool(venue: Venue, vm: Vm) -> None:
    pool, past = venue.pool, vm.read("past", Observations)
    assert (pool.tick, pool.sqrt_price, pool.liquidity, pool.fee_pips) == (0, Q96, 0, 3_000)
    assert (past.index, past.cardinality, past.cardinality_next) == (0, 1, 1)
    assert not any(vm.read("map", TickArrayMap).bits)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, ClmmError.AlreadyInitialized),
        ({"pool": "new", "sqrt_price": SQRT_PRICE_MIN - 1}, ClmmError.PriceOutOfRange),
        ({"pool": "new", "sqrt_price": SQRT_PRICE_MAX}, ClmmError.PriceOutOfRange),
        ({"pool": "new", "fee_pips": 1_000_000}, ClmmError.FeeInvalid),
        ({"pool": "new", "spacing": 0}, ClmmError.FeeInvalid),
        ({"pool": "new", "spacing": 16_384}, ClmmError.FeeInvalid),
        ({"pool": "new", "vault0": "ann 0"}, ClmmError.WrongAccount),
        ({"pool": "new", "vault1": "new vault0"}, ClmmError.WrongAccount),
    ],
)
def test_pools_that_cannot_be(
    changes: dict[str, Any], error: ClmmError, venue: Venue, vm: Vm
) -> None:
    for name, length in (("new", 512), ("new map", 500), ("new past", 200)):
        venue.zeroed(name, length)
    if "pool" in changes:
        for side in "01":
            venue.hold(f"new vault{side}", authority_of("new"), side)
        changes = {
            "tick_map": "new map",
            "observations": "new past",
            "vault0": "new vault0",
            "vault1": "new vault1",
        } | changes
    with vm.fails(error):
        vm.send(venue.initialization(**changes))


@pytest.mark.parametrize(
    ("start", "error"),
    [
        (60, ClmmError.TickArrayStart),
        (-3_841, ClmmError.TickArrayStart),
        (-233 * 3_840, ClmmError.TickArrayStart),
        (232 * 3_840, ClmmError.TickArrayStart),
        (3_840, ClmmError.TickArrayExists),
    ],
)
def test_arrays_that_cannot_be(start: int, error: ClmmError, venue: Venue, vm: Vm) -> None:
    venue.array(3_840)
    venue.zeroed(f"array {start}", 9_012)
    with vm.fails(error):
        vm.send(venue.array_initialization(start))


@pytest.mark.parametrize("tick", [-887_220, 887_220])
def test_the_outermost_arrays(tick: int, venue: Venue) -> None:
    assert venue.array(tick) == venue.all_arrays()[0]
    assert venue.tick(tick).liquidity_gross == 0


def test_nothing_is_set_up_twice(venue: Venue, vm: Vm) -> None:
    used = venue.array(0)
    venue.open("range", -600, 600)
    call = venue.array_initialization(3_840, tick_array=used)
    for again in (call, venue.opening("range", -60, 60, owner="bob")):
        with vm.fails("AccountAlreadyInitialized"):
            vm.send(again)
    for side in "01":
        venue.hold(f"new vault{side}", authority_of("new"), side)
    venue.zeroed("new", Pool.layout_size)
    for tick_map, past in (("map", "new past"), ("new map", "past")):
        venue.zeroed("new map", 500)
        venue.zeroed("new past", 500)
        with vm.fails("AccountAlreadyInitialized"):
            vm.send(
                venue.initialization(
                    pool="new",
                    vault0="new vault0",
                    vault1="new vault1",
                    tick_map=tick_map,
                    observations=past,
                )
            )


def test_vaults_that_others_can_reach(venue: Venue, vm: Vm) -> None:
    venue.zeroed("new", Pool.layout_size)
    for side in "01":
        venue.hold(f"new vault{side}", authority_of("new"), side)
    state = vm.read("new vault0", TokenAccount)
    for field, value in (("delegate", "bob"), ("close_authority", "bob")):
        setattr(state, field, vm.key(value))
        vm.set_account("new vault0", owner="token", data=state)
        with vm.fails(ClmmError.WrongAccount, account="new vault0"):
            vm.send(venue.initialization(pool="new", vault0="new vault0", vault1="new vault1"))
        setattr(state, field, None)


def authority_of(pool: str) -> Pubkey:
    return found_authority(pool, clmm.id)[0]


def test_the_map_is_the_pools(venue: Venue, vm: Vm) -> None:
    venue.zeroed("array 0", 9_012)
    state = vm.account("map")
    vm.set_account("other", lamports=1, owner=state.owner, data=bytes(state.data))
    with vm.fails(ClmmError.WrongAccount, account="other"):
        vm.send(venue.array_initialization(0, tick_map="other"))


def shares(fee_protocol0: int, fee_protocol1: int, admin: str = "admin") -> Any:
    return clmm.set_fee_protocol(
        pool="pool", admin=admin, fee_protocol0=fee_protocol0, fee_protocol1=fee_protocol1
    )


def protocol_fees(amount0: int, amount1: int, admin: str = "admin") -> Any:
    return clmm.collect_protocol(
        pool="pool",
        vault0="vault0",
        vault1="vault1",
        destination0="admin 0",
        destination1="admin 1",
        admin=admin,
        amount0=amount0,
        amount1=amount1,
    )


def test_the_protocol_takes_its_share(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 10**12), shares(4, 10))
    vm.send(venue.swap(True, 10**9), venue.swap(False, 10**9))
    pool = venue.pool
    assert (pool.protocol_fees0, pool.protocol_fees1) == (750_000, 300_000)
    assert pool.fee_growth0 == 2_250_000 * (1 << 128) // 10**12
    vm.send(protocol_fees(10**9, 1_000))
    assert venue.held("admin") == (PLENTY + 750_000, PLENTY + 1_000)
    assert (venue.pool.protocol_fees0, venue.pool.protocol_fees1) == (0, 299_000)


@pytest.mark.parametrize("share", [1, 3, 11, 255])
def test_shares_that_cannot_be(share: int, vm: Vm, venue: Venue) -> None:
    for pair in ((share, 0), (0, share)):
        with vm.fails(ClmmError.FeeInvalid):
            vm.send(shares(*pair))
    assert vm.read("pool", Pool).fee_protocol0 == venue.pool.fee_protocol1 == 0


def test_only_the_admin(vm: Vm, venue: Venue) -> None:
    assert venue.pool.admin == vm.key("admin")
    for call in (shares(4, 4, admin="bob"), protocol_fees(1, 1, admin="bob")):
        with vm.fails(ClmmError.WrongOwner, account="bob"):
            vm.send(call)
