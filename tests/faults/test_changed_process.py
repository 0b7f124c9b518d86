"""Handlers that change the process they run in: row 50 of the fault list.

Each change is made by one transaction in the midst of a block whose others would notice it. What
they see must be what they see where nobody changes anything.
"""

from __future__ import annotations

import decimal
import gc
import locale
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from typing import Any

import pytest

from sealane import Result, Route, Runtime, Transaction
from sealane.programs import Layout, Mut, Program, u64
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.runtime.process.process_state import CheapState, CostlyState
from sealane.runtime.svm.process_guard import ProcessChanged, ProcessGuard

from ..routes import WITH_WORKERS
from .scripts import output_of

COUNT = 60
VARIABLE = "SEALANE_CHANGED"


class Seen(Layout):
    what: u64


changer = Program("changer", layouts=[Seen])
witness = Program("witness", layouts=[Seen])


@witness.instruction(tag=0)
def look(seen: Mut[Seen]) -> None:
    """A handler that depends on everything of its process that this test can think of."""
    context = decimal.getcontext()
    facts: tuple[Any, ...] = (
        _depth(),
        sys.getswitchinterval(),
        sys.get_int_max_str_digits(),
        gc.isenabled(),
        gc.get_threshold(),
        context.prec,
        context.flags[decimal.Inexact],
        [(f[0], str(f[2])) for f in warnings.filters],
        os.environ.get(VARIABLE),
        os.getcwd(),
        locale.setlocale(locale.LC_ALL),
        str(signal.getsignal(signal.SIGUSR1)),
        signal.getitimer(signal.ITIMER_REAL)[0] > 0,
        sys.path,
    )
    seen.what = hash(str(facts)) & 0xFFFF_FFFF


def _depth() -> int:
    """How many frames are left, roughly: a call costs another amount in each Python."""

    def descend(depth: int) -> int:
        return depth if depth >= 2_000 else descend(depth + 1)

    try:
        return descend(0)
    except RecursionError:
        return -1


CHANGES: list[Callable[[], object]] = [
    lambda: sys.setrecursionlimit(20_000),
    lambda: sys.setrecursionlimit(400),
    lambda: sys.setswitchinterval(0.5),
    lambda: sys.set_int_max_str_digits(0),
    lambda: gc.disable(),
    lambda: gc.set_threshold(1, 1, 1),
    lambda: setattr(decimal.getcontext(), "prec", 3),
    lambda: decimal.Decimal(1) / 3,
    lambda: warnings.simplefilter("error"),
    lambda: os.environ.update({VARIABLE: "1"}),
    lambda: os.environ.pop("PATH", None),
    lambda: os.chdir("/"),
    lambda: locale.setlocale(locale.LC_NUMERIC, "C.UTF-8"),
    lambda: signal.signal(signal.SIGUSR1, signal.SIG_IGN),
    lambda: signal.setitimer(signal.ITIMER_REAL, 1_000),
    lambda: sys.path.append("/nowhere"),
]
CHANGE_NAMES = [
    "deeper recursion",
    "less deep recursion",
    "switch interval",
    "digits",
    "no collections",
    "more collections",
    "decimal precision",
    "decimal flags",
    "warning filters",
    "environment",
    "environment less",
    "folder",
    "locale",
    "signal handler",
    "alarm",
    "import path",
]


@changer.instruction(tag=0)
def change(seen: Mut[Seen], what: u64) -> None:
    CHANGES[what]()
    seen.what = 1


@changer.instruction(tag=1)
def change_nothing(seen: Mut[Seen], what: u64) -> None:
    seen.what = 1


def executed(call: Any, what: int, workers: int, route: Route | None = None) -> list[Result]:
    """Two blocks of witnesses, one change in the midst of each."""
    with Runtime(workers=workers, programs=[changer, witness], route=route) as runtime:
        for number in range(COUNT):
            owner = changer if number % 20 == 7 else witness
            runtime.set_account(f"s{number}", lamports=1, owner=owner, data=Seen(what=0))
        calls = [look(seen=f"s{n}") for n in range(COUNT)]
        calls[7] = call(seen="s7", what=what)
        calls[27], calls[47] = calls[26], calls[46]
        block = [Transaction([call]) for call in calls]
        return [runtime.execute(block), runtime.execute(block)]


@cache
def expected_of(workers: int) -> list[Any]:
    """What comes of it where nobody changes anything."""
    return receipts(executed(change_nothing, 0, workers))


def receipts(results: list[Result]) -> list[Any]:
    return [(r.state_root, [(t.ok, t.error, t.logs) for t in r.transactions]) for r in results]


EVERY_CHANGE = pytest.mark.parametrize("what", range(len(CHANGES)), ids=CHANGE_NAMES)


@pytest.mark.slow
@EVERY_CHANGE
@pytest.mark.parametrize("route", WITH_WORKERS)
def test_row_50_no_other_receipt_depends_on_it_in_workers(what: int, route: Route) -> None:
    assert receipts(executed(change, what, 2, route)) == expected_of(2)


