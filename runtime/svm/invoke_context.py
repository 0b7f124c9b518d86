"""Running the instructions of one transaction, nested calls included.

An InvokeContext is the Host of every frame of its transaction: it charges compute units, keeps logs
and return data, and enforces what can only be checked at the end of an instruction: lamports in
equal lamports out, no view of data was kept, growth is within bounds. Privileges of nested calls
are checked for each account, duplicates included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from ...primitives import Instruction, InstructionErrors, ProgramFailure, Pubkey
from ...primitives.pubkey import SeedError
from ...programs.kit import Program
from ...programs.kit.accounts.record import AccountRecord
from ...programs.kit.accounts.sysvars import Sysvars
from ...programs.kit.handlers.frame import Frame, FrameAccount, Seeds
from ...programs.kit.program.program_set import ProgramSet
from ...programs.kit.program.traits import ProgramTraits
from ..block.limits import (
    ACCOUNT_DATA_GROWTH_MAX,
    CALL_DEPTH_MAX,
    INSTRUCTION_ACCOUNTS_MAX,
    INSTRUCTION_TRACE_MAX,
    RETURN_DATA_MAX,
)
from ..process.interrupts import is_interrupt
from .chain_rules.balance import require_balanced
from .chain_rules.borrow import require_returned_views
from .failure_mapping import failure_of, place_of
from .log_collector import LogCollector

_ERRORS = InstructionErrors


class InvokeContext:
    """The execution of one transaction's instructions against its account records."""

    def __init__(
        self,
        programs: ProgramSet,
        sysvars: Sysvars,
        compute_limit: int,
    ) -> None:
        self.sysvars = sysvars
        self.units_left = compute_limit
        self._logs = LogCollector()
        # The program whose instruction failed first, so the innermost one; None if none failed.
        self.failed_program: str | None = None
        self._programs = programs
        self._fatal: ProgramFailure | None = None  # fails the transaction even if caught
        self._returned: tuple[Pubkey, bytes] | None = None
        self._stack: list[InstructionContext] = []
        self._trace_len = 0
        self._data_growth = 0

    @property
    def logs(self) -> list[str]:
        return self._logs.lines

    # The Host protocol: called by frames.

    def consume(self, units: int) -> None:
        if type(units) is not int or units < 0:
            raise ProgramFailure(_ERRORS.InvalidArgument, f"cannot consume {units!r} compute units")
        if units > self.units_left:
            self.units_left = 0
            exceeded = ProgramFailure(_ERRORS.ComputationalBudgetExceeded)
            self._fatal = self._fatal or exceeded
            raise exceeded
        self.units_left -= units

    def log(self, line: str) -> None:
        self._logs.add(line)

    def set_return_data(self, program_id: Pubkey, data: bytes) -> None:
        if len(data) > RETURN_DATA_MAX:
            raise ProgramFailure(
                _ERRORS.InvalidArgument, f"return data of {len(data)} bytes, {RETURN_DATA_MAX} max"
            )
        self._returned = (program_id, data)

    def return_data(self) -> tuple[Pubkey, bytes] | None:
        return self._returned

    def invoke(self, frame: Frame, instruction: Instruction, signer_seeds: Sequence[Seeds]) -> None:
        """Make a nested call, with no privilege that the calling frame lacks.

        If it fails, the whole transaction fails, even if the caller catches the exception: the
        callee's changes up to then are not undone.
        """
        try:
            self._invoke(frame, instruction, signer_seeds)
        except ProgramFailure as failure:
            self._fatal = self._fatal or failure
            raise

    def _invoke(
        self, frame: Frame, instruction: Instruction, signer_seeds: Sequence[Seeds]
    ) -> None:
        program = self._programs.get(instruction.program_id)
        if program is None:
            raise ProgramFailure(
                _ERRORS.UnsupportedProgramId, f"no program has id {instruction.program_id}"
            )
        signers = _derived_signers(frame, signer_seeds)
        accounts = _callee_accounts(frame, program, instruction, signers)
        self._stack[-1].require_balanced()
        self.run(program, accounts, instruction.data)
        self._stack[-1].require_growth()

    # Called by the transaction's executor.

    def run(self, program: Program, accounts: Sequence[FrameAccount], data: bytes) -> None:
        """Run one instruction. Raises ProgramFailure, whatever the program raised."""
        self._enter(program, accounts)
        frame = Frame((program.name, program.id), accounts, data, self, len(self._stack) + 1)
        level = InstructionContext(program, list(dict.fromkeys([a.record for a in accounts])))
        self._stack.append(level)
        try:
            self._returned = None
            self.consume(program.compute_units)
            self._execute(program, frame)
            self._judge(frame, level)
        except ProgramFailure as failure:
            self._note_failure(failure, program)
            raise
        finally:
            frame.close()
            self._stack.pop()

    def _execute(self, program: Program, frame: Frame) -> None:
        try:
            program.execute(frame)
        except BaseException as error:
            self._raise_failure(error, frame)

    def _raise_failure(self, error: BaseException, frame: Frame) -> NoReturn:
        """Raise a program's exception as a failure of its instruction."""
        if issubclass(type(error), MemoryError):  # `__class__` may lie
            raise error  # the machine's failure, not the program's: it may succeed elsewhere
        if is_interrupt(error):
            raise error  # Ctrl-C, for example, but not a KeyboardInterrupt raised by the program
        failure = failure_of(error, frame)
        if failure is not error:
            raise failure from error
        if isinstance(failure.error, InstructionErrors) and self.failed_program is None:
            failure.detail = (failure.detail or failure.error.message) + place_of(failure)
        raise error

    def _judge(self, frame: Frame, level: InstructionContext) -> None:
        """Check the rules for the end of an instruction. Raises ProgramFailure for a broken one."""
        if self._fatal is not None:
            raise self._fatal
        if frame.broken is not None:
            raise frame.broken
        frame.close()
        level.require_growth()
        level.require_balanced()
        level.require_returned_views()
        self._charge_growth(level)

    def _note_failure(self, failure: ProgramFailure, program: ProgramTraits) -> None:
        """Remember which program failed first. Raises an earlier fatal failure, if there is one."""
        if self.failed_program is None:
            self.failed_program = program.name
        if self._fatal not in (None, failure):
            raise self._fatal from None

    def _enter(self, program: Program, accounts: Sequence[FrameAccount]) -> None:
        if len(self._stack) >= CALL_DEPTH_MAX:
            raise ProgramFailure(
                _ERRORS.CallDepth, f"nested calls go at most {CALL_DEPTH_MAX - 1} deep"
            )
        self._trace_len += 1
        if self._trace_len > INSTRUCTION_TRACE_MAX:
            raise ProgramFailure(
                _ERRORS.MaxInstructionTraceLengthExceeded,
                f"{INSTRUCTION_TRACE_MAX} instructions in a transaction, nested ones included",
            )
        if len(accounts) > INSTRUCTION_ACCOUNTS_MAX:
            raise ProgramFailure(
                _ERRORS.MaxAccountsExceeded,
                f"{len(accounts)} accounts in one instruction, {INSTRUCTION_ACCOUNTS_MAX} at most",
            )
        callers = [level.program.id for level in self._stack]
        if program.id in callers and callers[-1] != program.id:
            raise ProgramFailure(
                _ERRORS.ReentrancyNotAllowed, f"{program.name} is already being called"
            )

    def _charge_growth(self, level: InstructionContext) -> None:
        if len(self._stack) > 1:
            return  # checked once, when the top-level instruction ends
        self._data_growth += level.growth()
        if self._data_growth > ACCOUNT_DATA_GROWTH_MAX:
            raise ProgramFailure(
                _ERRORS.MaxAccountsDataAllocationsExceeded,
                f"{self._data_growth} bytes added in one transaction, "
                f"{ACCOUNT_DATA_GROWTH_MAX} at most",
            )


