"""Account views: what a handler's parameters are, and what it may do through them.

A view is valid during its instruction only; afterwards every use raises. All views of one account
show the same state. Writing where it is not allowed raises at that line and names parameter,
account and program.
"""

from __future__ import annotations

import gc
from typing import Any, ClassVar, cast

from ....primitives import (
    SYSTEM_PROGRAM_ID,
    Errors,
    InstructionErrors,
    ProgramFailure,
    Pubkey,
    UsageError,
)
from ....primitives.integers import U64_MAX
from ....primitives.pubkey import plain_bytes
from .record import (
    STALE,
    U64,
    AccountRecord,
    refuse_data,
    refuse_lamports,
    refuse_owner,
    refuse_resize,
)


class FrameViews(list["UncheckedAccount"]):
    """The views of one instruction, which become invalid together.

    `broken` is the first rule broken through one of them: it fails the transaction even if the
    handler caught it.
    """

    broken: ProgramFailure | None = None


class UncheckedAccount:
    """An account about which nothing is assumed: neither owner nor layout.

    As `Mut[UncheckedAccount]` it is locked for writing, bare for reading.
    """

    __slots__ = (
        "_name",
        "_program_id",
        "_program_name",
        "_record",
        "_siblings",
        "_signer",
        "_writable",
    )

    requires_signature: ClassVar[bool] = False
    requires_executable: ClassVar[bool] = False
    _only_added: ClassVar[bool] = False  # see added.py

    _record: AccountRecord
    _writable: bool
    _signer: bool
    _program_id: Pubkey
    _program_name: str
    _name: str
    _siblings: FrameViews | None  # the views that end together with this one

    def _bind(
        self,
        record: AccountRecord,
        name: str,
        *,
        writable: bool,
        program: tuple[str, Pubkey],
        signer: bool = False,
        siblings: FrameViews | None = None,
    ) -> None:
        self._record = record
        self._siblings = siblings
        if siblings is not None:
            siblings.append(self)
        self._name = name
        self._writable = writable
        self._signer = signer
        self._program_name, self._program_id = program

    def _release(self) -> None:
        """End the view's life: every later use raises."""
        self._record = cast(AccountRecord, STALE)

    @property
    def key(self) -> Pubkey:
        return self._record.key

    @property
    def is_signer(self) -> bool:
        _ = self._record.writable  # raises once the view's instruction has ended
        return self._signer

    @property
    def is_writable(self) -> bool:
        _ = self._record.writable
        return self._writable

    @property
    def executable(self) -> bool:
        return self._record.executable

    @property
    def lamports(self) -> int:
        return self._record.lamports

    @lamports.setter
    def lamports(self, lamports: int) -> None:
        record = self._record
        if (
            type(lamports) is int
            and 0 <= lamports <= U64_MAX
            and self._writable
            and not record.executable
            and (lamports >= record.lamports or record.owner == self._program_id)
        ):
            record.lamports = lamports  # the common case; what follows reports what is wrong
            return
        U64.check(lamports, f"lamports of {self._name!r}")
        broken = refuse_lamports(
            record, lamports, writable=self._writable, program_id=self._program_id
        )
        if broken is not None:
            raise self._refused(broken, f"set lamports from {record.lamports} to {lamports}")
        record.lamports = lamports

    @property
    def owner(self) -> Pubkey:
        return self._record.owner

    @owner.setter
    def owner(self, owner: str | bytes) -> None:
        record = self._record
        new_owner = Pubkey.of(owner)
        if new_owner == record.owner:
            return
        broken = refuse_owner(record, writable=self._writable, program_id=self._program_id)
        if broken is not None:
            raise self._refused(broken, f"give the account to {new_owner}")
        if is_borrowed(record):
            raise self._refused(InstructionErrors.AccountBorrowFailed, "give away data it views")
        # Code that still holds the buffer itself, as memoryview.obj, is left with the old one.
        record.buffer = bytearray(record.buffer)
        record.owner = new_owner

    @property
    def data(self) -> memoryview:
        """The account's bytes; a writable memoryview where this program may write them.

        Do not keep it: an instruction fails if a view of its data is still alive when it ends.
        """
        record = self._record
        buffer = record.buffer
        if isinstance(buffer, bytearray):
            if self._refuses_data() is None:
                if record.borrowed is None or _is_released(record.borrowed):
                    record.borrowed = memoryview(buffer)
                return record.borrowed
            # A copy: a read-only view of the bytearray could be turned back into it.
            return memoryview(bytes(buffer))
        return memoryview(buffer)

    @data.setter
    def data(self, content: bytes | bytearray | memoryview) -> None:
        if not isinstance(content, (bytes, bytearray, memoryview)):  # pyright: ignore[reportUnnecessaryIsInstance] - authors need not check types
            what = f"data of {self._name!r} must be bytes, not {type(content).__name__}"
            key = str(self._record.key)
            raise ProgramFailure(InstructionErrors.InvalidArgument, what, account=key)
        raw = plain_bytes(content)
        if len(raw) != len(self._record.buffer):
            self.resize(len(raw))
        self._writable_buffer("replace its data")[:] = raw

    @property
    def data_len(self) -> int:
        """Bytes of data; cheaper than `len(account.data)`."""
        return len(self._record.buffer)

    def resize(self, length: int) -> None:
        """Give the data another length, in bytes; new bytes are zero."""
        record = self._record
        U64.check(length, f"the length of {self._name!r}")
        broken = refuse_resize(record, length, writable=self._writable, program_id=self._program_id)
        if broken is not None:
            raise self._refused(broken, f"resize its data to {length} bytes")
        buffer = self._writable_buffer("resize its data")
        if is_borrowed(record):
            raise self._refused(InstructionErrors.AccountBorrowFailed, "resize data that it views")
        if length < len(buffer):
            del buffer[length:]
        else:
            buffer.extend(bytes(length - len(buffer)))

    def _refuses_data(self) -> Errors | None:
        return refuse_data(self._record, writable=self._writable, program_id=self._program_id)

    def _own_buffer(self) -> bytearray | None:
        """The buffer, if this program may write it: the quick question."""
        record = self._record
        if self._writable and record.owner == self._program_id and not record.executable:
            return cast(bytearray, record.buffer)
        return None

    def _writable_buffer(self, action: str) -> bytearray:
        """The buffer, if this program may write it; raises the broken rule otherwise."""
        broken = self._refuses_data()
        if broken is not None:
            raise self._refused(broken, action)
        return cast(bytearray, self._record.buffer)

    def _refused(self, broken: Errors, action: str) -> ProgramFailure:
        if isinstance(self._record, DetachedRecord):
            return ProgramFailure(
                broken,
                f"this {self._name} may not {action}: it is a copy, and what is written to it "
                "would be lost; change a value of your own and assign that",
            )
        declared = "writable" if self._writable else "read-only"
        return self._forbidden(
            broken, action, f"declared {declared}, owned by {self._record.owner}"
        )

    def _forbidden(self, broken: Errors, action: str, state: str) -> ProgramFailure:
        """The failure, which is the instruction's if it is the first. `state`: the account's."""
        failure = ProgramFailure(
            broken,
            f"{self._program_name} may not {action}: parameter {self._name!r}, account "
            f"{self._record.key}, {state}",
            account=str(self._record.key),
        )
        if self._siblings is not None and self._siblings.broken is None:
            self._siblings.broken = failure
        return failure

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name} {self._record.key}>"


