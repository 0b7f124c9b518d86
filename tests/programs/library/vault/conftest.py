"""A vault called `savings`, open, with nothing in it."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .desk import Desk


@pytest.fixture
def desk(vm: Vm) -> Desk:
    return Desk(vm)
