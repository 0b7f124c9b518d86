"""A market of the users ann and ben, with a pool of a and b."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .market import Market


@pytest.fixture
def market(vm: Vm) -> Market:
    market = Market(vm, users=("ann", "ben"))
    market.open()
    for user in ("ann", "ben", "boss"):
        market.own_shares(user)
    return market
