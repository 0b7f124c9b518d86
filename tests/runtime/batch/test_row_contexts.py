"""A handler with a context runs in a row loop, with the outcome of executing it alone.

Depending on `how`, the handler below uses all that a context offers: it reads sysvars, logs, uses
units, returns data, calls other programs and its own, keeps the context, and fails in between.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import Account, Instruction, Pubkey, Transaction, build_block
from sealane.programs import (
    Context,
    Errors,
    Layout,
    Mut,
    Option,
    Program,
    ProgramFailure,
    Signer,
    UncheckedAccount,
    builtin_programs,
    require,
    u8,
    u64,
)
from sealane.programs.kit import Sysvars
from sealane.programs.kit.handlers.constraints import Distinct, HasOne, Seeds
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.system import system
from sealane.runtime.block.block import Block
from sealane.runtime.block.limits import INSTRUCTION_TRACE_MAX
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.memory.arena import Arena
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.execution_outcome import Execution
from sealane.runtime.svm.serial import execute_serially
from sealane.scheduler import build_dag
from sealane.testing.batch import BatchRow
from sealane.wire.compute_budget import COMPUTE_UNITS_PER_INSTRUCTION

from .compared_rows import compare_random_rows


class Tally(Layout):
    count: u64
    holder: Pubkey


class GuestError(Errors):
    Refused = 3, "refused"


guest = Program("guest", errors=GuestError, layouts=[Tally], compute_units=70)
kept: list[object] = []
called: list[int] = []
WAYS = 35


def use_context(ctx: Context, tally: Tally, how: int, other: UncheckedAccount, by: int) -> None:
    """Use the context without nested calls."""
    match how:
        case 0:
            tally.count = ctx.clock.slot + ctx.rent.minimum_balance(3)
        case 1:
            tally.count = ctx.units_left
        case 2:
            ctx.log(f"counted to {tally.count}")
        case 3:
            for _ in range(300):
                ctx.log("a line like any other, many times over")
        case 4:
            ctx.consume(by % 50_000)
        case 5:
            ctx.consume(COMPUTE_UNITS_PER_INSTRUCTION)
        case 6:
            with suppress(ProgramFailure):
                ctx.consume(COMPUTE_UNITS_PER_INSTRUCTION)
        case 7:
            ctx.set_return_data(bytes([how]) * (by % 7))
        case 8:
            ctx.set_return_data(bytes(2_000))
        case 9:
            ctx.emit(Tally(count=by % 3))
        case 10:
            ctx.account(other.key).lamports += 1
        case 11:
            with suppress(ProgramFailure):
                ctx.account("somebody else")
        case 12:
            tally.count = len(ctx.signers) * 10 + ctx.account_count
        case _:
            pass


def call_and_keep(
    ctx: Context,
    tally: Tally,
    how: int,
    other: UncheckedAccount,
    signer: Signer,
    by: int,
) -> None:
    """Make nested calls, keep something, or fail."""
    match how:
        case 13 | 14 | 15:
            ctx.invoke(system.transfer(source=signer, destination=other, lamports=by % 3))
        case 16:
            ctx.log("before")
            with suppress(ProgramFailure):
                ctx.invoke(system.transfer(source=signer, destination=other, lamports=10**12))
        case 17:
            signer.lamports += 1
            ctx.invoke(system.transfer(source=signer, destination=other, lamports=0))
        case 18:
            ctx.invoke(system.transfer(source=signer, destination=other, lamports=1))
            ctx.log("after")
            raise ValueError(how)
        case 19:
            kept.append(ctx)
        case 20:
            kept.append(ctx.log)
        case 21:
            ctx.log("refused soon")
            ctx.set_return_data(b"x")
            require(by == 12345, GuestError.Refused)
        case 22:
            ctx.invoke(count(tally=tally.key, by=2))
            tally.count += len((ctx.return_data() or (b"", b""))[1])
        case 23:
            ctx.run(guest, count.tag + (7).to_bytes(8, "little"), first=0, count=1)
        case 24:
            tally.resize(tally.data_len + 5)
            ctx.invoke(count(tally=tally.key, by=1))
        case 25:
            ctx.invoke(system.allocate(account=signer, space=9))
            ctx.invoke(system.assign(account=signer, owner=guest.id))
        case 26:
            tally.data[:8] = bytes(8)
            ctx.log("written")
        case 27:
            kept.append(tally.data[:2])
            ctx.log("kept")
        case 28:
            view = ctx.account(tally.key)
            view.lamports += 1
            signer.lamports -= 1
        case 29:
            with suppress(ProgramFailure):
                ctx.invoke(Instruction(Pubkey.of("no such program"), (), b""))
        case 30:
            logs = [late.log if isinstance(late, Context) else late for late in kept]
            for late in [log for log in logs if callable(log)]:
                with pytest.raises(ProgramFailure, match="earlier instruction"):
                    late("from before")
        case 31:
            tally.count = depth_reached()
            ctx.log("deep")
        case 32:
            ctx.invoke(deep(tally=tally.key))
        case 33:
            kept.append(ctx.account(signer.key))
        case 34:
            ctx.invoke(system.transfer(source=signer, destination=other, lamports=1))
            kept.append(tally)
        case _:
            pass


@guest.instruction(tag=0, compute_units=5)
def act(
    ctx: Context,
    tally: Mut[Tally],
    how: u8,
    other: Mut[UncheckedAccount],
    signer: Mut[Signer],
    by: u64,
) -> None:
    called.append(how)
    tally.count = min(tally.count + by % 1_000, 1_000)
    use_context(ctx, tally, how, other, by)
    call_and_keep(ctx, tally, how, other, signer, by)


@guest.instruction(tag=1)
def count(ctx: Context, tally: Mut[Tally], by: u64) -> None:
    tally.count += by
    ctx.set_return_data(b"counted")


@guest.instruction(tag=2)
def deep(tally: Mut[Tally]) -> None:
    tally.count = depth_reached()


def depth_reached(depth: int = 0) -> int:
    try:
        return depth_reached(depth + 1)
    except RecursionError:
        return depth


@st.composite
def rows(draw: st.DrawFn, number: int) -> BatchRow:
    data = Tally(count=draw(st.sampled_from([0, 2**63])), holder="h").encode()
    owner = draw(st.sampled_from([guest.id, guest.id, guest.id, system.id]))
    lamports = st.sampled_from([0, 1, 5, 5_000])
    names = [f"row {number} {name}" for name in ("tally", "other", "signer")]
    states = {
        "tally": (names[0], Account(draw(lamports), owner, data)),
        "other": (names[1], Account(draw(lamports), draw(st.sampled_from([guest.id, system.id])))),
        "signer": (names[2], Account(draw(lamports))),
    }
    payer = draw(st.sampled_from([None, (f"row {number} payer", Account(9))]))
    arguments = {"how": draw(st.integers(0, WAYS)), "by": draw(st.sampled_from([0, 1, 2**63]))}
    return BatchRow(states, arguments, payer, fee=draw(st.sampled_from([0, 0, 5])))


@pytest.mark.slow
def test_rows_with_a_context_have_the_outcome_of_executing_alone() -> None:
    stayed_in_all, met = compare_random_rows(act, rows, called, kept)
    assert stayed_in_all > 300
    assert {"Refused", "ComputationalBudgetExceeded", "UnbalancedInstruction"} <= met
    assert {"AccountBorrowOutstanding", "MissingAccount", "InvalidArgument"} <= met


class Ledger(Layout):
    holder: Pubkey
    total: u64


book = Program("book", errors=GuestError, layouts=[Ledger])


@book.instruction(tag=0)
def enter(
    ledger: Annotated[Mut[Ledger], HasOne("holder")],
    holder: Signer,
    guide: Annotated[UncheckedAccount | None, Distinct("ledger")],
    name: str,
    numbers: list[u64],
    note: Option[u64],
    rest: list[Mut[UncheckedAccount]],
) -> None:
    """Optional and surplus accounts, arguments of varying length, conditions."""
    called.append(len(rest))
    ledger.total += sum(numbers) + len(name) + (note or 0) + 2 * (guide is not None)
    numbers.append(1)  # a list of its own
    for account in rest:
        account.lamports += 1
        ledger.lamports -= 1
    require(name != "!", GuestError.Refused)


@book.instruction(tag=1)
def derive(
    ctx: Context,
    ledger: Annotated[Mut[Ledger], Seeds(b"ledger", "holder", error=GuestError.Refused)],
    holder: Mut[Signer] | None,
    by: u64 = 3,
) -> None:
    called.append(by)
    ledger.total += by
    ctx.log(f"{by} by {None if holder is None else holder.key}")


HOLDERS = [f"holder {n}" for n in range(4)]
LEDGERS = [Pubkey.find_program_address([b"ledger", Pubkey.of(h)], book.id)[0] for h in HOLDERS]
members, ledgers = st.sampled_from(HOLDERS), st.sampled_from(LEDGERS)
entries = st.builds(
    enter,
    ledger=ledgers,
    holder=members,
    guide=st.sampled_from([None, None, "guide", LEDGERS[0]]),
    name=st.sampled_from(["", "a", "b", "!"]),
    numbers=st.lists(st.sampled_from([0, 1, 2**64 - 1]), max_size=1),
    note=st.sampled_from([None, 1, 2]),
    rest=st.lists(members, max_size=2),
)
derivations = st.one_of(
    st.builds(derive, ledger=ledgers, holder=members, by=st.sampled_from([0, 1, 3])),
    st.builds(derive, ledger=ledgers, holder=st.none()),
)


def shortened(call: Instruction) -> Instruction:
    """The same instruction without its last byte of data: an argument does not decode."""
    return Instruction(call.program_id, call.accounts, call.data[:-1], book)


def test_optional_surplus_and_invalid_call_arguments() -> None:
    in_loops = 0
    met: set[str] = set()

    @settings(
        max_examples=150,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    @given(st.lists(entries | derivations | entries.map(shortened), min_size=1, max_size=40))
    def check(calls: list[Instruction]) -> None:
        nonlocal in_loops
        called.clear()
        block = build_block([Transaction([call], fee=1) for call in calls])
        held = {
            ledger: Account(100, book.id, Ledger(holder=holder).encode())
            for ledger, holder in zip(LEDGERS, HOLDERS, strict=True)
        } | {Pubkey.of(holder): Account(25) for holder in HOLDERS}
        expected, actual, in_loop = executed(block, [held.get(k, Account()) for k in block.keys])
        in_loops += in_loop
        assert len(called) % 2 == 0
        assert actual.details == expected.details
        assert actual.fees.tolist() == expected.fees.tolist()
        assert actual.compute_units.tolist() == expected.compute_units.tolist()
        assert dict(actual.changed) == dict(expected.changed)
        met.update(d.failure.name for d in expected.details.values() if d.failure)

    check()
    assert in_loops > 300
    assert {"Refused", "IncorrectAuthority", "InvalidInstructionData"} <= met


def executed(block: Block, before: list[Account]) -> tuple[Execution, Execution, int]:
    programs = ProgramSet([*builtin_programs(), guest, book])
    waves = build_dag(block.access).waves
    inputs = ExecutionInputs(block, programs, Sysvars(), before)
    actual, in_loop = execute_in_process(inputs, waves, Arena(), group_len_min=1)
    return execute_serially(inputs), actual, in_loop


@pytest.mark.parametrize("how", [how for how in range(WAYS) if how not in (19, 20, 27, 30, 33, 34)])
def test_a_row_does_not_affect_other_rows(how: int) -> None:
    """Every second row only counts, between rows that do `how`."""
    ways = [how, WAYS] * (INSTRUCTION_TRACE_MAX + 6)
    expected, actual, in_loop = executed(*block_of(ways))
    assert in_loop == len(ways)
    assert actual.details == expected.details
    assert actual.compute_units.tolist() == expected.compute_units.tolist()
    assert dict(actual.changed) == dict(expected.changed)
    assert set(expected.compute_units[1::2].tolist()) == {75}


@pytest.mark.parametrize("how", [19, 20])
def test_a_kept_context_does_not_work_in_a_later_row(how: int) -> None:
    expected, actual, in_loop = executed(*block_of([how, 30] * 10))
    assert in_loop == 20
    assert actual.details == expected.details == {}


def block_of(ways: list[int]) -> tuple[Block, list[Account]]:
    """A call for each `how`, on separate accounts, and the accounts' states before."""
    kept.clear()
    calls = [
        act(tally=f"t{n}", how=way, other=f"o{n}", signer=f"s{n}", by=1)
        for n, way in enumerate(ways)
    ]
    block = build_block([Transaction([call], payer="payer", fee=3) for call in calls])
    held = {
        Pubkey.of(f"{kind}{n}"): state
        for n in range(len(ways))
        for kind, state in (
            ("t", Account(50, guest.id, Tally(count=1).encode())),
            ("s", Account(50)),
        )
    }
    held[Pubkey.of("payer")] = Account(1_000)
    return block, [held.get(key, Account()) for key in block.keys]
