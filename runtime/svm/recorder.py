"""Records what transactions do while they run: calls as a tree, accounts touched and declared.

Pass a recorder to an execution to look into it, above all in a test; without one, nothing here
costs a transaction anything. Recording changes no result. It sees what a program reads through its
views, the checks of its declared parameters included, and what it changes, by comparing values. It
does not see a write of the value that was already there.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from ...primitives import Account, AccountMeta, Errors, Instruction, ProgramFailure, Pubkey
from ...programs.kit import Program
from ...programs.kit.accounts.added_record import AddedRecord
from ...programs.kit.accounts.record import AccountRecord
from ...programs.kit.accounts.sysvars import Sysvars
from ...programs.kit.handlers.frame import Frame, FrameAccount, Seeds
from ...programs.kit.program.program_set import ProgramSet
from .invoke_context import InvokeContext
from .recursion import deeper_recursion

# The fields of an account, by the attribute of its record.
_PARTS: Final = {
    "lamports": "lamports",
    "owner": "owner",
    "buffer": "data",
    "executable": "executable",
}


@dataclass(slots=True)
class Call:
    """One instruction that was begun. `steps`: its log lines and nested calls, in order.

    `compute_units` include those of nested calls. `error` is the named error that ended it, None
    if it succeeded; `detail` is the text given with the error.
    """

    program: Program
    accounts: tuple[AccountMeta, ...]
    data: bytes
    steps: list[Call | str] = field(default_factory=list["Call | str"])
    compute_units: int = 0
    error: Errors | None = None
    detail: str = ""

    @property
    def calls(self) -> list[Call]:
        """The nested calls, in order."""
        return [step for step in self.steps if isinstance(step, Call)]


@dataclass(slots=True)
class Touch:
    """One account that a transaction declared, and which of its fields were read and changed.

    `adds`: declared as only added to, which includes `writable`.
    """

    key: Pubkey
    writable: bool
    before: Account
    adds: bool = False
    read: set[str] = field(default_factory=set[str])
    changed: set[str] = field(default_factory=set[str])


class Recording:
    """The recording of one transaction: its top-level `calls`, `accounts` by key, and its
    `compute_limit` in compute units."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.accounts: dict[Pubkey, Touch] = {}
        self.compute_limit = 0
        self._records: list[AccountRecord] = []
        self._stack: list[Call] = []
        self._program_runs = False

    # Called by the executor, in place of making the plain objects.

    def account_record(self, key: Pubkey, state: Account, *, writable: bool) -> AccountRecord:
        """A record for a declared account that notes what is read."""
        self.accounts[key] = Touch(key, writable, state)
        record = _WatchedRecord(key, state, writable, self)
        self._records.append(record)
        return record

    def added_record(self, key: Pubkey, state: Account, *, ordered: bool) -> AddedRecord:
        """The same for an account that the transaction only adds to."""
        self.accounts[key] = Touch(key, True, state, adds=True)
        record = _WatchedAddedRecord(key, state, ordered, self)
        self._records.append(record)
        return record

    def invoke_context(
        self, programs: ProgramSet, sysvars: Sysvars, compute_limit: int
    ) -> InvokeContext:
        """A host for the transaction's instructions that notes calls and logs."""
        self.compute_limit = compute_limit
        return _WatchedInvokeContext(programs, sysvars, compute_limit, self)

    # Called by the watched objects.

    def note_read(self, key: Pubkey, part: str) -> None:
        touch = self.accounts[key]
        if part == "executable" and touch.writable:
            return  # the write rules read it at every write
        if self._program_runs:  # the runtime's own checks read every account
            touch.read.add(part)

    def note_logs(self, lines: Sequence[str]) -> None:
        self._stack[-1].steps.extend(lines)

    def enter(self, program: Program, accounts: Sequence[FrameAccount], data: bytes) -> Call:
        metas = tuple(AccountMeta(a.record.key, a.signer, a.writable, a.adds) for a in accounts)
        call = Call(program, metas, data)
        (self._stack[-1].steps if self._stack else self.calls).append(call)
        self._stack.append(call)
        return call

    def leave(self) -> None:
        self._stack.pop()
        for record in self._records:
            touch = self.accounts[record.key]
            for part, was, now in zip(Account._fields, touch.before, record.state(), strict=True):
                if was != now:
                    touch.changed.add(part)

    @contextmanager
    def program_runs(self, runs: bool) -> Generator[None]:
        """Inside, reads are attributed to the program (`runs`) or to the runtime."""
        before, self._program_runs = self._program_runs, runs
        try:
            yield
        finally:
            self._program_runs = before


class Recorder:
    """Collects a Recording for each transaction of a block, by position.

    recorder = Recorder()
    runtime.execute(transactions, recorder=recorder)
    recorder.recordings[0].calls
    """

    def __init__(self) -> None:
        self.recordings: dict[int, Recording] = {}

    def begin(self, position: int) -> Recording:
        """Begin a new recording, for the transaction at `position`."""
        recording = self.recordings[position] = Recording()
        return recording


class _WatchedRecord(AccountRecord):
    __slots__ = ("_recording",)

    def __init__(self, key: Pubkey, state: Account, writable: bool, recording: Recording) -> None:
        self._recording = recording
        super().__init__(key, state, writable=writable)

    def __getattribute__(self, name: str) -> Any:
        part = _PARTS.get(name)
        if part is not None:
            self._recording.note_read(self.key, part)
        return super().__getattribute__(name)


class _WatchedAddedRecord(AddedRecord):
    __slots__ = ("_recording",)

    def __init__(self, key: Pubkey, state: Account, ordered: bool, recording: Recording) -> None:
        self._recording = recording
        super().__init__(key, state, ordered=ordered)

    def __getattribute__(self, name: str) -> Any:
        part = _PARTS.get(name)
        if part is not None and name != "lamports":  # adding to them is no reading
            self._recording.note_read(self.key, part)
        return super().__getattribute__(name)


class _WatchedInvokeContext(InvokeContext):
    def __init__(
        self,
        programs: ProgramSet,
        sysvars: Sysvars,
        compute_limit: int,
        recording: Recording,
    ) -> None:
        super().__init__(programs, sysvars, compute_limit)
        self._recording = recording

    def log(self, line: str) -> None:
        count = len(self.logs)
        super().log(line)
        self._recording.note_logs(self.logs[count:])

    def run(self, program: Program, accounts: Sequence[FrameAccount], data: bytes) -> None:
        units_before = self.units_left
        call = self._recording.enter(program, accounts, data)
        try:
            with deeper_recursion(2):  # this method and `_execute`
                super().run(program, accounts, data)
        except ProgramFailure as failure:
            call.error, call.detail = failure.error, failure.detail
            raise
        finally:
            call.compute_units = units_before - self.units_left
            self._recording.leave()

    def invoke(self, frame: Frame, instruction: Instruction, signer_seeds: Sequence[Seeds]) -> None:
        with self._recording.program_runs(False), deeper_recursion(1):
            super().invoke(frame, instruction, signer_seeds)

    def _execute(self, program: Program, frame: Frame) -> None:
        with self._recording.program_runs(True):
            super()._execute(program, frame)
