"""A stablecoin with two shards."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .bank import Bank


@pytest.fixture
def bank(vm: Vm) -> Bank:
    return Bank(vm)
