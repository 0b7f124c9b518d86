"""Which block of a file with several is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..primitives import UsageError
from ..primitives.one_line import shortened
from .files.values import suggestion

_SHOWN_MAX: Final = 5
_SHOWN_LEN_MAX: Final = 80


def chosen_case(names: Sequence[str | None], case: str | int | None, path: str) -> int:
    """The number of the block that `case` means, by name or number from 0; None: the only one.

    Raises UsageError, naming what there is, if `case` is unknown, or None where there are several.
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
    nearest = suggestion(case, known) if isinstance(case, str) else ""
    raise UsageError(f"{path}: no case {case!r}{nearest}; there are {_listed(names)}")


def _listed(names: Sequence[str | None]) -> str:
    shown = [f"{n}: {shortened(name or '', _SHOWN_LEN_MAX)}" for n, name in enumerate(names)]
    more = [f"and {len(shown) - _SHOWN_MAX} more"] if len(shown) > _SHOWN_MAX else []
    return ", ".join([*shown[:_SHOWN_MAX], *more])
