"""A scalar handler in a row loop has the same outcome for each row as executing it alone.

Depending on `how`, the handlers below do everything that the loop leaves to others: raise, break a
rule, resize, change an owner, keep a view, recurse, swallow a refusal. In any case each is called
as often as when executed alone: once.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import strategies as st

from sealane import Account, AccountMeta, Instruction, Pubkey, Transaction, build_block
from sealane.programs import (
    Context,
    Errors,
    Layout,
    Mut,
    Program,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    builtin_programs,
    i64,
    require,
    u8,
    u64,
)
from sealane.programs.kit import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.compute_budget import compute_budget
from sealane.runtime.batch.call_signatures import NO_SIGNATURE, CallSignatures
from sealane.runtime.block.limits import PYTHON_FRAMES_MAX
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.memory.arena import Arena
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.serial import execute_serially
from sealane.scheduler import build_dag
from sealane.testing.batch import BatchRow

from .compared_rows import compare_random_rows


class Box(Layout):
    holder: Pubkey
    count: u64
    debt: i64


class BoxError(Errors):
    Refused = 7, "refused"


box = Program("box_program", errors=BoxError, layouts=[Box])
kept: list[object] = []
called: list[int] = []

WAYS = 28
OWNERS = (box.id, Pubkey.of("system"))


def descend(depth: int) -> None:
    if depth:
        descend(depth - 1)


def depth_reached(depth: int = 0) -> int:
    """How deep a handler can recurse that catches RecursionError."""
    try:
        return depth_reached(depth + 1)
    except RecursionError:
        return depth


@box.instruction(tag=1)
def do(source: Mut[Box], how: u8, other: Mut[UncheckedAccount], signer: Signer, by: u64) -> None:
    """Do what `how` says. The order of arguments and accounts is mixed on purpose."""
    called.append(how)
    source.count += by
    match how:
        case 0 | 1 | 2 | 3:
            source.debt -= 1
        case 4:
            require(False, BoxError.Refused)
        case 5:
            source.lamports -= by
            other.lamports += by
        case 6:
            other.lamports -= 1
        case 7:
            source.resize(source.data_len + 8)
        case 8:
            source.data = bytes(source.data_len)
            source.owner = "system"
        case 9:
            kept.append(source)
        case 10:
            kept.append(Box.view(source).data[:4])
        case 11:
            with suppress(ProgramFailure):
                other.lamports -= 1
        case 12:
            kept.append(lambda: signer)
        case 13:
            descend(PYTHON_FRAMES_MAX * 3 // 4)
        case 14:
            source.debt = depth_reached()
        case 15:
            descend(PYTHON_FRAMES_MAX * 2)
        case 16:
            source.data[40:48] = bytes(source.data[32:40])
        case 17:
            other.lamports += source.data[0]
        case 18:
            kept.append(source.data.obj)
        case 19:
            source.data[40] = 1
            raise ValueError(f"{by} is not what I want")
        case 20:
            source.debt = by // source.debt
        case 21:
            kept.append(source.data)
            require(False, BoxError.Refused)
        case 22:
            with suppress(LookupError):
                called[by + len(called)] += 1
        case 23:
            cycle: list[object] = [source.data[:4]]
            cycle.append(cycle)
        case 24:
            signer.lamports += 1
        case 25:
            raise kept_error(source)
        case 26:
            other.lamports += source.lamports
            source.lamports = 0
        case 27:
            source.resize(source.data_len + 1)
            raise KeyboardInterrupt
        case _:
            source.lamports += signer.lamports + len(repr(source.holder)) + len(repr(other.key))


def kept_error(source: Box) -> Exception:
    """An error that keeps a reference to its subject."""
    error = LookupError(source.count)
    error.source = source  # type: ignore[attr-defined]
    kept.append(error)
    return error


@box.instruction(tag=2)
def with_context(ctx: Context, source: Mut[Box]) -> None:
    ctx.log("in the loop like any other")


@box.instruction(tag=3)
def use_what_was_kept(source: Mut[Box], by: u64) -> None:
    earlier = kept.pop() if kept else source
    kept.append(source)
    assert isinstance(earlier, Box)
    earlier.count += by


@st.composite
def rows(draw: st.DrawFn, number: int) -> BatchRow:
    data = Box(holder="h", count=draw(st.sampled_from([0, 2**64 - 2]))).encode()
    raw = draw(st.sampled_from([data, data, data, data + bytes(8), data[:9], b""]))
    owner = draw(st.sampled_from([box.id, box.id, box.id, Pubkey.of("system")]))
    lamports = st.sampled_from([0, 1, 5, 5_000])
    names = [f"row {number} {name}" for name in ("source", "other", "signer")]
    if draw(st.integers(0, 7)) == 0:
        names[1] = names[draw(st.sampled_from([0, 2]))]
    states = {
        "source": (names[0], Account(draw(lamports), owner, raw)),
        "other": (names[1], Account(draw(lamports), draw(st.sampled_from(OWNERS)))),
        "signer": (names[2], Account(draw(lamports))),
    }
    if names[1] in (names[0], names[2]):
        states["other"] = states["source" if names[1] == names[0] else "signer"]
    arguments = {"how": draw(st.integers(0, WAYS)), "by": draw(st.sampled_from([0, 1, 2**63]))}
    return BatchRow(states, arguments, fee=draw(st.sampled_from([0, 0, 5])))


@pytest.mark.slow
def test_rows_have_the_outcome_of_executing_alone() -> None:
    stayed_in_all, met = compare_random_rows(do, rows, called, kept)
    assert stayed_in_all > 20
    assert {"Refused", "UnbalancedInstruction", "ExternalAccountLamportSpend"} <= met
    assert {"ProgramFailedToComplete", "AccountBorrowOutstanding"} <= met


def test_a_handler_can_recurse_equally_deep_in_the_loop() -> None:
    made = [do(source=f"s{n}", how=14, other=f"o{n}", signer=f"p{n}", by=0) for n in range(40)]
    block = build_block([Transaction([call]) for call in made])
    before = [Account(10, box.id, Box(holder="h").encode()) for _ in block.keys]
    programs = ProgramSet([box])
    inputs = ExecutionInputs(block, programs, Sysvars(), before)
    waves = build_dag(block.access).waves
    execution, in_loop = execute_in_process(inputs, waves, Arena())
    assert in_loop == len(block)
    assert dict(execution.changed) == dict(execute_serially(inputs).changed)


def test_a_call_that_fails_stays_in_the_loop() -> None:
    made = [
        do(source=f"s{n}", how=4 * (n % 2), other=f"o{n}", signer=f"p{n}", by=3) for n in range(40)
    ]
    block = build_block([Transaction([call], payer="payer", fee=7) for call in made])
    before = [Account(1_000, box.id, Box(holder="h").encode()) for _ in block.keys]
    before[list(block.keys).index(Pubkey.of("payer"))] = Account(1_000)
    programs = ProgramSet([*builtin_programs(), box])
    inputs = ExecutionInputs(block, programs, Sysvars(), before)
    waves = build_dag(block.access).waves
    execution, in_loop = execute_in_process(inputs, waves, Arena())
    expected = execute_serially(inputs)
    assert in_loop == len(block)
    assert execution.details == expected.details
    assert [d.failure.name for d in execution.details.values() if d.failure] == ["Refused"] * 20
    assert dict(execution.changed) == dict(expected.changed)
    assert execution.fees.tolist() == expected.fees.tolist()
    assert execution.compute_units.tolist() == expected.compute_units.tolist()


def test_rows_that_resize_one_account_after_another() -> None:
    call = do(source="s", how=7, other="o", signer="p", by=1)
    block = build_block([Transaction([call])] * 20)
    before = [Account(10, box.id, Box(holder="h").encode()) for _ in block.keys]
    programs = ProgramSet([box])
    inputs = ExecutionInputs(block, programs, Sysvars(), before)
    waves = build_dag(block.access).waves
    execution, _ = execute_in_process(inputs, waves, Arena())
    (changed,) = dict(execution.changed).values()
    assert len(changed.data) == len(Box(holder="h").encode()) + 20 * 8
    assert Box.decode(changed.data).count == 20


def test_a_kept_view_reaches_no_other_row() -> None:
    kept.clear()
    block = build_block(
        [Transaction([use_what_was_kept(source=f"box {n}", by=1)]) for n in range(40)]
    )
    before = [Account(10, box.id, Box(holder="h", count=1).encode()) for _ in block.keys]
    waves = build_dag(block.access).waves
    inputs = ExecutionInputs(block, ProgramSet([box]), Sysvars(), before)
    execution, in_loop = execute_in_process(inputs, waves, Arena())
    # What each row finds kept is stale; and none had to be executed alone for what it kept.
    assert in_loop == len(block)
    failed = {position for position, detail in execution.details.items() if detail.failure}
    names = {d.failure.name for d in execution.details.values() if d.failure}
    assert names == {"AccountBorrowFailed"}
    for account, state in execution.changed.items():
        assert account not in failed
        assert Box.decode(state.data).count == 2


def test_which_calls_run_in_the_loop() -> None:
    def run(call: Instruction) -> bool:
        block = build_block([Transaction([call])] * 2)
        signatures = CallSignatures(block, ProgramSet([*builtin_programs(), box]))
        found = int(signatures.of(np.arange(2))[0])
        return found != NO_SIGNATURE and signatures.table[found].by_row

    plain = do(source="s", how=0, other="o", signer="p", by=1)
    hosted = with_context(source="s")
    assert run(plain)
    assert run(hosted)
    assert run(more_accounts(plain))
    # Through its context, the handler reaches the account that it does not declare.
    assert not run(more_accounts(hosted))
    assert not run(do(source="s", how=0, other="s", signer="p", by=1))
    assert not run(compute_budget.request_heap_frame(bytes_asked=40_960))


def more_accounts(call: Instruction) -> Instruction:
    accounts = (*call.accounts, AccountMeta(Pubkey.of("one more")))
    return Instruction(call.program_id, accounts, call.data, call.program)
