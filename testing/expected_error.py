"""The error that a test expects a transaction to fail with."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ..primitives import (
    Errors,
    Failure,
    InstructionErrors,
    Pubkey,
    UsageError,
)
from ..primitives.failure import TransactionErrors
from ..programs.kit.program.program_set import ProgramSet
from .call_text import account_keys, error_text, failed_call
from .receipt import VmReceipt

_RUNTIME_ERRORS = (InstructionErrors, TransactionErrors)


class ExpectedError:
    """A named error, about one account if that is given."""

    def __init__(self, program: str | None, name: str, account: str | None) -> None:
        self.program = program
        self.name = name
        self.account = account

    @classmethod
    def of(cls, error: Errors | str, account: str | None, programs: ProgramSet) -> ExpectedError:
        """The error that `error` denotes: a member of Errors, or a name as in fixtures.

        Raises UsageError for an unknown name, as such an error could never occur.
        """
        if isinstance(error, str):
            program, _, name = error.rpartition(".")
            _require_known(program, name, programs)
            return cls(program or None, name, account)
        if not isinstance(error, Errors):  # pyright: ignore[reportUnnecessaryIsInstance] - tests need not check types
            given = getattr(error, "__name__", type(error).__name__)
            raise UsageError(f"an error is named, or a member like MyErrors.Name; not {given}")
        if isinstance(error, _RUNTIME_ERRORS):
            return cls(None, error.name, account)
        owners = [program.name for program in programs if program.errors is type(error)]
        # A program not yet known to the Vm: only its errors are known.
        return cls(owners[0] if owners else type(error).__name__, error.name, account)

    def matches(self, receipt: VmReceipt) -> bool:
        failure = receipt.error
        if failure is None or failure.name != self.name or failure.program != self.program:
            return False
        return self.account is None or self._is_account(failure, receipt)

    def _is_account(self, failure: Failure, receipt: VmReceipt) -> bool:
        """Match by the account's name or key, or by the parameter it was passed for."""
        if failure.account is None or self.account is None:
            return False
        failed = failed_call(receipt.calls)
        keys = {} if failed is None else account_keys(failed)
        return _key(failure.account) in (_key(self.account), *keys.get(self.account, ()))

    def __str__(self) -> str:
        text = error_text(self.program, self.name)
        return text if self.account is None else f"{text} on account {self.account!r}"


def failure_text(failure: Failure) -> str:
    """The actual failure, formatted like an `ExpectedError`."""
    return str(ExpectedError(failure.program, failure.name, failure.account))


def _key(name: str) -> Pubkey:
    return Pubkey.of(name)


def _require_known(program: str, name: str, programs: ProgramSet) -> None:
    if not program:
        known = [error for errors in _RUNTIME_ERRORS for error in errors.__members__]
        if name not in known:
            raise UsageError(
                f"the runtime has no error {name!r}; a program's are written program.Name"
                f"{_nearest(name, known)}"
            )
        return
    owner = programs.named(program)
    if owner is None:
        raise UsageError(
            f"no program is called {program!r}{_nearest(program, programs.names())}; a Vm knows "
            "those that it was given and those whose instructions it has run"
        )
    known = [] if owner.errors is None else list(owner.errors.__members__)
    if name not in known:
        raise UsageError(f"{program} has no error {name!r}{_nearest(name, known)}")


def _nearest(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""
