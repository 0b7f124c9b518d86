"""The oracle: every transaction in file order, in this process, on a plain list of accounts.

Small and obvious on purpose. It shares only the execution of a single transaction with the
parallel executor: it has no schedule, no shared memory and no worker.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...primitives import Account, OutOfMemory
from ...programs.kit.accounts.added_record import Place, added_to
from ..columns.account_columns import ChangedAccounts
from ..columns.stopwatch import NOTHING, ExecutionTimes, Stopwatch
from .execution_inputs import ExecutionInputs
from .execution_outcome import Execution
from .measured_timeline import MeasuredTimeline
from .process_guard import ProcessGuard, until_nothing_changes
from .recorder import Recorder
from .trace import TracedAccounts, empty_trace
from .transaction_executor import TransactionExecutor
from .tries import Route, Tries


class AccountList:
    """Account states in a list, by account id."""

    def __init__(self, states: Sequence[Account]) -> None:
        self.states = list(states)

    def load(self, account: int) -> Account:
        return self.states[account]

    def store(self, account: int, state: Account) -> None:
        self.states[account] = state

    def load_to_add(self, account: int) -> Account:
        return self.states[account]

    def add(self, account: int, lamports: int, sums: Mapping[Place, int]) -> None:
        self.states[account] = added_to(self.states[account], lamports, sums)


def execute_serially(
    inputs: ExecutionInputs,
    *,
    progress: Callable[[int], None] | None = None,
    traced: bool = False,
    timed: bool = False,
    recorder: Recorder | None = None,
) -> Execution:
    """Execute a block's transactions one by one, in file order.

    `progress` is called with the number of transactions done. `traced`, `timed`: include a trace,
    a timeline in the execution. A `recorder` gets a recording of each transaction. Raises
    OutOfMemory.
    """

    tries = Tries()

    def execute() -> Execution:
        tries.begin(Route.SERIAL, workers=0)
        times = ExecutionTimes.empty(len(inputs.block)) if timed else None
        execution = _execute_once(inputs, progress, traced, times, recorder)
        execution.timeline = None if times is None else MeasuredTimeline.by_one(times, worker=0)
        return execution

    execution = until_nothing_changes(inputs.programs, execute, tries)
    execution.note(tries)
    return execution


def _execute_once(
    inputs: ExecutionInputs,
    progress: Callable[[int], None] | None,
    traced: bool,
    times: ExecutionTimes | None,
    recorder: Recorder | None,
) -> Execution:
    """Raises ProcessChanged."""
    watch = None if times is None else Stopwatch(times, [0])
    block, before_block = inputs.block, list(inputs.states)
    accounts = AccountList(before_block)
    executor = TransactionExecutor(inputs, recorder)
    execution = Execution.empty(len(block))
    execution.trace = empty_trace(block) if traced else None
    watched = None if execution.trace is None else TracedAccounts(block, accounts, execution.trace)
    # With a recorder no transaction may be executed again: it would be recorded twice.
    guard = ProcessGuard(executor.called, inputs.programs, attentive=recorder is not None)
    position = 0
    try:
        with guard:
            for position in range(len(block)):
                if watched is not None:
                    watched.begin(position)
                if watch is not None:
                    watch[0] = position
                outcome = guard.run_alone(executor.execute, position, watched or accounts)
                execution.record(position, outcome)
                if watch is not None:
                    watch[0] = NOTHING
                if progress is not None:
                    with guard.released():
                        progress(position + 1)
    except MemoryError as error:
        raise OutOfMemory(block.ids[position]) from error
    guard.require_unchanged()
    changed = {
        account: after
        for account, (before, after) in enumerate(zip(before_block, accounts.states, strict=True))
        if after is not before and after != before
    }
    execution.changed = ChangedAccounts.of(changed)
    return execution
