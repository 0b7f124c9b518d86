"""Reads Solana `getBlock` JSON, as returned by nodes and archives and saved by tools, into columns.

Guarantees: all encodings of one block give the same columns; any other document raises an
InputError that names transaction and field and, if another request would help, its parameters.
Transactions of unknown newer versions are left out and reported in `unread`. A transaction with a
repeated account is refused: so does the node (AccountLoadedTwice), so no block has one. Does not:
read files, or check a block against the chain.
"""

from __future__ import annotations

from typing import Final, cast

from ...primitives import InputError
from ...wire.decoding import UnknownVersion
from ..files.json_values import as_integer, as_list, as_object, as_text, as_u64s
from .camel_case import is_snake_cased, to_camel_case
from .columns import FULL_REQUEST, BlockColumns, Meta
from .encoded import name_entry
from .envelope import find_block
from .evidence import Evidence
from .messages import read_message
from .recorded import BlockHeader, RecordedBlock
from .rent import rent_charged
from .token_accounts import read_token_accounts

_UNITS_MAX: Final = (1 << 32) - 1  # compute units of one transaction: far above a block's limit
_KNOWN_VERSIONS: Final = (None, "legacy", -1, 0, 1)
_I64_MIN: Final = -(2**63)


def read_block(document: object, *, votes: bool = True) -> RecordedBlock:
    """The block in a parsed document. `votes=False` leaves out simple vote transactions.

    Raises InputError.
    """
    block = find_block(document)
    if is_snake_cased(block):
        to_camel_case(block)
    header = _read_header(block)
    columns = BlockColumns()
    for position, entry in enumerate(_entries(block)):
        try:
            _add_entry(columns, as_object(entry, "entry"), votes)
        except UnknownVersion as error:
            declared = as_object(entry, "entry").get("version") not in _KNOWN_VERSIONS
            columns.leave_out(_name(position, entry), error.message, declared=declared)
        except InputError as error:
            raise InputError(f"{_name(position, entry)}: {error.message}") from error
    return columns.finish(header)


def _entries(block: dict[str, object]) -> list[object]:
    if block.get("transactions") is not None:
        return as_list(block["transactions"], "transactions")
    details = "none" if block.get("signatures") is None else "signatures"
    raise InputError(
        f"transactions are missing, as with transactionDetails {details!r}; {FULL_REQUEST}"
    )


def _add_entry(columns: BlockColumns, entry: dict[str, object], votes: bool) -> None:
    recorded = entry.get("meta")
    meta = None if recorded is None else as_object(recorded, "meta")
    message = read_message(entry, meta or {})
    is_vote = message.is_simple_vote
    if votes or not is_vote:
        read = None if meta is None else _read_meta(meta)
        columns.add(message, is_vote, read, Evidence.of(entry, meta or {}))


def _read_meta(meta: dict[str, object]) -> Meta:
    error = _recorded_error(meta)
    units = meta.get("computeUnitsConsumed")
    pre, post = meta.get("preBalances"), meta.get("postBalances")
    balances = None
    if pre is not None and post is not None:
        balances = (as_u64s(pre, "meta.preBalances"), as_u64s(post, "meta.postBalances"))
    # Encoders that omit zeros omit the fee of a transaction without one.
    fee = as_integer(meta.get("fee", 0), "meta.fee")
    return Meta(
        fee,
        error is not None,
        error,
        balances,
        None if units is None else as_integer(units, "meta.computeUnitsConsumed", high=_UNITS_MAX),
        rent_charged(meta, fee, balances),
        read_token_accounts(meta),
    )


def _recorded_error(meta: dict[str, object]) -> object | None:
    """`err`, or its equivalent in the `status` of old answers."""
    error, status = meta.get("err"), meta.get("status")
    if error is None and isinstance(status, dict):
        return cast("dict[str, object]", status).get("Err")
    return error


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
