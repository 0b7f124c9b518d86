"""The exception tree: four branches, by who must act.

SealaneError
├── InputError          the input is bad: fix the file or the call            (exit code 2)
│   ├── UsageError      the API or command was called wrongly
│   │   ├── RuntimeClosed
│   │   ├── RuntimeBusy
│   │   ├── RuntimeForked
│   │   ├── WrongHeight      a block was finalized at another height than the next
│   │   └── NothingFinalized a commit without a block
│   ├── DefinitionError a program's author declared something that cannot work
│   ├── StoreLocked     another process, or this one, has the store open
│   ├── StoreFormatError a store of another version, or no store at all
│   └── StoreUnavailable a folder that is missing, read-only or no folder
├── ProgramFailure      a program failed: becomes that transaction's status, never leaves a block
│                       (in failure.py, beside the errors that it names)
├── MachineError        the machine failed: nothing is committed, run again   (exit code 3)
│   ├── WorkerDied
│   ├── ProgramTimeout
│   ├── OutOfMemory
│   ├── SharedMemoryFull
│   ├── SegmentLost
│   ├── StoreCorrupt    the store's bytes are not what was written
│   │   └── StoreMismatch  the store is sound, but not the one that was expected
│   └── StoreFailed     the store could not be written
└── InternalError       our bug: please report it                             (exit code 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pubkey import Pubkey


class SealaneError(Exception):
    """Root of everything that Sealane raises on purpose. Survives pickling, fields and all."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By value: a subclass takes other arguments than the text that Exception keeps.
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(
    kind: type[SealaneError], args: tuple[Any, ...], fields: dict[str, Any]
) -> SealaneError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


class InputError(SealaneError):
    """Bad input. Carries where (`path`, `line`, 1-based) and says what to do next."""

    def __init__(self, message: str, *, path: str | None = None, line: int | None = None) -> None:
        self.message = message
        self.path = path
        self.line = line
        super().__init__(message)

    def __str__(self) -> str:
        if self.path is None:
            return self.message
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class UsageError(InputError):
    """The API or a command was called in a way that cannot work."""


class DefinitionError(InputError):
    """A program, layout or instruction is declared wrongly; raised where it is defined."""


class MachineError(SealaneError):
    """The machine failed, not a transaction. Nothing was committed; the block can be run again."""


class InternalError(SealaneError):
    """A bug in Sealane itself. Nothing was committed."""

    def __str__(self) -> str:
        return f"{super().__str__()} (a bug in sealane: please report it with the input)"


class WorkerDied(MachineError):
    """Worker processes died in the middle of a block, more often than a block is retried.

    `how` is the cause ("signal SIGKILL", "exit code 3"); `transaction` the id of the one that was
    being executed, None if there was none; `tries` how many times the block was started.
    """

    def __init__(self, how: str, transaction: str | None = None, tries: int = 1) -> None:
        self.how = how
        self.transaction = transaction
        self.tries = tries
        times = "" if tries == 1 else f", the last of {tries} tries"
        if transaction is None:
            what = f"a worker died ({how}{times}); nothing was committed, run the block again"
        else:
            what = (
                f"transaction {transaction!r}: its worker died ({how}{times}); nothing was "
                "committed. Mend its program or leave the transaction out, and run the block again"
            )
        super().__init__(what)


class ProgramTimeout(MachineError):
    """A transaction did not end within `timeout_s`. `transaction` is its id."""

    def __init__(self, transaction: str, timeout_s: float) -> None:
        self.transaction = transaction
        self.timeout_s = timeout_s
        super().__init__(
            f"transaction {transaction!r} did not end within {timeout_s:g} s; nothing was "
            "committed. Mend its program or allow more (--timeout, Limits.transaction_timeout_s), "
            "and run the block again"
        )


class OutOfMemory(MachineError):
    """This process ran out of memory while it executed `transaction`, an id, or None of them."""

    def __init__(self, transaction: str | None) -> None:
        self.transaction = transaction
        where, mend = (
            ("the block", "Free")
            if transaction is None
            else (f"transaction {transaction!r}", "Mend its program or free")
        )
        super().__init__(
            f"{where}: out of memory; nothing was committed. {mend} memory, and run the block again"
        )


