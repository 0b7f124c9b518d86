"""Workers know the same programs as the parent, after a worker died or a program changed."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from sealane import Runtime, Transaction
from sealane.programs import Layout, Mut, Program, Sysvars, UncheckedAccount, u64


class Tally(Layout):
    count: u64


first = Program("first_learned", layouts=[Tally])
second = Program("second_learned")


@first.instruction(tag=0)
def count_up(tally: Mut[Tally], by: u64) -> None:
    tally.count += by


@second.instruction(tag=0)
def mark(account: Mut[UncheckedAccount]) -> None:
    account.data = bytes(account.data_len)


def kill_a_worker(runtime: Runtime) -> None:
    pool: Any = runtime._executor.pool  # pyright: ignore[reportPrivateUsage]
    os.kill(pool._workers[-1].pid, signal.SIGKILL)


@pytest.mark.parametrize("count", [10, 3_000])
@pytest.mark.parametrize("new", ["program", "clock"])
def test_a_worker_that_died_before_it_learned_a_program(count: int, new: str) -> None:
    with Runtime(workers=2, programs=[first]) as runtime:
        for n in range(count):
            runtime.set_account(f"t{n}", lamports=1, owner=first.id, data=Tally(count=1))
            runtime.set_account(f"m{n}", lamports=1, owner=second.id, data=b"x")
        assert runtime.execute(
            [Transaction([count_up(tally=f"t{n}", by=n)]) for n in range(count)]
        ).ok
        kill_a_worker(runtime)
        if new == "program":
            block = [Transaction([mark(account=f"m{n}")]) for n in range(count)]
        else:
            runtime.sysvars = Sysvars()
            block = [Transaction([count_up(tally=f"t{n}", by=1)]) for n in range(count)]
        assert runtime.execute(block).ok
        assert len(runtime.execute(block[:1]).transactions) == 1


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_an_instruction_added_later_is_learned(workers: int) -> None:
    late = Program("late")

    @late.instruction(tag=0)
    def fill(account: Mut[UncheckedAccount]) -> None:
        account.data = b"a" * 8

    with Runtime(workers=workers) as runtime:
        for n in range(20):
            runtime.set_account(f"x{n}", lamports=1, owner=late.id, data=bytes(8))
        assert runtime.execute([Transaction([fill(account=f"x{n}")]) for n in range(20)]).ok

        @late.instruction(tag=1)
        def refill(account: Mut[UncheckedAccount]) -> None:
            account.data = b"b" * 8

        assert runtime.execute([Transaction([refill(account=f"x{n}")]) for n in range(20)]).ok
        assert runtime.account("x7").data == b"b" * 8
