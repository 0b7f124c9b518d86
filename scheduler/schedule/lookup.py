"""Which transaction or account a user means: its name, or the ends of a long one.

A name counts in any Unicode normalization, since no file may have two that differ by that alone. An
unknown one is answered with the nearest.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import Final

from ...primitives import UsageError

_NEAREST_MAX: Final = 3
_COMPARED_MAX: Final = 20_000  # difflib looks at each
_PREFIX_LEN_MIN: Final = 4
_LONG_NAME_LEN_MIN: Final = 32
_EXPECTED: Final = {"transactions": "a transaction's id", "accounts": "an account's name or key"}
_ELLIPSIS: Final = "…"
_ELLIPSES_MAX: Final = 2  # in a name of two parts, each of which is shortened


def find_transaction(ids: Sequence[str], wanted: str, path: str | None = None) -> int:
    """The position of the transaction that `wanted` names. Raises UsageError with near ids."""
    return _find(ids, wanted, "transaction has the id", "transactions", path)


def find_account(names: Sequence[str], wanted: str, path: str | None = None) -> int:
    """The id of the account that `wanted` names. Raises UsageError with near names."""
    return _find(names, wanted, "account is called", "accounts", path)


def _find(names: Sequence[str], wanted: str, what: str, kind: str, path: str | None) -> int:
    if not isinstance(wanted, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users need not check types
        raise UsageError(f"{wanted!r}: give {_EXPECTED[kind]}, not {type(wanted).__name__}")
    if wanted in names:
        return names.index(wanted)
    if not wanted.isascii():
        folded = _normalized(wanted)
        alike = [place for place, name in enumerate(names) if _normalized(name) == folded]
        if len(alike) == 1:
            return alike[0]
    found = _by_ends(names, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(names[place] for place in found[:_NEAREST_MAX])
        raise UsageError(f"{wanted!r} stands for {len(found)} {kind}: {listed}", path=path)
    raise UsageError(f"no {what} {wanted!r}{nearest(names, wanted, kind)}", path=path)


def _normalized(name: str) -> str:
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def _by_ends(names: Sequence[str], wanted: str) -> list[int]:
    """Long names that begin as `wanted` does, and go on as it does behind each `…`."""
    if _ELLIPSIS not in wanted and len(wanted) < _PREFIX_LEN_MIN:
        return []
    start, *parts = wanted.split(_ELLIPSIS, _ELLIPSES_MAX)
    pattern = re.compile(".*".join(map(re.escape, [start, *parts])), re.DOTALL)
    matches = pattern.fullmatch if parts else pattern.match
    return [
        place
        for place, name in enumerate(names)
        if len(name) >= _LONG_NAME_LEN_MIN and matches(name)
    ]


def nearest(names: Sequence[str], wanted: str, kind: str) -> str:
    """The end of a sentence that says there is no such name: the names that are nearest to it."""
    if not names:
        return f": the block has no {kind}"
    compared = list(islice(names, _COMPARED_MAX))
    near = difflib.get_close_matches(wanted, compared, n=_NEAREST_MAX, cutoff=0.4)
    if near:
        return "; the nearest are " + ", ".join(near)
    return f"; they are called {', '.join(compared[:_NEAREST_MAX])}" + (
        ", …" if len(names) > _NEAREST_MAX else ""
    )
