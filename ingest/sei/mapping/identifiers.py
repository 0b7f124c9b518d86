"""Completes the identifiers of a mapping by the fields of a message.

In a mapping of one's own, `{from_address}` in an identifier stands for that field of the message.
In the listed Go functions of the chain, identifiers are expressions, and those that are understood
are computed. What the message does not say is every identifier: what might meet is ordered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from ....primitives import InputError
from ..operations import EVERY, Operation
from ..protobuf_json import IDENTIFIER_LEN_MAX
from .go_keys import DENOMINATION, key_of
from .mappings import MessageMapping
from .message_paths import take

_NAMES_KEPT: Final = 1_024  # messages of a type have the same fields
_FIELD: Final = re.compile(r"\{([A-Za-z_][A-Za-z_0-9]*)\}", re.ASCII)


class Completed(NamedTuple):
    """Operations, and how many of their identifiers became `*`."""

    operations: tuple[Operation, ...]
    widened: int


def completed(mapping: MessageMapping, message: Mapping[str, object]) -> Completed:
    """The operations of a mapping, for one message. Raises InputError for an overlong result."""
    fields = _fields(message)
    widened = 0
    operations: list[Operation] = []
    for operation in mapping.operations:
        if mapping.of_go and operation.identifier != EVERY:
            identifier = key_of(operation.identifier, fields)
        else:
            identifier = _filled(operation.identifier, fields)
        widened += identifier is None
        operations.append(operation._replace(identifier=identifier or EVERY))
    return Completed(tuple(operations), widened)


@lru_cache(maxsize=_NAMES_KEPT)
def plain(name: str) -> str:
    """A name without case and underscores, so that `from_address` is Go's `FromAddress`."""
    return name.replace("_", "").lower()


def _fields(message: Mapping[str, object]) -> dict[str, str]:
    """The fields that are text, and the denomination of the amount; what is too long is left out,
    before a template repeats it."""
    texts: dict[str, object] = {DENOMINATION: take(message, ".amount.denom").text, **message}
    return {
        plain(name): value
        for name, value in texts.items()
        if isinstance(value, str) and len(value) <= IDENTIFIER_LEN_MAX
    }


def _filled(template: str, fields: Mapping[str, str]) -> str | None:
    """A template with its fields filled in; None if the message lacks one."""
    names = _FIELD.findall(template)
    if not names:
        return template
    if not all(fields.get(plain(name)) for name in names):
        return None
    filled = _FIELD.sub(lambda match: fields[plain(match[1])], template)
    if len(filled) > IDENTIFIER_LEN_MAX:
        raise InputError(f"'{template[:60]}' becomes an identifier of {len(filled):,} characters")
    return filled
