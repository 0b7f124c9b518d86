"""Blocks that read, write and add, on every route, against serial execution.

Guarantees: equal receipts, accounts and state roots, whatever overflows. Serial execution adds in
file order, to the running value, and is the oracle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import Account, AccountMeta, Instruction, Pubkey, Route, Runtime, Transaction
from sealane.primitives.integers import U64_MAX
from sealane.primitives.pubkey import name_of
from sealane.programs import Sysvars, builtin_programs
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.runtime.block.block_building import build_block
from sealane.runtime.block.limits import ACCOUNT_LOCKS_MAX
from sealane.runtime.engine import adds
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.memory.arena import Arena
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.serial import execute_serially
from sealane.runtime.svm.tries import TryReason
from sealane.scheduler import build_dag
from sealane.testing import BatchRow, assert_batch_matches_scalar

from .adding_program import (
    Pot,
    adding,
    give,
    give_and_check,
    give_catching,
    give_nested,
    look,
    take,
)

POTS = ("p0", "p1")
PEOPLE = ("alice", "bob", "carol")
HALF = 1 << 63
GROUP_LENS = (1, 4, 1_000)  # vectorized, mostly by row, alone

Held = dict[str, tuple[int, int, int]]  # lamports, total, wide

ROUTES = [
    (Route.IN_PROCESS, 1),
    (Route.ONE_WORKER, 1),
    (Route.LANES, 1),
    (Route.LANES, 2),
    (Route.LANES, 4),
]


@pytest.fixture(scope="module", autouse=True)
def every_account_set_aside() -> Iterator[None]:
    """Lanes keep sums of their own however few adds there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adds, "ADDS_ASIDE_MIN", 0)
        yield


@pytest.fixture(scope="module")
def runtimes() -> Iterator[list[Runtime]]:
    made = [Runtime(workers=0, programs=[adding])]
    made += [Runtime(workers=count, route=route, programs=[adding]) for route, count in ROUTES]
    try:
        yield made
    finally:
        for runtime in made:
            runtime.close()


amounts = st.sampled_from([0, 1, 2, 7, 1_000]) | st.sampled_from(
    [HALF - 1, HALF, U64_MAX - 3, U64_MAX]
)
small = st.integers(0, 5)
pots, people = st.sampled_from(POTS), st.sampled_from(PEOPLE)
calls = st.one_of(
    st.builds(give, source=people, pot=pots, lamports=small, amount=small),
    st.builds(give, source=people, pot=pots, lamports=small | amounts, amount=amounts),
    st.builds(give_and_check, pot=pots, amount=small | amounts, limit=st.sampled_from([3, HALF])),
    st.builds(give_nested, source=people, pot=pots, lamports=small, amount=small | amounts),
    st.builds(give_catching, pot=pots, amount=small | amounts),
    st.builds(take, pot=pots, target=people | pots, amount=small | amounts),
    st.builds(look, pot=pots),
)
blocks = st.lists(st.lists(calls, min_size=1, max_size=2), max_size=14) | st.lists(
    st.tuples(calls), min_size=20, max_size=40
)
held = st.fixed_dictionaries(
    {name: st.tuples(small | amounts, small | amounts, small) for name in POTS}
)


