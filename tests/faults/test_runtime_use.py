"""A runtime used wrongly, or whose process is killed: rows 35 and 36 of the fault list."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane import Runtime, RuntimeBusy, RuntimeClosed, Transaction
from sealane.programs import Mut, Program, UncheckedAccount
from sealane.programs.library.system import system

from .aftermath import DEADLINE_S, below, ended, folders_of, until
from .hazards import Tally, add, hazard
from .scripts import output_of, running

PAYMENT = [Transaction([system.transfer(source="alice", destination="bob", lamports=1)])]


def test_row_35_runtime_used_after_fork() -> None:
    """The child is told, and can make a runtime of its own; the parent notices nothing."""
    out = output_of("""
runtime = runtime_of(1)
runtime.execute(block_of(*every))
pid = os.fork()
if pid == 0:
    for use in (
        lambda: runtime.execute(block_of(*every)),
        lambda: runtime.set_account("x"),
        lambda: runtime.__enter__(),
    ):
        try:
            use()
        except sealane.RuntimeForked as error:
            assert error.owner == os.getppid(), error
            print("refused", flush=True)
    runtime.close()
    with runtime_of(1) as own:
        print(own.execute(block_of(*every)).transactions[0].ok, flush=True)
    sys.exit(0)
assert os.waitpid(pid, 0)[1] == 0
print(runtime.execute(block_of(*every)).transactions[0].ok)
runtime.close()
""")
    assert out == "refused\nrefused\nrefused\nTrue\nTrue\n"


def test_row_35_a_forked_process_that_lives_on_does_not_keep_the_first_from_ending() -> None:
    out = output_of("""
runtime = runtime_of(1)
runtime.execute(block_of(*every))
waits, goes_on = os.pipe()
if os.fork() == 0:
    os.close(1); os.close(2); os.close(goes_on)
    os.read(waits, 1)  # until the parent is gone
    os._exit(0)
