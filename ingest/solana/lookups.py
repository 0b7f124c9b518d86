"""The accounts that lookup tables add to a version 0 transaction.

A message says only how many it takes from which table; the keys stand in `meta.loadedAddresses`,
in message order: all writable ones, then all read-only ones. Or they stand among the account keys
already, and nothing but their number tells.
"""

from __future__ import annotations

import binascii
from collections.abc import Collection
from typing import Final, NamedTuple

from ...primitives import InputError
from .json_values import as_list, as_list_or_none, as_object, as_texts

RESOLVED_REQUEST: Final = (
    'request the block again with "maxSupportedTransactionVersion": 1 '
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
    for entry in as_list_or_none(message.get("addressTableLookups"), place):
        lookup = as_object(entry, place)
        writable += _count(lookup.get("writableIndexes"), f"{place}: writableIndexes")
        readonly += _count(lookup.get("readonlyIndexes"), f"{place}: readonlyIndexes")
    return writable, readonly


def _count(indexes: object, place: str) -> int:
    """How many indexes: a list of them, or the bytes in base64, as Go writes a slice of bytes."""
    if not isinstance(indexes, str):
        return len(as_list_or_none(indexes, place))
    try:
        return len(binascii.a2b_base64(indexes, strict_mode=True))
    except ValueError as error:
        raise InputError(f"{place}: not base64: {error}") from error


def read_loaded(meta: dict[str, object]) -> Loaded | None:
    """The loaded accounts that a node names; None where it says nothing about them."""
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
    """How many of a message's account keys are looked-up ones, which archives add to them.

    All or none are: no account is in a transaction twice, so a loaded one among the keys stands
    for itself; where they are not named, there is a balance for each account.
    """
    if loaded is not None and (loaded.writable or loaded.readonly):
        named = {*loaded.writable, *loaded.readonly}
        asked_for = sum(lookups) in (0, len(named))
        return len(named) if asked_for and named <= {*keys} else 0
    balances = meta.get("preBalances")
    told = None if balances is None else len(as_list(balances, "meta.preBalances"))
    return sum(lookups) if told == len(keys) else 0


def resolve(loaded: Loaded | None, writable: int, readonly: int) -> Loaded:
    """The loaded accounts, which must be as many as the lookups ask for."""
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
