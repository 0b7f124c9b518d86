"""The chain's rules in all three executors: the same outcome for all amounts and payers.

    alone        every transaction by execute_serially
    by row       the same block, its calls in the generated loop
    vectorized   the same block, its calls by the batch handler

Each transaction has separate accounts, so that all of a block are in one wave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane import Account, Pubkey, Transaction
from sealane.primitives import SYSTEM_PROGRAM_ID
from sealane.programs import Mut, Program, UncheckedAccount, builtin_programs, u64
from sealane.programs.kit import Rent, Sysvars
from sealane.programs.kit.program.program_set import ProgramSet
from sealane.programs.library.nonce_account import NonceAccount
from sealane.runtime.block.block_building import build_block
from sealane.runtime.engine.in_process import execute_in_process
from sealane.runtime.memory.arena import Arena
from sealane.runtime.svm.execution_inputs import ExecutionInputs
from sealane.runtime.svm.serial import execute_serially
from sealane.scheduler import build_dag

by_row = Program("mover_by_row", pays_fees=True)
vectorized = Program("mover_vectorized", pays_fees=True)


def move(source: Mut[UncheckedAccount], to: Mut[UncheckedAccount], minus: u64, plus: u64) -> None:
    """Of honest transfers `minus` is `plus`."""
    source.lamports -= minus
    to.lamports += plus


moves = {program: program.instruction(tag=0)(move) for program in (by_row, vectorized)}
moves[vectorized].batch(move)

MINIMUM = Rent().minimum_balance(0)
FEE = 5_000


class Case(NamedTuple):
    """One transaction: the lamports of its accounts, the amounts taken and added, and the payer."""

    source: Account
    to: Account
    amounts: tuple[int, int]
    payer: str
    payer_state: Account
    fee: int


def cases(program: Program) -> st.SearchStrategy[Case]:
    around = [0, 1, FEE, FEE + 1, MINIMUM - 1, MINIMUM, MINIMUM + 1, MINIMUM + FEE, 10**9]
    lamports = st.sampled_from(around)
    owner = st.sampled_from([program.id, program.id, SYSTEM_PROGRAM_ID, Pubkey.of("somebody")])
    data = st.sampled_from([b"", b"", b"\1" * 8, bytes(NonceAccount.layout_size)])
    ordinary = st.builds(
        Account,
        st.sampled_from([10**9, 2 * 10**9]),
        st.just(program.id),
        st.just(b""),
        st.just(False),
    )
    account = st.one_of(ordinary, st.builds(Account, lamports, owner, data, st.just(False)))

    def moving(held: Account) -> st.SearchStrategy[tuple[int, int]]:
        """Often all of it, or just so much that the fee, or the minimum, is left."""
        amounts = {0, 1, held.lamports, *(held.lamports - n for n in around)}
        amount = st.sampled_from(sorted(n for n in amounts if n >= 0))
        honest = amount.map(lambda n: (n, n))
        return st.one_of(honest, honest, amount.map(lambda n: (n, n + 1)))

    return account.flatmap(
        lambda source: st.builds(
            Case,
            st.just(source),
            account,
            moving(source),
            st.sampled_from(["source", "to", "another", "another"]),
            account,
            st.sampled_from([0, FEE, FEE]),
        )
    )


@pytest.mark.parametrize("enforced", [False, True])
@pytest.mark.parametrize("program", [by_row, vectorized], ids=lambda program: program.name)
def test_all_executors_give_the_outcome_of_executing_alone(
    program: Program, enforced: bool
) -> None:
    together = 0
    met: set[str] = set()
    programs = ProgramSet([*builtin_programs(), program])
    sysvars = Sysvars()
    sysvars = replace(sysvars, rent=replace(sysvars.rent, enforced=enforced))

    @settings(
        max_examples=250,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(cases(program), min_size=1, max_size=8))
    def check(drawn: list[Case]) -> None:
        nonlocal together
        inputs = inputs_of(program, drawn, programs, sysvars)
        waves = build_dag(inputs.block.access).waves
        assert len(waves) == 1
        actual, grouped = execute_in_process(inputs, waves, Arena(), group_len_min=1)
        expected = execute_serially(inputs)
        assert actual.details == expected.details
        assert actual.fees.tolist() == expected.fees.tolist()
        assert actual.compute_units.tolist() == expected.compute_units.tolist()
        assert dict(actual.changed) == dict(expected.changed)
        together += grouped
        met.update(d.failure.name for d in expected.details.values() if d.failure is not None)

    check()
    assert together > 150
    assert {"AccountNotFound", "InvalidAccountForFee", "InsufficientFundsForFee"} <= met
    assert {"UnbalancedInstruction", "ExternalAccountLamportSpend"} <= met
    assert ("InsufficientFundsForRent" in met) == enforced


def inputs_of(
    program: Program, drawn: list[Case], programs: ProgramSet, sysvars: Sysvars
) -> ExecutionInputs:
    held: dict[Pubkey, Account] = {}
    transactions: list[Transaction] = []
    for number, case in enumerate(drawn):
        names = {role: f"{role} {number}" for role in ("source", "to", "another")}
        states = (case.source, case.to, case.payer_state)
        held |= {Pubkey.of(n): state for n, state in zip(names.values(), states, strict=True)}
        call = moves[program](
            source=names["source"], to=names["to"], minus=case.amounts[0], plus=case.amounts[1]
        )
        transactions.append(Transaction([call], payer=names[case.payer], fee=case.fee))
    block = build_block(transactions)
    return ExecutionInputs(block, programs, sysvars, [held[key] for key in block.keys])
