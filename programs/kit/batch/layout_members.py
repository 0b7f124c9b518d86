"""Properties and methods of layouts, in a batch handler: they run on the columns of the account.

Guarantees: only code without operations that a column cannot intercept is run; any other is
refused, as a batch handler with such code is never called.
"""

from __future__ import annotations

from functools import lru_cache
from inspect import getattr_static
from types import FunctionType, MethodType
from typing import Any, Final, cast

from ..accounts.layout import Layout
from ..columns.rows import Rows
from .identity_checks import misread_when_vectorized

_KIT: Final = __name__.rpartition(".batch.")[0]
_CHECKED_MAX: Final = 4_096


def member_of(rows: Rows, layout: type[Layout] | None, name: str, columns: object) -> Any:
    """What the layout's own property gives on these columns, or its method bound to them.

    None if it has no such member.
    """
    member = None if layout is None else getattr_static(layout, name, None)
    code = member.fget if isinstance(member, property) else member
    if not isinstance(code, FunctionType) or code.__module__.startswith(_KIT):
        return None
    misread = _misread(code)
    if misread is not None:
        raise rows.refuse(f"{name!r} is not for columns: {misread}")
    if isinstance(member, property):
        return cast(Any, code)(columns)
    return MethodType(code, columns)


@lru_cache(_CHECKED_MAX)
def _misread(code: FunctionType) -> str | None:
    return misread_when_vectorized(code, code)