print("done")
""")
    assert out == "done\n"


USES: list[Callable[[Runtime], object]] = [
    lambda runtime: runtime.execute(PAYMENT),
    lambda runtime: runtime.set_account("alice"),
    lambda runtime: runtime.prepare(PAYMENT),
    lambda runtime: runtime.__enter__(),
]


@pytest.mark.parametrize("use", USES)
def test_row_35_runtime_used_after_close(use: Callable[[Runtime], object]) -> None:
    runtime = Runtime(workers=1)
    runtime.close()
    runtime.close()
    with pytest.raises(RuntimeClosed, match="make a new one"):
        use(runtime)


@pytest.mark.parametrize("workers", [0, 2])
def test_row_35_runtime_used_from_two_threads(workers: int) -> None:
    """One is in the middle of a block when the other comes."""
    inside, go_on = threading.Event(), threading.Event()
    roots: list[str] = []

    def wait_inside(done: int) -> None:
        inside.set()
        assert go_on.wait(DEADLINE_S)

    with Runtime(workers=workers, programs=[hazard]) as runtime:
        runtime.set_account("t", lamports=1, owner=hazard, data=Tally(count=0))
        block = [Transaction([add(tally="t", by=1)])]

        def execute() -> None:
            roots.append(runtime.execute(block, progress=wait_inside).state_root)

        thread = threading.Thread(target=execute)
        thread.start()
        assert inside.wait(DEADLINE_S)
        with pytest.raises(RuntimeBusy):
            runtime.execute(block)
        with pytest.raises(RuntimeBusy):
            runtime.set_account("t")
        with pytest.raises(RuntimeBusy):
            runtime.close()
        go_on.set()
        thread.join(DEADLINE_S)
        assert roots == [runtime.state_root]
        assert Tally.decode(runtime.account("t").data).count == 1
        assert runtime.execute(block).height == 2


recursive = Program("recursive")
_runtime: list[Runtime] = []


@recursive.instruction(tag=0)
def execute_again(account: Mut[UncheckedAccount]) -> None:
    _runtime[0].execute(PAYMENT)


def test_row_35_runtime_used_by_a_program_that_it_executes() -> None:
    with Runtime(workers=0, programs=[recursive]) as runtime:
        _runtime[:] = [runtime]
        result = runtime.execute([Transaction([execute_again(account="x")])])
        error = result.transactions[0].error
        assert error is not None
        assert "executing a block" in error.message
        assert runtime.height == 1


IDLE = """
runtime = runtime_of(2)
runtime.execute(block_of(*every))
print("ready", flush=True)
threading.Event().wait()
"""
IN_A_WAVE = """
runtime = runtime_of(2)
threading.Thread(target=lambda: (open(sys.argv[1]).read(), print("ready", flush=True))).start()
endless = announce(tally="t0", fifo=os.fsencode(sys.argv[1]))
runtime.execute(block_of(endless, *every[1:]))
"""
STOPPED = """
runtime = runtime_of(1, limits=Limits(transaction_timeout_s=1000.0))
print("ready", flush=True)
runtime.execute(block_of(be_stopped(tally="t0", by=1, marker=b"")))
"""
WITH_CHILDREN = """
runtime = runtime_of(1)
pids = os.fsencode(sys.argv[1] + ".pids")
runtime.execute(block_of(spawn(tally="t0", pids=pids, own_session=True, die=False)))
print("ready", flush=True)
threading.Event().wait()
"""
FRESH_INTERPRETERS = """
from sealane.runtime.workers.pool import WorkerPool
pool = WorkerPool(1, hash_seed=1)
print("ready", flush=True)
threading.Event().wait()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(IDLE, id="idle"),
        pytest.param(IN_A_WAVE, id="in a wave"),
        pytest.param(STOPPED, id="worker stopped"),
        pytest.param(WITH_CHILDREN, id="with children"),
        pytest.param(FRESH_INTERPRETERS, id="fresh interpreters"),
    ],
)
def test_row_36_kill_9_of_the_parent(script: str, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with running(script, fifo) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if script is STOPPED:
            assert until(lambda: any(p.state == "T" for p in below(process.pid)))
        started = {entry.pid for entry in below(process.pid)}
        assert started
        folders = folders_of(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE_S)
        assert ended(started, DEADLINE_S)
    assert len(folders) == (0 if script is FRESH_INTERPRETERS else 1)
    for folder in folders:  # swept meanwhile, perhaps, by another runtime on this machine
        assert list(folder.glob("*")) == []  # what workers have mapped has no name any more
    with Runtime(workers=1) as runtime:
        runtime.execute(PAYMENT)
    assert folders_of(process.pid) == []


def test_row_36_kill_9_of_the_fork_server() -> None:
    """Its workers go with it; the block is begun again below a new one."""
    out = output_of("""
from sealane.runtime.process.fork_server import SHARED
from sealane.runtime.process.process_table import all_processes, descendants, process_entry
from tests.faults.aftermath import until
runtime = runtime_of(2)
runtime.execute(block_of(*every))
first = SHARED.pid
os.kill(first, signal.SIGKILL)
assert until(lambda: process_entry(first).state == "Z")  # its workers have their signal by then
print(runtime.execute(block_of(*every)).transactions[0].ok)
print(SHARED.pid != first)
runtime.close()
print(len(descendants([os.getpid()], all_processes())))  # the new one
""")
    assert out == "True\nTrue\n1\n"


@pytest.mark.slow
def test_row_36_the_fork_server_stopped(tmp_path: Path) -> None:
    """Neither a worker that dies meanwhile nor a new pool waits for it."""
    out = output_of(
        """
from sealane.runtime.process.fork_server import SHARED
first = runtime_of(1)
first.execute(block_of(*every))
os.kill(SHARED.pid, signal.SIGSTOP)
once = be_killed(tally="t0", by=1, marker=os.fsencode(sys.argv[1]))
print(first.execute(block_of(once)).transactions[0].ok)
os.kill(SHARED.pid, signal.SIGSTOP)
with runtime_of(2) as second:
    print(second.execute(block_of(*every)).transactions[0].ok)
print(first.execute(block_of(*every)).transactions[0].ok)
first.close()
""",
        tmp_path / "done",
    )
    assert out == "True\nTrue\nTrue\n"


@pytest.mark.slow
def test_row_36_the_fork_server_stopped_once_it_was_found_running() -> None:
    """A signal takes effect some time after it was sent, and may be sent at any moment."""
    out = output_of("""
from sealane.runtime.process.fork_server import SHARED, ForkServer
first = runtime_of(1)
first.execute(block_of(*every))
looks = []
look = ForkServer._stopped
ForkServer._stopped = lambda server: look(server) if looks else looks.append(1)
os.kill(SHARED.pid, signal.SIGSTOP)
with runtime_of(2) as second:
    print(second.execute(block_of(*every)).transactions[0].ok, len(looks))
first.close()
""")
    assert out == "True 1\n"


def test_nothing_outlives_a_process_that_closed_nothing() -> None:
    out = output_of("""
from sealane.runtime.process.process_table import all_processes, descendants
runtime = runtime_of(2)
runtime.execute(block_of(*every))
print(os.getpid(), *descendants([os.getpid()], all_processes()))
""")
    own, *others = map(int, out.split())
    assert len(others) == 3  # two workers and what they are forked from
    assert ended(others, 0.0)  # before the process itself
    assert folders_of(own) == []
