"""Views of accounts that an instruction only adds to: `Adds[Layout]`, `Adds[UncheckedAccount]`.

    >>> from sealane.programs import Adds, Layout, Program, u64
    >>> class Total(Layout):
    ...     count: u64
    >>> counters = Program("counters", layouts=[Total])
    >>> @counters.instruction(tag=0)
    ... def count(total: Adds[Total], by: u64) -> None:
    ...     total.count += by
    >>> count(total="visits", by=2).accounts[0].adds
    True

Other transactions may add to the account at the same time, so what they may change cannot be read:
lamports, and the u64 and u128 fields of a layout. All that can be done with these is to add to
them, with `+=` and a number that is not negative. The other fields can be read by the program that
owns the account, as no add changes them. Guarantees: nothing that a handler can see or do depends
on what other transactions add, but for an overflow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import new_class
from typing import Any, ClassVar, Final, NoReturn, TypeVar, cast

from ....primitives import Errors, InstructionErrors, ProgramFailure, Pubkey
from ..encoding.scalar_codecs import IntCodec
from .account import UncheckedAccount
from .added_record import LAMPORTS, SUM_WIDTHS, AddedRecord, Place, held_at, overflow
from .fields import FieldedView, LayoutField, TailField
from .record import AccountRecord, refuse_data

_VIEWS_MAX: Final = 256
_UNREADABLE: Final = InstructionErrors.AccountBorrowFailed

View = TypeVar("View", bound=UncheckedAccount)


class AddedView(UncheckedAccount):
    """The part of such a view that does not depend on its layout."""

    __slots__ = ()

    _only_added: ClassVar[bool] = True

    @property
    def lamports(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride] - a Sum
        record = self._record
        return Sum(self, LAMPORTS, "lamports", _added(record, LAMPORTS))

    @lamports.setter
    def lamports(self, lamports: object) -> None:
        record = self._record
        given: Any = lamports
        if (
            type(given) is Sum
            and given._record is record  # pyright: ignore[reportPrivateUsage]
            and given._place is LAMPORTS  # pyright: ignore[reportPrivateUsage]
            and self._writable
            and isinstance(record, AddedRecord)
            and record.takes_lamports(given._added)  # pyright: ignore[reportPrivateUsage]
        ):
            record.lamports = given._added  # pyright: ignore[reportPrivateUsage]
            return  # the common case; what follows reports what is wrong
        added = self._taken(lamports, LAMPORTS, "lamports")
        if added != _added(record, LAMPORTS):
            if not self._writable:
                raise self._refused(InstructionErrors.ReadonlyLamportChange, "add lamports")
            if record.executable:
                raise self._refused(InstructionErrors.ExecutableLamportChange, "add lamports")
        self._put(LAMPORTS, "lamports", added)

    @property
    def owner(self) -> Pubkey:
        return self._record.owner

    @owner.setter
    def owner(self, owner: str | bytes) -> None:  # pyright: ignore[reportIncompatibleVariableOverride] - refused
        if Pubkey.of(owner) != self._record.owner:
            raise self._refused(InstructionErrors.ModifiedProgramId, "give it to another owner")

    @property
    def data(self) -> memoryview:
        raise self._refused(_UNREADABLE, "look at its data as bytes")

    @data.setter
    def data(self, content: bytes | bytearray | memoryview) -> None:  # pyright: ignore[reportIncompatibleVariableOverride] - refused
        raise self._refused(InstructionErrors.ReadonlyDataModified, "replace its data")

    def resize(self, length: int) -> None:
        """Refused: the account is only added to."""
        raise self._refused(InstructionErrors.ReadonlyDataModified, "resize its data")

    def encode(self) -> bytes:
        """Refused: the bytes contain what others may be adding to."""
        raise self._refused(_UNREADABLE, "look at its data as bytes")

    def _own_buffer(self) -> bytearray | None:
        return None

    def _writable_buffer(self, action: str) -> bytearray:
        raise self._refused(InstructionErrors.ReadonlyDataModified, action)

    def _refused(self, broken: Errors, action: str) -> ProgramFailure:
        right = (
            "only added to, by others at the same time; declare it with Mut[…] to do more"
            if self._writable
            else "read-only in this instruction"
        )
        return self._forbidden(broken, action, f"is {right}")

    def _taken(self, value: object, place: Place, name: str) -> int:
        """What is to have been added in all, if `value` came of adding to this very sum."""
        record = self._record
        given: Any = value
        if (
            type(given) is not Sum
            or given._place != place  # pyright: ignore[reportPrivateUsage]
            or given._record is not record  # pyright: ignore[reportPrivateUsage]
        ):
            raise self._refused(_changed(place), f"set {name!r}, but only add to it with +=")
        added: int = given._added  # pyright: ignore[reportPrivateUsage]
        if added < _added(record, place):
            raise self._refused(_changed(place), f"take back what it has added to {name!r}")
        return added

    def _put(self, place: Place, name: str, added: int) -> None:
        record = self._record
        if isinstance(record, AddedRecord):
            record.put(place, added, f"{name} of {self._name!r}")
            return
        # The transaction may do more with the account than this instruction.
        if added >> 8 * place.width:
            raise overflow(f"{name} of {self._name!r}", place)
        if place is LAMPORTS:
            record.lamports = added
        else:
            buffer = cast(bytearray, record.buffer)
            raw = added.to_bytes(place.width, "little")
            buffer[place.offset : place.offset + place.width] = raw

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name} {self._record.key}, only added to>"


class Sum:
    """Lamports or a field that may only be added to: a number that nobody can see.

    `_added`: what the transaction has added to it; in an account that it may also write, the value.
    """

    __slots__ = ("_added", "_name", "_place", "_record", "_view")

    def __init__(self, view: AddedView, place: Place, name: str, added: int) -> None:
        self._view = view
        self._record: AccountRecord = view._record  # pyright: ignore[reportPrivateUsage]
        self._place = place
        self._name = name
        self._added = added

    def __add__(self, amount: object) -> Sum:
        if type(amount) is not int or amount < 0:
            shown = amount if type(amount) is int else type(amount).__name__
            self._refuse(f"add {shown} to {self._name!r}, but only integers from 0", changed=True)
        return Sum(self._view, self._place, self._name, self._added + amount)

    __radd__ = __add__

    def __sub__(self, amount: object) -> NoReturn:
        self._refuse(f"subtract from {self._name!r}", changed=True)

    def __repr__(self) -> str:
        return f"<sum of {self._name!r}, only added to>"  # the same whatever the account holds

    def _refuse(self, action: str, *, changed: bool = False) -> NoReturn:
        broken = _changed(self._place) if changed else _UNREADABLE
        raise self._view._refused(broken, action)  # pyright: ignore[reportPrivateUsage]


def _unreadable(name: str) -> Callable[..., NoReturn]:
    def refuse(self: Sum, *others: object) -> NoReturn:
        del others
        self._refuse(f"read {self._name!r}")  # pyright: ignore[reportPrivateUsage]

    refuse.__name__ = name
    return refuse


for _name in (set(dir(int)) | {"__matmul__"}) - set(dir(object)) - set(vars(Sum)):
    if _name.startswith("__"):
        setattr(Sum, _name, _unreadable(_name))
for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__"):
    setattr(Sum, _name, _unreadable(_name))
for _name in ("__str__", "__format__"):
    setattr(Sum, _name, _unreadable(_name))


class _SumField:
    """A u64 or u128 field that may only be added to."""

    def __init__(self, field: LayoutField) -> None:
        self._name = field.name
        self._field = field
        self._place = Place(field.offset, cast(int, field.codec.size))

    def __get__(self, view: AddedView | None, owner: type[AddedView]) -> Any:
        if view is None:
            return self._field
        added = _added(view._record, self._place)  # pyright: ignore[reportPrivateUsage]
        return Sum(view, self._place, self._name, added)

    def __set__(self, view: AddedView, value: object) -> None:
        record = view._record  # pyright: ignore[reportPrivateUsage]
        writable, program_id = view._writable, view._program_id  # pyright: ignore[reportPrivateUsage]
        broken = refuse_data(record, writable=writable, program_id=program_id)
        if broken is not None:
            raise view._refused(broken, f"add to {self._name!r}")  # pyright: ignore[reportPrivateUsage]
        if len(record.buffer) < self._place.offset + self._place.width:
            raise view._refused(InstructionErrors.AccountDataTooSmall, f"use {self._name!r}")  # pyright: ignore[reportPrivateUsage]
        added = view._taken(value, self._place, self._name)  # pyright: ignore[reportPrivateUsage]
        view._put(self._place, self._name, added)  # pyright: ignore[reportPrivateUsage]


class _ConstantField:
    """A field that no add changes; to be read by the owner's programs, as only it may add."""

    def __init__(self, field: LayoutField) -> None:
        self._field = field

    def __get__(self, view: AddedView | None, owner: type[AddedView]) -> Any:
        if view is None:
            return self._field
        if view._record.owner != view._program_id:  # pyright: ignore[reportPrivateUsage]
            raise view._refused(_UNREADABLE, f"read {self._field.name!r} of another program's")  # pyright: ignore[reportPrivateUsage]
        return self._field.__get__(cast(FieldedView, view), cast(type[FieldedView], owner))

    def __set__(self, view: AddedView, value: object) -> None:
        raise view._refused(InstructionErrors.ReadonlyDataModified, f"write {self._field.name!r}")  # pyright: ignore[reportPrivateUsage]


