"""Solana `getBlock` JSON, as JSON-RPC answers it or saved without its envelope, into columns.

Guarantees: all encodings of one block give the same columns; a document that is not such a block
is an InputError that names transaction and field and, where another request would help, its
parameters. An account twice in one transaction is refused: the node refuses it too
(AccountLoadedTwice), so no block holds one.
Does not: read files, or check a block against the chain.
"""

from __future__ import annotations

from typing import Final, cast

from ...primitives import InputError
from .columns import FULL_REQUEST, BlockColumns, Meta
from .encoded import name_entry
from .json_values import as_integer, as_list, as_object, as_text, as_u64s, shown
from .messages import read_message
from .recorded import BlockHeader, RecordedBlock

_UNITS_MAX: Final = (1 << 32) - 1  # compute units of one transaction: far more than a block has
_QUOTED_LEN_MAX: Final = 300
_I64_MIN: Final = -(2**63)


def looks_like_block(document: object) -> bool:
    """Whether this is an answer of `getBlock`, good or bad, rather than a fixture or anything."""
    if not isinstance(document, dict) or "sealane" in document:
        return False
    content = cast("dict[str, object]", document)
    if "jsonrpc" in content or _is_rpc_error(content.get("error")):
        return True
    if isinstance(content.get("result"), dict):
        content = cast("dict[str, object]", content["result"])
    if "blockhash" in content and "previousBlockhash" in content:
        return True
    entries = content.get("transactions")
    if not isinstance(entries, list) or not entries:
        return False
    first = cast("list[object]", entries)[0]
    return isinstance(first, dict) and "transaction" in first


def read_block(document: dict[str, object], *, votes: bool = True) -> RecordedBlock:
    """The block in a parsed document. Without `votes`, simple vote transactions are left out.

    Raises InputError.
    """
    block = _unwrap(document)
    header = _read_header(block)
    columns = BlockColumns()
    for position, entry in enumerate(_entries(block)):
        try:
            _add_entry(columns, as_object(entry, "entry"), votes)
        except InputError as error:
            raise InputError(f"{_name(position, entry)}: {error.message}") from error
    return columns.finish(header)


def _is_rpc_error(value: object) -> bool:
    return isinstance(value, dict) and "code" in value and "message" in value


def _unwrap(document: dict[str, object]) -> dict[str, object]:
    """The bare result. A JSON-RPC error, or no result at all, is told as what it is."""
    failure = document.get("error")
    if isinstance(failure, dict):
        failure = cast("dict[str, object]", failure)
        code, message = failure.get("code"), str(failure.get("message"))[:_QUOTED_LEN_MAX]
        raise InputError(f"the node answered with error {shown(code)}: {message}")
    if "result" not in document:
        return document
    if document["result"] is None:
        raise InputError(
            "result is null: the node has no such block (skipped, not confirmed, or too old)"
        )
    return as_object(document["result"], "result")


def _entries(block: dict[str, object]) -> list[object]:
    if "transactions" in block:
        return as_list(block["transactions"], "transactions")
    details = "signatures" if "signatures" in block else "none"
    raise InputError(
        f"transactions are missing, as with transactionDetails {details!r}; {FULL_REQUEST}"
    )


def _add_entry(columns: BlockColumns, entry: dict[str, object], votes: bool) -> None:
    recorded = entry.get("meta")
    meta = None if recorded is None else as_object(recorded, "meta")
    message = read_message(entry, meta or {})
    is_vote = message.is_simple_vote
    if votes or not is_vote:
        columns.add(message, is_vote, None if meta is None else _read_meta(meta))


def _read_meta(meta: dict[str, object]) -> Meta:
    error = meta.get("err")
    status = meta.get("status")
    if "err" not in meta and isinstance(status, dict):
        error = cast("dict[str, object]", status).get("Err")
    units = meta.get("computeUnitsConsumed")
    pre, post = meta.get("preBalances"), meta.get("postBalances")
    balances = None
    if pre is not None and post is not None:
        balances = (as_u64s(pre, "meta.preBalances"), as_u64s(post, "meta.postBalances"))
    return Meta(
        as_integer(meta.get("fee"), "meta.fee"),
        error is not None,
        error,
        balances,
        None if units is None else as_integer(units, "meta.computeUnitsConsumed", high=_UNITS_MAX),
    )


def _read_header(block: dict[str, object]) -> BlockHeader:
    blockhash = block.get("blockhash")
    return BlockHeader(
        slot=_optional_integer(block, "slot"),
        parent_slot=_optional_integer(block, "parentSlot"),
        blockhash=None if blockhash is None else as_text(blockhash, "blockhash"),
        block_time=_optional_integer(block, "blockTime"),
        block_height=_optional_integer(block, "blockHeight"),
    )


def _optional_integer(block: dict[str, object], name: str) -> int | None:
    value = block.get(name)
    return None if value is None else as_integer(value, name, low=_I64_MIN)


def _name(position: int, entry: object) -> str:
    signature = name_entry(entry)
    name = f"transaction {position}"
    return name if signature is None else f"{name} ({signature})"
