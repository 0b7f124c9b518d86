"""Realistic blocks: several programs, two calls in a transaction, failing transactions.

They have no targets; they show what the shapes of the targets do not.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from ...runtime import Runtime, build_block
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Unit
from ..workload.accounts import place
from ..workload.calls import fresh
from ..workload.mixed import mixed_accounts, mixed_transactions
from ..workload.programs import payments

_WORKERS: Final = (("2 workers", 2), ("serial", 0))


def mixed() -> tuple[Scenario, ...]:
    """No targets."""
    title = "transfers by three programs, some with memos, one in ten failing"
    return (Scenario("mixed-programs", title, _programs, ()),)


@contextmanager
def _programs(scale: Scale) -> Generator[Sequence[Side]]:
    block = build_block(mixed_transactions(scale.transactions // 10))
    with ExitStack() as stack:
        runtimes = [
            stack.enter_context(Runtime(workers=count, programs=[payments]))
            for _, count in _WORKERS
        ]
        for runtime in runtimes:
            place(runtime, *mixed_accounts())
        yield [
            Side(
                name,
                SEALANE,
                Unit.RATE,
                "prepared block, new to the runtime → DAG, plan, execution, receipts, root",
                rate(len(block), lambda r=runtime: r.prepare(fresh(block)), runtime.execute),
            )
            for (name, _), runtime in zip(_WORKERS, runtimes, strict=True)
        ]
