"""Workloads of the library's programs, as `sealane gen` writes them: on workers, and serially.

They have no targets. Each round begins with the same accounts, so that no side meets a market that
the round before has moved.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final

from ...ingest.fixture.workload import WorkloadSpec
from ...ingest.fixture.workload_lines import workload_lines
from ...ingest.loaded_block import load
from ...ingest.workloads.registry import MARKET_INSTRUCTIONS
from ...primitives import Account, Pubkey
from ...runtime import Block, Runtime
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Unit
from ..workload.calls import fresh

_CALLS_MAX: Final = 10_000
_USERS: Final = 1_000
_WORKERS: Final = (("2 workers", 2), ("serial", 0))
_INCLUDES: Final = "prepared block → DAG, plan, execution, receipts, root"


def market() -> tuple[Scenario, ...]:
    """No targets."""
    return tuple(
        Scenario(
            f"market-{instruction}",
            f"calls of {instruction} by {_USERS:,} users, zipf",
            partial(_calls, instruction=instruction),
        )
        for instruction in MARKET_INSTRUCTIONS
    )


@contextmanager
def _calls(scale: Scale, *, instruction: str) -> Generator[Sequence[Side]]:
    count = min(_CALLS_MAX, scale.transactions)
    spec = WorkloadSpec(count, min(_USERS, count), instruction, zipf=1.1)
    loaded = load("\n".join(workload_lines(spec)).encode())
    with ExitStack() as stack:
        sides: list[Side] = []
        for name, workers in _WORKERS:
            runtime = stack.enter_context(loaded.runtime(workers=workers))
            begin = partial(_begin, runtime, loaded.accounts, loaded.block)
            measure = rate(count, begin, runtime.execute)
            sides.append(Side(name, SEALANE, Unit.RATE, _INCLUDES, measure))
        yield sides


def _begin(runtime: Runtime, accounts: Mapping[Pubkey, Account], block: Block) -> Block:
    for key, account in accounts.items():
        runtime.set_account(
            key,
            lamports=account.lamports,
            owner=account.owner,
            data=account.data,
            executable=account.executable,
        )
    return runtime.prepare(fresh(block))
