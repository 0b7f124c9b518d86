"""Takes a value out of a message by a path, `.send.recipients[0].address`, as jq writes one.

Keys and positions are all that is read of jq: what contracts use. Nothing is evaluated.
Source: the selectors of sei-cosmos @62bafe89, which are read by github.com/savaki/jq.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, cast

PATH_LEN_MAX: Final = 1_024
_WHOLE: Final = re.compile(r"(?:\.[A-Za-z_][A-Za-z_0-9]*|\.?\[[0-9]{1,9}\])+", re.ASCII)
_STEP: Final = re.compile(r"\.?\[([0-9]+)\]|\.([A-Za-z_][A-Za-z_0-9]*)", re.ASCII)


class Taken(NamedTuple):
    """What stands at a path. `readable`: whether the path is one that is read here; `there`:
    whether the message has something at it; `text`: that as text, None for an object or a list."""

    readable: bool
    there: bool
    text: str | None


_NOTHING: Final = Taken(readable=True, there=False, text=None)


def take(message: object, path: str) -> Taken:
    """What a path takes out of a message."""
    if len(path) > PATH_LEN_MAX or _WHOLE.fullmatch(path) is None:
        return Taken(readable=path == ".", there=path == ".", text=None)
    found = message
    for position, key in _STEP.findall(path):
        if key and isinstance(found, dict) and key in found:
            found = cast("dict[str, object]", found)[key]
        elif position and isinstance(found, list):
            listed = cast("list[object]", found)
            if int(position) >= len(listed):
                return _NOTHING
            found = listed[int(position)]
        else:
            return _NOTHING
    return Taken(readable=True, there=True, text=_as_text(found))


def _as_text(value: object) -> str | None:
    """As JSON without its quotes; None where JSON has several spellings."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if type(value) is int else None