def is_sum(field: LayoutField) -> bool:
    """Whether a field of a layout can be added to."""
    codec = field.codec
    if not isinstance(codec, IntCodec) or isinstance(field, TailField):
        return False
    return not codec.signed and codec.width in SUM_WIDTHS


@lru_cache(maxsize=_VIEWS_MAX)
def added_view(view_type: type[View]) -> type[View]:
    """The type of views that only add, for parameters of this type."""
    if view_type._only_added:  # pyright: ignore[reportPrivateUsage]
        return view_type
    fields: dict[str, LayoutField] = getattr(view_type, "layout_fields", {})
    members: dict[str, Any] = {"__slots__": (), "__module__": view_type.__module__}
    if hasattr(view_type, "layout_fields"):
        members["layout_fields"] = fields  # ready-made, so it is not laid out again
        members["layout_name"] = getattr(view_type, "layout_name", view_type.__name__)
    for name, field in fields.items():
        members[name] = _SumField(field) if is_sum(field) else _ConstantField(field)
    made = new_class(
        view_type.__name__, (AddedView, view_type), exec_body=lambda space: space.update(members)
    )
    return cast(type[View], made)


def _added(record: AccountRecord, place: Place) -> int:
    """What was added so far; the value itself where the transaction may also write it."""
    if isinstance(record, AddedRecord):
        return record.added(place)
    return record.lamports if place is LAMPORTS else held_at(record.buffer, place)


def _changed(place: Place) -> InstructionErrors:
    if place is LAMPORTS:
        return InstructionErrors.ReadonlyLamportChange
    return InstructionErrors.ReadonlyDataModified
