"""Finds the block in a saved answer, whatever its envelope.

Envelopes: JSON-RPC's `{"jsonrpc", "result"}`, the bare result, a batch with one block in it, the
`blockNotification` of a subscription, and the wrappers of client libraries (`context` and `value`,
`block`).
Guarantees: a document without a block raises an InputError that says what it is instead (the node's
error in its own words, another method's answer) and what to do. Does not: read transactions.
"""

from __future__ import annotations

from typing import Final, TypeGuard, cast

from ...primitives import InputError
from ..files.json_values import shown

_WRAPPERS: Final = ("result", "params", "value", "block")
_WRAPPERS_DEEP_MAX: Final = 8  # a notification has four
_QUOTED_LEN_MAX: Final = 300
_SAVE_GETBLOCK: Final = "save the answer of getBlock"
# Source: the custom errors of Agave's RPC client, and JSON-RPC's own.
_REMEDIES: Final = {
    -32001: "ask a node that keeps older blocks",
    -32004: "ask again later, or another node",
    -32005: "ask again later, or another node",
    -32007: "name another slot",
    -32009: "name another slot, or ask a node that keeps older blocks",
    -32014: "ask again later",
    -32015: 'request it with "maxSupportedTransactionVersion": 1',
    -32602: "correct the request's parameters",
}

Fields = dict[str, object]


def looks_like_block(document: object) -> bool:
    """Whether this is a node's answer, a result or an error, rather than anything else."""
    if isinstance(document, list):
        return any(_is_answer(each) for each in cast("list[object]", document))
    return _is_answer(document)


def is_block_of_solana(document: object) -> bool:
    """Whether this is a block, in any envelope, and cannot be another chain's."""
    content = document
    for _ in range(_WRAPPERS_DEEP_MAX):
        if not _is_object(content) or _is_of_ethereum(content):
            return False
        if _is_block(content):
            return True
        wrapper = next((name for name in _WRAPPERS if name in content), None)
        content = None if wrapper is None else content[wrapper]
    return False


def find_block(document: object) -> Fields:
    """The bare block in a document. Raises InputError if there is none."""
    if isinstance(document, list):
        return _only_block(cast("list[object]", document))
    content = document
    for _ in range(_WRAPPERS_DEEP_MAX):
        if not _is_object(content):
            break
        if _is_block(content):
            return content
        _refuse_failure(content)
        wrapper = next((name for name in _WRAPPERS if name in content), None)
        if wrapper is None:
            raise _foreign(content)
        if not _is_object(content[wrapper]):
            raise _empty(wrapper, content)
        content = content[wrapper]
    raise InputError(f"no block in it, but {shown(content)}; {_SAVE_GETBLOCK}")


def _only_block(answers: list[object]) -> Fields:
    """The only block of a JSON-RPC batch, or of a file with one answer per line."""
    blocks: list[Fields] = []
    failures: list[InputError] = []
    for answer in answers:
        try:
            blocks.append(find_block(answer if _is_object(answer) else None))
        except InputError as error:
            failures.append(error)
    if len(blocks) == 1:
        return blocks[0]
    if blocks:
        raise InputError(
            f"{len(blocks)} blocks in one file, and one is read at a time; save each in a file "
            "of its own"
        )
    raise failures[0] if failures else InputError(f"an empty list; {_SAVE_GETBLOCK}")


def _is_object(value: object) -> TypeGuard[Fields]:
    return isinstance(value, dict)


def _is_answer(document: object) -> bool:
    if not _is_object(document) or "sealane" in document:
        return False
    content = document
    for _ in range(_WRAPPERS_DEEP_MAX):
        if "jsonrpc" in content or _is_failure(content):
            return True
        if _is_block(content) or _is_transaction(content) or _is_of_ethereum(content):
            return True
        inner = [content[name] for name in _WRAPPERS if _is_object(content.get(name))]
        if not inner:
            return False
        content = cast("Fields", inner[0])
    return False


def _is_block(content: Fields) -> bool:
    hashes = ("previousBlockhash", "previous_blockhash", "parentBlockhash", "parent_blockhash")
    if "blockhash" in content and not content.keys().isdisjoint(hashes):
        return True
    entries = content.get("transactions")
    if not isinstance(entries, list) or not entries:
        return False
    first = cast("list[object]", entries)[0]
    return _is_object(first) and "transaction" in first


def _is_transaction(content: Fields) -> bool:
    return "transaction" in content and ("meta" in content or "slot" in content)


def _is_of_ethereum(content: Fields) -> bool:
    return "parentHash" in content and "stateRoot" in content


def _is_failure(content: Fields) -> bool:
    failure = content.get("error")
    return _is_object(failure) and "code" in failure and "message" in failure


def _refuse_failure(content: Fields) -> None:
    """Raise InputError, in the node's own words, if the node answered with an error."""
    failure = content.get("error")
    if failure is None:
        return
    if not _is_object(failure):
        said = failure if isinstance(failure, str) else shown(failure)
        raise InputError(f"the node answered with an error: {said[:_QUOTED_LEN_MAX]}")
    code, message = failure.get("code"), str(failure.get("message"))[:_QUOTED_LEN_MAX]
    number = code if isinstance(code, int) else None
    remedy = _REMEDIES.get(number, "request the block again") if number else "correct the request"
    raise InputError(f"the node answered with error {code}: {message}; {remedy}")


def _empty(wrapper: str, content: Fields) -> InputError:
    """The error for an answer whose block is empty: where it should be, and what is there."""
    value = content[wrapper]
    if wrapper == "block":
        reason = content.get("err")
        because = "" if reason is None else f": {str(reason)[:_QUOTED_LEN_MAX]}"
        return InputError(f"the notification has no block{because}; save one that has")
    if "method" in content:
        return InputError(f"this is a request, not the node's answer; {_SAVE_GETBLOCK}")
    if value is None:
        return InputError(
            f"{wrapper} is null: the node has no such block (skipped, not confirmed, or too old); "
            "name another slot, or ask a node that keeps older blocks"
        )
    return InputError(f"{wrapper}: expected an object, found {shown(value)}; {_SAVE_GETBLOCK}")


def _foreign(content: Fields) -> InputError:
    """A description of a document that is not a block."""
    if _is_transaction(content):
        slot = content.get("slot")
        which = f"of slot {slot} " if isinstance(slot, int) else ""
        return InputError(
            "this is the answer of getTransaction, one transaction and no block; request the "
            f"block {which}with getBlock"
        )
    if _is_of_ethereum(content):
        return InputError("this is a block of Ethereum among answers of Solana; save it by itself")
    return InputError(f"a node's answer without a block in it; {_SAVE_GETBLOCK}")
