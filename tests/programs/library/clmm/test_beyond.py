"""Ranges away from the price: changed without writing the pool, for tokens paid in before.

ticks   -600 … -60 | 0 … 15300 | 15360 … 30660     spacing 60
        in use: -60 and 60; a word of ticks ends at 15300
"""

from __future__ import annotations

import pytest

from sealane.programs.library.clmm import ClmmError
from sealane.testing import Vm

from .venue import PLENTY, Venue


@pytest.fixture(autouse=True)
def liquidity_at_the_price(venue: Venue, vm: Vm) -> None:
    venue.open("near", -60, 60, owner="cat")
    vm.send(venue.add("near", 10**9))


def test_only_the_position_and_its_ticks_are_written(venue: Venue, vm: Vm) -> None:
    venue.open("far", 6_000, 12_000)
    vm.send(venue.fund("far", 10_000, 0))
    before = vm.account("pool"), vm.account("past"), venue.held("vault")
    call = venue.add_beyond("far", 10_000)
    assert [meta.key for meta in call.accounts if meta.writable] == [
        vm.key(name) for name in ("far", venue.array(6_000), venue.array(12_000))
    ]
    vm.send(call)
    assert (vm.account("pool"), vm.account("past"), venue.held("vault")) == before
    position = venue.position("far")
    assert position.liquidity == venue.tick(6_000).liquidity_net == 10_000
    assert 0 < position.owed0 < 10_000
    vm.send(venue.remove_beyond("far", 10_000), venue.collect("far"))
    assert venue.held("ann") == (PLENTY - 1, PLENTY)  # rounded once each way


def test_it_earns_when_the_price_comes(venue: Venue, vm: Vm) -> None:
    venue.open("far", 6_000, 12_000)
    vm.send(venue.fund("far", 10**9, 0), venue.add_beyond("far", 10**9))
    vm.send(venue.swap(False, 2 * 10**8))
    assert 6_000 < venue.pool.tick < 12_000
    assert venue.pool.liquidity == 10**9
    vm.send(venue.remove("far", 0))
    assert venue.position("far").owed1 > 0


@pytest.mark.parametrize(
    ("lower", "upper"), [(-60, 60), (60, 120), (-120, 0), (-6_000, 6_000), (-600, 60)]
)
def test_not_next_to_the_price(lower: int, upper: int, venue: Venue, vm: Vm) -> None:
    venue.open("range", lower, upper)
    vm.send(venue.fund("range", 10**9, 10**9))
    with vm.fails(ClmmError.RangeAtPrice, account="range"):
        vm.send(venue.add_beyond("range", 1_000))
    vm.send(venue.add("range", 1_000))
    with vm.fails(ClmmError.RangeAtPrice, account="range"):
        vm.send(venue.remove_beyond("range", 1_000))


def test_not_without_tokens(venue: Venue, vm: Vm) -> None:
    venue.open("far", 6_000, 12_000)
    vm.send(venue.fund("far", 10, 10**6))
    with vm.fails(ClmmError.TooMuchRequested):
        vm.send(venue.add_beyond("far", 10**6))
    with vm.fails(ClmmError.AmountZero):
        vm.send(venue.add_beyond("far", 0))
    with vm.fails(ClmmError.NoPosition):
        vm.send(venue.remove_beyond("far", 0))


def test_what_was_paid_in_is_collected_unspent(venue: Venue, vm: Vm) -> None:
    venue.open("far", 6_000, 12_000)
    vm.send(venue.fund("far", 10, 20), venue.collect("far"))
    assert venue.held("ann") == (PLENTY, PLENTY)
