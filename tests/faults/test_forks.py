"""Handlers that fork, start processes and threads: row 48 of the fault list."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sealane import Result, Route, Runtime, Transaction
from sealane.programs import Layout, Mut, Program, UncheckedAccount, u64
from sealane.runtime.process.fork_server import SHARED

from ..routes import WITH_WORKERS
from .aftermath import below
from .scripts import output_of

COUNT = 40
BLOCKS = 3


class Tally(Layout):
    count: u64


forker = Program("forker", layouts=[Tally])


@forker.instruction(tag=0)
def add(tally: Mut[Tally], by: u64) -> None:
    tally.count += by


@forker.instruction(tag=1)
def fork_and_go_on(tally: Mut[Tally], by: u64) -> None:
    """The textbook's first mistake: both processes go on."""
    os.fork()
    tally.count += by


@forker.instruction(tag=2)
def fork_and_exit(tally: Mut[Tally], by: u64) -> None:
    pid = os.fork()
    if pid == 0:
        sys.exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    tally.count += by


def _say_nothing(*_: object) -> None:
    pass


@forker.instruction(tag=3)
def fork_and_raise(tally: Mut[Tally], by: u64) -> None:
    pid = os.fork()
    if pid == 0:
        sys.excepthook = _say_nothing
        raise ValueError("in the child")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
    tally.count += by


@forker.instruction(tag=4)
def fork_and_catch(tally: Mut[Tally], by: u64) -> None:
    """What the child catches is not what it ends with."""
    pid = os.fork()
    if pid == 0:
        try:
            sys.exit(7)
        except SystemExit:
            return
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    tally.count += by


def _fork_deep_below(depth: int) -> int:
    return _fork_deep_below(depth - 1) if depth else os.fork()


@forker.instruction(tag=5)
def fork_far_below(tally: Mut[Tally], by: u64) -> None:
    _fork_deep_below(20)
    tally.count += by


@forker.instruction(tag=6)
def fork_twice(tally: Mut[Tally], by: u64) -> None:
    os.fork()
    os.fork()
    tally.count += by


@forker.instruction(tag=7)
def fork_a_terminal(tally: Mut[Tally], by: u64) -> None:
    pid, terminal = os.forkpty()
    if pid:
        os.waitpid(pid, 0)
        os.close(terminal)
    tally.count += by


@forker.instruction(tag=8)
def fork_in_a_thread(tally: Mut[Tally], by: u64) -> None:
    thread = threading.Thread(target=os.fork)
    thread.start()
    thread.join()
    tally.count += by


@forker.instruction(tag=9)
def run_a_command(tally: Mut[Tally], by: u64) -> None:
    subprocess.run([sys.executable, "-c", ""], preexec_fn=os.getpid, check=True)
    tally.count += by


@forker.instruction(tag=10)
def use_multiprocessing(tally: Mut[Tally], by: u64) -> None:
    process = multiprocessing.get_context("fork").Process(target=os.getpid)
    process.start()
    process.join()
    assert process.exitcode == 0
    tally.count += by


@forker.instruction(tag=11)
def leave_a_thread(tally: Mut[Tally], by: u64) -> None:
    """It outlives the transaction, and the worker does not wait for it."""
    threading.Thread(target=threading.Event().wait, args=(1000,), daemon=True).start()
    tally.count += by


FORKS = (
    fork_and_go_on,
    fork_and_exit,
    fork_and_raise,
    fork_and_catch,
    fork_far_below,
    fork_twice,
    fork_a_terminal,
    fork_in_a_thread,
    run_a_command,
    use_multiprocessing,
    leave_a_thread,
)
# Python 3.12 warns of forks beside threads; a process that has some, as this one, is to blame.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def executed(fork: Any, workers: int, route: Route | None = None) -> list[tuple[str, list[bool]]]:
    """Roots and successes of blocks, of which the first has a fork in its midst."""
    done: list[Result] = []
    with Runtime(workers=workers, programs=[forker], route=route) as runtime:
        for number in range(7):
            runtime.set_account(f"t{number}", lamports=1, owner=forker, data=Tally(count=0))
        for block in range(BLOCKS):
            calls = [add(tally=f"t{n % 7}", by=1) for n in range(COUNT)]
            if block == 0:
                calls[3] = fork(tally="t3", by=77)
            done.append(runtime.execute([Transaction([call]) for call in calls]))
    return [(result.state_root, [t.ok for t in result.transactions]) for result in done]


