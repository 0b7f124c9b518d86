"""Nested calls of a group have the outcome of the same calls made one by one.

Swaps of two nested transfers are drawn with one fault or none, and executed serially, by row and by
column, and by workers. Receipts (logs, units, return data) and accounts must be the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import Account, Pubkey, Runtime, Transaction, build_block
from sealane.programs import InstructionSpec
from sealane.programs.kit import Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.token import AccountState, TokenAccount, token
from sealane.runtime.batch.lane_executor import NESTING_LEN_MIN
from sealane.runtime.batch.vectorized.group_executor import GroupExecutor
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.memory.arena import Arena
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.scheduler import build_dag
from sealane.testing import BatchRow, assert_batch_matches_scalar
from sealane.testing.batch import compare, compare_rows

from . import pools as p

NONE: Final[set[str]] = set()
Edit = Callable[[dict[str, Any]], None]


def a_swap(number: int) -> dict[str, Any]:
    """The accounts, by parameter, and the arguments of a swap that succeeds."""
    authority = p.authority_of(number)[0]
    return {
        "pool": (f"pool {number}", p.a_pool(number)),
        "authority": (str(authority), Account()),
        "vault_in": (f"in {number}", p.tokens("usd", authority)),
        "vault_out": (f"out {number}", p.tokens("eur", authority)),
        "source": (f"usd {number}", p.tokens("usd", f"user {number}")),
        "destination": (f"eur {number}", p.tokens("eur", f"user {number}", 7)),
        "user": (f"user {number}", Account(10**9)),
        "amount": 1_000 + number,
        "minimum": 1,
        "units": 10 + number,
    }


def changed(account: str, **fields: Any) -> Edit:
    """Change fields of a token account."""

    def edit(call: dict[str, Any]) -> None:
        name, state = call[account]
        held = TokenAccount.decode(state.data)
        for field, value in fields.items():
            setattr(held, field, value)
        call[account] = (name, state._replace(data=held.encode()))

    return edit


def given_as(**values: Any) -> Edit:
    """Give other arguments."""
    return lambda call: call.update(values)


def placed(account: str, **fields: Any) -> Edit:
    """Change lamports, owner or data of an account."""

    def edit(call: dict[str, Any]) -> None:
        name, state = call[account]
        call[account] = (name, state._replace(**fields))

    return edit


def same(account: str, other: str) -> Edit:
    """Give one account for two parameters."""
    return lambda call: call.update({account: call[other]})


def other_bump(call: dict[str, Any]) -> None:
    name, _ = call["pool"]
    call["pool"] = (name, p.a_pool(int(name.split()[1]), bump=-1))  # those above derive none


def stranger(call: dict[str, Any]) -> None:
    """The authority is the one that the vault needs, but nobody signs for it."""
    other_authority(call)
    changed("vault_out", token_owner=call["authority"][0])(call)


def other_authority(call: dict[str, Any]) -> None:
    call["authority"] = ("somebody " + call["pool"][0], Account())


FAULTS: list[Edit] = [
    lambda call: None,
    other_bump,
    other_authority,
    stranger,
    given_as(amount=0),
    given_as(amount=10**7),
    given_as(amount=2**64 - 1),
    given_as(minimum=2**40),
    given_as(units=200_000),
    given_as(units=199_000),
    given_as(units=2**63),
    changed("source", amount=3),
    changed("source", state=AccountState.Frozen),
    changed("source", token_owner="somebody"),
    changed("source", mint="eur"),
    changed("source", delegate="somebody", delegated_amount=5),
    changed("destination", state=AccountState.Frozen),
    changed("destination", mint="usd"),
    changed("destination", amount=2**64 - 1),
    changed("vault_in", state=AccountState.Uninitialized),
    changed("vault_in", amount=2**64 - 1),
    changed("vault_out", amount=0),
    changed("vault_out", token_owner="somebody"),
    placed("vault_out", owner=Pubkey.of("somebody")),
    placed("source", owner=Pubkey.of("somebody")),
    placed("source", data=bytes(170)),
    placed("pool", owner=Pubkey.of("somebody")),
    placed("destination", executable=True),
    same("destination", "source"),
    same("destination", "vault_out"),
    same("vault_out", "vault_in"),
    same("authority", "user"),
]


def row_of(number: int, edits: list[Edit], payer: tuple[str, Account] | None = None) -> BatchRow:
    call = a_swap(number)
    for edit in edits:
        edit(call)
    accounts = [parameter.name for parameter in p.swap.accounts]
    arguments = [parameter.name for parameter in p.swap.arguments]
    given, asked = ({name: call[name] for name in names} for names in (accounts, arguments))
    return BatchRow(given, asked, payer, 5_000 if payer else 0)


def swap_rows(number: int) -> st.SearchStrategy[BatchRow]:
    faults = st.lists(st.sampled_from(FAULTS), max_size=2)
    payers = st.none() | st.sampled_from([0, 4_999, 10**9]).map(
        lambda lamports: (f"payer {number}", Account(lamports))
    )
    return st.builds(row_of, st.just(number), st.just([]) | faults, payers)


def test_swaps_by_column_are_the_swaps_made_one_by_one() -> None:
    seen = assert_batch_matches_scalar(p.swap, rows=swap_rows, examples=150, shrink=False)
    assert seen.vectorized > seen.rows // 5
    assert {"InsufficientFunds", "AccountFrozen", "PrivilegeEscalation"} <= seen.failures
    assert {"ComputationalBudgetExceeded", "TooLittle", "WrongVault"} <= seen.failures


def test_each_fault_ends_alike_by_row_and_by_column(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row_of(number, [fault]) for number, fault in enumerate(FAULTS)]
    by_column = compare(p.swap, rows, raising=True)
    monkeypatch.setattr(p.swap, "batch_handler", None)
    by_row = compare(p.swap, rows)
    assert by_column.succeeded == by_row.succeeded
    assert by_column.failures == by_row.failures
    assert 0 < by_column.vectorized <= by_row.vectorized


@pytest.mark.parametrize("count", [64, 130])
def test_most_swaps_of_a_wave_stay_in_the_group(count: int) -> None:
    rows = [row_of(number, [FAULTS[number % 2 * 5]]) for number in range(count)]
    assert compare(p.swap, rows).vectorized == count // 2


@settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(data=st.data())
def test_workers_execute_nested_calls_alike(data: st.DataObject) -> None:
    faults = data.draw(st.lists(st.sampled_from(FAULTS), min_size=90, max_size=90))
    rows = [row_of(n, [FAULTS[0] if n % 3 else fault]) for n, fault in enumerate(faults)]
    results: list[Any] = []
    for workers in (0, 1, 2):
        with Runtime(workers=workers, programs=[p.pools]) as runtime:
            for row in rows:
                for name, state in row.accounts.values():
                    runtime.set_account(name, **state._asdict())
            calls = [_call(row) for row in rows]
            results.append(runtime.execute([Transaction([call]) for call in [*calls, *calls]]))
    first = results[0]
    for result in results[1:]:
        assert result.transactions == first.transactions
        assert result.state_root == first.state_root


def _call(row: BatchRow) -> Any:
    return p.swap(**{name: key for name, (key, _) in row.accounts.items()}, **row.arguments)


def pool_row(number: int, payer: int = 10**9, guest: int = 5, **arguments: int) -> BatchRow:
    """A call of one of the other instructions, with the accounts that it may take."""
    return BatchRow(
        {
            "pool": (f"pool {number}", p.a_pool(number)),
            "payer": (f"payer {number}", Account(payer)),
            "guest": (f"guest {number}", Account(guest)),
        },
        arguments,
    )


def only(spec: InstructionSpec, row: BatchRow) -> BatchRow:
    names = [parameter.name for parameter in spec.accounts]
    return replace(row, accounts={name: row.accounts[name] for name in names})


def test_lamports_must_be_balanced_when_a_nested_call_begins() -> None:
    rows = [pool_row(n, lamports=30, early=n % 3) for n in range(30)]
    rows += [pool_row(n, payer=n % 7, lamports=3, early=0) for n in range(30, 60)]
    rows += [pool_row(n, lamports=0, early=0) for n in range(60, 70)]
    stayed, failures = compare_rows(p.pay, rows)
    assert stayed >= 20
    assert failures >= {"UnbalancedInstruction", "ResultWithNegativeLamports"}


def test_a_nested_call_adds_to_an_account_that_is_only_added_to() -> None:
    rows = [pool_row(n, payer=n % 5 * 100, lamports=100 + n % 2) for n in range(30)]
    pots = [{"guest": (f"pot {n % 3}", Account(n % 3))} for n in range(30)]
    rows = [
        replace(row, accounts={**only(p.tip, row).accounts, **pot})
        for row, pot in zip(rows, pots, strict=True)
    ]
    stayed, failures = compare_rows(p.tip, rows)
    assert stayed >= 15
    assert failures == {"ResultWithNegativeLamports"}


@pytest.mark.parametrize(
    ("spec", "failures"),
    [
        (p.write_through, {"PrivilegeEscalation"}),
        (p.endless, {"CallDepth"}),
        (p.often, {"MaxInstructionTraceLengthExceeded"}),
        (p.back, {"ReentrancyNotAllowed"}),
        (p.twice, NONE),
        (p.unknown, NONE),
    ],
)
def test_unusual_calls_are_left_to_the_scalar_handler(
    spec: InstructionSpec, failures: set[str]
) -> None:
    rows = [only(spec, pool_row(number)) for number in range(12)]
    assert compare_rows(spec, rows, programs=[p.relay], raising=False) == (0, failures)


@pytest.mark.parametrize("count", [NESTING_LEN_MIN - 1, NESTING_LEN_MIN])
def test_few_calls_that_nest_others_are_a_group(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them takes long one by one, and far fewer than usual pay for the columns."""
    groups: list[int] = []
    run = GroupExecutor.run

    def noted(self: GroupExecutor, positions: Any, signature: Any) -> Any:
        groups.append(len(positions))
        return run(self, positions, signature)

    monkeypatch.setattr(GroupExecutor, "run", noted)
    rows = [row_of(number, []) for number in range(count)]
    block = build_block([Transaction([_call(row)]) for row in rows])
    held = {Pubkey.of(name): state for row in rows for name, state in row.accounts.values()}
    before = [held.get(key, Account()) for key in block.keys]
    inputs = ExecutionInputs(block, ProgramSet([token, p.pools]), Sysvars(), before)
    execute_in_process(inputs, build_dag(block.access).waves, Arena())
    assert groups == [count] * (count == NESTING_LEN_MIN)
