"""Maps an exception that a program raised to a named failure, and to text.

Guarantees: rendering never raises, whatever the exception's own methods do; the text has no
memory address and no folder, as these differ between machines and workers.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final, cast

from ... import primitives
from ...primitives import Errors, Failure, InstructionErrors, ProgramFailure, TransactionErrors
from ...programs import kit
from ...programs.kit.handlers.frame import Frame
from .receipt import Detail

_RUNTIME: Final = __name__.rsplit(".", 2)[0]  # the whole package runtime
_OURS: Final = (primitives.__name__, kit.__name__, _RUNTIME)
_TEXT_LEN_MAX: Final = 500
_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{6,}")  # an object's address: differs in each process
_TRACEBACK: Final[Any] = vars(BaseException)["__traceback__"]


def _text_of_not_raisable() -> str:
    """The message of this Python version when a program raises something that is no exception."""
    try:
        raise cast(Any, None)
    except TypeError as error:
        return str(error)


_NOT_RAISABLE: Final = _text_of_not_raisable()
_READ_ONLY_MEMORY: Final = "cannot modify read-only memory"
_RELEASED_MEMORY: Final = "released memoryview"
FILE_LINES_MAX: Final = 1_000_000  # of a program; environment_spoofing.py shifts line numbers by it


def failure_of(error: BaseException, frame: Frame) -> ProgramFailure:
    """An exception from a program as a failure that holds only plain values. Never raises.

    A well-formed ProgramFailure is returned unchanged.
    """
    try:
        if isinstance(error, ProgramFailure) and isinstance(error.error, Errors):  # pyright: ignore[reportUnnecessaryIsInstance] - a program may have made it wrongly
            error.detail = plain_text(error.detail)
            error.account = None if error.account is None else plain_text(error.account)
            return error
        named = named_failure(error, frame)
        if named is not None:
            named.detail += place_of(error)
            return named
    except BaseException:
        pass
    return ProgramFailure(InstructionErrors.ProgramFailedToComplete, describe_exception(error))


def detail_of_failure(error: BaseException, program: str) -> Detail | None:
    """The receipt's detail for a single call that failed with an error of its own program.

    None for anything else: a broken rule, or an exception that needs `failure_of`. Drops the
    error's traceback, and with it the handler's frame and the views that it used.
    """
    if type(error) is not ProgramFailure or not isinstance(error.error, Errors):  # pyright: ignore[reportUnnecessaryIsInstance] - a program may have made it wrongly
        return None
    if isinstance(error.error, (InstructionErrors, TransactionErrors)):
        return None
    _TRACEBACK.__set__(error, None)
    error.detail = plain_text(error.detail)
    error.account = None if error.account is None else plain_text(error.account)
    return Detail(failure_in_call(error, program, 0))


def failure_in_call(raised: ProgramFailure, program: str | None, index: int) -> Failure:
    """The failure of a transaction whose instruction number `index` raised this, in `program`."""
    error = raised.error
    own = error.__class__.__module__ == Failure.__module__
    return Failure(
        program=None if own else program,
        name=error.name,
        code=error.code,
        message=raised.detail or error.message,
        instruction=index,
        account=raised.account,
    )


def describe_exception(error: BaseException) -> str:
    """`Type: text (file.py:12)`, truncated to a bounded length."""
    text = plain_text(error)
    if type(error) is TypeError and text == _NOT_RAISABLE:
        text += "; a member of Errors is no exception: write fail(…), or require(condition, …)"
    return plain_text(f"{type(error).__name__}: {text}") + place_of(error)


def plain_text(value: object) -> str:
    """A value's text: a plain str of bounded length that UTF-8 can encode. Never raises."""
    try:
        # A subclass of str may override methods, and another process may not know the class.
        text = str.__str__(value if isinstance(value, str) else str(value))
    except BaseException as failed:
        text = f"<its text raised {type(failed).__name__}>"
    return _ADDRESS.sub("0x…", printable(text[:_TEXT_LEN_MAX]))


def printable(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot encode, escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def place_of(error: BaseException) -> str:
    """` (file.py:12)`: the program's own line that raised, or that called the kit function which
    raised. Empty if there is none."""
    last: TracebackType | None = None
    # Not `error.__traceback__`: the exception's class may override that.
    step = cast("TracebackType | None", _TRACEBACK.__get__(error))
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if not str(module).startswith(_OURS):
            last = step
        step = step.tb_next
    if last is None:
        return ""
    # Outside the loop: an endless recursion has a thousand steps.
    line = last.tb_lineno % FILE_LINES_MAX  # undoes the shift by `verify`
    return f" ({PurePath(last.tb_frame.f_code.co_filename).name}:{line})"


def named_failure(error: BaseException, frame: Frame) -> ProgramFailure | None:
    """The failure for Python's own error about a memoryview, if the view was of account data."""
    text = str(error) if type(error) in (TypeError, ValueError) else ""
    if text == _READ_ONLY_MEMORY:
        return _read_only_write(frame)
    if _RELEASED_MEMORY in text:
        return ProgramFailure(
            InstructionErrors.AccountBorrowFailed,
            f"{frame.program_name} used a view of account data after its instruction",
        )
    return None


def _read_only_write(frame: Frame) -> ProgramFailure:
    keys = [str(a.record.key) for a in frame.accounts if not a.writable]
    broken = InstructionErrors.ReadonlyDataModified
    if not keys:
        keys = [str(a.record.key) for a in frame.accounts if a.record.owner != frame.program_id]
        broken = InstructionErrors.ExternalAccountDataModified
    return ProgramFailure(
        broken,
        f"{frame.program_name} wrote through a read-only view of the data of "
        f"{' or '.join(keys) or 'an account'}",
        account=keys[0] if len(keys) == 1 else None,
    )