class SharedMemoryFull(MachineError):
    """Shared memory has no room for the block: `needed` and `free` bytes in `folder`."""

    def __init__(self, folder: str, needed: int, free: int) -> None:
        self.folder = folder
        self.needed = needed
        self.free = free
        super().__init__(
            f"the block needs {needed:,} bytes of shared memory and {folder} has {free:,} free; "
            "make room there, or run smaller blocks"
        )


class SegmentLost(MachineError):
    """Another process removed or resized our shared memory. `path` is where it was."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path}: this shared memory was removed or resized by another process; nothing was "
            "committed. Find out what cleans up there, and run the block again"
        )


class RuntimeClosed(UsageError):
    """The runtime was used after it was closed."""

    def __init__(self) -> None:
        super().__init__("this runtime is closed; make a new one")


class RuntimeBusy(UsageError):
    """The runtime was used while it executes a block: from another thread, or from a program."""

    def __init__(self) -> None:
        super().__init__(
            "this runtime is executing a block; wait until it is done, or use another runtime"
        )


class RuntimeForked(UsageError):
    """The runtime was used in a process forked from the one that made it. `owner` is its pid."""

    def __init__(self, owner: int) -> None:
        self.owner = owner
        super().__init__(
            f"this runtime belongs to process {owner}, from which this one was forked; make a new "
            "one here"
        )


class WrongHeight(UsageError):
    """An engine finalized a block at `given`, and the next one is that of `expected`."""

    def __init__(self, expected: int, given: int) -> None:
        self.expected = expected
        self.given = given
        super().__init__(
            f"the engine asked to finalize block {given!r}, and the next is block {expected}; ask "
            "info() where to go on"
        )


class NothingFinalized(UsageError):
    """An engine committed without a block: none was finalized since the last commit."""

    def __init__(self) -> None:
        super().__init__("no block was finalized since the last commit; finalize one first")


class StoreLocked(InputError):
    """A store is open already. `pid` is the process that has it, None where it cannot be told."""

    def __init__(self, path: str, pid: int | None) -> None:
        self.pid = pid
        holder = "another process" if pid is None else f"process {pid}"
        super().__init__(f"the store is open in {holder}; stop it or name another", path=path)


class StoreFormatError(InputError):
    """A folder that holds a store of another version, or no store. Nothing was written.

    `found` and `supported` name both formats.
    """

    def __init__(self, path: str, found: str, supported: str) -> None:
        self.found = found
        self.supported = supported
        super().__init__(
            f"the folder holds {found!r}, and this sealane reads and writes {supported!r}; name "
            "another folder, or use the sealane that wrote this one",
            path=path,
        )


class StoreUnavailable(InputError):
    """A store's folder cannot be used. `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        self.reason = reason
        super().__init__(reason, path=path)


class StoreCorrupt(MachineError):
    """A file of the store is not what was written to it; nothing in it was used.

    `path` is the file, `key` the account that was asked for, where one was.
    """

    _verdict = "the store is damaged"
    _remedy = "restore its folder from a copy, or run its blocks again on a new one"

    def __init__(self, path: str, what: str, key: Pubkey | None = None) -> None:
        self.path = path
        self.what = what
        self.key = key
        account = "" if key is None else f" (looking for account {key})"
        super().__init__(f"{path}: {self._verdict}: {what}{account}; {self._remedy}")


class StoreMismatch(StoreCorrupt):
    """A store that is sound, but lacks the block that `expect` names."""

    _verdict = "this is not the store that was expected"
    _remedy = "name the folder of the right one, or restore a newer copy"


class StoreFailed(MachineError):
    """The store could not be written.

    `path` is its folder; `usable` says whether this store object can still be used, or the store
    must be reopened.
    """

    def __init__(self, path: str, what: str, *, usable: bool) -> None:
        self.path = path
        self.what = what
        self.usable = usable
        remedy = "nothing was committed, run the block again" if usable else "open the store again"
        super().__init__(f"{path}: {what}; {remedy}")
