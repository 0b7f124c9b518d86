"""Reads a state of accounts: balance, nonce, code and storage by address.

Guarantees: zeros are left out, since a key that is missing is zero; each key is there once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...primitives import InputError
from ..files.json_values import as_object
from .hex_values import U64_BITS, as_address, as_data, as_quantity
from .keys import BALANCE, CODE, NONCE, StateKey, StateValue

_ADDRESS_TEXT_LEN: Final = 42
_SLOT_TEXT_LEN: Final = 66


def read_state(value: object, place: str) -> dict[StateKey, StateValue]:
    """The values of a whole state that are not zero. Raises InputError, naming the place."""
    state: dict[StateKey, StateValue] = {}
    for given, account in as_object(value, place).items():
        here = f"{place}.{given[:_ADDRESS_TEXT_LEN]}"
        for key, value_of_key in _account(as_address(given, here), account, here):
            if key in state:
                raise InputError(f"{here}: {key.name} is there twice, in two spellings")
            state[key] = value_of_key
    return {key: value_of_key for key, value_of_key in state.items() if value_of_key}


def _account(address: str, value: object, place: str) -> Iterator[tuple[StateKey, StateValue]]:
    fields = as_object(value, place)
    balance = as_quantity(fields.get("balance", 0), f"{place}.balance")
    nonce = as_quantity(fields.get("nonce", 0), f"{place}.nonce", bits=U64_BITS)
    yield StateKey(address, BALANCE), balance
    yield StateKey(address, NONCE), nonce
    yield StateKey(address, CODE), as_data(fields.get("code", "0x"), f"{place}.code")
    storage = as_object(fields.get("storage", {}), f"{place}.storage")
    for slot, held in storage.items():
        here = f"{place}.storage.{slot[:_SLOT_TEXT_LEN]}"
        yield StateKey.slot(address, as_quantity(slot, here)), as_quantity(held, here)
