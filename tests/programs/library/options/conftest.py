"""A product of covered puts at strikes of 200 and 250."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .desk import Desk


@pytest.fixture
def desk(vm: Vm) -> Desk:
    return Desk(vm)


@pytest.fixture
def naked(vm: Vm) -> Desk:
    """The same, margined."""
    desk = Desk(vm, margined=True)
    desk.configure()
    return desk
