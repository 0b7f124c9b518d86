"""Interrupted, terminated, cut off: rows 46 and 47 of the fault list."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from sealane import Runtime, Transaction
from sealane.programs.library.system import system
from sealane.runtime.columns.keyed_accounts import KeyedAccounts

from ..cli.command import command, environment, in_process_of_its_own, on_a_terminal
from .aftermath import DEADLINE_S, below, ended, folders_of
from .hazards import Tally, add, hazard
from .scripts import output_of

PROGRAM = """
import os
from sealane.programs import Program, Signer

endless = Program("endless")

@endless.instruction(tag=0)
def loop(who: Signer) -> None:
    with open("ready", "w") as ready:
        ready.write("x")
    while True:
        pass

@endless.instruction(tag=1)
def swallow(who: Signer) -> None:
    while True:
        try:
            with open("ready", "w") as ready:
                ready.write("x")
            while True:
                pass
        except BaseException:
            pass
"""
FIXTURE = """
sealane: 1
accounts: {alice: {lamports: 1}}
transactions: [{payer: alice, instructions: [{endless.CALL: {who: alice}}]}]
"""


@contextmanager
def looping(folder: Path, call: str, workers: int) -> Generator[subprocess.Popen[str]]:
    """`sealane run` of a program that does not end."""
    (folder / "endless.py").write_text(PROGRAM)
    (folder / "a.yaml").write_text(FIXTURE.replace("CALL", call))
    os.mkfifo(folder / "ready")
    arguments = ("run", "a.yaml", "-p", "endless:endless", "-w", str(workers), "--store", "state")
    process = subprocess.Popen(
        command(*arguments),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def wait_until_it_loops(folder: Path) -> None:
    assert (folder / "ready").read_text() == "x"


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_row_46_a_signal_in_a_wave(
    number: signal.Signals, code: int, workers: int, tmp_path: Path
) -> None:
    with looping(tmp_path, "loop", workers) as process:
        wait_until_it_loops(tmp_path)
        started = {entry.pid for entry in below(process.pid)}
        process.send_signal(number)
        out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, out) == (code, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert ended(started, DEADLINE_S)
    assert folders_of(process.pid) == []
    state = in_process_of_its_own("state", "state", "--json", cwd=tmp_path)
    assert (state.code, state.document["height"]) == (0, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_row_46_the_second_signal_kills(number: signal.Signals, tmp_path: Path) -> None:
    """A program in this process swallows the first."""
    with looping(tmp_path, "swallow", workers=0) as process:
        wait_until_it_loops(tmp_path)
        process.send_signal(number)
        wait_until_it_loops(tmp_path)
        process.send_signal(number)
        process.communicate(timeout=DEADLINE_S)
    assert process.returncode == -number


COMMIT = """
class Interrupting:
    \"\"\"A state whose commit is interrupted in the middle.\"\"\"

    def __init__(self, state, times):
        self.__dict__.update(state_=state, times=times)

    def __getattr__(self, name):
        return getattr(self.state_, name)

    def commit(self, *arguments):
        for _ in range(self.times):
            signal.raise_signal(signal.SIGINT)
        root = self.state_.commit(*arguments)
        for _ in range(self.times):
            signal.raise_signal(signal.SIGINT)
        return root

store = sys.argv[2] if sys.argv[2:] else None
runtime = runtime_of(1, store=store)
runtime.state = Interrupting(runtime.state, int(sys.argv[1]))
try:
    runtime.execute(block_of(*every))
except KeyboardInterrupt:
    print("interrupted")
print(runtime.height, Tally.decode(runtime.account("t7").data).count)
runtime.close()
if store:
    with Runtime(store=store) as again:
        print(again.height, again.state_root == runtime.state_root)
"""


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("durable", [False, True])
def test_row_46_ctrl_c_in_the_commit(times: int, durable: bool, tmp_path: Path) -> None:
    """It is finished before the signal is heard."""
    arguments = [str(times), *([str(tmp_path / "state")] if durable else [])]
    out = output_of(COMMIT, *arguments)
    assert out == "interrupted\n1 1\n" + ("1 True\n" if durable else "")


def test_row_46_ctrl_c_that_a_program_swallows() -> None:
    """Its transaction succeeds, but nothing is committed: the signal was for the block."""
    out = output_of("""
@hazard.instruction(tag=200)
def be_deaf(tally: Mut[Tally]) -> None:
    tally.count = 5
    try:
        signal.raise_signal(signal.SIGINT)
    except BaseException:
        pass

with runtime_of(0) as runtime:
    try:
        runtime.execute(block_of(be_deaf(tally="t0"), *every))
    except KeyboardInterrupt:
        print("interrupted", runtime.height, Tally.decode(runtime.account("t0").data).count)
    print(runtime.execute(block_of(*every)).height)
""")
    assert out == "interrupted 0 0\n1\n"


def test_row_46_a_programs_own_keyboard_interrupt_is_its_failure() -> None:
    out = output_of("""
