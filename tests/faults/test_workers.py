"""Workers that die, hang, or eat all memory: rows 1 to 6, 10, 11 and 13 of the fault list.

What happens in mid-wave happens in lanes; most of it is done to a worker that has the whole block
alone, too.
"""

from __future__ import annotations

import gc
import os
import re
from pathlib import Path
from typing import Any

import pytest

from sealane import (
    Limits,
    ProgramTimeout,
    Result,
    Route,
    Runtime,
    Transaction,
    Try,
    TryReason,
    WorkerDied,
)
from sealane.primitives import Instruction
from sealane.runtime.block.limits import WORKER_MEMORY_BYTES_MIN

from ..routes import WITH_WORKERS
from .aftermath import gone
from .hazards import (
    Tally,
    add,
    be_killed,
    be_stopped,
    crash,
    devour,
    die_answering,
    die_storing,
    die_twice,
    eat_too_much,
    endless_for_13,
    grow,
    hazard,
    leave,
    loop,
    slow,
    spawn,
    stop_answering,
)
from .scripts import output_of

LIMITS = Limits(worker_memory_bytes=256 * 1024**2, transaction_timeout_s=0.5)
COUNT = 40
on_each_route = pytest.mark.parametrize("route", WITH_WORKERS)


def runtime_of(workers: int, route: Route | None = None) -> Runtime:
    """A runtime with tallies t0 … t39, all 0."""
    runtime = Runtime(workers=workers, programs=[hazard], limits=LIMITS, route=route)
    for number in range(COUNT):
        runtime.set_account(f"t{number}", lamports=1, owner=hazard, data=Tally(count=0))
    return runtime


def block_with(*harms: Instruction) -> list[Transaction]:
    """Wave 0: every tally counts, with the harms among them. Wave 1: every tally counts again."""
    first: list[Instruction] = [add(tally=f"t{number}", by=1) for number in range(COUNT)]
    for place, harm in enumerate(harms):
        first[7 + 13 * place] = harm
    second = [add(tally=f"t{number}", by=10) for number in range(COUNT)]
    return [Transaction([call], id=f"x{n}") for n, call in enumerate([*first, *second])]


def harmed(harm: Any, marker: Path | None, tally: str = "t7") -> Instruction:
    """The harm, done once, or always without a marker; it counts like `add` all the same."""
    return harm(tally=tally, by=1, marker=b"" if marker is None else os.fsencode(marker))


def executed(block: list[Transaction], workers: int, route: Route | None = None) -> Result:
    with runtime_of(workers, route) as runtime:
        result = runtime.execute(block)
        assert runtime.execute(block).transactions[0].ok  # the pool is as good as new
        return result


def require_recovery(harm: Any, tmp_path: Path, workers: int, route: Route) -> None:
    """The harm cost a try, and the block came out as if it had not been done."""
    marker = tmp_path / "done"
    block = block_with(harmed(harm, marker))
    result = executed(block, workers, route)
    assert marker.exists()
    first, again = result.tries
    assert first == Try(route, 1 if route is Route.ONE_WORKER else workers)
    assert again[:3] == (Route.LANES, workers, TryReason.WORKER_FAILED)
    assert again.detail is not None
    assert again.detail.startswith("worker ")
    expected = executed(block, workers=0)  # the marker is there: no harm is done any more
    assert result.state_root == expected.state_root
    assert list(result.transactions) == list(expected.transactions)
    assert result.accounts == expected.accounts


@on_each_route
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_row_01_worker_sigkilled_in_mid_wave(workers: int, tmp_path: Path, route: Route) -> None:
    require_recovery(be_killed, tmp_path, workers, route)


@on_each_route
def test_row_01_its_death_and_the_retry_are_told(
    tmp_path: Path, route: Route, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="sealane")
    with runtime_of(2, route) as runtime:
        runtime.execute(block_with(harmed(be_killed, tmp_path / "done")))
    told = [
        (record.levelname, re.sub(r"process \d+", "process P", record.getMessage()))
        for record in caplog.records
        if record.name == "sealane.runtime.workers"
    ]
    lane = 1 if route is Route.ONE_WORKER else int(told[2][1].split()[1])
    assert told == [
        ("INFO", "worker 1 started, process P"),
        ("INFO", "worker 2 started, process P"),
        ("WARNING", f"worker {lane} died, process P: signal SIGKILL"),
        (
            "WARNING",
            f"worker {lane}: signal SIGKILL, at transaction x7: try 2 of 3 begins (worker-failed)",
        ),
        ("INFO", "restarting the workers: 2 end, 2 start"),
        ("INFO", "worker 1 started, process P"),
        ("INFO", "worker 2 started, process P"),
    ]


