"""The accounts that lookup tables add to a version 0 transaction.

A message says only how many it takes from which table; the keys stand in `meta.loadedAddresses`,
in message order: all writable ones, then all read-only ones.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from ...primitives import InputError
from .json_values import as_list, as_object, as_texts

RESOLVED_REQUEST: Final = (
    'request the block again with "maxSupportedTransactionVersion": 0 '
    'and "transactionDetails": "full"'
)


class Loaded(NamedTuple):
    """Accounts that lookup tables added, as `meta.loadedAddresses` names them."""

    writable: list[str]
    readonly: list[str]


def count_lookups(message: dict[str, object]) -> tuple[int, int]:
    """How many accounts the message takes from tables: writable, read-only."""
    writable = readonly = 0
    place = "message.addressTableLookups"
    lookups = message.get("addressTableLookups")
    for entry in [] if lookups is None else as_list(lookups, place):
        lookup = as_object(entry, place)
        writable += len(as_list(lookup.get("writableIndexes"), f"{place}: writableIndexes"))
        readonly += len(as_list(lookup.get("readonlyIndexes"), f"{place}: readonlyIndexes"))
    return writable, readonly


def read_loaded(meta: dict[str, object]) -> Loaded | None:
    addresses = meta.get("loadedAddresses")
    if addresses is None:
        return None
    place = "meta.loadedAddresses"
    addresses = as_object(addresses, place)
    return Loaded(
        as_texts(addresses.get("writable"), f"{place}.writable"),
        as_texts(addresses.get("readonly"), f"{place}.readonly"),
    )


def resolve(loaded: Loaded | None, writable: int, readonly: int) -> Loaded:
    """The loaded accounts, which must be as many as the lookups ask for."""
    if loaded is None and writable + readonly:
        raise InputError(
            f"meta.loadedAddresses is missing, so the {writable + readonly} accounts that it "
            f"takes from lookup tables are not known; {RESOLVED_REQUEST}"
        )
    loaded = loaded or Loaded([], [])
    if (len(loaded.writable), len(loaded.readonly)) != (writable, readonly):
        raise InputError(
            f"meta.loadedAddresses has {len(loaded.writable)} writable and "
            f"{len(loaded.readonly)} readonly accounts, the lookups {writable} and {readonly}"
        )
    return loaded
