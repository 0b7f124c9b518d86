"""A group has the outcome of executing each transaction alone, also for unusual ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from sealane import Account, Pubkey, Transaction, build_block
from sealane.primitives import AccountMeta, Instruction
from sealane.programs import (
    Context,
    COption,
    Layout,
    Mut,
    Program,
    UncheckedAccount,
    builtin_programs,
    u64,
)
from sealane.programs.kit import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library import system
from sealane.runtime.block.limits import ACCOUNT_LOCKS_MAX
from sealane.runtime.block.shapes import SHAPE_ACCOUNTS_MAX
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.memory.arena import Arena
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.serial import execute_serially
from sealane.scheduler import build_dag


class Deed(Layout):
    holder: COption[Pubkey]
    amount: COption[u64]


class Halves(Layout):
    """The same bytes as a deed, divided into other fields."""

    tag_and_key: u64
    second: u64


deeds = Program("deeds", layouts=[Deed])


@deeds.instruction(tag=0)
def clear(deed: Mut[Deed]) -> None:
    deed.holder = None
    deed.amount = None


clear.batch(clear.handler)


@deeds.instruction(tag=1)
def pass_on(deed: Mut[Deed], other: Mut[Deed]) -> None:
    other.holder = deed.holder


pass_on.batch(pass_on.handler)


@deeds.instruction(tag=2)
def overlap(deed: Mut[UncheckedAccount]) -> None:
    Deed.view(deed).holder = Pubkey.of("somebody")
    Halves.view(deed).second = 9
    Deed.view(deed).holder = Pubkey.of("somebody")


@overlap.batch
def overlap_rows(deed: Mut[UncheckedAccount]) -> None:
    deed.as_layout(Deed).holder = Pubkey.of("somebody")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    deed.as_layout(Halves).second = 9  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    deed.as_layout(Deed).holder = Pubkey.of("somebody")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


@deeds.instruction(tag=3)
def talk(ctx: Context, deed: Mut[Deed]) -> None:
    ctx.log("one line")


@talk.batch
def talk_rows(ctx: Context, deed: Mut[Deed]) -> None:
    ctx.log([])  # pyright: ignore[reportArgumentType]


@deeds.instruction(tag=4)
def conjure(
    a: Mut[UncheckedAccount],
    b: Mut[UncheckedAccount],
    c: Mut[UncheckedAccount],
    d: Mut[UncheckedAccount],
    e: Mut[UncheckedAccount],
    f: Mut[UncheckedAccount],
    g: Mut[UncheckedAccount],
    h: Mut[UncheckedAccount],
    i: Mut[UncheckedAccount],
    j: Mut[UncheckedAccount],
    k: Mut[UncheckedAccount],
    m: Mut[UncheckedAccount],
    n: Mut[UncheckedAccount],
    o: Mut[UncheckedAccount],
    p: Mut[UncheckedAccount],
    q: Mut[UncheckedAccount],
    lamports: u64,
) -> None:
    for account in (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q):
        account.lamports += lamports


conjure.batch(conjure.handler)


DEEDS = [
    Account(9, deeds.id, deed.encode())
    for deed in (Deed(holder="bob", amount=5), Deed(holder=None, amount=None))
]


@deeds.instruction(tag=5)
def say(ctx: Context, deed: Mut[Deed], number: u64) -> None:
    ctx.log("a number")
    ctx.log(str(number))
    deed.amount = number


@say.batch
def say_rows(ctx: Context, deed: Mut[Deed], number: u64) -> None:
    ctx.log("a number")
    numbers = cast(Any, number).values.tolist()
    ctx.log([str(each) for each in numbers])  # pyright: ignore[reportArgumentType]
    deed.amount = number


@deeds.instruction(tag=6)
def overreach(ctx: Context, deed: Deed) -> None:
    deed.amount = 7


@deeds.instruction(tag=7)
def amend(ctx: Context, deed: Mut[Deed]) -> None:
    deed.amount = 7


def require_alike(
    calls: Sequence[Instruction],
    before: Sequence[Account],
    *,
    reads: Sequence[str] = (),
    raising: bool = True,
) -> None:
    """Execute in groups and one by one, and compare. Accounts begin as those in `before`, in turn.

    An error in a batch handler is hidden, as its rows are executed alone, unless `raising`.
    """
    block = build_block([Transaction([call], reads=reads) for call in calls])
    states = [before[n % len(before)] for n in range(len(block.keys))]
    programs = ProgramSet([*builtin_programs(), deeds])
    inputs = ExecutionInputs(block, programs, Sysvars(), states)
    expected = execute_serially(inputs)
    waves = build_dag(block.access).waves
    found, _ = execute_in_process(inputs, waves, Arena(), group_len_min=1, raising=raising)
    assert found.details == expected.details
    assert dict(found.changed) == dict(expected.changed)
    assert found.fees.tolist() == expected.fees.tolist()


CALLS: dict[str, Callable[[int], Instruction]] = {
    "None keeps the value behind it": lambda n: clear(deed=f"d{n}"),
    "None from a column": lambda n: pass_on(deed=f"d{n}", other=f"e{n}"),
    "fields overlap": lambda n: overlap(deed=f"d{n}"),
    "log lines of its own": lambda n: say(deed=f"d{n}", number=n),
}


@pytest.mark.parametrize("count", [1, 30, 100])
@pytest.mark.parametrize("call", CALLS)
def test_a_batch_handler_gives_the_outcome_of_the_scalar_one(call: str, count: int) -> None:
    require_alike([CALLS[call](n) for n in range(count)], DEEDS)


@pytest.mark.parametrize("count", [1, 30, 100])
def test_rows_that_break_a_rule_are_executed_alone(count: int) -> None:
    calls = [talk(deed=f"d{n}") for n in range(count)]
    require_alike(calls, DEEDS, raising=False)
    with pytest.raises(TypeError, match="0 log lines for"):
        require_alike(calls, DEEDS)


@pytest.mark.parametrize("more", [-4, -3, -2])
@pytest.mark.parametrize("count", [8, 100])
def test_locks_beside_the_call_count(count: int, more: int) -> None:
    """A transfer locks two accounts and its program: with `more` of -3 it is at the limit."""
    calls = [system.transfer(source=f"s{n}", destination=f"t{n}", lamports=1) for n in range(count)]
    require_alike(calls, [Account(9)], reads=[f"r{n}" for n in range(ACCOUNT_LOCKS_MAX + more)])


@pytest.mark.parametrize("lamports", [1, 1 << 32, 1 << 60, 1 << 61, 1 << 62, 1 << 63])
@pytest.mark.parametrize("begun", [0, 1 << 61])
def test_created_lamports_are_found_even_if_sums_would_wrap(lamports: int, begun: int) -> None:
    """With the most accounts of a group, a gain of 2^60 or more in each makes their sum wrap."""
    names = "abcdefghijkmnopq"
    assert len(names) == SHAPE_ACCOUNTS_MAX
    calls = [conjure(**{x: f"{x}{n}" for x in names}, lamports=lamports) for n in range(30)]
    require_alike(calls, [Account(begun)])


@pytest.mark.parametrize("count", [1, 30])
def test_accounts_beyond_those_declared_change_nothing(count: int) -> None:
    calls = [clear(deed=f"d{n}") for n in range(count)]
    more = AccountMeta(Pubkey.of("more"), writable=True)
    require_alike([replace(call, accounts=(*call.accounts, more)) for call in calls], DEEDS)


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("writable", [False, True])
@pytest.mark.parametrize("handler", [overreach, amend])
def test_both_the_handler_and_the_transaction_must_let_an_account_be_written(
    handler: Callable[..., Instruction], writable: bool, count: int
) -> None:
    """Through a context, a loop can write accounts that the handler itself may only read."""
    calls = [handler(deed=f"d{n}") for n in range(count)]
    call_metas = [tuple(meta._replace(writable=writable) for meta in c.accounts) for c in calls]
    require_alike(
        [replace(c, accounts=metas) for c, metas in zip(calls, call_metas, strict=True)], DEEDS
    )
