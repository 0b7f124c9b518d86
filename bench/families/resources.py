"""The cost of an idle runtime: processor time and memory."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from time import perf_counter, sleep
from typing import Final

from ...primitives import InternalError
from ...runtime import Runtime
from ..measure.contestants import SEALANE
from ..measure.process_tree import processor_seconds, started_processes
from ..measure.scenario import Scale, Scenario, Side, Target, Unit
from ..workload.accounts import place
from ..workload.calls import account_key
from ..workload.programs import payments, transfer
from ..workload.running import executed
from ..workload.transfers import numbers_of, payers, transfer_calls
from .probe import probe

_WORKERS: Final = 2
_TRANSFERS: Final = 1_000
_ACCOUNTS: Final = 10_000


def resources() -> tuple[Scenario, ...]:
    """Targets 8 and 11."""
    return (
        Scenario(
            "idle",
            "two workers that have run a block and wait for the next one",
            _idle,
            (Target(8, "workers", at_most=1),),
        ),
        Scenario(
            "memory",
            "1,000,000 accounts held, two workers started, a block run",
            _memory,
            (Target(11, "all processes", at_most=400),),
            rounds_max=1,
        ),
    )


@contextmanager
def _idle(scale: Scale) -> Generator[Sequence[Side]]:
    others = started_processes()
    # A user's program: a library program would run in this process, without workers.
    calls = transfer_calls(payments, transfer, _ACCOUNTS, _TRANSFERS)
    numbers = numbers_of(calls)
    with Runtime(workers=_WORKERS, programs=[payments]) as runtime:
        place(runtime, [account_key(n) for n in numbers], payers(payments.id, numbers))
        executed(runtime, calls.block())
        workers = started_processes() - others
        if len(workers) < _WORKERS:
            raise InternalError("a scenario is set up wrongly: no workers were started")

        def measure() -> float:
            started, before = perf_counter(), processor_seconds(workers)
            sleep(scale.idle_s)
            used = processor_seconds(workers) - before
            return 100 * used / (perf_counter() - started)

        yield (
            Side(
                "workers",
                SEALANE,
                Unit.CORE_SHARE,
                f"every process that the runtime started, over {scale.idle_s:g} s",
                measure,
            ),
        )


@contextmanager
def _memory(scale: Scale) -> Generator[Sequence[Side]]:
    yield (
        Side(
            "all processes",
            SEALANE,
            Unit.MEGABYTES,
            f"{scale.accounts:,} accounts, interpreters and imports; shared memory counted once",
            lambda: probe("accounts", scale.accounts),
        ),
    )
