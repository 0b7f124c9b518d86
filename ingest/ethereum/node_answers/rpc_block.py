"""Reads what `eth_getBlockByNumber` answers: a block with its transactions, or its header alone.

A block says what its transactions ask for and not what they do. This much is certain of each: the
sender's nonce and balance change; the code of the recipient is read; a transfer of value changes
the recipient's balance, as does a creation the nonce and the code of the new contract. That credit
counts as a write: a recipient with code may read its balance, and whether it has code, a block does
not say. An access list (EIP-2930) holds what a transaction may access, read or written: hints.
Guarantees: faults name transaction and field. Does not: check hashes or signatures.
"""

from __future__ import annotations

from typing import Final

from ....primitives import InputError
from ...files.json_values import as_list, as_list_or_none, as_object
from ..hex_values import (
    U64_BITS,
    as_address,
    as_address_or_none,
    as_data,
    as_hash,
    as_hash_or_none,
    as_quantity,
    as_quantity_or_none,
    is_hash,
)
from ..keys import BALANCE, CODE, NONCE, StateKey, StateValue
from ..model import BlockSource, TransactionFacts
from ..raw_transaction import created_address, selector_of
from ..signed import Signed
from .answer import TRANSACTIONS_MAX, Answer, Caveat, Told, transaction_place
from .envelope import is_object

HINTS_MAX: Final = 1_000_000  # slots in all access lists of a block; each costs 1,900 gas
_SIGNED: Final = "authorizationList"
_HASHES_ONLY: Final = (
    "transactions: only their hashes; ask for them in full: eth_getBlockByNumber with true as its "
    'second parameter, as in "params": ["0x10d4f", true]'
)
_SET_CODE_NOTE: Final = (
    "transactions of type 4 (EIP-7702) change the code of accounts that have signed for it, and "
    "a block does not say which accounts these are"
)


def is_rpc_block(document: object) -> bool:
    """Whether this is a block or a header, as a node answers it."""
    return is_object(document) and "parentHash" in document and "stateRoot" in document


def read_rpc_block(document: object) -> Answer:
    """Raises InputError, naming transaction and field."""
    block = as_object(document, "the block")
    transactions = None
    if "transactions" in block:
        transactions = _read_transactions(as_list(block["transactions"], "transactions"))
    return Answer(
        source="eth_getBlockByNumber" if transactions is not None else "a block's header",
        kind=BlockSource.RPC_BLOCK if transactions is not None else None,
        transactions=transactions,
        number=as_quantity_or_none(block.get("number"), "number", bits=U64_BITS),
        hash=as_hash_or_none(block.get("hash"), "hash"),
        coinbase=as_address_or_none(block.get("miner", block.get("coinbase")), "miner"),
        gas_limit=as_quantity_or_none(block.get("gasLimit"), "gasLimit", bits=U64_BITS),
        list_hash=as_hash_or_none(block.get("blockAccessListHash"), "blockAccessListHash"),
        caveats=_on_set_code(block),
    )


def _on_set_code(block: dict[str, object]) -> tuple[Caveat, ...]:
    entries = as_list_or_none(block.get("transactions"), "transactions")
    kinds = (each.get("type") for each in entries if is_object(each))
    return (Caveat(_SET_CODE_NOTE),) if any(kind in ("0x4", "0x04") for kind in kinds) else ()


def _read_transactions(entries: list[object]) -> list[Told]:
    if len(entries) > TRANSACTIONS_MAX:
        raise InputError(f"transactions: {len(entries):,}; at most {TRANSACTIONS_MAX:,} are read")
    if entries and all(map(is_hash, entries)):
        raise InputError(_HASHES_ONLY)
    told = [_read_transaction(position, entry) for position, entry in enumerate(entries)]
    hints = sum(len(each.hints) for each in told)
    if hints > HINTS_MAX:
        raise InputError(f"access lists: {hints:,} slots; at most {HINTS_MAX:,} are read")
    return told


def _read_transaction(position: int, entry: object) -> Told:
    own_hash = entry.get("hash") if is_object(entry) else None
    place = transaction_place(position, own_hash)
    fields = as_object(entry, place)
    index = as_quantity_or_none(
        fields.get("transactionIndex"), f"{place}: transactionIndex", bits=U64_BITS
    )
    if index not in (None, position):
        raise InputError(f"{place}: transactionIndex: expected {position}, found {index}")
    facts = _facts(fields, place)
    value = as_quantity_or_none(fields.get("value"), f"{place}: value") or 0
    return Told(
        facts,
        certain_reads={} if facts.to is None else {StateKey(facts.to, CODE): None},
        certain_writes=_writes_beside_payment(facts, value),
        hints=_hints(fields.get("accessList"), f"{place}: accessList"),
    )


def _facts(fields: dict[str, object], place: str) -> TransactionFacts:
    to = as_address_or_none(fields.get("to"), f"{place}: to")
    data = as_data(fields.get("input", fields.get("data", "0x")), f"{place}: input")
    return TransactionFacts(
        hash=as_hash(fields.get("hash"), f"{place}: hash"),
        sender=as_address(fields.get("from"), f"{place}: from"),
        to=to,
        creates=to is None,
        selector=None if to is None else selector_of(data),
        gas_limit=as_quantity(fields.get("gas"), f"{place}: gas", bits=U64_BITS),
        nonce=as_quantity(fields.get("nonce"), f"{place}: nonce", bits=U64_BITS),
        authorizes=bool(as_list_or_none(fields.get(_SIGNED), f"{place}: {_SIGNED}")),
        signed=Signed.of_json(fields, place),
    )


def _writes_beside_payment(
    facts: TransactionFacts, value: int
) -> dict[StateKey, StateValue | None]:
    keys: list[StateKey] = []
    if facts.to is not None:
        keys += [StateKey(facts.to, BALANCE)] if value else []
    elif facts.sender is not None and facts.nonce is not None:
        created = created_address(facts.sender, facts.nonce)
        parts = (NONCE, CODE, BALANCE) if value else (NONCE, CODE)
        keys += [StateKey(created, part) for part in parts]
    return dict.fromkeys(keys)


def _hints(entries: object, place: str) -> list[StateKey]:
    hints: list[StateKey] = []
    for entry in as_list_or_none(entries, place):
        fields = as_object(entry, place)
        address = as_address(fields.get("address"), f"{place}: address")
        slots = as_list_or_none(fields.get("storageKeys"), f"{place}: storageKeys")
        numbers = [as_quantity(slot, f"{place}: storageKeys") for slot in slots]
        hints += [StateKey.slot(address, number) for number in numbers]
    return hints
