"""A stablecoin with two shards, made once and put back as it was after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sealane.testing import Vm

from .bank import Bank


@pytest.fixture(scope="session")
def made() -> Iterator[Bank]:
    with Vm() as vm:
        yield Bank(vm)


@pytest.fixture
def bank(made: Bank) -> Iterator[Bank]:
    with made.vm.snapshot():
        yield made
    made.users.clear()
    made.auctions.clear()
