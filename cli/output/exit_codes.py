"""Exit codes of commands, and the error line on stderr.

0 fine   1 an expectation, check or replay failed   2 bad usage or input
3 the machine or our own code failed   4 committed, but the report could not be written
130 interrupted (Ctrl-C)   143 terminated (SIGTERM)
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import Final

import typer

from ...primitives import InputError, InternalError, MachineError, SealaneError, UsageError
from .committed import Unreported, committed
from .escaping import escaped
from .signals import Stopped, ends_quietly, stop_signal
from .stderr import say
from .stdout import has_document, silence_stdout, write_json
from .typer_errors import USAGE_ERROR, usage_message

FINE: Final = 0
CHECK_FAILED: Final = 1
BAD_INPUT: Final = 2
BROKEN: Final = 3
UNREPORTED: Final = 4
_BY_SIGNAL: Final = 128  # the shell's convention


def conclude(error: BaseException, *, debug: bool, as_json: bool = False) -> int:
    """Report an error on stderr, and return the exit code.

    With `--json`, stdout still gets exactly one document: the error.
    """
    if debug and not isinstance(error, SystemExit):
        for line in "".join(traceback.format_exception(error)).splitlines():
            print(escaped(line), file=sys.stderr)
    number = stop_signal()
    if number is not None:
        # A signal can be raised anywhere, and code there may turn it into another error.
        error = Stopped(number)
        if ends_quietly():
            return _BY_SIGNAL + number
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else FINE
    code, message = ending_of(error, committed())
    complain(message)
    if as_json and code in (BAD_INPUT, BROKEN, UNREPORTED) and not has_document():
        _write_error(error, code, message)
    if isinstance(error, OSError | Unreported):
        silence_stdout()  # if stdout is broken, the interpreter's final flush would report it again
    return code


def ending_of(error: BaseException, done: str = "") -> tuple[int, str]:
    """The exit code and message of an error that ended a command.

    `done`: what the command had committed by then; no message may deny it.
    """
    code, message = _ending(error)
    if not done:
        return code, message
    if code == UNREPORTED or (code == BROKEN and not isinstance(error, SealaneError)):
        return UNREPORTED, f"{done}, but the report could not be written: {_reason(error)}"
    return code, f"{message} ({done})"


def _ending(error: BaseException) -> tuple[int, str]:
    match error:
        case Stopped():
            word = "terminated" if error.signal == signal.SIGTERM else "interrupted"
            return _BY_SIGNAL + error.signal, f"{word}; no block was committed in part"
        case KeyboardInterrupt() | typer.Abort():
            return _BY_SIGNAL + signal.SIGINT, "interrupted; no block was committed in part"
        case Unreported():
            return UNREPORTED, _reason(error)
        case InputError():
            return BAD_INPUT, str(error)
        case SealaneError():
            return BROKEN, str(error)
        case MemoryError():
            return BROKEN, "out of memory; nothing was committed, use a smaller file"
        case OSError():
            return BROKEN, f"the system refused: {error}; nothing was committed"
        case Exception() if isinstance(error, USAGE_ERROR):
            return BAD_INPUT, usage_message(error)
        case _:
            return BROKEN, _bug(error)


def _reason(error: BaseException) -> str:
    """Why there is no report, worded so that it does not suggest that nothing was committed."""
    match error:
        case Unreported() if error.__cause__ is not None:
            return _reason(error.__cause__)
        case SealaneError():
            return str(error)
        case MemoryError():
            return "out of memory"
        case OSError():
            return error.strerror or str(error)
        case _:
            return _bug(error)


def _bug(error: BaseException) -> str:
    what = f"{type(error).__name__}: {error}"
    return f"{what} (a bug in sealane: please report it with the input; --debug shows where)"


def _write_error(error: BaseException, code: int, message: str) -> None:
    """Write the error with the name of its sealane class, and `path` and `line` if it has them."""
    known = isinstance(error, SealaneError)
    where = {key: getattr(error, key, None) if known else None for key in ("path", "line")}
    try:
        write_json(
            {"error": {"name": _name_of(error), "message": message, **where, "exit_code": code}}
        )
    except OSError:
        silence_stdout()  # stderr and the exit code report it


def _name_of(error: BaseException) -> str:
    """The name of sealane's error class; for Typer's and Python's errors, the class they map to."""
    match error:
        case SealaneError():
            return type(error).__name__
        case MemoryError() | OSError():
            return MachineError.__name__
        case Exception() if isinstance(error, USAGE_ERROR):
            return UsageError.__name__
        case _:
            return InternalError.__name__


def complain(message: str) -> None:
    """An error line on stderr."""
    say(message, level="error", prefix=f"{_red('error:')} ")


def warn(message: str) -> None:
    """A warning line on stderr, about something allowed but probably not intended."""
    say(message, level="warning", prefix="warning: ")


def _red(text: str) -> str:
    coloured = sys.stderr.isatty() or os.environ.get("FORCE_COLOR")
    if not coloured or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[1;31m{text}\x1b[0m"
