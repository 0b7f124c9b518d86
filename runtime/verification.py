"""Executes one block in many ways and says where the outcomes first differ.

The serial execution is the reference. Against it stand: a second serial one (programs that keep
something between calls), parallel ones on several worker counts, and single workers that take the
transactions in random legal orders, every pool with a hash seed of its own. A program that reads
nothing but its accounts and arguments passes all of them. Nothing is committed.
Does not: prove determinism; it looks for the usual suspects.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..primitives import Account
from ..scheduler import Plan, build_dag, legal_order
from .block import Block
from .execution import Execution
from .parallel import SharedMemory, execute_in_parallel, plan_execution
from .pool import WorkerPool
from .receipt import NO_DETAIL
from .runtime import Runtime
from .segment import SegmentFolder
from .serial import execute_serially

WORKER_COUNTS: Final = (1, 2, 4)
LEGAL_ORDERS: Final = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a variant first departs from the serial execution, in file order.

    `account` is the account left in another state, None when only the receipt differs.
    """

    variant: str
    transaction: str
    account: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The variants that were run, in order, and each one's first difference, if it has one."""

    variants: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences


def verify_block(
    runtime: Runtime,
    block: Block,
    *,
    worker_counts: Sequence[int] = WORKER_COUNTS,
    legal_orders: int = LEGAL_ORDERS,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Execute `block` on the runtime's state in every variant; commit nothing.

    `seed` determines the legal orders and hash seeds; `progress` is told each variant's name
    before it runs. Raises InputError for a block that cannot be run.
    """
    block = runtime.prepare(block)
    states = runtime.states_of(block)
    reference = execute_serially(block, states, runtime.programs, runtime.sysvars, traced=True)
    names: list[str] = []
    differences: list[Difference] = []
    # Closed here and now, with its workers, and not when an exception lets go of it.
    with closing(_variants(runtime, block, states, worker_counts, legal_orders, seed)) as variants:
        for name, execute in variants:
            names.append(name)
            if progress is not None:
                progress(name)
            difference = _first_difference(name, block, reference, execute())
            if difference is not None:
                differences.append(difference)
    return Verification(tuple(names), tuple(differences))


Variant = tuple[str, Callable[[], Execution]]


def _variants(
    runtime: Runtime,
    block: Block,
    states: Sequence[Account],
    worker_counts: Sequence[int],
    legal_orders: int,
    seed: int,
) -> Generator[Variant]:
    programs, sysvars, limits = runtime.programs, runtime.sysvars, runtime.limits
    yield (
        "serial, again",
        lambda: execute_serially(block, states, programs, sysvars, traced=True),
    )
    dag = build_dag(block.access)
    with SegmentFolder() as folder:

        def run(plan: Plan, pool: WorkerPool) -> Execution:
            return execute_in_parallel(
                block,
                states,
                lambda: dag,
                pool,
                SharedMemory(folder, pool),
                programs,
                sysvars,
                plan=plan,
                traced=True,
            )

        for count in worker_counts:
            plan = plan_execution(block, dag, count)
            with WorkerPool(count, hash_seed=seed + count, limits=limits) as pool:
                yield f"{count} workers" if count > 1 else "1 worker", lambda: run(plan, pool)  # noqa: B023 - run before the next is asked for
        with WorkerPool(1, hash_seed=seed, limits=limits) as pool:
            for number in range(legal_orders):
                plan = Plan.in_order(legal_order(dag, seed + number))
                yield f"legal order {seed + number}", lambda: run(plan, pool)  # noqa: B023


def _first_difference(
    variant: str, block: Block, reference: Execution, other: Execution
) -> Difference | None:
    position = _first_differing(block, reference, other)
    if position is None:
        return None
    account = _differing_account(block, position, reference, other)
    expected, actual = _describe(reference, position), _describe(other, position)
    if expected != actual:
        message = f"serial: {expected}; {variant}: {actual}"
    else:
        message = "the receipts agree, the account's state does not"
    return Difference(variant, block.ids[position], account, message)


def _first_differing(block: Block, reference: Execution, other: Execution) -> int | None:
    """The first transaction, in file order, whose receipt or effect differs."""
    assert reference.trace is not None  # both were traced
    assert other.trace is not None
    differs = (reference.fees != other.fees) | (reference.compute_units != other.compute_units)
    rows = np.flatnonzero(reference.trace != other.trace)
    differs[np.searchsorted(block.access.offsets, rows, side="right") - 1] = True
    for position in reference.details.keys() | other.details.keys():
        left = reference.details.get(position, NO_DETAIL)
        differs[position] |= left != other.details.get(position, NO_DETAIL)
    found = np.flatnonzero(differs)
    return int(found[0]) if len(found) else None


def _differing_account(
    block: Block, position: int, reference: Execution, other: Execution
) -> str | None:
    assert reference.trace is not None
    assert other.trace is not None
    start, end = block.access.offsets[position : position + 2].tolist()
    rows = np.flatnonzero(reference.trace[start:end] != other.trace[start:end])
    if not len(rows):
        return None
    return str(block.keys[int(block.access.accounts[start + int(rows[0])])])


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
