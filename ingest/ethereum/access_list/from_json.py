"""Reads a block access list from JSON, as nodes and as the execution-spec tests spell it.

A node says `index` and `value`, `key` and `changes`; the tests say `blockAccessIndex` and
`postBalance`, `slot` and `slotChanges`. Both are read, mixed too. A list that is left out is empty.
Guarantees: a field that is not known is an InputError, so nothing is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from ....primitives import InputError
from ...files.json_values import as_list, as_list_or_none, as_object
from ..hex_values import as_address, as_data, as_quantity
from .changes import (
    INDEX_BITS,
    NONCE_BITS,
    AccessList,
    AccountChanges,
    Change,
    SlotChanges,
    hash_of,
)

_INDEX: Final = ("blockAccessIndex", "index", "txIndex")
_SLOT: Final = ("slot", "key")
_SLOT_CHANGES: Final = ("slotChanges", "changes")
_STORAGE_VALUE: Final = ("postValue", "newValue", "value")
_BALANCE_VALUE: Final = ("postBalance", "value")
_NONCE_VALUE: Final = ("postNonce", "newNonce", "value")
_CODE_VALUE: Final = ("newCode", "postCode", "value", "code")
_ADDRESS: Final = "address"
_SHOWN_LEN_MAX: Final = 40
_LISTS: Final = ("storageChanges", "storageReads", "balanceChanges", "nonceChanges", "codeChanges")

_ReadValue = Callable[[object, str], "int | bytes"]


def is_access_list(document: object) -> bool:
    """Whether a parsed document is the bare list of accounts, with one account at least."""
    if not isinstance(document, list) or not document:
        return False
    first: object = document[0]  # pyright: ignore[reportUnknownVariableType]
    return isinstance(first, dict) and _ADDRESS in first and any(name in first for name in _LISTS)


def access_list_of_json(document: object, place: str = "accounts") -> AccessList:
    """The list in a parsed document. Raises InputError, naming the place, for anything else."""
    accounts = [
        _account(value, f"{place}[{position}]")
        for position, value in enumerate(as_list(document, place))
    ]
    return AccessList(accounts, hash_of(accounts))


def _account(value: object, place: str) -> AccountChanges:
    fields = as_object(value, place)
    _refuse_unknown(fields, (_ADDRESS, *_LISTS), place)
    storage, reads, balances, nonces, codes = (
        (f"{place}.{name}", as_list_or_none(fields.get(name), f"{place}.{name}")) for name in _LISTS
    )
    return AccountChanges(
        as_address(fields.get(_ADDRESS), f"{place}.{_ADDRESS}"),
        [_slot_changes(each, f"{storage[0]}[{n}]") for n, each in enumerate(storage[1])],
        [as_quantity(slot, f"{reads[0]}[{n}]") for n, slot in enumerate(reads[1])],
        _changes(balances[1], balances[0], _BALANCE_VALUE, as_quantity),
        _changes(nonces[1], nonces[0], _NONCE_VALUE, _nonce),
        _changes(codes[1], codes[0], _CODE_VALUE, as_data),
    )


def _slot_changes(value: object, place: str) -> SlotChanges:
    fields = as_object(value, place)
    _refuse_unknown(fields, (*_SLOT, *_SLOT_CHANGES), place)
    slot, slot_name = _either(fields, _SLOT, place)
    changes, changes_name = _either(fields, _SLOT_CHANGES, place)
    here = f"{place}.{changes_name}"
    return SlotChanges(
        as_quantity(slot, f"{place}.{slot_name}"),
        _changes(as_list(changes, here), here, _STORAGE_VALUE, as_quantity),
    )


def _changes(
    values: Sequence[object], place: str, value_names: Sequence[str], read: _ReadValue
) -> list[Change]:
    return [
        _change(value, f"{place}[{number}]", value_names, read)
        for number, value in enumerate(values)
    ]


def _change(value: object, place: str, value_names: Sequence[str], read: _ReadValue) -> Change:
    fields = as_object(value, place)
    _refuse_unknown(fields, (*_INDEX, *value_names), place)
    index, index_name = _either(fields, _INDEX, place)
    found, value_name = _either(fields, value_names, place)
    return Change(
        as_quantity(index, f"{place}.{index_name}", bits=INDEX_BITS),
        read(found, f"{place}.{value_name}"),
    )


def _nonce(value: object, place: str) -> int:
    return as_quantity(value, place, bits=NONCE_BITS)


def _either(fields: Mapping[str, object], names: Sequence[str], place: str) -> tuple[object, str]:
    """The value of the only one of these fields, and the field's name."""
    found = [name for name in names if name in fields]
    if len(found) != 1:
        what = " and ".join(found) + " together" if found else "nothing of the kind"
        raise InputError(f"{place}: expected one of {', '.join(names)}; found {what}")
    return fields[found[0]], found[0]


def _refuse_unknown(fields: Mapping[str, object], known: Collection[str], place: str) -> None:
    unknown = next((name for name in fields if name not in known), None)
    if unknown is not None:
        raise InputError(
            f"{place}: unknown field {unknown[:_SHOWN_LEN_MAX]!r}; known are {', '.join(known)}"
        )