class InstructionContext:
    """One running instruction: its accounts, each once, and what they held when it began."""

    __slots__ = ("_data_lens", "_lamports", "_records", "program")

    def __init__(self, program: ProgramTraits, records: Sequence[AccountRecord]) -> None:
        self.program = program
        self._records = records
        self.begin(sum([r.lamports for r in records]), [len(r.buffer) for r in records])

    def begin(self, lamports: int, data_lens: Sequence[int]) -> None:
        """Note the accounts' total lamports and the data length in bytes of each."""
        self._lamports = lamports
        self._data_lens = data_lens

    def require_balanced(self) -> None:
        """Fail unless the total of lamports is unchanged."""
        now = sum([record.lamports for record in self._records])
        require_balanced(self.program.name, self._lamports, now)

    def require_growth(self) -> None:
        """Fail if an account grew by more than the program may grow one."""
        if [len(record.buffer) for record in self._records] == self._data_lens:
            return
        for record, before in zip(self._records, self._data_lens, strict=True):
            if len(record.buffer) - before > self.program.data_growth_max:
                raise ProgramFailure(
                    _ERRORS.InvalidRealloc,
                    f"account {record.key} grew from {before} to {len(record.buffer)} bytes; "
                    f"{self.program.data_growth_max} more at most in one instruction",
                    account=str(record.key),
                )

    def require_returned_views(self) -> None:
        """Fail if the program kept a memoryview of account data."""
        require_returned_views(self.program.name, self._records)

    def growth(self) -> int:
        """By how many bytes the data of all its accounts together grew; at least 0."""
        now = sum(len(record.buffer) for record in self._records)
        return max(0, now - sum(self._data_lens))


