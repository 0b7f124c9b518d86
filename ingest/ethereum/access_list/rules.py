"""The rules that a block access list must keep, as far as the list itself shows them.

Each broken rule is an InputError that names the place, the address and the rule: the first in the
order of the list. Source: EIP-7928, "Ordering and Determinism", "BlockAccessIndex Assignment",
"Recording Semantics", and its limit of a list's size; EIP-7954 for the size of code.
Does not: know what transactions did; known_facts.py compares with what else is known of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from ....primitives import InputError
from ..keys import CODE, StateKey, StateValue
from ..model import KnownState
from .changes import CHANGE_FIELDS, AccountChanges, Change

_T = TypeVar("_T")

ITEM_GAS: Final = 2_000  # gas of the block's limit that an address or a slot takes up
# A list does not say which fork it is of: EIP-170 has 24,576, and no proposal has more than this.
CODE_LEN_MAX: Final = 49_152


class Span(NamedTuple):
    """The indices that a list may use."""

    last: int
    because: str


class Limits(NamedTuple):
    """What a list is held to. `gas_limit`: the block's. `pre`: the state before. None: unknown."""

    span: Span
    gas_limit: int | None = None
    pre: KnownState | None = None

    def held(self, key: StateKey) -> StateValue | None:
        """What a key holds before the block; None if unknown."""
        return None if self.pre is None else self.pre.get(key)


def check_rules(accounts: Sequence[AccountChanges], limits: Limits) -> None:
    """Raise InputError for the first broken rule."""
    previous = ""
    for position, account in enumerate(accounts):
        place = f"accounts[{position}]"
        if account.address <= previous:
            _refuse_order(account.address, previous, place)
        previous = account.address
        _check_account(account, limits, _Here(place, account.address))
    if limits.gas_limit is not None:
        _check_size(accounts, limits.gas_limit)


class _Here(NamedTuple):
    """A place in the list, and the address that it belongs to."""

    place: str
    address: str

    def broken(self, what: str, rule: str) -> InputError:
        return InputError(f"{self.place} ({self.address}): {what}; EIP-7928: {rule}")

    def inside(self, part: str) -> _Here:
        return _Here(f"{self.place}.{part}", self.address)


def _refuse_order(address: str, previous: str, place: str) -> None:
    here = _Here(place, address)
    if address == previous:
        raise here.broken("the account before it has this address, too", "addresses are unique")
    raise here.broken(f"comes after {previous}", "accounts are in ascending order of address")


def _check_account(account: AccountChanges, limits: Limits, here: _Here) -> None:
    written = [slot for slot, _ in account.storage_changes]
    _check_slots(written, here, "storageChanges")
    _check_slots(account.storage_reads, here, "storageReads")
    in_both = frozenset(written).intersection(account.storage_reads)
    for number, slot in enumerate(account.storage_reads if in_both else ()):
        if slot in in_both:
            raise here.inside(f"storageReads[{number}]").broken(
                f"slot {slot:#x} is among the changes, too", "a changed slot is not listed as read"
            )
    for number, (slot, changes) in enumerate(account.storage_changes):
        inside = here.inside(f"storageChanges[{number}]")
        if not changes:
            raise inside.broken(f"slot {slot:#x} has no changes", "such a slot is listed as read")
        key = StateKey.slot(account.address, slot)
        _check_changes(changes, key, limits, inside.inside("slotChanges"))
    for part, name in CHANGE_FIELDS.items():
        key = StateKey(account.address, part)
        _check_changes(account.changes_of(part), key, limits, here.inside(name))
    _check_codes(account.changes_of(CODE), here.inside(CHANGE_FIELDS[CODE]))


def _check_slots(slots: Sequence[int], here: _Here, name: str) -> None:
    for number, (slot, previous) in enumerate(_pairs(slots), 1):
        if slot > previous:
            continue
        inside = here.inside(f"{name}[{number}]")
        if slot == previous:
            raise inside.broken(f"slot {slot:#x} is there twice", "slots are unique")
        raise inside.broken(
            f"slot {slot:#x} comes after {previous:#x}", "slots are in ascending order"
        )


def _check_changes(changes: Sequence[Change], key: StateKey, limits: Limits, here: _Here) -> None:
    if not changes:
        return
    if changes[0].value == limits.held(key):
        what = "the value is that before the block"
        raise _at(here, 0).broken(what, "only changes are recorded")
    for number, (change, previous) in enumerate(_pairs(changes), 1):
        _check_pair(change, previous, _at(here, number))
    last, span = changes[-1].step, limits.span
    if last > span.last:
        raise _at(here, len(changes) - 1).broken(
            f"index {last}, and {span.last} is the last one: {span.because}",
            "an index is 0, that of a transaction, or the one after the last transaction",
        )


def _check_pair(change: Change, previous: Change, here: _Here) -> None:
    if change.step == previous.step:
        what = f"index {change.step} is there twice"
        raise here.broken(what, "a value changes once in a step")
    if change.step < previous.step:
        what = f"index {change.step} comes after {previous.step}"
        raise here.broken(what, "changes are in ascending order of index")
    if change.value == previous.value:
        what = f"the value is that of index {previous.step}"
        raise here.broken(what, "only changes are recorded")


def _check_codes(changes: Iterable[Change], here: _Here) -> None:
    for number, change in enumerate(changes):
        code = change.value
        if isinstance(code, bytes) and len(code) > CODE_LEN_MAX:
            raise InputError(
                f"{_at(here, number).place} ({here.address}): code of {len(code):,} bytes; "
                f"EIP-7954: {CODE_LEN_MAX:,} at most"
            )


def _check_size(accounts: Sequence[AccountChanges], gas_limit: int) -> None:
    items = sum(1 + len(each.storage_changes) + len(each.storage_reads) for each in accounts)
    if items * ITEM_GAS > gas_limit:
        raise InputError(
            f"{items:,} addresses and slots in the list; EIP-7928: at most {ITEM_GAS:,} gas of the "
            f"block's limit for each, so {gas_limit // ITEM_GAS:,} for a limit of {gas_limit:,}"
        )


def _at(here: _Here, number: int) -> _Here:
    return _Here(f"{here.place}[{number}]", here.address)


def _pairs(values: Sequence[_T]) -> Iterator[tuple[_T, _T]]:
    """Each value but the first, with the one before it."""
    return zip(values[1:], values, strict=False)
