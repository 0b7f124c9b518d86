"""The exception tree. Four branches, told apart by who must act.

SealaneError
├── InputError          the input is bad: fix the file or the call            (exit code 2)
│   ├── UsageError      the API or command was called wrongly
│   └── DefinitionError a program's author declared something that cannot work
├── ProgramFailure      a program failed: becomes that transaction's status, never leaves a block
├── MachineError        the machine failed: nothing is committed, run again   (exit code 3)
└── InternalError       our bug: please report it                             (exit code 3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .failure import Errors


class SealaneError(Exception):
    """Root of everything that Sealane raises on purpose."""


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