@pytest.fixture(scope="module")
def expected() -> list[tuple[str, list[bool]]]:
    """As if nobody forked."""
    return executed(add, 0)


@pytest.fixture(autouse=True)
def reaped() -> Iterator[None]:
    """In the process of the tests nobody else waits for what a handler forked."""
    yield
    own = [entry for entry in below(os.getpid()) if entry.parent == os.getpid()]
    for entry in own:
        if entry.pid != SHARED.pid:
            os.waitpid(entry.pid, 0)


@pytest.mark.parametrize("fork", FORKS, ids=lambda fork: fork.name)
@pytest.mark.parametrize("route", WITH_WORKERS)
def test_row_48_a_handler_that_forks(
    fork: Any, route: Route, expected: list[tuple[str, list[bool]]]
) -> None:
    assert executed(fork, 2, route) == expected


@pytest.mark.parametrize("fork", FORKS, ids=lambda fork: fork.name)
def test_row_48_in_this_process(fork: Any, expected: list[tuple[str, list[bool]]]) -> None:
    """The child of a test run, of all things, must not go on with the tests."""
    own = os.getpid()
    if fork is leave_a_thread:
        pytest.skip("the thread would stay in this process")
    assert executed(fork, 0) == expected
    assert os.getpid() == own


batched = Program("batched")


@batched.instruction(tag=0)
def drain(account: Mut[UncheckedAccount], into: Mut[UncheckedAccount]) -> None:
    into.lamports += account.lamports
    account.lamports = 0


@drain.batch
def drain_and_fork(account: Any, into: Any) -> None:
    os.fork()
    into.lamports += account.lamports
    account.lamports = account.lamports - account.lamports


@pytest.mark.parametrize("route", WITH_WORKERS)
def test_row_48_a_batch_handler_that_forks(route: Route) -> None:
    results: list[Result] = []
    for workers in (0, 1, 2):
        way = route if workers else None
        with Runtime(workers=workers, programs=[batched], route=way) as runtime:
            for number in range(200):
                runtime.set_account(f"a{number}", lamports=5, owner=batched)
            calls = [drain(account=f"a{n}", into=f"a{n + 1}") for n in range(0, 200, 2)]
            results.append(runtime.execute([Transaction([call]) for call in calls]))
    assert results[0].ok
    assert len({result.state_root for result in results}) == 1


def test_row_48_with_a_store_only_one_process_commits(tmp_path: Path) -> None:
    out = output_of(
        """
from tests.faults.test_forks import Tally, add, fork_and_go_on, forker
with Runtime(workers=0, programs=[forker], store=sys.argv[1]) as runtime:
    runtime.set_account("t", lamports=1, owner=forker, data=Tally(count=0))
    runtime.execute([Transaction([fork_and_go_on(tally="t", by=1)])])
    runtime.execute([Transaction([add(tally="t", by=1)])])
    print(runtime.height, Tally.decode(runtime.account("t").data).count, flush=True)
""",
        tmp_path / "store",
    )
    assert out == "2 2\n"


@forker.instruction(tag=12)
def print_and_fork(tally: Mut[Tally], by: u64) -> None:
    """Prints without an end of line, so that it is still in the buffer when it forks."""
    print("before", end=" ")
    pid = os.fork()
    if pid == 0:
        print("child", end=" ")
        sys.exit("asked to")
    os.waitpid(pid, 0)
    print("parent")
    tally.count += by


def test_row_48_what_parent_and_child_print_is_printed_once() -> None:
    out = output_of("""
from tests.faults.test_forks import Tally, print_and_fork, forker
sys.stderr = sys.stdout
with Runtime(workers=0, programs=[forker]) as runtime:
    runtime.set_account("t", lamports=1, owner=forker, data=Tally(count=0))
    assert runtime.execute([Transaction([print_and_fork(tally="t", by=1)])]).ok
""")
    assert out == "before child asked to\nparent\n"


def test_a_stand_in_for_waitpid_does_no_harm_once_it_is_gone() -> None:
    """A module that is imported meanwhile keeps it."""
    script = """
import os
real, os.waitpid = os.waitpid, lambda *_: None
import subprocess
os.waitpid = real
from sealane.runtime.workers.pool import WorkerPool
for _ in range(2):
    with WorkerPool(1) as pool:
        pool.map_memory(None)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
