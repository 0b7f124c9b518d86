"""When a block is executed by the calling process, and when by workers."""

from __future__ import annotations

import pytest

from sealane import Transaction
from sealane.programs import Mut, Program, UncheckedAccount, builtin_programs
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.system import create_account, transfer
from sealane.runtime.block.block import Block
from sealane.runtime.block.block_building import build_block
from sealane.runtime.engine.in_process import needs_workers
from sealane.scheduler import build_dag

own = Program("own")


@own.instruction(tag=0)
def touch(account: Mut[UncheckedAccount]) -> None:
    account.lamports += 0


def needs(block: Block, *, started: bool, worker_count: int = 2) -> bool:
    programs = ProgramSet([*builtin_programs(), own])
    dag = build_dag(block.access)
    return needs_workers(
        block, lambda: dag, programs, worker_count, started=started, memory_bytes=1 << 32
    )


def creating(count: int) -> Block:
    """Calls that no batch handler takes and no loop."""
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


def test_a_program_of_ones_own_never_runs_in_the_calling_process() -> None:
    block = build_block([Transaction([touch(account="a")])])
    assert needs(block, started=False)
    assert needs(block, started=True)


@pytest.mark.parametrize(
    ("count", "started", "needed"),
    [(20, True, False), (1_000, True, True), (1_000, False, False)],
)
def test_library_programs_have_workers_where_they_pay(
    count: int, started: bool, needed: bool
) -> None:
    """A thousand take some 20 ms: too little to start workers for, enough to wake them."""
    assert needs(creating(count), started=started) is needed


def test_what_runs_by_column_is_done_before_workers_would_begin() -> None:
    assert not needs(paying(20_000), started=True)


def test_where_each_waits_for_the_last_workers_bring_nothing() -> None:
    block = creating(1_000)
    assert needs(block, started=True)
    assert not needs(block, started=True, worker_count=1)
    assert not needs(paying(1_000, chained=True), started=True)


def test_an_empty_block() -> None:
    assert not needs(build_block([]), started=True)
