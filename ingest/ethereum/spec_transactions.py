"""Reads what a block of an execution-spec test says beside its list: header, transactions and
withdrawals.

The header's fields stand in the block itself, or under `blockHeader`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...primitives import InputError
from ..files.json_values import as_list, as_list_or_none, as_object
from .access_list.to_block import Header
from .hex_values import (
    U64_BITS,
    as_address,
    as_address_or_none,
    as_data,
    as_hash_or_none,
    as_quantity,
    as_quantity_or_none,
)
from .model import TransactionFacts, Withdrawal
from .raw_transaction import selector_of
from .signed import Signed

_GWEI: Final = 10**9


def read_header(fields: Mapping[str, object], place: str) -> Header:
    """What is known of a block beside its list. Raises InputError, naming the place."""
    nested = "blockHeader" in fields
    here = f"{place}.blockHeader" if nested else place
    header = as_object(fields["blockHeader"], here) if nested else fields
    transactions = as_list(fields.get("transactions"), f"{place}.transactions")
    facts = [
        _facts(as_object(each, f"{place}.transactions[{n}]"), f"{place}.transactions[{n}]")
        for n, each in enumerate(transactions)
    ]
    _require_count(fields, facts, place)
    return Header(
        number=as_quantity_or_none(header.get("number"), f"{here}.number", bits=U64_BITS),
        hash=as_hash_or_none(header.get("hash"), f"{here}.hash"),
        coinbase=as_address(header.get("coinbase"), f"{here}.coinbase"),
        gas_limit=as_quantity_or_none(header.get("gasLimit"), f"{here}.gasLimit"),
        facts=facts,
        list_hash=as_hash_or_none(header.get("blockAccessListHash"), f"{here}.blockAccessListHash"),
    )


def read_withdrawals(fields: Mapping[str, object], place: str) -> list[Withdrawal]:
    """The withdrawals of a block, whose amounts are in gwei."""
    found: list[Withdrawal] = []
    for number, value in enumerate(as_list_or_none(fields.get("withdrawals"), place)):
        here = f"{place}.withdrawals[{number}]"
        withdrawal = as_object(value, here)
        amount = as_quantity(withdrawal.get("amount"), f"{here}.amount", bits=U64_BITS)
        address = as_address(withdrawal.get("address"), f"{here}.address")
        found.append(Withdrawal(address, amount * _GWEI))
    return found


def _facts(fields: Mapping[str, object], place: str) -> TransactionFacts:
    given = fields.get("to")
    to = as_address_or_none(None if given == "" else given, f"{place}.to")
    data = as_data(fields.get("data", "0x"), f"{place}.data")
    return TransactionFacts(
        hash=as_hash_or_none(fields.get("hash"), f"{place}.hash"),
        sender=as_address_or_none(fields.get("sender"), f"{place}.sender"),
        to=to,
        creates=to is None,
        selector=None if to is None else selector_of(data),
        gas_limit=as_quantity_or_none(fields.get("gasLimit"), f"{place}.gasLimit", bits=U64_BITS),
        nonce=as_quantity_or_none(fields.get("nonce"), f"{place}.nonce", bits=U64_BITS),
        authorizes=bool(as_list_or_none(fields.get("authorizationList"), place)),
        signed=Signed.of_json(fields, place),
    )


def _require_count(fields: Mapping[str, object], facts: list[TransactionFacts], place: str) -> None:
    count = as_quantity_or_none(fields.get("n_tx"), f"{place}.n_tx")
    if count is not None and count != len(facts):
        raise InputError(
            f"{place}: n_tx is {count}, and there are {len(facts)} transactions; "
            "one of them was left out"
        )
