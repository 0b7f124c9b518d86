"""Which route blocks take by default, and how to request one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from sealane import (
    Account,
    BlockFacts,
    FixedRoute,
    Lanes,
    Route,
    RoutePolicy,
    Runtime,
    StandardRoutes,
    Transaction,
    Try,
    UsageError,
)
from sealane.programs import Mut, Program, Signer, UncheckedAccount, builtin_programs
from sealane.programs.kit import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.system import allocate, create_account, transfer
from sealane.runtime.block.block import Block
from sealane.runtime.block.block_building import build_block
from sealane.runtime.columns.account_columns import AccountColumns
from sealane.runtime.engine.route_policy import MESSAGE_BYTES_MAX
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.scheduler import build_dag

from ...routes import ALL_BUT_SERIAL

QUICK_S, SLOW_S = 1e-6, 1e-2

own = Program("own")


@own.instruction(tag=0)
def touch(account: Mut[UncheckedAccount]) -> None:
    account.lamports += 0


@own.instruction(tag=1)
def pump(source: Mut[Signer], target: Mut[UncheckedAccount]) -> None:
    source.lamports -= 1
    target.lamports += 1


def facts_of(
    block: Block,
    *,
    started: bool = True,
    worker_count: int = 2,
    measured_s: float = QUICK_S,
    memory_bytes: int = 1 << 32,
    data: bytes = b"",
) -> BlockFacts:
    dag = build_dag(block.access)
    return BlockFacts(
        inputs_of(block, data),
        lambda: dag,
        workers=worker_count,
        started=started,
        worker_memory_bytes=memory_bytes,
        measured_s=measured_s,
    )


def inputs_of(block: Block, data: bytes = b"") -> ExecutionInputs:
    states = AccountColumns.of([Account(1, data=data) for _ in block.keys])
    return ExecutionInputs(block, ProgramSet([*builtin_programs(), own]), Sysvars(), states)


def needs(block: Block, *, started: bool, worker_count: int = 2) -> bool:
    facts = facts_of(block, started=started, worker_count=worker_count)
    return StandardRoutes().route(facts) is not Route.IN_PROCESS


def creating(count: int) -> Block:
    """Calls that can run neither vectorized nor in a row loop."""
    return build_block(
        [
            Transaction(
                [
                    create_account(
                        source=f"p{n}", account=f"a{n}", lamports=1, space=0, owner="system"
                    )
                ]
            )
            for n in range(count)
        ]
    )


def paying(count: int, *, chained: bool = False) -> Block:
    return build_block(
        [
            Transaction(
                [transfer(source="bank" if chained else f"a{n}", destination=f"b{n}", lamports=1)]
            )
            for n in range(count)
        ]
    )


def test_a_users_program_never_runs_in_the_calling_process() -> None:
    block = build_block([Transaction([touch(account="a")])])
    assert needs(block, started=False)
    assert needs(block, started=True)


@pytest.mark.parametrize(
    ("count", "started", "needed"),
    [(20, True, False), (1_000, True, True), (1_000, False, False)],
)
def test_library_programs_use_workers_if_they_pay(count: int, started: bool, needed: bool) -> None:
    """A thousand take some 20 ms: not enough to start workers, but enough to wake them."""
    assert needs(creating(count), started=started) is needed


def test_vectorized_blocks_start_no_workers() -> None:
    assert not needs(paying(20_000), started=True)


def test_a_chain_of_transactions_starts_no_workers() -> None:
    block = creating(1_000)
    assert needs(block, started=True)
    assert not needs(block, started=True, worker_count=1)
    assert not needs(paying(1_000, chained=True), started=True)


def test_an_empty_block() -> None:
    assert not needs(build_block([]), started=True)


def touching(count: int) -> Block:
    return build_block([Transaction([touch(account=f"a{n}")]) for n in range(count)])


def test_few_quick_calls_of_a_users_program_go_to_one_worker_whole() -> None:
    routes = StandardRoutes()
    assert routes.route(facts_of(touching(10))) is Route.ONE_WORKER
    assert routes.route(facts_of(touching(10), measured_s=SLOW_S)) is Route.LANES
    assert routes.route(facts_of(touching(10), worker_count=1, measured_s=SLOW_S)) is (
        Route.ONE_WORKER
    )


def test_a_block_with_much_data_uses_shared_memory() -> None:
    routes = StandardRoutes()
    half = bytes(MESSAGE_BYTES_MAX // 2)
    assert routes.route(facts_of(touching(1), data=half)) is Route.ONE_WORKER
    assert routes.route(facts_of(touching(2), data=half)) is Route.LANES


def test_a_block_that_may_allocate_more_than_a_worker_uses_workers() -> None:
    """The memory of this process is not limited."""
    block = build_block([Transaction([allocate(account="a", space=1_000)])])
    routes = StandardRoutes()
    assert routes.route(facts_of(block, memory_bytes=3_000)) is Route.IN_PROCESS
    assert routes.route(facts_of(block, memory_bytes=2_999)) is Route.ONE_WORKER


def test_slow_facts_are_computed_on_access_only() -> None:
    """A small block that calls a user's program is sent before its DAG is built."""

    def refuse() -> Any:
        pytest.fail("the DAG was asked for")

    facts = BlockFacts(
        inputs_of(touching(10)),
        refuse,
        workers=2,
        started=True,
        worker_memory_bytes=1 << 32,
        measured_s=QUICK_S,
    )
    assert StandardRoutes().route(facts) is Route.ONE_WORKER