@EVERY_CHANGE
def test_row_50_in_this_process_and_it_is_as_before(what: int) -> None:
    cheap, dear, limit = CheapState.now(), CostlyState.now(), sys.getrecursionlimit()
    assert receipts(executed(change, what, 0)) == expected_of(0)
    assert (CheapState.now(), CostlyState.now(), sys.getrecursionlimit()) == (cheap, dear, limit)


def test_row_50_a_handler_that_raises_its_limit_can_use_it() -> None:
    """Within its own transaction; the next begins as everybody."""
    deep = Program("deep", layouts=[Seen])

    @deep.instruction(tag=0)
    def descend(seen: Mut[Seen], raised: bool) -> None:
        if raised:
            sys.setrecursionlimit(20_000)
        seen.what = 1 + _depth()

    results: list[Any] = []
    for workers in (0, 1, 2):
        with Runtime(workers=workers, programs=[deep]) as runtime:
            for number in range(COUNT):
                runtime.set_account(f"s{number}", lamports=1, owner=deep, data=Seen(what=9))
            calls = [descend(seen=f"s{n}", raised=n == 5) for n in range(COUNT)]
            runtime.execute([Transaction([call]) for call in calls])
            results.append([Seen.decode(runtime.account(f"s{n}").data).what for n in range(COUNT)])
    assert results[0] == [2_001 if n == 5 else 0 for n in range(COUNT)]
    assert results[1:] == [results[0]] * 2


def test_row_49_two_runtimes_in_two_threads_recurse_alike() -> None:
    """However deep the threads stand that execute: each handler gets as deep as alone."""
    out = output_of("""
from sealane.programs import Layout, Mut, Program, u64

class S(Layout):
    a: u64

deep = Program("deep_in_threads", layouts=[S])

def down(n):
    return 0 if n == 0 else 1 + down(n - 1)

@deep.instruction(tag=0)
def op(s: Mut[S], by: u64) -> None:
    s.a = down(900)

def at_depth(n, call):
    return call() if n == 0 else at_depth(n - 1, call)

found = []

def job(depth):
    with Runtime(workers=0, programs=[deep]) as runtime:
        for i in range(40):
            runtime.set_account(f"s{i}", lamports=1, owner="deep_in_threads", data=S(a=0))
        for block in range(20):
            calls = block_of(*(op(s=f"s{i}", by=block) for i in range(40)))
            result = at_depth(depth, lambda: runtime.execute(calls))
            found.extend((t.ok, t.error) for t in result.transactions)

before = sys.getrecursionlimit()
threads = [threading.Thread(target=job, args=(depth,)) for depth in (5, 400, 700)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(found), set(found), sys.getrecursionlimit() == before)
""")
    assert out == "2400 {(True, None)} True\n"


def test_row_49_who_is_told_of_progress_may_wait_for_another_runtime() -> None:
    out = output_of("""
def execute_elsewhere(done):
    if done == 1:
        thread = threading.Thread(target=second.execute, args=(block_of(*every),))
        thread.start()
        thread.join(20)
        print(thread.is_alive(), second.height)

with runtime_of(0) as first, runtime_of(0) as second:
    first.execute(block_of(*every), progress=execute_elsewhere)
    print(first.height)
""")
    assert out == "False 1\n1\n"


def test_what_is_put_back_is_what_there_was_when_handlers_began() -> None:
    """Before that, another thread's handlers may have changed it, and put it back since."""
    before = sys.getswitchinterval()
    guard = ProcessGuard([Program("waiting")], ProgramSet())
    sys.setswitchinterval(before * 2)
    try:
        with guard:
            guard.require_unchanged()
        assert sys.getswitchinterval() == before * 2
    finally:
        sys.setswitchinterval(before)


def test_handlers_of_another_thread_find_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEALANE_LEFT", raising=False)
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        guard = ProcessGuard([Program("untidy")], ProgramSet())
        with guard:
            os.environ["SEALANE_LEFT"] = "1"
            with guard.released():
                assert "SEALANE_LEFT" not in os.environ
        with pytest.raises(ProcessChanged):
            guard.require_unchanged()
    finally:
        over.set()
        other.join()


@pytest.mark.parametrize("attentive", [False, True])
def test_who_is_attentive_puts_back_at_once(
    attentive: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else looks before the end: it takes microseconds."""
    monkeypatch.delenv("SEALANE_LEFT", raising=False)
    guard = ProcessGuard([Program("untidy")], ProgramSet(), attentive=attentive)
    with guard:
        guard.run_alone(os.environ.__setitem__, "SEALANE_LEFT", "1")
        assert ("SEALANE_LEFT" in os.environ) is not attentive
        with nullcontext() if attentive else pytest.raises(ProcessChanged):
            guard.require_unchanged()
    assert "SEALANE_LEFT" not in os.environ
