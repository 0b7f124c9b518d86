"""Recognises a block access list among documents, and reads it with what stands beside it.

A list is RLP; or JSON, a bare list of accounts; or either of them in a node's envelope, or under
`blockAccessList` of a block, header or payload, whose other fields then say more of its block.
Guarantees: recognising is quick and raises nothing. An empty list alone is not recognised: it could
be anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ....primitives import InputError
from ...files.json_values import as_list, as_object
from ..hex_values import (
    U64_BITS,
    as_address_or_none,
    as_data,
    as_hash,
    as_hash_or_none,
    as_quantity_or_none,
    is_hash,
)
from ..model import EthereumBlock, TransactionFacts
from ..node_answers.envelope import Fields, content_of, is_enveloped, is_object, peeked
from ..raw_transaction import read_raw_transaction
from .changes import INDEX_MAX, AccessList
from .from_json import access_list_of_json, is_access_list
from .from_rlp import access_list_of_rlp
from .notes import notes_on_list
from .to_block import Header, block_of_list

_LIST: Final = "blockAccessList"
_LIST_HASH: Final = "blockAccessListHash"
# What a field is called in a header, and in an execution payload.
_NUMBER: Final = ("number", "blockNumber")
_HASH: Final = ("hash", "blockHash")
_COINBASE: Final = ("miner", "coinbase", "feeRecipient")
_GAS_LIMIT: Final = ("gasLimit",)


def is_list_document(document: object) -> bool:
    """Whether a parsed document, or the bytes of a file, is an access list."""
    if isinstance(document, bytes):
        return True
    content = peeked(document)
    if is_enveloped(document) and isinstance(content, str):
        return content.startswith("0x") and not is_hash(content)
    if is_object(content):
        return content.get(_LIST) is not None
    return is_access_list(content)


def read_list_document(document: object) -> EthereumBlock:
    """The block of the list in a document. Raises InputError if malformed or against a rule."""
    found, header = list_and_header(document)
    block = block_of_list(found, header)
    notes = notes_on_list(block, found, counted_by_list=header.facts is None)
    return replace(block, notes=tuple(notes))


def list_and_header(document: object) -> tuple[AccessList, Header]:
    """The list in a document, and what the document says beside it. Raises InputError."""
    if isinstance(document, bytes):
        return access_list_of_rlp(document), Header()
    content = content_of(document)
    if is_object(content):
        return _read_list(content[_LIST], _LIST), _header(content)
    return _read_list(content, "accounts"), Header()


def _read_list(content: object, place: str) -> AccessList:
    if isinstance(content, str):
        return access_list_of_rlp(as_data(content, place))
    return access_list_of_json(content, place)


def _header(fields: Fields) -> Header:
    """What a block, a header or a payload says beside the list."""
    number, hash_, coinbase, gas_limit = (
        _first(fields, names) for names in (_NUMBER, _HASH, _COINBASE, _GAS_LIMIT)
    )
    return Header(
        number=as_quantity_or_none(number, "number", bits=U64_BITS),
        hash=as_hash_or_none(hash_, "hash"),
        coinbase=as_address_or_none(coinbase, "coinbase"),
        gas_limit=as_quantity_or_none(gas_limit, "gasLimit", bits=U64_BITS),
        facts=_facts(fields.get("transactions")),
        list_hash=as_hash_or_none(fields.get(_LIST_HASH), _LIST_HASH),
    )


def _facts(transactions: object) -> list[TransactionFacts] | None:
    """Of each transaction: what its signed bytes say; its hash; nothing, of other forms."""
    if transactions is None:
        return None
    entries = as_list(transactions, "transactions")
    if len(entries) >= INDEX_MAX:
        raise InputError(f"transactions: {len(entries):,}; a list has room for {INDEX_MAX - 1:,}")
    return [_facts_of(entry, f"transactions[{n}]") for n, entry in enumerate(entries)]


def _facts_of(entry: object, place: str) -> TransactionFacts:
    if is_hash(entry):
        return TransactionFacts(hash=as_hash(entry, place))
    if isinstance(entry, str):
        return read_raw_transaction(as_data(entry, place), place).facts
    return TransactionFacts(hash=as_hash_or_none(as_object(entry, place).get("hash"), place))


def _first(fields: Mapping[str, object], names: Sequence[str]) -> object:
    """The first of these fields that is there."""
    return next((fields[name] for name in names if fields.get(name) is not None), None)
