"""Executes one block in many variants, and finds where their outcomes first differ.

The serial execution is the reference. It is compared with a second serial one (for programs that
keep state between calls); with parallel ones on several worker counts; with single workers that
execute the transactions in random legal orders, every pool with a different hash seed; with one
that seems to be on another machine (see environment_spoofing.py); and with the routes for small
blocks, if a runtime would use them: waves in this process, for library programs only, and an inline
block on one worker. A program that reads only its accounts and arguments passes all of them.
Nothing is committed.
Does not: prove determinism; it finds the usual causes. The routes for small blocks run untraced, as
in `execute`: only their receipts and the final states are compared, not each transaction's stores.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..scheduler import Plan, build_dag, legal_order
from .block.block import Block
from .block.limits import Limits
from .engine.block_facts import calls_trusted_only
from .engine.in_process import execute_in_process
from .engine.parallel import SharedMemory, execute_in_parallel
from .engine.route_policy import MESSAGE_BYTES_MAX
from .engine.worker_choice import TRANSACTIONS_MAX
from .memory.arena import Arena
from .memory.segment import SegmentFolder
from .runtime import Runtime
from .state.account_difference import account_difference
from .svm.execution_inputs import ExecutionInputs
from .svm.execution_outcome import Execution
from .svm.receipt import NO_DETAIL
from .svm.serial import execute_serially
from .workers.inline_blocks import InlineDraft, draft_block
from .workers.pool import WorkerPool

WORKER_COUNTS: Final = (1, 2, 4)
LEGAL_ORDERS: Final = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference between a variant and the serial execution, in file order.

    `account`: the account whose state differs; None if only the receipt does. If only final states
    are known, and the receipts are equal, `transaction` is the last one that stored the account.
    `expected`, `actual`: the serial receipt and the variant's; if the receipts are equal, the
    account's states after the block.
    """

    variant: str
    transaction: str
    account: str | None
    expected: str
    actual: str

    @property
    def message(self) -> str:
        """`expected` and `actual` in one line."""
        return f"serial: {self.expected}; {self.variant}: {self.actual}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The variants that were run, in order, and the first difference of each that has one."""

    variants: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences

    def named(self, in_text: Callable[[str], str]) -> Verification:
        """A copy with names for keys. `in_text`: replaces the keys in a text by names."""
        found = [
            replace(
                difference,
                account=None if difference.account is None else in_text(difference.account),
                expected=in_text(difference.expected),
                actual=in_text(difference.actual),
            )
            for difference in self.differences
        ]
        return Verification(self.variants, tuple(found))


class VerificationStep(NamedTuple):
    """What is being executed, and how many of all variants' transactions are done so far."""

    variant: str
    done: int
    total: int