class Signer(UncheckedAccount):
    """An account that must have signed the transaction. `Mut[Signer]` may be written too."""

    __slots__ = ()
    requires_signature = True


class ProgramAccount(UncheckedAccount):
    """An account that must be a program."""

    __slots__ = ()
    requires_executable = True


def is_borrowed(record: AccountRecord) -> bool:
    """Whether the program still holds a memoryview into the account's data.

    The view that `data` handed out is released first: used later, it raises.
    """
    if record.borrowed is None:
        return False
    # A view in a cycle of garbage counts as dropped. Whether the collector has run already depends
    # on what the process did before, so it is made to run before anything is held against it.
    if not release_data(record):
        gc.collect()
        return not release_data(record)
    return False


def _is_released(view: memoryview) -> bool:
    try:
        return view.nbytes < 0
    except ValueError:
        return True


def release_data(record: AccountRecord) -> bool:
    """Release the view handed out; whether nothing points into the buffer any more."""
    buffer = cast(bytearray, record.buffer)
    try:
        cast(memoryview, record.borrowed).release()
        # A bytearray refuses to change its length while anything points into it.
        buffer.append(0)
        buffer.pop()
    except BufferError:
        return False
    record.borrowed = None
    return True


class DetachedRecord(AccountRecord):
    """Behind a layout value that belongs to no account: bytes, and nothing that an account has."""

    __slots__ = ("layout_name",)

    def __init__(self, layout_name: str, content: bytes) -> None:
        self.layout_name = layout_name
        self.owner = SYSTEM_PROGRAM_ID
        self.buffer = bytearray(content)
        self.executable = False
        self.writable = True
        self.borrowed = None

    @property
    def key(self) -> Pubkey:  # pyright: ignore[reportIncompatibleVariableOverride] - it has none
        raise self._no_account("key")

    @property
    def lamports(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride] - it has none
        raise self._no_account("lamports")

    def __reduce__(self) -> tuple[Any, ...]:
        return DetachedRecord, (self.layout_name, bytes(self.buffer))

    def _no_account(self, what: str) -> UsageError:
        return UsageError(
            f"this {self.layout_name} is a value by itself, of no account: it has no {what}. Name "
            "the account, by key or name"
        )
