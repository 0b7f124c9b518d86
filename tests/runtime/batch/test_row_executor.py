"""Rows of a loop may depend on each other, and on other lanes' changes.

Random blocks over a few accounts: lamports move, data grows, discriminators and owners change,
accounts are emptied and reused, so that facts computed for a row before the loop often no longer
hold at its turn. Executed in one process, and by two lanes that take turns in every order that the
plan allows.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sealane import Account, AccountMeta, Instruction, Lanes, Pubkey, Transaction, build_block
from sealane.programs import (
    Context,
    Layout,
    Mut,
    Program,
    UncheckedAccount,
    builtin_programs,
    u8,
    u64,
)
from sealane.programs.kit import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.system import system
from sealane.runtime.batch import lane_executor
from sealane.runtime.batch.lane_executor import LaneExecutor
from sealane.runtime.block.block import Block
from sealane.runtime.columns.shared_columns import Columns
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.engine.parallel import plan_execution
from sealane.runtime.memory.arena import Arena
from sealane.runtime.memory.progress import ProgressCell, empty_progress
from sealane.runtime.memory.working_set import Heaps, WorkingSet
from sealane.runtime.svm.execution_inputs import BlockEnvironment, ExecutionInputs
from sealane.runtime.svm.execution_outcome import Execution
from sealane.runtime.svm.serial import execute_serially
from sealane.runtime.workers.lane import plan_columns
from sealane.scheduler import Plan, build_dag

ACCOUNTS = [f"account {n}" for n in range(6)]


class Tally(Layout, discriminator=b"\x07"):
    count: u64


unruly = Program("unruly", layouts=[Tally], pays_fees=True)


@unruly.instruction(tag=0)
def move(source: Mut[UncheckedAccount], target: Mut[UncheckedAccount], amount: u64) -> None:
    source.lamports -= amount
    target.lamports += amount


@unruly.instruction(tag=1)
def count(tally: Mut[Tally], by: u64) -> None:
    tally.count += by


@unruly.instruction(tag=2)
def grow(target: Mut[UncheckedAccount], by: u8) -> None:
    target.resize((target.data_len + by) % 40)


@unruly.instruction(tag=3)
def mark(target: Mut[UncheckedAccount], value: u8) -> None:
    target.data = bytes([value]) + bytes(target.data)[1:]


@unruly.instruction(tag=4)
def give_away(target: Mut[UncheckedAccount]) -> None:
    target.data = bytes(target.data_len)
    target.owner = "system"


@unruly.instruction(tag=5)
def peek(tally: Tally, target: Mut[UncheckedAccount]) -> None:
    """Reads one account, and depends on it."""
    target.lamports += tally.count % 2


@unruly.instruction(tag=6)
def report(ctx: Context, tally: Mut[Tally], other: Mut[UncheckedAccount], by: u8) -> None:
    """Logs, pays by a nested call, and fails half-way for some values."""
    tally.count += by
    ctx.log(f"{tally.count} of {other.lamports}")
    if by % 3:
        ctx.invoke(move(source=tally.key, target=other, amount=by))
    if by % 5 == 4:
        ctx.set_return_data(bytes(tally.data[1 : 1 + by]))
    if by % 7 == 6:
        raise LookupError(by)
    if by % 11 == 10:
        tally.resize(tally.data_len + by)


@unruly.instruction(tag=7)
def spread(source: Mut[UncheckedAccount], name: str, rest: list[Mut[UncheckedAccount]]) -> None:
    source.data[: len(name)] = name.encode()
    for account in rest:
        account.lamports += 1
        source.lamports -= 1
        account.data[:1] = b"\x07"


PROGRAMS = [*builtin_programs(), unruly]
names = st.sampled_from(ACCOUNTS)
amounts = st.sampled_from([0, 1, 5, 1_000])


@st.composite
def instructions(draw: st.DrawFn) -> Instruction:
    one, other = draw(names), draw(names)
    match draw(st.integers(0, 17)):
        case 0 | 1 | 2:
            return move(source=one, target=other, amount=draw(amounts))
        case 3 | 4 | 5:
            return count(tally=one, by=draw(amounts))
        case 6:
            return grow(target=one, by=draw(st.integers(0, 12)))
        case 7:
            return mark(target=one, value=draw(st.sampled_from([7, 7, 8])))
        case 8:
            return give_away(target=one)
        case 9:
            return system.assign(account=one, owner=unruly.id)
        case 10:
            return system.transfer(source=one, destination=other, lamports=draw(amounts))
        case 11:
            return peek(tally=one, target=other)
        case 12 | 13 | 14:
            return report(tally=one, other=other, by=draw(st.integers(0, 12)))
        case _:
            rest = draw(st.lists(names, max_size=2))
            return spread(source=one, name=draw(st.sampled_from(["", "\x07"])), rest=rest)


@st.composite
def with_more_accounts(draw: st.DrawFn) -> Instruction:
    """Calls with accounts that the handler does not declare."""
    call = draw(instructions())
    more = [AccountMeta(Pubkey.of(name)) for name in draw(st.lists(names, max_size=2))]
    return Instruction(call.program_id, (*call.accounts, *more), call.data, call.program)


calls = st.one_of(instructions(), instructions(), instructions(), with_more_accounts())


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    drawn = draw(st.lists(st.tuples(calls, names, amounts), min_size=12, max_size=40))
    return build_block([Transaction([call], payer=payer, fee=fee) for call, payer, fee in drawn])


rich = st.builds(Account, st.just(10**9), st.just(unruly.id), st.just(Tally(count=1).encode()))
strange = st.builds(
    Account,
    lamports=st.sampled_from([0, 5, 1_000, 2**64 - 1]),
    owner=st.sampled_from([unruly.id, system.id]),
    data=st.sampled_from([Tally(count=1).encode() + bytes(3), b""]),
)
states = st.one_of(rich, rich, rich, rich, strange)


def random_blocks(examples: int):
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def require_same(block: Block, expected: Execution, actual: Execution) -> None:
    assert np.array_equal(expected.fees, actual.fees)
    assert np.array_equal(expected.compute_units, actual.compute_units)
    assert expected.details == actual.details
    assert dict(expected.changed) == dict(actual.changed)
    assert len(actual.fees) == len(block)


@pytest.mark.slow
def test_rows_that_depend_on_each_other() -> None:
    in_loops = 0

    @random_blocks(300)
    @given(blocks(), st.lists(states, min_size=6, max_size=6))
    def check(block: Block, held: list[Account]) -> None:
        nonlocal in_loops
        before = [*held, *[Account()] * len(block.keys)][: len(block.keys)]
        programs = ProgramSet(PROGRAMS)
        waves = build_dag(block.access).waves
        inputs = ExecutionInputs(block, programs, Sysvars(), before)
        actual, grouped = execute_in_process(inputs, waves, Arena(), group_len_min=1)
        in_loops += grouped
        require_same(block, execute_serially(inputs), actual)

    check()
    assert in_loops > 300


@pytest.mark.slow
def test_lanes_that_reshape_each_others_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane_executor, "ROWS_LEN_MIN", 1)
    in_loops = 0

    @random_blocks(200)
    @given(blocks(), st.lists(states, min_size=6, max_size=6), st.integers(0, 2**32))
    def check(block: Block, held: list[Account], seed: int) -> None:
        nonlocal in_loops
        before = [*held, *[Account()] * len(block.keys)][: len(block.keys)]
        plan = plan_execution(block, build_dag(block.access), Lanes(2))
        actual, grouped = run_in_turns(block, before, plan, tmp_path, random.Random(seed))
        in_loops += grouped
        require_same(
            block,
            execute_serially(ExecutionInputs(block, ProgramSet(PROGRAMS), Sysvars(), before)),
            actual,
        )

    check()
    assert in_loops > 300


def run_in_turns(
    block: Block, before: list[Account], plan: Plan, folder: Path, turns: random.Random
) -> tuple[Execution, int]:
    """Run both lanes in this process. `turns` says whose turn it is, unless that one must wait."""
    heaps = Heaps(folder, "heap")
    heaps.remove()
    columns = {name: column.copy() for name, column in WorkingSet.columns_of(before).items()}
    outcomes = plan_columns(plan) | {
        "fees": np.zeros(len(block), np.uint64),
        "compute_units": np.zeros(len(block), np.uint64),
    }
    cells = empty_progress(3)
    executors = [
        LaneExecutor(
            BlockEnvironment(block, ProgramSet(PROGRAMS), Sysvars()),
            WorkingSet(columns, lane, heaps),
            outcomes,
            progress=ProgressCell(cells, lane),
        )
        for lane in (1, 2)
    ]
    ends = plan.lane_offsets[:-1].tolist()  # how far each lane is
    last = plan.lane_offsets[1:].tolist()
    tasks = plan.task_offsets.tolist()
    while ends != last:
        ready = [lane for lane in (0, 1) if ends[lane] < last[lane] and may_run(plan, ends, lane)]
        lane = turns.choice(ready)
        task = tasks.index(ends[lane])
        executors[lane].run_next(tasks[task], tasks[task + 1], last[lane])
        ends[lane] = tasks[task + 1]
    details = {p: detail for runner in executors for p, detail in runner.details.items()}
    changed = WorkingSet(columns, 0, heaps).changed(before, block.key_column.array)
    execution = Execution(
        outcomes["fees"], outcomes["compute_units"], dict(sorted(details.items())), changed
    )
    return execution, sum(runner.grouped_count for runner in executors)


def may_run(plan: Plan, ends: list[int], lane: int) -> bool:
    task = plan.task_offsets.tolist().index(ends[lane])
    low, high = plan.wait_offsets[task : task + 2].tolist()
    waited: list[int] = plan.wait_lanes[low:high].tolist()
    wanted: list[int] = plan.wait_ends[low:high].tolist()
    return all(ends[other] >= end for other, end in zip(waited, wanted, strict=True))


class Overtaken(WorkingSet):
    """Accounts, one of which gets another owner right after the owners were read."""

    def __init__(self, columns: Columns, other_lane: WorkingSet) -> None:
        super().__init__(columns, 1, None)
        self._other_lane = other_lane

    def owners_of(self, ids: NDArray[Any]) -> NDArray[np.uint8]:
        keys = super().owners_of(ids)
        self._other_lane.store(0, Account(10**9, system.id))
        return keys


def test_a_change_by_another_lane_while_rows_are_prepared() -> None:
    block = build_block([Transaction([move(source="one", target="two", amount=1)])] * 10)
    before = [Account(10**9, unruly.id)] * len(block.keys)
    columns = {name: column.copy() for name, column in WorkingSet.columns_of(before).items()}
    waves = build_dag(block.access).waves
    outcomes = {
        "order": waves.order,
        "task_offsets": waves.offsets,
        "fees": np.zeros(10, np.uint64),
        "compute_units": np.zeros(10, np.uint64),
    }
    accounts = Overtaken(columns, WorkingSet(columns, 2, None))
    runner = LaneExecutor(
        BlockEnvironment(block, ProgramSet(PROGRAMS), Sysvars()), accounts, outcomes
    )
    runner.run_next(0, 10, 10)
    assert {d.failure.name for d in runner.details.values() if d.failure} == {
        "ExternalAccountLamportSpend"
    }
    assert len(runner.details) == 10
