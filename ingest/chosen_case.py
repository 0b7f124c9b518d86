"""Which block of a file with several is meant."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import commonprefix
from typing import Final

from ..primitives import UsageError
from ..primitives.one_line import shortened
from .building.recording import Recording

_SHOWN_MAX: Final = 5
_SHOWN_LEN_MAX: Final = 80


def chosen_blocks(
    found: Sequence[Recording], case: str | int | None, path: str
) -> Sequence[Recording]:
    """The one block that `case` means, as `chosen_case`; None: all."""
    if case is None:
        return found
    return [found[chosen_case([each.case for each in found], case, path)]]


def chosen_case(names: Sequence[str | None], case: str | int | None, path: str) -> int:
    """The number of the block that `case` means; None: the only one.

    `case`: a name, a part that only one name has, or a number from 0. Raises UsageError, naming
    what there is, if `case` is unknown or means several, or is None where there are several.
    """
    if case is None:
        if len(names) == 1:
            return 0
        raise UsageError(f"{path}: {len(names)} blocks in one file; name a case: {_listed(names)}")
    known = [name for name in names if name is not None]
    if isinstance(case, str) and case in known:
        return names.index(case)
    number = int(case) if isinstance(case, int) or case.isdecimal() else -1
    if 0 <= number < len(names):
        return number
    parts = [name for name in known if isinstance(case, str) and case in name]
    if case and len(parts) == 1:
        return names.index(parts[0])
    what = f"{len(parts)} cases have {case!r} in their names" if parts else f"no case {case!r}"
    raise UsageError(f"{path}: {what}; there are {_listed(names)}")


def _listed(names: Sequence[str | None]) -> str:
    """The names with their numbers; what long ones all begin with is left out."""
    known = [name or "" for name in names]
    are_long = len(known) > 1 and max(map(len, known)) > _SHOWN_LEN_MAX
    alike = len(commonprefix(known)) if are_long else 0  # noqa: RUF071 - these are no paths
    begun = "…" if alike else ""
    rests = [name[alike:] for name in known]
    shown = [f"{n}: {begun}{shortened(rest, _SHOWN_LEN_MAX)}" for n, rest in enumerate(rests)]
    more = [f"and {len(shown) - _SHOWN_MAX} more"] if len(shown) > _SHOWN_MAX else []
    return ", ".join([*shown[:_SHOWN_MAX], *more])
