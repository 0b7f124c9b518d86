"""Liquidity in and out: what it costs, who may, and what is owed. After v3's tests of the pool."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .venue import Venue


def test_a_range_around_the_price_takes_both_tokens(venue: Venue, vm: Vm) -> None:
    venue.open("range", -600, 600)
    vm.send(venue.add("range", 1_000_000))
    # By hand: 10**6 * (1 - 1.0001**-300) is 29553.02, of either token; rounded up.
    assert venue.held("vault") == (29_554, 29_554)
    assert venue.pool.liquidity == venue.position("range").liquidity == 1_000_000


@pytest.mark.parametrize(("lower", "upper", "side"), [(60, 600, 0), (-600, -60, 1), (-600, 0, 1)])
def test_a_range_beside_the_price_takes_one(
    lower: int, upper: int, side: int, venue: Venue, vm: Vm
) -> None:
    venue.open("range", lower, upper)
    vm.send(venue.add("range", 1_000_000))
    held = venue.held("vault")
    assert held[side] > 0
    assert held[1 - side] == 0
    assert venue.pool.liquidity == 0
