"""Lints a fixture: executes its block with a recorder, then looks at each transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...ingest.loaded_block import LoadedBlock
from ...primitives import Account, Failure, Pubkey, UsageError
from ...runtime.svm.execution_inputs import ExecutionInputs
from ...runtime.svm.execution_outcome import Execution
from ...runtime.svm.receipt import NO_DETAIL
from ...runtime.svm.recorder import Recorder, Recording
from ...runtime.svm.serial import execute_serially
from .draft import Draft
from .finding import Found, Unknown
from .undeclared import find_undeclared
from .unneeded import find_unneeded

Progress = Callable[[int], None]


def lint_executed(
    loaded: LoadedBlock, progress: Progress | None = None
) -> tuple[list[Found], list[Unknown]]:
    """What is found in a fixture's block, in block order. Nothing is committed.

    `progress` is called with how much is done of twice the number of transactions: each is executed
    and then looked at. Raises UsageError for a block with a transaction that names only its locks,
    MachineError if the machine fails.
    """
    block = loaded.block
    bare = block.first_plan_only()
    if bare is not None:
        raise UsageError(
            f"{block.ids[bare]!r} names only its locks: it touches nothing to compare "
            "them with, so it cannot be linted; give it instructions",
            path=loaded.path,
        )
    found: list[Found] = []
    unknown: list[Unknown] = []
    with loaded.runtime(workers=0) as runtime:
        inputs = ExecutionInputs(
            block, runtime.programs, runtime.sysvars, list(runtime.states_of(block))
        )
        linted = _Linted(inputs, runtime.account, progress)
        for position in range(len(block)):
            failure = linted.failure(position)
            if failure is None:
                found += linted.unneeded(position)
            else:
                lacking, left = linted.undeclared(position, failure)
                found += lacking
                writes = linted.writes(position)
                unknown.append(_unknown(block.ids[position], writes, left, failure))
            if progress is not None:
                progress(len(block) + position + 1)
    return found, unknown


class _Linted:
    """A block that was executed with a recorder."""

    def __init__(
        self,
        inputs: ExecutionInputs,
        elsewhere: Callable[[Pubkey], Account],
        progress: Progress | None,
    ) -> None:
        self._inputs = inputs
        self._elsewhere = elsewhere
        recorder = Recorder()
        self._execution: Execution = execute_serially(inputs, progress=progress, recorder=recorder)
        self._recordings: Mapping[int, Recording] = recorder.recordings

    def failure(self, position: int) -> Failure | None:
        return self._execution.details.get(position, NO_DETAIL).failure

    def writes(self, position: int) -> int:
        """How many accounts, its payer apart, the transaction locks for writing."""
        accounts, writes = self._inputs.block.access.of(position)
        return int((writes & (accounts != self._inputs.block.payers[position])).sum())

    def unneeded(self, position: int) -> list[Found]:
        recording = self._recordings[position]
        return find_unneeded(self._draft(position), recording)

    def undeclared(self, position: int, failure: Failure) -> tuple[list[Found], Failure | None]:
        if failure.instruction is None:
            return [], failure  # refused before anything ran
        draft = self._draft(position)
        return find_undeclared(draft, failure, lambda key: self._state_before(position, key))

    def _draft(self, position: int) -> Draft:
        touches = self._recordings[position].accounts.values()
        return Draft.of(self._inputs, position, {touch.key: touch.before for touch in touches})

    def _state_before(self, position: int, key: Pubkey) -> Account:
        """What an account that the transaction does not declare holds before it."""
        for later in range(position + 1, len(self._inputs.block)):
            touch = self._recordings[later].accounts.get(key)
            if touch is not None:
                return touch.before
        keys = self._inputs.block.keys
        if key not in keys:
            return self._elsewhere(key)
        account = keys.index(key)
        changed = self._execution.changed
        return changed[account] if account in changed else self._inputs.states[account]


def _unknown(transaction: str, writes: int, left: Failure | None, failure: Failure) -> Unknown:
    """What cannot be said of a transaction that failed."""
    named = failure.full_name
    if left is None:
        reason = f"failed with {named}, and would succeed once it is mended: lint it again then"
    elif left.full_name == named:
        reason = f"failed with {named}: what it would touch after that is not known"
    else:
        reason = f"failed with {named}; once mended, it would fail with {left.full_name}"
    return Unknown(transaction, writes, reason)
