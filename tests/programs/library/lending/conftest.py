"""A market with dollars at 1 and gold at 20 a token."""

from __future__ import annotations

import pytest

from sealane.testing import Vm

from .bank import Bank


@pytest.fixture
def bank(vm: Vm) -> Bank:
    bank = Bank(vm)
    bank.open_reserve("usd")
    bank.open_reserve("gold", price=20)
    for user in ("ann", "ben", "cat"):
        bank.open_user(user, amount=100_000)
    return bank