def _derived_signers(frame: Frame, signer_seeds: Sequence[Seeds]) -> frozenset[Pubkey]:
    try:
        return frozenset(
            Pubkey.create_program_address(seeds, frame.program_id) for seeds in signer_seeds
        )
    except SeedError as error:
        broken = InstructionErrors[error.code.name]
        raise ProgramFailure(broken, str(error)) from error


def _callee_accounts(
    frame: Frame, program: Program, instruction: Instruction, derived: frozenset[Pubkey]
) -> list[FrameAccount]:
    """The accounts of a nested call; one that is listed twice gets the union of both rights."""
    rights: dict[Pubkey, tuple[bool, bool, bool]] = {}
    for key, signer, writable, adds in instruction.accounts:
        if key in rights:
            signs, writes, only_adds = rights[key]
            signer, writable, adds = signs or signer, writes or writable, only_adds and adds
        rights[key] = signer, writable, adds
    callers = _accounts_by_key(frame)
    resolved: dict[Pubkey, FrameAccount] = {}
    for key, (signer, writable, adds) in rights.items():
        caller = callers.get(key) or _undeclared(frame, key)
        if caller.adds and writable and not adds:
            adds = _only_credits(program, instruction, key)
        if writable and not (caller.writable and (adds or not caller.adds)):
            raise _escalated(frame, key, "write")
        if signer and not caller.signer and key not in derived:
            raise _escalated(frame, key, "signature")
        resolved[key] = FrameAccount(caller.record, signer, writable, adds or caller.adds)
    return [resolved[meta.key] for meta in instruction.accounts]


def _only_credits(program: Program, instruction: Instruction, key: Pubkey) -> bool:
    """Whether the callee says `Credits[…]` wherever it is given this account: then it only adds."""
    spec = program.find_instruction(instruction.data)
    parameters = () if spec is None else spec.accounts
    given = [place for place, meta in enumerate(instruction.accounts) if meta.key == key]
    return all(place < len(parameters) and parameters[place].credits for place in given)


def _accounts_by_key(frame: Frame) -> dict[Pubkey, FrameAccount]:
    """The calling frame's accounts, each once, with the union of its rights there."""
    found: dict[Pubkey, FrameAccount] = {}
    for account in frame.accounts:
        key = account.record.key
        known = found.get(key)
        if known is not None:
            account = FrameAccount(
                account.record,
                known.signer or account.signer,
                known.writable or account.writable,
                known.adds and account.adds,
            )
        found[key] = account
    return found


def _undeclared(frame: Frame, key: Pubkey) -> NoReturn:
    raise ProgramFailure(
        _ERRORS.MissingAccount,
        f"{frame.program_name} passes on account {key}, which its instruction does not declare",
        account=str(key),
    )


def _escalated(frame: Frame, key: Pubkey, right: str) -> ProgramFailure:
    return ProgramFailure(
        _ERRORS.PrivilegeEscalation,
        f"{frame.program_name} claims a {right} on {key} for a nested call, which its own "
        "instruction does not have",
        account=str(key),
    )
