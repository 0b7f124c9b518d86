"""Random blocks with all kinds of transactions: receipts, accounts and root are the same for any
number of workers, and whichever waves are divided into shares or vectorized."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import (
    Account,
    FixedRoute,
    Instruction,
    Pubkey,
    Receipt,
    Route,
    Runtime,
    Transaction,
    build_block,
)
from sealane.programs import (
    Context,
    Errors,
    Layout,
    Mut,
    Program,
    Signer,
    UncheckedAccount,
    require,
    u8,
    u64,
)
from sealane.programs.library.system import system
from sealane.runtime.state.state import MemoryState

WORKER_COUNTS = (0, 1, 2, 4)
PEOPLE = [f"person{n}" for n in range(5)]
TALLIES = [f"tally{n}" for n in range(4)]


class Tally(Layout):
    count: u8
    log: str


class TallyError(Errors):
    Refused = 1, "refused"


tally = Program("tally", errors=TallyError, layouts=[Tally])


@tally.instruction(tag=0)
def add(ctx: Context, state: Mut[Tally], by: u8) -> None:
    state.count += by
    ctx.set_return_data(bytes((state.count,)))


@tally.instruction(tag=1)
def write(ctx: Context, state: Mut[Tally], other: Tally, text: str) -> None:
    """Grows and shrinks data in and out of place; fails late for some texts."""
    state.log = text + str(other.count)
    ctx.log(f"wrote {len(text)}")
    ctx.consume(len(text))
    require(not text.endswith("!"), TallyError.Refused)


@tally.instruction(tag=2)
def resize(state: Mut[Tally], length: u64) -> None:
    state.resize(length)


@tally.instruction(tag=3)
def move(source: Mut[Tally], target: Mut[UncheckedAccount], lamports: u64) -> None:
    source.lamports -= lamports
    target.lamports += lamports


@tally.instruction(tag=4)
def pay(
    ctx: Context,
    state: Mut[Tally],
    source: Mut[UncheckedAccount],
    target: Mut[UncheckedAccount],
    lamports: u64,
) -> None:
    """Counts, then pays by a nested call, which may fail."""
    state.count += 1
    ctx.invoke(system.transfer(source=source, destination=target, lamports=lamports))


@tally.instruction(tag=5)
def give(state: Mut[UncheckedAccount], owner: Signer) -> None:
    state.data = bytes(state.data_len)
    state.owner = owner.key


@tally.instruction(tag=6)
def adopt(ctx: Context, account: Mut[Signer], space: u8) -> None:
    """A system account becomes a tally, by nested calls."""
    ctx.invoke(system.allocate(account=account, space=space))
    ctx.invoke(system.assign(account=account, owner=tally.id))
    account.resize(max(5, account.data_len))


@tally.instruction(tag=7)
def bump(ctx: Context, state: Mut[Tally], payer: Mut[Signer], by: u8) -> None:
    """Also has a batch handler: itself."""
    require(by != 13, TallyError.Refused)
    ctx.consume(by)
    state.count += by
    state.lamports -= by
    payer.lamports += by
    ctx.log("bumped")


bump.batch(bump.handler)


@pytest.fixture(scope="module")
def runtimes() -> Iterator[list[Runtime]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Runtime(workers=n, programs=[tally])) for n in WORKER_COUNTS]


people = st.sampled_from(PEOPLE)
tallies = st.sampled_from(TALLIES)
anyone = st.sampled_from(PEOPLE + TALLIES)
amounts = st.sampled_from([0, 1, 7, 50, 300])


def calls(spec: Any, **values: st.SearchStrategy[Any]) -> st.SearchStrategy[Instruction]:
    return st.builds(spec, **values)


instructions = st.one_of(
    calls(system.transfer, source=anyone, destination=anyone, lamports=amounts),
    calls(system.transfer, source=people, destination=people, lamports=amounts),
    calls(
        system.create_account,
        source=people,
        account=people,
        lamports=amounts,
        space=st.integers(0, 12),
        owner=st.just(tally.id),
    ),
    calls(system.allocate, account=anyone, space=st.integers(0, 12)),
    calls(system.assign, account=people, owner=st.sampled_from([tally.id, system.id])),
    calls(add, state=tallies, by=st.sampled_from([1, 100, 255])),
    calls(
        write,
        state=tallies,
        other=tallies,
        text=st.sampled_from(["", "a", "abcdef", "no!", "x" * 40]),
    ),
    calls(resize, state=tallies, length=st.sampled_from([0, 5, 8, 60, 11_000])),
    calls(move, source=tallies, target=anyone, lamports=amounts),
    calls(pay, state=tallies, source=anyone, target=anyone, lamports=amounts),
    calls(give, state=anyone, owner=people),
    calls(adopt, account=anyone, space=st.integers(0, 12)),
)
transactions = st.builds(
    Transaction,
    st.lists(instructions, min_size=1, max_size=3),
    payer=st.none() | people | anyone,
    fee=st.sampled_from([0, 0, 0, None, 5, 200]),
)
blocks = st.lists(st.lists(transactions, max_size=30), min_size=1, max_size=2)
Outcome = tuple[list[list[Receipt]], list[dict[Pubkey, Account]], list[str], list[Account]]


def outcome(runtime: Runtime, blocks: list[list[Transaction]]) -> Outcome:
    runtime.state = MemoryState()
    for name in PEOPLE[:4]:
        runtime.set_account(name, lamports=500)
    for n, name in enumerate(TALLIES):
        data = Tally(count=n, log="ab" * n).encode() + bytes(n)
        runtime.set_account(name, lamports=100 * n, owner=tally, data=data)
    results = [runtime.execute(build_block(b, lamports_per_signature=1)) for b in blocks]
    return (
        [list(result.transactions) for result in results],
        [dict(result.accounts) for result in results],
        [result.state_root for result in results],
        [runtime.account(name) for name in PEOPLE + TALLIES],
    )


def check(
    runtimes: list[Runtime], blocks: list[list[Transaction]], route: FixedRoute | None = None
) -> None:
    expected = outcome(runtimes[0], blocks)
    for runtime in runtimes[1:]:
        runtime.route = route
        assert outcome(runtime, blocks) == expected, f"{runtime.workers} workers"


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=blocks)
def test_random_blocks(runtimes: list[Runtime], blocks: list[list[Transaction]]) -> None:
    check(runtimes, blocks)


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=blocks)
def test_random_blocks_with_every_wave_cut_into_shares(
    runtimes: list[Runtime], blocks: list[list[Transaction]]
) -> None:
    """By default, waves of a few transactions are not divided."""
    check(runtimes, blocks, FixedRoute(Route.LANES, share_len_min=1))


@pytest.mark.slow
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=blocks)
def test_random_blocks_with_every_transaction_scheduled_by_itself(
    runtimes: list[Runtime], blocks: list[list[Transaction]]
) -> None:
    check(runtimes, blocks, FixedRoute(Route.LANES, share_len_min=1 << 20))


CROWD = 120


def crowd(runtime: Runtime, block: list[Transaction]) -> Outcome:
    runtime.state = MemoryState()
    names: list[str] = []
    for n in range(CROWD):
        names += [f"payer{n}", f"own{n}"]
        runtime.set_account(f"payer{n}", lamports=n * 10)
        data = Tally(count=n, log="x" * (n % 3)).encode()
        owner = "someone" if n % 10 == 9 else "tally"
        runtime.set_account(f"own{n}", lamports=n, owner=owner, data=data)
    result = runtime.execute(block)
    return (
        [list(result.transactions)],
        [dict(result.accounts)],
        [result.state_root],
        [runtime.account(name) for name in names],
    )


def _payment(source: int, target: int, lamports: int) -> Instruction:
    return system.transfer(source=f"payer{source}", destination=f"payer{target}", lamports=lamports)


def _bump(state: int, payer: int, by: int) -> Instruction:
    return bump(state=f"own{state}", payer=f"payer{payer}", by=by)


members = st.integers(0, CROWD - 1)
alike = st.one_of(
    st.builds(_payment, members, members, st.integers(0, 700)),
    st.builds(_bump, members, members, st.sampled_from([0, 1, 13, 100, 200])),
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    calls=st.lists(st.tuples(alike, st.sampled_from([0, 0, 3])), min_size=150, max_size=220),
)
def test_random_blocks_wide_enough_for_columns(
    runtimes: list[Runtime], calls: list[tuple[Instruction, int]]
) -> None:
    block = [Transaction([call], fee=fee) for call, fee in calls]
    expected = crowd(runtimes[0], block)
    for runtime in runtimes[1:]:
        runtime.route = Route.LANES
        assert crowd(runtime, block) == expected, f"{runtime.workers} workers"
