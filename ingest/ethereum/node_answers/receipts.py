"""Reads receipts: the answer of `eth_getBlockReceipts`. They say what gas each transaction used.

Does not: read logs, which name contracts and not the state that was accessed.
"""

from __future__ import annotations

from ....primitives import InputError
from ...files.json_values import as_list, as_object
from ..hex_values import (
    U64_BITS,
    as_address_or_none,
    as_hash,
    as_hash_or_none,
    as_quantity,
    as_quantity_or_none,
)
from ..model import TransactionFacts
from .answer import TRANSACTIONS_MAX, Answer, Told, transaction_place
from .envelope import is_list, is_object


def are_receipts(document: object) -> bool:
    if not is_list(document) or not document:
        return False
    first = document[0]
    return is_object(first) and "gasUsed" in first and "transactionHash" in first


def read_receipts(document: object) -> Answer:
    """Raises InputError, naming transaction and field."""
    entries = as_list(document, "receipts")
    if len(entries) > TRANSACTIONS_MAX:
        raise InputError(f"receipts: {len(entries):,}; at most {TRANSACTIONS_MAX:,} are read")
    receipts = [as_object(entry, f"receipt {position}") for position, entry in enumerate(entries)]
    facts = [_facts(position, receipt) for position, receipt in enumerate(receipts)]
    first = receipts[0] if receipts else {}
    return Answer(
        source="receipts",
        kind=None,
        transactions=list(map(Told, facts)),
        number=as_quantity_or_none(first.get("blockNumber"), "blockNumber", bits=U64_BITS),
        hash=as_hash_or_none(first.get("blockHash"), "blockHash"),
    )


def _facts(position: int, receipt: dict[str, object]) -> TransactionFacts:
    place = transaction_place(position, receipt.get("transactionHash"))
    to = as_address_or_none(receipt.get("to"), f"{place}: to")
    return TransactionFacts(
        hash=as_hash(receipt.get("transactionHash"), f"{place}: transactionHash"),
        sender=as_address_or_none(receipt.get("from"), f"{place}: from"),
        to=to,
        creates=to is None if "to" in receipt else None,
        gas_used=as_quantity(receipt.get("gasUsed"), f"{place}: gasUsed", bits=U64_BITS),
    )
