"""Values as one line of YAML, in the form of fixtures."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

# Words that need no quotes: YAML reads none of them as a number, a boolean or null.
_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TAKEN: Final = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


def flow_yaml(value: Any) -> str:
    """The value as YAML in flow style.

    >>> flow_yaml({"to": "bob", "amount": 1, "note": "hex:00", "tags": [True, None]})
    '{to: bob, amount: 1, note: "hex:00", tags: [true, null]}'
    """
    if isinstance(value, Mapping):
        items = cast(Mapping[str, Any], value).items()
        return "{" + ", ".join(f"{_text(key)}: {flow_yaml(item)}" for key, item in items) + "}"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow_yaml, cast(Sequence[Any], value))) + "]"
    return json.dumps(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    return json.dumps(text, ensure_ascii=False)
