"""The accounts that lookup tables add to a version 0 transaction.

A message says only how many accounts it takes from which table. The keys are in
`meta.loadedAddresses`, in message order: all writable ones, then all read-only ones. Or they are
already among the account keys, which shows only in the number of keys.
"""

from __future__ import annotations

import binascii
from collections.abc import Collection
from typing import Final, NamedTuple

from ...primitives import InputError
from ..files.json_values import as_list, as_list_or_none, as_object, as_texts

RESOLVED_REQUEST: Final = (
    'request the block again with "maxSupportedTransactionVersion": 1 '
    'and "transactionDetails": "full"'
)


class Loaded(NamedTuple):
    """Accounts added by lookup tables, as listed in `meta.loadedAddresses`."""

    writable: list[str]
    readonly: list[str]


def count_lookups(message: dict[str, object]) -> tuple[int, int]:
    """The number of accounts that the message takes from tables: writable, read-only."""
    writable = readonly = 0
    place = "message.addressTableLookups"
    for entry in as_list_or_none(message.get("addressTableLookups"), place):
        lookup = as_object(entry, place)
        writable += _count(lookup.get("writableIndexes"), f"{place}: writableIndexes")
        readonly += _count(lookup.get("readonlyIndexes"), f"{place}: readonlyIndexes")
    return writable, readonly


def _count(indexes: object, place: str) -> int:
    """The number of indexes, in a list or as base64 (how Go writes a byte slice)."""
    if not isinstance(indexes, str):
        return len(as_list_or_none(indexes, place))
    try:
        return len(binascii.a2b_base64(indexes, strict_mode=True))
    except ValueError as error:
        raise InputError(f"{place}: not base64: {error}") from error


def read_loaded(meta: dict[str, object]) -> Loaded | None:
    """The loaded accounts as listed by the node; None if there is no such list."""
    addresses = meta.get("loadedAddresses")
    if addresses is None:
        return None
    place = "meta.loadedAddresses"
    addresses = as_object(addresses, place)
    writable = as_list_or_none(addresses.get("writable"), f"{place}.writable")
    readonly = as_list_or_none(addresses.get("readonly"), f"{place}.readonly")
    return Loaded(as_texts(writable, f"{place}.writable"), as_texts(readonly, f"{place}.readonly"))


def count_listed(
    keys: Collection[object],
    loaded: Loaded | None,
    lookups: tuple[int, int],
    meta: dict[str, object],
) -> int:
    """How many of a message's account keys are looked-up ones, which archives append.

    All or none: no account occurs twice in a transaction, so finding a loaded one among the keys is
    enough. If `loadedAddresses` is missing, the number of balances gives the number of accounts.
    """
    if loaded is not None and (loaded.writable or loaded.readonly):
        named = {*loaded.writable, *loaded.readonly}
        asked_for = sum(lookups) in (0, len(named))
        return len(named) if asked_for and named <= {*keys} else 0
    balances = meta.get("preBalances")
    told = None if balances is None else len(as_list(balances, "meta.preBalances"))
    return sum(lookups) if told == len(keys) else 0


def resolve(loaded: Loaded | None, writable: int, readonly: int) -> Loaded:
    """The loaded accounts, checked to be as many as the lookups require."""
    if writable + readonly and not (loaded and (loaded.writable or loaded.readonly)):
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
