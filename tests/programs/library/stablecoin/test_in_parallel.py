"""A block of what users do at once: on two workers as on none, and in few waves."""

from __future__ import annotations

from random import Random

import pytest

from sealane import Instruction, Runtime, Transaction
from sealane.programs.library.stablecoin import RAY, WAD, stablecoin
from sealane.runtime import Route
from sealane.testing import Vm

from .bank import TOKEN, Bank

USERS = tuple(f"user_{number}" for number in range(12))
LENGTH = 60


@pytest.fixture
def busy() -> Bank:
    bank = Bank(Vm(), shards=4)
    for user in USERS:
        bank.add(user)
        bank.fund(user, 200, 700)
        bank.send(bank.coins_out(user, 100 * TOKEN))
    bank.set_fee(RAY + 10**18)
    bank.pass_time(100)
    return bank


def calls(bank: Bank, chance: Random) -> list[Instruction]:
    """Some of them fail: the debt or the coins are too much."""
    user = chance.choice(USERS)
    size = chance.randrange(1, 400)
    return [
        bank.adjust(user, 0, chance.randrange(-size, size) * WAD),
        bank.repay(user, size * WAD),
        bank.deposit(user, size * TOKEN),
        bank.withdraw(user, size * TOKEN),
        bank.coins_in(user, size * TOKEN // 10),
        bank.save(user, size * WAD),
        bank.adjust(user, -size * WAD // 4, -size * WAD),
    ]


def test_a_block_gives_the_same_on_two_workers(busy: Bank) -> None:
    busy.drip()
    chance = Random(7)
    transactions = [
        Transaction([chance.choice(calls(busy, chance))], payer=f"payer_{number}")
        for number in range(LENGTH)
    ]
    results = [_run(busy, transactions, workers) for workers in (0, 2)]
    assert results[0] == results[1]
    assert 20 < sum(outcome is None for outcome in results[0][1]) < LENGTH


def test_positions_of_other_shards_do_not_wait(busy: Bank) -> None:
    draws = [Transaction([busy.adjust(user, 0, WAD)], payer=f"payer_{user}") for user in USERS[:4]]
    locks = [Transaction([_lock(user)], payer=f"payer_{user}") for user in USERS]
    with Runtime(workers=0) as runtime:
        runtime.place_accounts(busy.placed())
        assert len(runtime.execute(draws).waves) == 1
        assert len(runtime.execute(locks).waves) == 1


def _run(bank: Bank, transactions: list[Transaction], workers: int) -> tuple[str, list[str | None]]:
    route = Route.LANES if workers else None
    with Runtime(workers=workers, route=route, programs=[stablecoin]) as runtime:
        runtime.place_accounts(bank.placed())
        runtime.sysvars = bank.vm.runtime.sysvars
        result = runtime.execute(transactions)
        errors = [t.error.name if t.error else None for t in result.transactions]
        return result.state_root, errors


def _lock(user: str) -> Instruction:
    return stablecoin.lock(
        collateral_type="gold",
        position=f"{user}_urn",
        balance=f"{user}_gem",
        holder=user,
        amount=0,
    )