@on_each_route
def test_row_02_worker_killed_while_it_holds_the_result_pipe(tmp_path: Path, route: Route) -> None:
    require_recovery(die_answering, tmp_path, 2, route)


@on_each_route
def test_row_02_worker_stopped_while_it_holds_the_result_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    monkeypatch.setattr("sealane.runtime.workers.worker_process.PIPE_TIMEOUT_S", 1)
    require_recovery(stop_answering, tmp_path, 2, route)


@on_each_route
def test_row_03_worker_killed_halfway_through_writing_an_account(
    tmp_path: Path, route: Route
) -> None:
    require_recovery(die_storing, tmp_path, 2, route)


@on_each_route
def test_row_03_committed_state_is_untouched_when_the_block_fails(route: Route) -> None:
    with runtime_of(2, route) as runtime:
        before = runtime.execute([Transaction([add(tally="t7", by=5)])])
        with pytest.raises(WorkerDied):
            runtime.execute(block_with(harmed(die_storing, None)))
        assert runtime.state_root == before.state_root
        assert runtime.height == 1
        assert Tally.decode(runtime.account("t7").data).count == 5


@on_each_route
def test_row_04_worker_sigstopped(tmp_path: Path, route: Route) -> None:
    require_recovery(be_stopped, tmp_path, 2, route)


@on_each_route
def test_row_04_a_transaction_that_always_stops_its_worker_is_named(route: Route) -> None:
    with runtime_of(2, route) as runtime, pytest.raises(WorkerDied, match="stopped") as caught:
        runtime.execute(block_with(harmed(be_stopped, None)))
    assert caught.value.transaction == "x7"


@on_each_route
def test_row_05_native_crash_in_a_program(route: Route) -> None:
    with runtime_of(2, route) as runtime, pytest.raises(WorkerDied) as caught:
        runtime.execute(block_with(harmed(crash, None)))
    assert caught.value.how == "signal SIGSEGV"
    assert caught.value.transaction == "x7"


@on_each_route
def test_row_05_a_crash_that_happens_once_is_survived(tmp_path: Path, route: Route) -> None:
    require_recovery(crash, tmp_path, 2, route)


@pytest.mark.slow
@on_each_route
@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize(("harm", "how"), [(be_killed, "signal SIGKILL"), (leave, "exit code 3")])
def test_row_06_the_same_transaction_kills_its_worker_again_and_again(
    workers: int, harm: Any, how: str, route: Route
) -> None:
    with runtime_of(workers, route) as runtime:
        root = runtime.state_root
        with pytest.raises(WorkerDied) as caught:
            runtime.execute(block_with(harmed(harm, None)))
        error = caught.value
        assert (error.transaction, error.how, error.tries) == ("x7", how, 3)
        assert "'x7'" in str(error)
        assert runtime.state_root == root
        assert runtime.execute(block_with()).transactions[0].ok


@on_each_route
def test_row_06_bystanders_are_not_blamed(tmp_path: Path, route: Route) -> None:
    """x20 dies once, in the first try or the second; x7 always. Only x7 is to blame."""
    block = block_with(harmed(be_killed, None), harmed(crash, tmp_path / "once", "t20"))
    with runtime_of(2, route) as runtime, pytest.raises(WorkerDied) as caught:
        runtime.execute(block)
    assert caught.value.transaction == "x7"


@on_each_route
def test_row_06_the_last_try_runs_the_suspect_alone(tmp_path: Path, route: Route) -> None:
    """It dies twice among others and not the third time, so the block gets through."""
    twice = tmp_path / "deaths"
    block = block_with(die_twice(tally="t7", by=1, deaths=os.fsencode(twice)))
    with runtime_of(2, route) as runtime:
        result = runtime.execute(block)
        assert result.transactions[7].ok
    assert twice.read_text() == "##"
    assert result.state_root == executed(block, workers=0).state_root


