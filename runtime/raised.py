"""What a program raised, as text and as a named error.

Guarantees: rendering never raises, whatever the exception's own methods do; the text holds no
address or folder that differs between machines or workers.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from ..primitives import InstructionErrors, ProgramFailure
from ..programs import kit
from ..programs.kit.frame import Frame

_TEXT_LEN_MAX: Final = 500
_READ_ONLY_MEMORY: Final = "cannot modify read-only memory"
_RELEASED_MEMORY: Final = "released memoryview"


def describe_exception(error: BaseException) -> str:
    """`Type: text (file.py:12)`, cut to a bounded length."""
    try:
        text = str(error)
    except BaseException as failed:
        text = f"<its text raised {type(failed).__name__}>"
    return f"{type(error).__name__}: {text}"[:_TEXT_LEN_MAX] + place_of(error)


def place_of(error: BaseException) -> str:
    """` (file.py:12)`, the program's own line that raised, or failed inside the kit; or empty."""
    place = ""
    step = error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if not str(module).startswith((kit.__name__, __name__.rpartition(".")[0])):
            file = PurePath(step.tb_frame.f_code.co_filename).name
            place = f" ({file}:{step.tb_lineno})"
        step = step.tb_next
    return place


def named_failure(error: BaseException, frame: Frame) -> ProgramFailure | None:
    """The rule that a raw memory error stands for, if it is one about account data."""
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
