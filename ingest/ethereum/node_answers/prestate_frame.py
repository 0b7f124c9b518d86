"""What prestateTracer shows of one transaction: accounts before it, or, in diffMode, what changed.

The plain mode shows all of each account that was touched as it was before: these count as reads.
diffMode shows accounts that changed: in `pre` as they were, in `post` only what is new. It leaves
out zeros, so a slot that is in `pre` alone became zero, and one in `post` alone was zero; an
account that is in `pre` alone was destroyed.
Source: go-ethereum, eth/tracers/native/prestate.go. Guarantees: faults name account and field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ....primitives import InputError
from ...files.json_values import as_object
from ..hex_values import U64_BITS, as_address, as_data, as_quantity, is_address
from ..keys import BALANCE, CODE, NONCE, StateKey, StateValue
from ..model import KnownState
from .answer import Told
from .envelope import Fields, is_object

_ACCOUNT_FIELDS: Final = {"balance", "nonce", "code", "codeHash", "code_hash", "storage"}
_DIFF_FIELDS: Final = {"pre", "post"}
_ASK: Final = 'ask with {"tracer": "prestateTracer"}'

_Values = dict[StateKey, "StateValue | None"]


def is_diff(document: object) -> bool:
    """Whether this is a result in diffMode."""
    return is_object(document) and document.keys() == _DIFF_FIELDS


def is_accounts(document: object) -> bool:
    """Whether this is a mapping of accounts, as the plain mode and states of blocks have it."""
    return (
        is_object(document)
        and bool(document)
        and any(map(is_address, document))
        and all(is_object(each) and each.keys() <= _ACCOUNT_FIELDS for each in document.values())
    )


def read_frame(document: object, place: str) -> Told:
    """What the result of one transaction shows, of either mode. Raises InputError."""
    frame = as_object(document, place)
    if is_diff(frame):
        return _read_diff(frame, place)
    for name in frame:
        if not name.startswith("0x"):
            raise InputError(f"{place}: {name!r} is no address: another tracer's result; {_ASK}")
    return Told(reads=_before(frame, place))


def read_state(document: object, place: str) -> KnownState:
    """The values of a mapping of accounts; of slots and fields that it lacks, nothing is known."""
    values = dict(_shown_values(as_object(document, place), place))
    return KnownState(values, is_whole=False)


def _before(frame: Fields, place: str) -> _Values:
    """All of each account: fields that were zero are left out, so they count as shown."""
    values: _Values = {}
    for address, account, inner in _accounts(frame, place):
        values[StateKey(address, BALANCE)] = None
        values[StateKey(address, NONCE)] = 0
        values[StateKey(address, CODE)] = None if "codeHash" in account else b""
        values |= _account_values(address, account, inner)
    return values


def _read_diff(frame: Fields, place: str) -> Told:
    before = _before(as_object(frame["pre"], f"{place}: pre"), f"{place}: pre")
    posts = as_object(frame["post"], f"{place}: post")
    writes: _Values = {}
    changed: set[str] = set()
    for address, account, inner in _accounts(posts, f"{place}: post"):
        changed.add(address)
        if "codeHash" in account:
            writes[StateKey(address, CODE)] = None
        writes |= _account_values(address, account, inner)
    for key, value in before.items():
        if key.address not in changed:  # destroyed
            if value != key.absent:
                writes[key] = key.absent
        elif key.is_slot:
            writes.setdefault(key, 0)
    changes = {
        key: value
        for key, value in writes.items()
        if value is None or value != before.get(key, key.absent)
    }
    found = {key: before.get(key, key.absent) for key in changes}
    return Told(writes=changes, certain_reads=found)


def _shown_values(frame: Fields, place: str) -> Iterator[tuple[StateKey, StateValue]]:
    for address, account, inner in _accounts(frame, place):
        yield from _account_values(address, account, inner).items()


def _accounts(frame: Fields, place: str) -> Iterator[tuple[str, Fields, str]]:
    """The accounts of a mapping, by address, each with its place."""
    for name, account in frame.items():
        address = as_address(name, place)
        inner = f"{place}: {address}"
        yield address, as_object(account, inner), inner


def _account_values(
    address: str, account: Mapping[str, object], place: str
) -> dict[StateKey, StateValue]:
    """The values that are given."""
    values: dict[StateKey, StateValue] = {}
    for part, bits in ((BALANCE, 256), (NONCE, U64_BITS)):
        if account.get(part) is not None:
            values[StateKey(address, part)] = as_quantity(
                account[part], f"{place}: {part}", bits=bits
            )
    if account.get(CODE) is not None:
        values[StateKey(address, CODE)] = as_data(account[CODE], f"{place}: code")
    if account.get("storage") is not None:
        for slot, value in as_object(account["storage"], f"{place}: storage").items():
            key = StateKey.slot(address, as_quantity(slot, f"{place}: storage"))
            values[key] = as_quantity(value, f"{place}: storage: {slot}")
    return values
