"""A market at a price of 100, where 110% collateral is asked for."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .desk import Desk


@pytest.fixture
def desk(vm: Vm) -> Desk:
    return Desk(vm)
