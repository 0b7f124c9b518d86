"""One account inside one transaction, and the rules for changing it, checked at the line.

A record is the transaction's own copy: what it changes reaches storage only when the whole
transaction succeeds. The rules are those of the Solana runtime's BorrowedAccount; here they raise
at the statement that breaks them. The runtime checks again, by value, when an instruction ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final, NoReturn

from ....primitives import Account, Errors, InstructionErrors, ProgramFailure, Pubkey
from ..encoding.scalar_codecs import IntCodec

ACCOUNT_DATA_LEN_MAX: Final = 10 * 1024 * 1024
U64: Final = IntCodec(8)
_ERRORS: Final = InstructionErrors


class AccountRecord:
    """Key and mutable state of an account during a transaction.

    `buffer` is a bytearray for an account that the transaction may write, else bytes.
    """

    __slots__ = (
        "borrowed",
        "buffer",
        "executable",
        "key",
        "lamports",
        "owner",
        "writable",
    )

    adds: ClassVar[bool] = False  # whether the transaction only adds to the account

    def __init__(self, key: Pubkey, state: Account, *, writable: bool) -> None:
        self.key = key
        self.lamports = state.lamports
        self.owner = state.owner
        self.buffer: bytes | bytearray = bytearray(state.data) if writable else state.data
        self.executable = state.executable
        self.writable = writable
        self.borrowed: memoryview | None = None

    @property
    def balance(self) -> int:
        """The lamports that storage is to hold, as of now."""
        return self.lamports

    def state(self) -> Account:
        """What storage is to hold, as of now."""
        return Account(self.lamports, self.owner, bytes(self.buffer), self.executable)


def refuse_lamports(
    record: AccountRecord, lamports: int, *, writable: bool, program_id: bytes
) -> Errors | None:
    """The rule that setting `lamports` would break, if any."""
    if lamports < record.lamports and record.owner != program_id:
        return _ERRORS.ExternalAccountLamportSpend
    if not writable and lamports != record.lamports:
        return _ERRORS.ReadonlyLamportChange
    if record.executable and lamports != record.lamports:
        return _ERRORS.ExecutableLamportChange
    return None


def refuse_data(record: AccountRecord, *, writable: bool, program_id: bytes) -> Errors | None:
    """The rule that changing the data would break, if any."""
    if record.executable:
        return _ERRORS.ExecutableDataModified
    if not writable:
        return _ERRORS.ReadonlyDataModified
    if record.owner != program_id:
        return _ERRORS.ExternalAccountDataModified
    return None


def refuse_resize(
    record: AccountRecord, length: int, *, writable: bool, program_id: bytes
) -> Errors | None:
    """The rule that giving the data another length would break, if any."""
    if length != len(record.buffer) and record.owner != program_id:
        return _ERRORS.AccountDataSizeChanged
    if length > ACCOUNT_DATA_LEN_MAX:
        return _ERRORS.InvalidRealloc
    return refuse_data(record, writable=writable, program_id=program_id)


def refuse_owner(record: AccountRecord, *, writable: bool, program_id: bytes) -> Errors | None:
    """The rule that giving the account a new owner would break, if any.

    Only the owner may hand an account over, and only with its data all zero, so that no program
    finds another's bytes in an account of its own.
    """
    if record.owner != program_id or not writable or record.executable:
        return _ERRORS.ModifiedProgramId
    if any(record.buffer):
        return _ERRORS.ModifiedProgramId
    return None


class _Stale:
    """What a view or a frame refers to after its instruction has ended."""

    def __getattr__(self, name: str) -> NoReturn:
        raise ProgramFailure(
            _ERRORS.AccountBorrowFailed,
            f"this view or context is of an earlier instruction; `{name}` can no longer be used. "
            "Keep values, not views, or declare the account again",
        )

    def __iter__(self) -> Iterator[NoReturn]:
        self.__getattr__("accounts")

    def __setattr__(self, name: str, value: object) -> None:
        self.__getattr__(name)


STALE: Final = _Stale()
