"""Which transaction a user means: its id, or the ends of a long one as a page shows it.

An id counts in any Unicode normalization, since no file may have two that differ by that alone. An
unknown id is answered with the nearest ones.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

from ...ingest.files.values import normalized
from ...primitives import UsageError

_NEAREST_MAX: Final = 3
_COMPARED_MAX: Final = 20_000  # difflib looks at each
_PREFIX_LEN_MIN: Final = 4
_LONG_ID_LEN_MIN: Final = 32
_ELLIPSIS: Final = "…"


def find_transaction(ids: Sequence[str], wanted: str, path: str) -> int:
    """The position of the transaction that `wanted` names. Raises UsageError with near ids."""
    if wanted in ids:
        return ids.index(wanted)
    if not wanted.isascii():
        alike = [name for name in ids if normalized(name) == normalized(wanted)]
        if len(alike) == 1:
            return ids.index(alike[0])
    found = _by_ends(ids, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(ids[position] for position in found[:_NEAREST_MAX])
        raise UsageError(f"{wanted!r} stands for {len(found)} transactions: {listed}", path=path)
    raise UsageError(f"no transaction has the id {wanted!r}{_nearest(ids, wanted)}", path=path)


def _by_ends(ids: Sequence[str], wanted: str) -> list[int]:
    """Long ids that begin as `wanted` does, and end as it does behind its `…`, if it has one."""
    start, shortened, end = wanted.partition(_ELLIPSIS)
    if not shortened and len(wanted) < _PREFIX_LEN_MIN:
        return []
    return [
        position
        for position, name in enumerate(ids)
        if len(name) >= _LONG_ID_LEN_MIN and name.startswith(start) and name.endswith(end)
    ]


def _nearest(ids: Sequence[str], wanted: str) -> str:
    if not ids:
        return ": the file has no transactions"
    near = difflib.get_close_matches(wanted, ids[:_COMPARED_MAX], n=_NEAREST_MAX, cutoff=0.4)
    if near:
        return "; the nearest are " + ", ".join(near)
    return f"; they are called {', '.join(ids[:_NEAREST_MAX])}" + (
        ", …" if len(ids) > _NEAREST_MAX else ""
    )