@hazard.instruction(tag=200)
def pretend(tally: Mut[Tally]) -> None:
    raise KeyboardInterrupt

with runtime_of(0) as runtime:
    print(runtime.execute(block_of(pretend(tally="t0"))).transactions[0].error.name)
""")
    assert out == "ProgramFailedToComplete\n"


class Alarm(BaseException):
    """Raised wherever the process is when its timer runs out."""


# An exception between os.scandir and its `with`, inside pathlib, leaves an iterator behind.
@pytest.mark.filterwarnings("ignore:unclosed scandir iterator:ResourceWarning")
def test_row_46_interrupted_at_any_moment() -> None:
    """Whatever was going on: nothing is left, and the root is one of the sequence."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rnd = random.Random(seed)
    block = [Transaction([add(tally=f"t{n % 40}", by=1)]) for n in range(80)]
    block += [Transaction([system.transfer(source="ann", destination="bob", lamports=1)])]
    roots = _roots(block)
    interrupted = 0
    handler = signal.getsignal(signal.SIGUSR1)
    for _ in range(40):
        with _runtime() as runtime:
            try:
                with _alarm(rnd.choice((0.005, 0.03, 0.15)) * rnd.random()):
                    for _ in range(5):
                        runtime.execute(block)
            except Alarm:
                interrupted += 1
            assert runtime.state_root == roots[runtime.height]
            height = runtime.height
            assert runtime.execute(block).height == height + 1
            assert runtime.state_root == roots[height + 1]
        assert folders_of(os.getpid()) == []
    signal.signal(signal.SIGUSR1, handler)
    assert interrupted


def test_row_46_interrupted_while_accounts_are_taken_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was set is not lost, though the first block did not come to be."""
    put = KeyedAccounts.put

    def interrupted_put(self: KeyedAccounts, *arguments: Any) -> None:
        monkeypatch.setattr(KeyedAccounts, "put", put)
        signal.raise_signal(signal.SIGUSR1)
        put(self, *arguments)

    def ring(number: int, frame: FrameType | None) -> None:
        raise Alarm

    block = [Transaction([add(tally="t7", by=1)])]
    handler = signal.signal(signal.SIGUSR1, ring)
    try:
        with _runtime(workers=0) as runtime:
            monkeypatch.setattr(KeyedAccounts, "put", interrupted_put)
            with pytest.raises(Alarm):
                runtime.execute(block)
            assert runtime.height == 0
            assert runtime.account("ann").lamports == 1000
            assert runtime.execute(block).transactions[0].ok
    finally:
        signal.signal(signal.SIGUSR1, handler)


def _runtime(workers: int = 2) -> Runtime:
    runtime = Runtime(workers=workers, programs=[hazard])
    for number in range(40):
        runtime.set_account(f"t{number}", lamports=1, owner=hazard, data=Tally(count=0))
    runtime.set_account("ann", lamports=1000)
    return runtime


def _roots(block: list[Transaction]) -> list[str]:
    with _runtime(workers=0) as runtime:
        return [runtime.state_root, *(runtime.execute(block).state_root for _ in range(6))]


@contextmanager
def _alarm(delay_s: float) -> Generator[None]:
    """Raise Alarm inside, unless it is left before."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise Alarm

    signal.signal(signal.SIGUSR1, ring)
    timer = threading.Timer(delay_s, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


@pytest.mark.parametrize(
    "arguments",
    [["run", "chain.yaml"], ["run", "chain.yaml", "--json"], ["plan", "chain.yaml"], ["schema"]],
)
def test_row_47_closed_pipe(arguments: list[str]) -> None:
    """`… | head -1`: the reader is gone before there is anything to read."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command(*arguments),
        cwd=Path(__file__).parents[2] / "fixtures",
        env=environment(),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=60,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_row_47_no_terminal_no_colour_and_nothing_cut() -> None:
    fixture = Path(__file__).parents[2] / "fixtures" / "failure.yaml"
    piped = in_process_of_its_own("run", fixture, COLUMNS="40")
    assert "\x1b" not in piped.out + piped.err
    assert "…" not in piped.out
    assert max(map(len, piped.out.splitlines())) > 40
    coloured = on_a_terminal(["run", fixture], columns=120)
    assert "\x1b[" in coloured.out
    plain = on_a_terminal(["run", fixture], columns=120, NO_COLOR="1")
    assert "\x1b[3" not in plain.out


def test_row_47_forty_columns() -> None:
    fixture = Path(__file__).parents[2] / "fixtures" / "failure.yaml"
    shown = on_a_terminal(["run", fixture], columns=40, NO_COLOR="1")
    assert shown.code == 0
    lines = [line.rsplit("\r", 1)[-1] for line in shown.out.splitlines()]
    assert all(len(line) <= 40 for line in lines if "\x1b" not in line)