def run(policy: Route | RoutePolicy | None, *, workers: int = 2, count: int = 8) -> Any:
    calls = [pump(source=f"s{n}", target=f"t{n}") for n in range(count)]
    with Runtime(workers=workers, route=policy) as runtime:
        for n in range(count):
            runtime.set_account(f"s{n}", lamports=5, owner=own)
        return runtime.execute([Transaction([call]) for call in calls])


@pytest.mark.parametrize(
    ("route", "workers"),
    [
        (Route.SERIAL, 0),
        (Route.IN_PROCESS, 0),
        (Route.ONE_WORKER, 1),
        (Route.LANES, 2),
        (FixedRoute(Route.LANES, lanes=1), 1),
    ],
)
def test_the_requested_route_is_taken_and_reported(route: Route | FixedRoute, workers: int) -> None:
    """Also for a user's program, which uses workers by default."""
    result = run(route)
    assert result.ok
    expected = route if isinstance(route, Route) else Route.LANES
    assert result.route is expected
    assert result.workers == workers
    assert result.tries == (Try(expected, workers),)
    assert result.state_root == run(None, workers=0).state_root


def test_without_workers_the_only_route_is_serial() -> None:
    assert run(None, workers=0).tries == (Try(Route.SERIAL, 0),)
    assert run(Route.SERIAL, workers=0).route is Route.SERIAL
    assert run(StandardRoutes(), workers=0).route is Route.SERIAL
    with pytest.raises(UsageError, match="route='lanes' needs workers=1 or more"):
        Runtime(workers=0, route=Route.LANES)


def test_a_route_may_be_named_and_changed_between_blocks() -> None:
    call = transfer(source="a", destination="b", lamports=1)
    with Runtime(workers=1, route=cast("Route", "one-worker")) as runtime:
        runtime.set_account("a", lamports=9)
        assert runtime.execute([Transaction([call])]).route is Route.ONE_WORKER
        runtime.route = Route.LANES
        assert runtime.execute([Transaction([call])]).route is Route.LANES
        runtime.route = None
        assert runtime.execute([Transaction([call])]).route is Route.IN_PROCESS
        assert runtime.account("b").lamports == 3


@pytest.mark.parametrize("wrong", ["fast", 3, Route])
def test_an_invalid_route_is_refused(wrong: Any) -> None:
    message = "choose serial, in-process, one-worker, lanes, or a RoutePolicy"
    with pytest.raises(UsageError, match=message):
        Runtime(workers=2, route=wrong)
    with Runtime(workers=2) as runtime, pytest.raises(UsageError, match=message):
        runtime.route = wrong


class Answering(StandardRoutes):
    """A policy that returns the given values."""

    def __init__(self, route: Any, lanes: Any = None) -> None:
        self._answers = (route, lanes)

    def route(self, block: BlockFacts) -> Route:
        return self._answers[0]

    def lanes(self, block: BlockFacts) -> Lanes:
        return self._answers[1]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (Answering("fast"), "answered 'fast'; choose serial"),
        (Answering(Route.LANES, Lanes(3)), "choose 1 to 2 lanes"),
        (Answering(Route.LANES, Lanes(0)), "choose 1 to 2 lanes"),
        (Answering(Route.LANES, Lanes(2, 0)), "shares of 1 transaction or more"),
        (FixedRoute(Route.LANES, lanes=9), r"lanes=9.*choose 1 to 2 lanes"),
    ],
)
def test_an_invalid_answer_of_a_policy_is_refused(policy: RoutePolicy, message: str) -> None:
    call = Transaction([transfer(source="a", destination="b", lamports=1)])
    with Runtime(workers=2, route=policy) as runtime:
        runtime.set_account("a", lamports=9)
        with pytest.raises(UsageError, match=message):
            runtime.execute([call])
        assert runtime.height == 0
        runtime.route = None
        assert runtime.execute([call]).ok


def test_a_skipped_block_has_no_route(tmp_path: Path) -> None:
    call = Transaction([transfer(source="a", destination="b", lamports=0)])
    with Runtime(workers=0, store=tmp_path / "state") as runtime:
        runtime.execute([call])
        skipped = runtime.execute([call])
    assert (skipped.skipped, skipped.route, skipped.tries, skipped.workers) == (True, None, (), 0)


@pytest.mark.parametrize("route", ALL_BUT_SERIAL)
def test_an_empty_block_takes_the_route_too(route: Route) -> None:
    result = run(route, count=0)
    assert result.route is route
    assert result.ok