def verify_block(
    runtime: Runtime,
    block: Block,
    *,
    worker_counts: Sequence[int] = WORKER_COUNTS,
    legal_orders: int = LEGAL_ORDERS,
    seed: int = 0,
    progress: Callable[[VerificationStep], None] | None = None,
) -> Verification:
    """Execute `block` on the runtime's state in every variant, without committing anything.

    `seed` determines the legal orders and hash seeds. `progress` is called before each variant, and
    while it runs. Raises InputError for a block that cannot be run.
    """
    block = runtime.prepare(block)
    states = runtime.states_of(block)
    inputs = ExecutionInputs(block, runtime.programs, runtime.sysvars, states)
    draft = draft_block(inputs)
    kinds = _Kinds(
        in_process=calls_trusted_only(block, inputs.programs),
        inline=len(block) <= TRANSACTIONS_MAX and draft.size <= MESSAGE_BYTES_MAX,
        worker_counts=worker_counts,
        legal_orders=legal_orders,
    )
    steps = _Steps(progress, len(block), len(kinds) + 1)
    reference = execute_serially(inputs, traced=True, progress=steps.begin("serial"))
    names: list[str] = []
    differences: list[Difference] = []
    # Closed here together with its workers, not when the exception's traceback is collected.
    with closing(_variants(inputs, draft, runtime.limits, kinds, seed)) as variants:
        for name, execute in variants:
            names.append(name)
            other = execute(steps.begin(name))
            difference = _first_difference(name, inputs, reference, other)
            if difference is not None:
                differences.append(difference)
    return Verification(tuple(names), tuple(differences))


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Which variants there are, beside those that there always are."""

    in_process: bool
    inline: bool
    worker_counts: Sequence[int]
    legal_orders: int

    def __len__(self) -> int:
        """How many variants there are."""
        always = 2  # serial again, and elsewhere
        return always + self.in_process + self.inline + len(self.worker_counts) + self.legal_orders


Told = Callable[[int], None] | None


class _Steps:
    """Tells of all executions together: each executes `transactions`."""

    def __init__(
        self,
        progress: Callable[[VerificationStep], None] | None,
        transactions: int,
        executions: int,
    ) -> None:
        self._progress = progress
        self._transactions = transactions
        self._total = transactions * executions
        self._begun = 0

    def begin(self, variant: str) -> Told:
        """Tell that an execution begins. Returns what tells of its transactions."""
        progress, before, total = self._progress, self._begun * self._transactions, self._total
        self._begun += 1
        if progress is None:
            return None
        progress(VerificationStep(variant, before, total))
        return lambda done: progress(VerificationStep(variant, before + done, total))


Variant = tuple[str, Callable[[Told], Execution]]


def _variants(
    inputs: ExecutionInputs, draft: InlineDraft, limits: Limits, kinds: _Kinds, seed: int
) -> Generator[Variant]:
    block = inputs.block
    yield "serial, again", lambda told: execute_serially(inputs, traced=True, progress=told)
    dag = build_dag(block.access)
    if kinds.in_process:
        yield (
            "in this process, by waves",
            lambda _: execute_in_process(inputs, dag.waves, Arena())[0],  # too quick to tell of
        )
    with SegmentFolder() as folder:

        def run(
            pool: WorkerPool, told: Told, *, plan: Plan | None = None, whole: bool = False
        ) -> Execution:
            """By this plan, or by one with a lane for each worker; or as an inline block."""
            return execute_in_parallel(
                inputs,
                lambda: dag,
                pool,
                SharedMemory(folder, pool),
                inline=draft if whole else None,
                plan=plan,
                progress=told,
                traced=not whole,
            )

        for count in kinds.worker_counts:
            with WorkerPool(count, hash_seed=seed + count, limits=limits) as pool:
                name = f"{count} workers" if count > 1 else "1 worker"
                yield name, lambda told: run(pool, told)
        with WorkerPool(1, hash_seed=seed, limits=limits) as pool:
            if kinds.inline:
                yield "1 worker, whole block", lambda told: run(pool, told, whole=True)
            for number in range(kinds.legal_orders):
                plan = Plan.in_order(legal_order(dag, seed + number))
                yield f"legal order {seed + number}", lambda told: run(pool, told, plan=plan)  # noqa: B023
        with WorkerPool(1, hash_seed=seed, limits=limits, spoofed=True) as pool:
            yield "1 worker, elsewhere", lambda told: run(pool, told)


def _first_difference(
    variant: str, inputs: ExecutionInputs, reference: Execution, other: Execution
) -> Difference | None:
    block = inputs.block
    found = (
        _first_left_otherwise(block, reference, other)
        if other.trace is None
        else _first_stored_otherwise(block, reference, other)
    )
    if found is None:
        return None
    position, account = found
    expected, actual = _describe(reference, position), _describe(other, position)
    key = None if account is None else str(block.keys[account])
    if account is not None and expected == actual:
        here, there = (
            dict(e.changed).get(account, inputs.states[account]) for e in (reference, other)
        )
        expected, actual = account_difference(here, there, inputs.programs)
        if not expected:
            expected, actual = "one state on the way", "another, which ends alike"
    return Difference(variant, block.ids[position], key, expected, actual)


def _first_stored_otherwise(
    block: Block, reference: Execution, other: Execution
) -> tuple[int, int | None] | None:
    """The first transaction in file order whose receipt or effect differs, and the account."""
    assert reference.trace is not None  # both were traced
    assert other.trace is not None
    differs = _differing_receipts(reference, other)
    stored_otherwise = reference.trace != other.trace
    rows = np.flatnonzero(stored_otherwise)
    differs[np.searchsorted(block.access.offsets, rows, side="right") - 1] = True
    if not differs.any():
        return None
    position = int(differs.argmax())
    return position, _account_among(block, position, stored_otherwise)


def _first_left_otherwise(
    block: Block, reference: Execution, other: Execution
) -> tuple[int, int | None] | None:
    """The same for an execution without a trace, from receipts and final states.

    Receipts come first, as any earlier transaction may have caused a difference in a final state.
    """
    assert reference.trace is not None
    expected, actual = dict(reference.changed), dict(other.changed)
    accounts = [
        account
        for account in expected.keys() | actual.keys()
        if expected.get(account) != actual.get(account)
    ]
    left_otherwise = np.isin(block.access.accounts, accounts)
    differs = _differing_receipts(reference, other)
    if differs.any():
        position = int(differs.argmax())
        return position, _account_among(block, position, left_otherwise)
    if not accounts:
        return None
    # The last transaction to store each account; for one that none stored, the last to name it.
    last: dict[int, int] = {}
    for rows in (left_otherwise, left_otherwise & (reference.trace != 0)):
        found = np.flatnonzero(rows)
        last.update(zip(block.access.accounts[found].tolist(), found.tolist(), strict=True))
    row = min(last.values())
    position = int(np.searchsorted(block.access.offsets, row, side="right")) - 1
    return position, int(block.access.accounts[row])


def _differing_receipts(reference: Execution, other: Execution) -> NDArray[np.bool_]:
    differs = (reference.fees != other.fees) | (reference.compute_units != other.compute_units)
    for position in reference.details.keys() | other.details.keys():
        left = reference.details.get(position, NO_DETAIL)
        differs[position] |= left != other.details.get(position, NO_DETAIL)
    return differs


def _account_among(block: Block, position: int, rows: NDArray[np.bool_]) -> int | None:
    """The first account of a transaction that is among these accesses; None if none is."""
    start, end = block.access.offsets[position : position + 2].tolist()
    found = np.flatnonzero(rows[start:end])
    return int(block.access.accounts[start + int(found[0])]) if len(found) else None


def _describe(execution: Execution, position: int) -> str:
    detail = execution.details.get(position, NO_DETAIL)
    what = "ok" if detail.failure is None else f"{detail.failure.name} ({detail.failure.message})"
    units = int(execution.compute_units[position])
    text = f"{what}, {units} compute units, fee {int(execution.fees[position])}"
    if detail.logs:
        text += f", logs {list(detail.logs)}"
    if detail.return_data is not None:
        text += f", return data {detail.return_data.hex()}"
    return text
