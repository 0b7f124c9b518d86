"""The envelope of a node's answer, JSON-RPC 2.0, opened.

Guarantees: an error of the node is passed on in its own words; an answer without a result says why
that may be, and what to ask. Does not: know what the result is.
"""

from __future__ import annotations

from typing import Final, TypeGuard, cast

from ....primitives import InputError

_QUOTED_LEN_MAX: Final = 300
_ASK: Final = "save what the node answers"

Fields = dict[str, object]


def is_object(value: object) -> TypeGuard[Fields]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def is_enveloped(document: object) -> TypeGuard[Fields]:
    """Whether this is an answer in its envelope, or the request for one."""
    return is_object(document) and ("jsonrpc" in document or document.keys() <= {"id", "result"})


def content_of(document: object) -> object:
    """The result in an envelope; a bare one is returned as it is. Raises InputError."""
    if not is_enveloped(document):
        return document
    failure = document.get("error")
    if failure is not None:
        raise InputError(f"the node answered with {_in_its_words(failure)}; ask again")
    if "method" in document and "result" not in document:
        raise InputError(f"this is a request, not the node's answer; {_ASK}")
    if document.get("result") is None:
        raise InputError(
            "result: null: the node has no such block or transaction; ask for another, or ask an "
            "archive node"
        )
    return document["result"]


def peeked(document: object) -> object:
    """The result in an envelope, or what stands there without one. Raises nothing."""
    return document.get("result") if is_enveloped(document) else document


def _in_its_words(failure: object) -> str:
    if not is_object(failure):
        return f"an error: {str(failure)[:_QUOTED_LEN_MAX]}"
    message = str(failure.get("message"))[:_QUOTED_LEN_MAX]
    code = cast("object", failure.get("code"))
    return f"error {code}: {message}" if isinstance(code, int) else f"an error: {message}"
