"""A market that credits makers by events, and one that credits them at once."""

from __future__ import annotations

import pytest

from sealane.programs.library.orderbook import Rules
from sealane.testing import Vm

from .exchange import Exchange


@pytest.fixture
def openbook(vm: Vm) -> Exchange:
    """Lots of 100 and 10 tokens; a rebate of 0.02% for makers out of a fee of 0.04%."""
    return Exchange(vm, base_lot=100, quote_lot=10, maker_fee=-200, taker_fee=400)


@pytest.fixture
def phoenix(vm: Vm) -> Exchange:
    """Lots of one token, a tick of 100, no fees."""
    return Exchange(vm, events=0, rules=Rules.Phoenix, tick=100)
