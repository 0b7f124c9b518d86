"""The exception tree. Four branches, told apart by who must act.

SealaneError
├── InputError          the input is bad: fix the file or the call            (exit code 2)
│   ├── UsageError      the API or command was called wrongly
│   │   └── RuntimeClosed
│   └── DefinitionError a program's author declared something that cannot work
├── ProgramFailure      a program failed: becomes that transaction's status, never leaves a block
├── MachineError        the machine failed: nothing is committed, run again   (exit code 3)
│   ├── WorkerDied
│   └── SharedMemoryFull
└── InternalError       our bug: please report it                             (exit code 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .failure import Errors


class SealaneError(Exception):
    """Root of everything that Sealane raises on purpose. Survives pickling, fields and all."""

    def __reduce__(self) -> tuple[Any, ...]:
        # By value: a subclass is made from other arguments than the text that Exception keeps.
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


class ProgramFailure(SealaneError):
    """A program failed or broke a rule; the runtime turns it into the transaction's status.

    `error` is the named error, `account` the key or parameter it is about, if any.
    """

    def __init__(self, error: Errors, detail: str = "", *, account: str | None = None) -> None:
        self.error = error
        self.detail = detail
        self.account = account
        super().__init__(f"{error.name}: {detail or error.message}")


class WorkerDied(MachineError):
    """A worker process ended in the middle of a block. `lane` is its number, `how` the cause."""

    def __init__(self, lane: int, how: str) -> None:
        self.lane = lane
        self.how = how
        super().__init__(
            f"worker {lane} died in the middle of a block ({how}); nothing was committed, "
            "run the block again"
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


class RuntimeClosed(UsageError):
    """The runtime was used after it was closed."""

    def __init__(self) -> None:
        super().__init__("this runtime is closed; make a new one")