@on_each_route
def test_row_10_endless_loop(route: Route) -> None:
    with runtime_of(2, route) as runtime:
        with pytest.raises(ProgramTimeout) as caught:
            runtime.execute(block_with(harmed(loop, None)))
        assert caught.value.transaction == "x7"
        assert caught.value.timeout_s == 0.5
        assert runtime.height == 0
        assert runtime.execute(block_with()).transactions[0].ok


@on_each_route
def test_row_10_endless_loop_in_a_batch_handler_names_the_transaction(route: Route) -> None:
    with Runtime(workers=2, programs=[slow], limits=LIMITS, route=route) as runtime:
        for number in range(60):
            runtime.set_account(f"s{number}", lamports=1, owner=slow)
        calls = [endless_for_13(account=f"s{n}", number=n) for n in range(60)]
        with pytest.raises(ProgramTimeout) as caught:
            runtime.execute([Transaction([call], id=f"s{n}") for n, call in enumerate(calls)])
    assert caught.value.transaction == "s13"


@on_each_route
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("harm", [devour, eat_too_much])
def test_row_11_100_gb_allocation(workers: int, harm: Any, route: Route) -> None:
    """The system may refuse 100 GB by itself; 400 MiB, beyond the limit here, are the limit's."""
    with runtime_of(workers, route) as runtime:
        with pytest.raises(WorkerDied, match="out of memory") as caught:
            runtime.execute(block_with(harmed(harm, None)))
        assert caught.value.transaction == "x7"
        assert runtime.execute(block_with()).transactions[0].ok


@on_each_route
def test_row_11_data_that_accounts_get_counts_against_a_worker(route: Route) -> None:
    """It lies in shared memory, which is not what is full."""
    sizes = [grow(account=f"t{n}", length=10 * 1024**2) for n in range(8)]
    limits = Limits(worker_memory_bytes=WORKER_MEMORY_BYTES_MIN)
    with Runtime(workers=1, programs=[hazard], limits=limits, route=route) as runtime:
        for number in range(8):
            runtime.set_account(f"t{number}", lamports=1, owner=hazard)
        with pytest.raises(WorkerDied, match="out of memory; worker_memory_bytes"):
            runtime.execute([Transaction([call]) for call in sizes])
        assert runtime.execute([Transaction([sizes[0]])]).ok


def test_row_11_a_block_may_be_larger_than_the_memory_of_a_worker() -> None:
    """What the worker may use comes on top of the block's own accounts."""
    limits = Limits(worker_memory_bytes=WORKER_MEMORY_BYTES_MIN)
    numbers = range(7)
    with Runtime(workers=1, programs=[hazard], limits=limits, route=Route.LANES) as runtime:
        for number in numbers:
            runtime.set_account(f"t{number}", owner=hazard, data=bytes(10 * 1024**2))
        result = runtime.execute([Transaction([add(tally=f"t{n}", by=1)]) for n in numbers])
    assert not result.transactions.failed.any()


@on_each_route
@pytest.mark.parametrize("own_session", [False, True])
@pytest.mark.parametrize("die", [False, True])
def test_row_13_program_starts_child_processes(
    own_session: bool, die: bool, tmp_path: Path, route: Route
) -> None:
    pids = tmp_path / "pids"
    call = spawn(tally="t0", pids=os.fsencode(pids), own_session=own_session, die=die)
    with runtime_of(1, route) as runtime:
        if die:
            with pytest.raises(WorkerDied):
                runtime.execute([Transaction([call])])
        else:
            assert runtime.execute([Transaction([call])]).transactions[0].ok
    assert gone([int(pid) for pid in pids.read_text().split()])


def test_a_runtime_that_nobody_closed_leaves_nothing() -> None:
    runtime = runtime_of(1)
    runtime.execute(block_with())
    del runtime
    gc.collect()  # `nothing_left` looks for the rest


@pytest.mark.slow
@pytest.mark.parametrize("open_files", [9, 12, 16, 20])
def test_too_few_open_files_are_an_error_that_says_so(open_files: int) -> None:
    """Or enough, by chance; never a traceback, and the process that asked goes on."""
    out = output_of(
        """
import resource
runtime = runtime_of(3)
few = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (few, 1024))
try:
    runtime.execute(block_of(*every))
    print("ulimit -n")
except sealane.MachineError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
print(runtime.execute(block_of(*every)).transactions[0].ok)
""",
        str(open_files),
    )
    assert "ulimit -n" in out
    assert out.endswith("True\n")
