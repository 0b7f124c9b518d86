"""Each stage from a file to a state root, measured separately, to locate slowdowns.

They have no targets. Save a run with `--save`, and use `--compare` after a change.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from ...ingest.building.build import BuiltFixture, build_fixture
from ...ingest.fixture.model import FixtureFile
from ...ingest.fixture.workload import WorkloadSpec
from ...ingest.fixture.workload_lines import workload_lines
from ...ingest.read_input import read_input
from ...primitives import Account, InternalError
from ...programs import builtin_programs
from ...programs.kit.program.program_set import ProgramSet
from ...programs.library.system import system
from ...programs.library.system import transfer as system_transfer
from ...runtime import Lanes, Runtime, build_block
from ...runtime.columns.account_columns import AccountColumns, ChangedAccounts
from ...runtime.columns.key_column import KeyColumn
from ...runtime.commitments.history import GENESIS_ROOT, history_root
from ...runtime.engine.parallel import plan_execution
from ...runtime.state.block_changes import BlockChanges, in_key_order
from ...scheduler import build_dag
from ..measure.contestants import SEALANE
from ..measure.rounds import rate
from ..measure.scenario import Scale, Scenario, Side, Unit
from ..workload.accounts import empty_block, place
from ..workload.calls import STARTING_LAMPORTS, account_key, fresh
from ..workload.programs import payments
from ..workload.programs import transfer as payments_transfer
from ..workload.running import executed
from ..workload.transfers import numbers_of, payers, transactions, transfer_calls

_LANES: Final = 2
_FEW_ACCOUNTS: Final = 10_000

Stage = Callable[[Scale], AbstractContextManager[Sequence[Side]]]


def stages() -> tuple[Scenario, ...]:
    """No targets."""
    every: tuple[tuple[str, str, Stage], ...] = (
        ("read", "read a generated fixture of transfers", _read),
        ("build", "make a block of transactions: keys, locks, columns", _build),
        ("plan", "plan lanes for 2 workers; writes over 10,000 accounts", _plan),
        ("root", "hash what a block has changed", _root),
        ("commit", "system transfers over 10,000 accounts, in memory and with a store", _commit),
    )
    return tuple(Scenario(f"stage-{name}", title, make, ()) for name, title, make in every)


@contextmanager
def _read(scale: Scale) -> Generator[Sequence[Side]]:
    spec = WorkloadSpec(n=scale.transactions, accounts=_FEW_ACCOUNTS)
    programs = ProgramSet(builtin_programs())

    def read(path: Path) -> BuiltFixture:
        fixture = read_input(path)
        if not isinstance(fixture, FixtureFile):
            raise InternalError("a scenario is set up wrongly: this is no fixture")
        return build_fixture(fixture, programs)

    with TemporaryDirectory(prefix="sealane-bench-") as folder:
        path = Path(folder) / "transfers.jsonl"
        path.write_text("\n".join(workload_lines(spec)), encoding="utf-8")
        yield (_side("read", "JSONL file → checked block", rate(spec.n, lambda: path, read)),)


@contextmanager
def _build(scale: Scale) -> Generator[Sequence[Side]]:
    calls = transfer_calls(payments, payments_transfer, scale.accounts, scale.transactions)
    listed = transactions(payments_transfer, calls)
    yield (
        _side(
            "build", "list of Transactions → block", rate(len(calls), lambda: listed, build_block)
        ),
    )


@contextmanager
def _plan(scale: Scale) -> Generator[Sequence[Side]]:
    calls = transfer_calls(system, system_transfer, _FEW_ACCOUNTS, scale.transactions)
    block = calls.block()
    dag = build_dag(block.access)
    measure = rate(len(calls), lambda: block, lambda each: plan_execution(each, dag, Lanes(_LANES)))
    yield (_side("plan", "block and DAG → what each lane does and waits for", measure),)


@contextmanager
def _root(scale: Scale) -> Generator[Sequence[Side]]:
    keys = KeyColumn.of([account_key(number) for number in range(scale.transactions)])
    states = AccountColumns.of([Account(STARTING_LAMPORTS)] * len(keys))
    changed = BlockChanges(empty_block(keys), ChangedAccounts(np.arange(len(keys)), states))
    measure = rate(len(keys), lambda: in_key_order(changed), partial(history_root, GENESIS_ROOT))
    includes = "changed accounts without data, in key order → root; counted are accounts"
    yield (_side("root", includes, measure),)


@contextmanager
def _commit(scale: Scale) -> Generator[Sequence[Side]]:
    calls = transfer_calls(system, system_transfer, _FEW_ACCOUNTS, scale.transactions // 10)
    numbers = numbers_of(calls)
    block = calls.block()
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="sealane-bench-"))
        sides: list[Side] = []
        for name, store in (("in memory", None), ("with a store", Path(folder) / "store")):
            runtime = stack.enter_context(Runtime(workers=0, store=store))
            place(runtime, [account_key(n) for n in numbers], payers(system.id, numbers))
            # Run again: a store would otherwise skip the block as already run.
            measure = rate(
                len(calls),
                lambda r=runtime: r.prepare(fresh(block)),
                partial(executed, runtime, again=True),
            )
            sides.append(_side(name, "prepared block → receipts, root, commit", measure))
        yield sides


def _side(name: str, includes: str, measure: Callable[[], float]) -> Side:
    return Side(name, SEALANE, Unit.RATE, includes, measure)
