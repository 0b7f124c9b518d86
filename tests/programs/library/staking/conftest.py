"""A stream, a farm and a stake pool, each with those who take part in it."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .lake import Lake
from .stream import Stream


@pytest.fixture
def stream(vm: Vm) -> Stream:
    return Stream(vm)


@pytest.fixture
def lake(vm: Vm) -> Lake:
    return Lake(vm)
