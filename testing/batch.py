"""Compares a batch handler with its scalar handler, using Hypothesis.

    def test_vectorized_transfer():
        assert_batch_matches_scalar(system.transfer)

Blocks of calls with random accounts and arguments are executed twice: one by one through the
serial executor, and as vectorized groups. Receipts and account states must be equal. They include
failing rows, repeated accounts, payers that cannot pay and values at the ends of their ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self, cast

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ..primitives import Account, Pubkey, Transaction
from ..programs import builtin_programs
from ..programs.kit import InstructionSpec, Layout, Program, Sysvars
from ..programs.kit.program.program_set import ProgramSet
from ..runtime.block.block import Block
from ..runtime.block.block_building import build_block
from ..runtime.engine.in_process import execute_in_process
from ..runtime.memory.arena import Arena
from ..runtime.svm.execution_inputs import ExecutionInputs
from ..runtime.svm.execution_outcome import Execution
from ..runtime.svm.serial import execute_serially
from ..scheduler import build_dag
from .batch_rows import BatchRow, rows_for

_ROWS_MAX: Final = 12


@dataclass
class BatchComparison:
    """How many `rows` were compared, how many `succeeded`, and how many stayed `vectorized`.

    `failures`: the names of the errors of the others. `alone`: a row that succeeded and yet did not
    stay in the batch, if one was drawn by itself.
    """

    rows: int = 0
    succeeded: int = 0
    vectorized: int = 0
    failures: set[str] = field(default_factory=set[str])
    alone: BatchRow | None = None

    def __iadd__(self, other: BatchComparison) -> Self:
        self.rows += other.rows
        self.succeeded += other.succeeded
        self.vectorized += other.vectorized
        self.failures |= other.failures
        self.alone = other.alone or self.alone  # the last is the smallest, where they shrink
        return self


def assert_batch_matches_scalar(
    spec: InstructionSpec,
    *,
    layouts: Mapping[str, type[Layout]] | None = None,
    rows: Callable[[int], st.SearchStrategy[BatchRow]] | None = None,
    programs: Sequence[Program] = (),
    examples: int = 60,
    shrink: bool = True,
) -> BatchComparison:
    """Fail unless the batch handler of `spec` treats every row as its scalar handler does.

    `layouts`: what unchecked accounts usually hold, by parameter. `rows` replaces the generated
    rows, for an instruction that random rows rarely get through: a function of the row's number,
    with which it can keep the keys of different rows distinct. `programs`: those that it calls, if
    they are not of the library. With `shrink=False`, a failing example is shown as found. Also
    fails if the batch handler raises, or if no row ever stayed in the batch. Returns what was
    compared.
    """
    if spec.batch_handler is None:
        raise AssertionError(f"{spec.full_name} has no batch handler")
    if spec.misread_when_vectorized is not None:
        raise AssertionError(
            f"{spec.full_name} is never vectorized: {spec.misread_when_vectorized}"
        )
    held = layouts or {}

    def make(number: int) -> st.SearchStrategy[BatchRow]:
        return rows_for(spec, held, number) if rows is None else rows(number)

    blocks = st.integers(1, _ROWS_MAX).flatmap(lambda n: st.tuples(*map(make, range(n))))
    seen = BatchComparison()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        suppress_health_check=tuple(cast(Any, HealthCheck)),
    )
    @given(blocks)
    def check(drawn: tuple[BatchRow, ...]) -> None:
        nonlocal seen
        seen += compare(spec, drawn, programs=programs)

    check()
    if not seen.vectorized:
        raise AssertionError(_nothing_compared(spec, seen))
    return seen


def _nothing_compared(spec: InstructionSpec, seen: BatchComparison) -> str:
    failures = ", ".join(sorted(seen.failures)) or "none"
    remedy = "Give `layouts` or `rows` with which the instruction succeeds"
    if seen.alone is not None:
        remedy = (
            f"With {seen.alone.arguments} it succeeds only alone: something leaves such rows out, "
            "such as only_where, rarely, a sum of Adds that might overflow, or a nested call that "
            "does so, as token.transfer does with an amount of 0"
        )
    return (
        f"{spec.full_name}: none of {seen.rows} rows stayed in the batch, so nothing was "
        f"compared; {seen.succeeded} succeeded one by one, failures met: {failures}. {remedy}"
    )


def compare_rows(
    spec: InstructionSpec,
    rows: Sequence[BatchRow],
    *,
    programs: Sequence[Program] = (),
    raising: bool = True,
) -> tuple[int, set[str]]:
    """As `compare`; returns how many rows stayed in the group, and the names of the errors."""
    seen = compare(spec, rows, programs=programs, raising=raising)
    return seen.vectorized, seen.failures


def compare(
    spec: InstructionSpec,
    rows: Sequence[BatchRow],
    *,
    programs: Sequence[Program] = (),
    raising: bool = True,
) -> BatchComparison:
    """Execute these calls as a group and one by one, and fail if the outcomes differ.

    With `raising`, an exception of the batch handler propagates.
    """
    block, before = _block_of(spec, rows)
    known = ProgramSet([*builtin_programs(), *programs])
    if known.get(spec.program_id) is None:
        known.add(spec.program)
    inputs = ExecutionInputs(block, known, Sysvars(), before)
    expected = execute_serially(inputs)
    waves = build_dag(block.access).waves
    actual, stayed = execute_in_process(inputs, waves, Arena(), group_len_min=1, raising=raising)
    _require_equal(spec, expected, actual)
    failures = [d.failure.name for d in expected.details.values() if d.failure is not None]
    alone = rows[0] if len(rows) == 1 and not failures and not stayed else None
    return BatchComparison(len(rows), len(rows) - len(failures), stayed, set(failures), alone)


def _block_of(spec: InstructionSpec, rows: Sequence[BatchRow]) -> tuple[Block, list[Account]]:
    """The rows as transactions, and the initial accounts by account id."""
    states: dict[Pubkey, Account] = {}
    transactions: list[Transaction] = []
    for row in rows:
        placed = [*row.accounts.values(), *([row.payer] if row.payer else [])]
        states |= {Pubkey.of(name): state for name, state in placed}
        names = {parameter: name for parameter, (name, _) in row.accounts.items()}
        payer = row.payer[0] if row.payer else None
        transactions.append(Transaction([spec(**names, **row.arguments)], payer=payer, fee=row.fee))
    block = build_block(transactions)
    return block, [states.get(key, Account()) for key in block.keys]


def _require_equal(spec: InstructionSpec, expected: Execution, actual: Execution) -> None:
    name = spec.full_name
    assert np.array_equal(expected.fees, actual.fees), f"{name}: fees differ"
    assert np.array_equal(expected.compute_units, actual.compute_units), f"{name}: units differ"
    assert expected.details == actual.details, f"{name}: receipts differ"
    assert expected.changed == actual.changed, f"{name}: account states differ"