@settings(
    deadline=None, max_examples=75, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
@given(block=blocks, before=held)
def test_every_route_ends_as_serial_execution(
    runtimes: list[Runtime], block: list[Sequence[Instruction]], before: Held
) -> None:
    transactions = [Transaction(list(each)) for each in block]
    expected, *others = [_executed(runtime, transactions, before) for runtime in runtimes]
    for (route, workers), found in zip(ROUTES, others, strict=True):
        assert found == expected, (route, workers)


def _executed(runtime: Runtime, transactions: list[Transaction], before: Held) -> Any:
    """Everything that a caller sees of the outcome."""
    for name, (lamports, total, wide) in before.items():
        data = Pot(least=1, total=total, wide=wide)
        runtime.set_account(name, lamports=lamports, owner=adding, data=data)
    for name in PEOPLE:
        runtime.set_account(name, lamports=20, owner=adding)
    with runtime.snapshot():
        result = runtime.execute(transactions)
        receipts = [
            (each.ok, each.error, each.compute_units, each.logs) for each in result.transactions
        ]
        accounts = [runtime.account(name) for name in (*POTS, *PEOPLE)]
    return receipts, accounts, [list(wave) for wave in result.waves]


@pytest.mark.parametrize(
    "between",
    [look(pot="p0"), take(pot="p0", target="bob", amount=1), give_catching(pot="p1", amount=1)],
    ids=["read", "written", "left alone"],
)
def test_runs_of_adds_with_something_between(runtimes: list[Runtime], between: Instruction) -> None:
    #   give give give  look  give give give  look  …      each look sees all gives before it
    run = [give(source=name, pot="p0", lamports=0, amount=1) for name in PEOPLE]
    transactions = [Transaction([call]) for call in [*run, between] * 16]
    before: Held = {"p0": (100, 5, 0), "p1": (0, 0, 0)}
    expected, *others = [_executed(runtime, transactions, before) for runtime in runtimes]
    for (route, workers), found in zip(ROUTES, others, strict=True):
        assert found == expected, (route, workers)


def test_a_refused_transaction_is_the_first_to_follow_the_adds(runtimes: list[Runtime]) -> None:
    #   give give give  refused  look look …       it is refused before it loads anything
    many = tuple(AccountMeta(Pubkey.of(f"m{n}")) for n in range(ACCOUNT_LOCKS_MAX))
    refused = Instruction(adding.id, (*look(pot="p0").accounts, *many), look.tag)
    run = [give(source=name, pot="p0", lamports=0, amount=1) for name in PEOPLE]
    transactions = [Transaction([call]) for call in [*run, refused, *[look(pot="p0")] * 16]]
    before: Held = {"p0": (100, 5, 0), "p1": (0, 0, 0)}
    expected, *others = [_executed(runtime, transactions, before) for runtime in runtimes]
    assert expected[0][len(run)][1].name == "TooManyAccountLocks"
    for (route, workers), found in zip(ROUTES, others, strict=True):
        assert found == expected, (route, workers)


@pytest.mark.parametrize("index", range(1, len(ROUTES) + 1))
def test_a_hot_pot_takes_one_wave_and_one_try(runtimes: list[Runtime], index: int) -> None:
    transactions = [
        Transaction([give(source=f"s{n}", pot="p0", lamports=1, amount=n)]) for n in range(200)
    ]
    roots: list[list[Any]] = []
    for runtime in (runtimes[0], runtimes[index]):
        with runtime.snapshot():
            runtime.set_account("p0", owner=adding, data=Pot(total=5))
            for n in range(200):
                runtime.set_account(f"s{n}", lamports=1, owner=adding)
            result = runtime.execute(transactions)
            assert len(result.tries) == 1
            assert len(result.waves) == 1
            assert all(each.ok for each in result.transactions)
            roots.append([runtime.account("p0"), runtime.account("s7")])
    assert roots[0] == roots[1]
    assert roots[0][0].lamports == 200


@pytest.mark.parametrize(
    ("total", "reason"), [(HALF - 3, TryReason.FIRST), (HALF - 2, TryReason.ADDS_ORDERED)]
)
def test_the_order_is_free_up_to_half_of_the_range(
    runtimes: list[Runtime], total: int, reason: TryReason
) -> None:
    #  half of u64 is the first value that begins the block again
    runtime = runtimes[1]
    with runtime.snapshot():
        runtime.set_account("p0", owner=adding, data=Pot(total=total))
        result = runtime.execute(
            [Transaction([give_and_check(pot="p0", amount=1, limit=3)]) for _ in range(2)]
        )
        assert result.tries[-1].reason is reason
        assert Pot.decode(runtime.account("p0").data).total == total + 2


def test_an_overflow_fails_the_transaction_that_serial_execution_fails(
    runtimes: list[Runtime],
) -> None:
    outcomes: list[Any] = []
    for runtime in runtimes:
        with runtime.snapshot():
            runtime.set_account("p0", owner=adding, data=Pot(total=U64_MAX - 5))
            result = runtime.execute(
                [
                    Transaction([give_and_check(pot="p0", amount=amount, limit=HALF)])
                    for amount in (3, 4, 2, 1)
                ]
            )
            outcomes.append([each.error and each.error.name for each in result.transactions])
    assert outcomes == [[None, "ArithmeticOverflow", None, "ArithmeticOverflow"]] * len(runtimes)


@settings(deadline=None, max_examples=75, print_blob=True)
@given(block=blocks, before=held)
def test_every_executor_ends_as_serial_execution(
    block: list[Sequence[Instruction]], before: Held
) -> None:
    """In one process, with groups from one transaction on."""
    transactions = build_block([Transaction(list(each)) for each in block])
    states = [_state(str(name_of(key)), before) for key in transactions.keys]
    programs = ProgramSet([*builtin_programs(), adding])
    inputs = ExecutionInputs(transactions, programs, Sysvars(), states)
    expected = execute_serially(inputs)
    waves = build_dag(transactions.access).waves
    for length in GROUP_LENS:
        found, _ = execute_in_process(inputs, waves, Arena(), group_len_min=length)
        assert found.details == expected.details, length
        assert dict(found.changed) == dict(expected.changed), length
        assert found.compute_units.tolist() == expected.compute_units.tolist(), length


def _state(name: str, before: Held) -> Account:
    if name not in before:
        return Account(20, adding.id)
    lamports, total, wide = before[name]
    return Account(lamports, adding.id, Pot(least=1, total=total, wide=wide).encode())


def test_the_batch_handler_does_as_the_scalar_one() -> None:
    compared = assert_batch_matches_scalar(give, rows=_row)
    assert compared.vectorized


def _batch_row(number: int, pot: str, lamports: int, amount: int) -> BatchRow:
    before: Held = {"p0": (1, 2, 3), "p1": (HALF, 5, 5)}
    accounts = {"source": (f"s{number}", Account(7, adding.id)), "pot": (pot, _state(pot, before))}
    return BatchRow(accounts, {"lamports": lamports, "amount": amount})


def _row(number: int) -> st.SearchStrategy[BatchRow]:
    return st.builds(_batch_row, st.just(number), pots, small, amounts)
