"""A DAG that a caller built: the block's own is taken, any other refused before anything runs."""

from __future__ import annotations

from typing import Any, cast

import pytest

import sealane
from sealane import Route, Runtime, Transaction, UsageError
from sealane.programs.library import system
from sealane.scheduler import AccessLists, Schedule, build_dag

CHAIN = [
    Transaction(
        [system.transfer(source=f"a{n}", destination=f"a{n + 1}", lamports=10)], payer="payer"
    )
    for n in range(20)
]


@pytest.fixture(params=[0, 2], ids=["serial", "lanes"])
def runtime(request: pytest.FixtureRequest) -> Any:
    workers = request.param
    with Runtime(workers=workers, route=Route.LANES if workers else None) as runtime:
        runtime.set_account("a0", lamports=10)
        runtime.set_account("payer", lamports=1)
        yield runtime


def test_the_blocks_own_is_taken(runtime: Runtime) -> None:
    block = runtime.prepare(CHAIN)
    result = runtime.execute(block, dag=build_dag(block.access))
    assert not result.transactions.failed.any()
    assert len(result.waves) == 20


def test_that_of_equal_access_lists_is_taken(runtime: Runtime) -> None:
    block = runtime.prepare(CHAIN)
    again = AccessLists(
        block.access.offsets.copy(),
        block.access.accounts.copy(),
        block.access.writes.copy(),
        block.access.account_count,
    )
    assert runtime.execute(block, dag=build_dag(again)).transactions[19].ok


@pytest.mark.parametrize("count", [3, 20, 40], ids=["shorter", "as long", "longer"])
def test_that_of_other_transactions_is_refused(runtime: Runtime, count: int) -> None:
    independent, _ = AccessLists.from_sets([([], [f"x{n}"]) for n in range(count)])
    with pytest.raises(UsageError, match=r"the DAG of other transactions: pass build_dag"):
        runtime.execute(CHAIN, dag=build_dag(independent))
    assert runtime.state.height == 0
    assert runtime.execute(CHAIN).transactions[19].ok, "the runtime is as it was"


def test_what_is_no_dag_is_refused(runtime: Runtime) -> None:
    schedule = Schedule.from_sets([([], ["x"])])
    for given in (schedule, 5):
        with pytest.raises(UsageError, match=r"pass a Dag; of a Schedule, schedule\.dag"):
            runtime.execute(CHAIN, dag=cast(Any, given))


def test_a_loaded_blocks_schedule_has_its_dag(runtime: Runtime) -> None:
    loaded = sealane.load(
        b"{sealane: 1, accounts: {a: {lamports: 5}},"
        b" transactions: [{instructions: ["
        b"{system.transfer: {source: a, destination: b, lamports: 1}}]}]}"
    )
    runtime.place_accounts(loaded.accounts)
    assert runtime.execute(loaded.block, dag=loaded.schedule().dag).transactions[0].ok
