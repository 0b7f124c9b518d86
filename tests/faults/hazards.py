"""A program that harms the process it runs in, in every way that the fault list names.

A harmful instruction takes a `marker`, the path of a file. Where the marker is, it does what `add`
does; where it is not, it makes it and does the harm. So the harm happens once, and the same block
can be executed serially, in the test's own process, to see what should have come out. With the
marker `b""` the harm happens again and again.
"""

from __future__ import annotations

import ctypes
import glob
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

from multiprocess.connection import (  # pyright: ignore[reportMissingTypeStubs]
    Connection,
)

from sealane.programs import Layout, Mut, Program, UncheckedAccount, u64
from sealane.programs.kit.batch.batch import AccountColumns
from sealane.runtime.memory.working_set import WorkingSet


class Tally(Layout):
    count: u64


hazard = Program("hazard", layouts=[Tally], data_growth_max=10 * 1024 * 1024)


@hazard.instruction(tag=0)
def add(tally: Mut[Tally], by: u64) -> None:
    tally.count += by


def perilous(tag: int) -> Callable[[Callable[[], None]], Any]:
    """Make an instruction of a harm: `(tally, by, marker)`."""

    def declare(harm: Callable[[], None]) -> Any:
        def handler(tally: Mut[Tally], by: u64, marker: bytes) -> None:
            tally.count += by
            if not marker or not Path(os.fsdecode(marker)).exists():
                if marker:
                    Path(os.fsdecode(marker)).touch()
                harm()

        handler.__name__ = harm.__name__
        handler.__qualname__ = harm.__qualname__
        handler.__module__ = harm.__module__
        return hazard.instruction(tag=tag)(handler)

    return declare


@perilous(1)
def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@perilous(2)
def be_stopped() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


@perilous(3)
def crash() -> None:
    ctypes.string_at(0)


@perilous(4)
def leave() -> None:
    os._exit(3)


@perilous(5)
def loop() -> None:
    while True:
        pass


@perilous(6)
def devour() -> None:
    bytearray(100 * 1024**3)


@perilous(15)
def eat_too_much() -> None:
    """More than the tests allow a worker, and no trouble for any machine."""
    bytearray(400 * 1024**2)


@perilous(7)
def die_answering() -> None:
    """Die with half an answer in the pipe."""

    def send_half(connection: Any, message: bytes) -> NoReturn:
        os.write(connection.fileno(), message[:3])
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    cast(Any, Connection)._send = send_half


@perilous(8)
def stop_answering() -> None:
    """Be stopped with half an answer in the pipe."""
    send = cast(Any, Connection)._send

    def send_half(connection: Any, message: bytes) -> None:
        os.write(connection.fileno(), message[:3])
        os.kill(os.getpid(), signal.SIGSTOP)
        send(connection, message[3:])

    cast(Any, Connection)._send = send_half


@perilous(9)
def die_storing() -> None:
    """Die when lamports and owner are stored, and the data is not."""

    def store_half(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    cast(Any, WorkingSet)._store_data = store_half


@hazard.instruction(tag=13)
def die_twice(tally: Mut[Tally], by: u64, deaths: bytes) -> None:
    """Be killed until the file `deaths` has two marks."""
    tally.count += by
    path = Path(os.fsdecode(deaths))
    died = path.read_text() if path.exists() else ""
    if len(died) < 2:
        path.write_text(died + "#")
        os.kill(os.getpid(), signal.SIGKILL)


slow = Program("slow")


@slow.instruction(tag=0)
def endless_for_13(account: Mut[UncheckedAccount], number: u64) -> None:
    while number == 13:
        pass


@endless_for_13.batch
def endless_with_13_among_them(account: AccountColumns, number: Any) -> None:
    while bool((number.values == 13).any()):
        pass


@hazard.instruction(tag=10)
def spawn(tally: Mut[Tally], pids: bytes, own_session: bool, die: bool) -> None:
    """Start a process that starts another, and write both pids to the file `pids`."""
    tally.count += 1
    script = (
        "import os, sys, subprocess\n"
        "lasting = ['sleep', '1000']\n"
        "other = subprocess.Popen(lasting, start_new_session=sys.argv[2] == 'own')\n"
        "with open(sys.argv[1], 'w') as pids: pids.write(f'{os.getpid()} {other.pid}')\n"
        "print('started', flush=True)\n"
        "os.execvp('sleep', lasting) if sys.argv[2] != 'own' else None\n"
    )
    kind = "own" if own_session else "inherited"
    with subprocess.Popen(
        [sys.executable, "-c", script, os.fsdecode(pids), kind], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"started\n"
        if own_session:
            child.wait()  # what it started is nobody's child now
        if die:
            os.kill(os.getpid(), signal.SIGKILL)
        child.returncode = 0  # leaves it running


@hazard.instruction(tag=11)
def grow(account: Mut[UncheckedAccount], length: u64) -> None:
    account.resize(length)
    if length:
        account.data[-1] = 7


@hazard.instruction(tag=12)
def announce(tally: Mut[Tally], fifo: bytes) -> None:
    """Write this process's pid to a FIFO, and never end."""
    tally.count += 1
    with open(os.fsdecode(fifo), "w") as ready:
        ready.write(str(os.getpid()))
    while True:
        pass


@hazard.instruction(tag=14)
def vandalise(tally: Mut[Tally], pattern: bytes, cut: bool) -> None:
    """Remove the files that match, or cut them off."""
    tally.count += 1
    for found in glob.glob(os.fsdecode(pattern)):
        if cut:
            os.truncate(found, 0)
        else:
            os.unlink(found)
