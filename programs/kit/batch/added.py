"""Accounts that a batch handler only adds to: what `Adds[…]` is for a whole group.

Guarantees: as for views (accounts/added.py). Whatever else a handler does with such an account is
refused, so that the scalar handler decides.
"""

from __future__ import annotations

from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ..accounts.added import is_sum
from ..accounts.added_record import LAMPORTS, Place
from ..columns.integers import IntColumn, integer_values
from ..columns.rows import Column, Rows, stands_for
from ..encoding.scalar_codecs import IntCodec
from .batch import AccountColumns, AccountRows
from .column_codecs import decode_column

_U64: Final = IntCodec(8)


class AddedColumns(AccountColumns):
    """An account parameter that is only added to, with columns as attributes."""

    __slots__ = ()

    @property
    def lamports(self) -> Any:
        return self._sum(LAMPORTS, self._source.lamports)

    def as_layout(self, layout: Any) -> Any:
        raise self._refuse("an account that is only added to is no other layout")

    def __getattr__(self, name: str) -> Any:
        found = self._field(name)
        if is_sum(found):
            place = Place(found.offset, cast(int, found.codec.size))
            return self._sum(place, self._added(place))
        # Other programs may not look at it.
        self._rows.exclude(np.logical_not(self._owned()))
        return super().__getattr__(name)

    def __setattr__(self, name: str, value: Any) -> None:
        rows, source = self._rows, self._source
        if name == "lamports":
            added = self._taken(LAMPORTS, value, source.lamports)
            if source.adds:
                rows.exclude(source.overflows(LAMPORTS, added))
            if not self._rights.writable:
                rows.exclude(added != source.lamports)
            source.lamports = added
            return
        found = self._field(name)
        if not is_sum(found):
            raise self._refuse(f"{name!r} is only read where an account is added to")
        place = Place(found.offset, cast(int, found.codec.size))
        added = self._taken(place, value, self._added(place))
        rows.exclude(np.logical_not(self._owned()))
        rows.exclude(not self._rights.writable)
        if source.adds:
            rows.exclude(source.overflows(place, added))
            source.sums[place] = added
        else:
            source.written[found.offset] = added[:, None].view(np.uint8)

    def _sum(self, place: Place, added: NDArray[np.uint64]) -> SumColumn:
        return SumColumn(self._rows, self._source, place, added)

    def _added(self, place: Place) -> NDArray[np.uint64]:
        """What each row has added; the values themselves where it may also write them."""
        rows, source = self._rows, self._source
        if place.width != _U64.width:
            raise self._refuse("a batch handler adds to sums of 64 bits only")
        if source.adds:
            return source.sums.get(place, np.zeros(rows.count, dtype=np.uint64))
        raw = source.written.get(place.offset)
        raw = source.load_data(place.offset, place.width) if raw is None else raw
        return cast(IntColumn, decode_column(rows, _U64, raw)).values

    def _taken(self, place: Place, value: object, now: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """What each row is to have added, if `value` came of adding to this very sum."""
        given: Any = value
        if (
            type(given) is not SumColumn
            or given._place != place  # pyright: ignore[reportPrivateUsage]
            or given._source is not self._source  # pyright: ignore[reportPrivateUsage]
        ):
            raise self._refuse("an account that is only added to takes nothing but +=")
        added: NDArray[np.uint64] = given._added  # pyright: ignore[reportPrivateUsage]
        self._rows.exclude(added < now)
        return added


@stands_for(int)
class SumColumn(Column):
    """A sum for each row, which nobody can see, and to which integers can be added."""

    __slots__ = ("_added", "_place", "_source")

    def __init__(
        self, rows: Rows, source: AccountRows, place: Place, added: NDArray[np.uint64]
    ) -> None:
        self.rows = rows
        self._source = source
        self._place = place
        self._added = added

    def __add__(self, amount: IntColumn | int) -> SumColumn:
        if type(amount) is not IntColumn and type(amount) is not int:
            raise self._refuse("only integers can be added")
        self.rows.exclude((amount < 0) if type(amount) is int else cast(Any, amount < 0).values)
        total = IntColumn(self.rows, self._added) + amount
        values = integer_values(self.rows, total)
        return SumColumn(self.rows, self._source, self._place, values.astype(np.uint64))

    __radd__ = __add__
