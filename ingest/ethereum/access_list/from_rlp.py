"""Reads a block access list from RLP.

Guarantees: every part has its shape and its size, else an InputError names the place; integers
have no leading zeros, except that all slots and their values may be padded to 32 bytes, as the
lists of early experiments are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ....primitives import InputError
from ....primitives.keccak import keccak_hex
from ..rlp import RlpItem, as_rlp_bytes, as_rlp_integer, as_rlp_list, decode_rlp_list
from .changes import (
    INDEX_BITS,
    NONCE_BITS,
    AccessList,
    AccountChanges,
    Change,
    SlotChanges,
)

_ADDRESS_LEN: Final = 20
_WORD_LEN: Final = 32
_ACCOUNT_FIELDS: Final = 6
_READ_VALUE = Callable[[RlpItem, str], "int | bytes"]


def access_list_of_rlp(raw: bytes) -> AccessList:
    """The list in `raw`. Raises InputError, naming the place, for anything else."""
    items = decode_rlp_list(raw, "access list")
    padded = _is_padded(items)
    read_word = _padded_word if padded else as_rlp_integer
    accounts = [
        _account(item, f"accounts[{position}]", read_word) for position, item in enumerate(items)
    ]
    return AccessList(accounts, keccak_hex(raw), padded)


def _account(item: RlpItem, place: str, read_word: Callable[[RlpItem, str], int]) -> AccountChanges:
    fields = _fields(item, place, _ACCOUNT_FIELDS)
    address, storage, reads, balances, nonces, codes = fields
    place_of_reads = f"{place}.storageReads"
    return AccountChanges(
        "0x" + as_rlp_bytes(address, f"{place}.address", (_ADDRESS_LEN,)).hex(),
        [
            _slot_changes(each, f"{place}.storageChanges[{number}]", read_word)
            for number, each in enumerate(as_rlp_list(storage, f"{place}.storageChanges"))
        ],
        [
            read_word(slot, f"{place_of_reads}[{number}]")
            for number, slot in enumerate(as_rlp_list(reads, place_of_reads))
        ],
        _changes(balances, f"{place}.balanceChanges", as_rlp_integer),
        _changes(nonces, f"{place}.nonceChanges", _nonce),
        _changes(codes, f"{place}.codeChanges", as_rlp_bytes),
    )


def _slot_changes(
    item: RlpItem, place: str, read_word: Callable[[RlpItem, str], int]
) -> SlotChanges:
    slot, changes = _fields(item, place, 2)
    return SlotChanges(
        read_word(slot, f"{place}.slot"), _changes(changes, f"{place}.slotChanges", read_word)
    )


def _changes(item: RlpItem, place: str, read_value: _READ_VALUE) -> list[Change]:
    found: list[Change] = []
    for number, change in enumerate(as_rlp_list(item, place)):
        here = f"{place}[{number}]"
        index, value = _fields(change, here, 2)
        found.append(
            Change(
                as_rlp_integer(index, f"{here}.index", bits=INDEX_BITS),
                read_value(value, f"{here}.value"),
            )
        )
    return found


def _fields(item: RlpItem, place: str, count: int) -> Sequence[RlpItem]:
    fields = as_rlp_list(item, place)
    if len(fields) != count:
        raise InputError(f"{place}: expected {count} items, found {len(fields):,}")
    return fields


def _nonce(item: RlpItem, place: str) -> int:
    return as_rlp_integer(item, place, bits=NONCE_BITS)


def _padded_word(item: RlpItem, place: str) -> int:
    return int.from_bytes(as_rlp_bytes(item, place, (_WORD_LEN,)), "big")


def _is_padded(accounts: Sequence[RlpItem]) -> bool:
    """Whether all slots have 32 bytes, and one of them, or of their values, a leading zero.

    A list of nothing but slots that are hashes reads the same either way.
    """
    words = list(_slot_words(accounts))
    return any(word.startswith(b"\0") for word in words) and all(
        len(word) == _WORD_LEN for word in words
    )


def _slot_words(accounts: Sequence[RlpItem]) -> list[bytes]:
    """Slots and their values, as far as the items have the shape of an account."""
    words: list[RlpItem] = []
    for account in map(_inside, accounts):
        if len(account) != _ACCOUNT_FIELDS:
            continue
        words += _inside(account[2])
        for entry in map(_inside, _inside(account[1])):
            words += entry[:1]
            for change in _inside(entry[1]) if len(entry) == 2 else ():
                words += _inside(change)[1:2]
    return [word for word in words if isinstance(word, bytes)]


def _inside(item: RlpItem) -> Sequence[RlpItem]:
    """The items of a list; none of bytes."""
    return () if isinstance(item, bytes) else item
