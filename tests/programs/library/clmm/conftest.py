"""A pool at a price of 1 with a fee of 0.3%, and users who hold plenty of both tokens."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .venue import Venue


@pytest.fixture
def venue(vm: Vm) -> Venue:
    venue = Venue(vm)
    for name in ("ann", "bob", "cat", "admin"):
        venue.user(name)
    return venue
