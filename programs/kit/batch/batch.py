"""The accounts and arguments of a whole group, as columns for a batch handler.

A batch handler has the parameters of its scalar handler and mostly the same statements:
`require(amount <= source.amount, …)`, `source.amount -= amount`. It runs once for a group of
transactions that call the same instruction on distinct accounts. A row that fails a `require`, or
that a column cannot compute, is excluded from the batch and executed by the scalar handler, so
errors, their messages and their order are always the scalar handler's. Not for: nested calls,
resizing, new owners, return data.
"""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ..accounts.added_record import Place
from ..accounts.fields import LayoutField
from ..accounts.layout import Layout
from ..accounts.sysvars import Clock, Rent, Sysvars
from ..columns.columns import BytesColumn, IntColumn, integer_values
from ..columns.row_equality import equal_rows
from ..columns.rows import Refusing, Rows, stands_for
from ..encoding.byte_codecs import FixedBytesCodec
from ..encoding.compound_codecs import OptionCodec
from ..encoding.scalar_codecs import IntCodec, PubkeyCodec
from ..handlers.context import Context
from .column_codecs import decode_column, encode_column, option_column

_UNITS_MAX: Final = 1 << 32
_ALWAYS_DECODES: Final = (IntCodec, PubkeyCodec, FixedBytesCodec)  # any bytes are valid


class AccountRows(ABC):
    """One account parameter of a group of n rows, as gathered by the runtime.

    `lamports` uint64[n]: the current values, changed by the handler. `written`: the fields written
    so far, by offset, each uint8[n, size]. `adds`: the transactions only add to it; `lamports` and
    `sums`, by place, are then what each has added.
    """

    lamports: NDArray[np.uint64]

    def __init__(self, *, signer: bool, writable: bool, adds: bool = False) -> None:
        self.signer = signer
        self.writable = writable
        self.adds = adds
        self.written: dict[int, NDArray[np.uint8]] = {}
        self.sums: dict[Place, NDArray[np.uint64]] = {}

    @cached_property
    def keys(self) -> NDArray[np.uint8]:
        return self.load_keys()

    @cached_property
    def owners(self) -> NDArray[np.uint8]:
        return self.load_owners()

    @cached_property
    def data_lens(self) -> NDArray[np.int64]:
        return self.load_data_lens()

    @abstractmethod
    def load_keys(self) -> NDArray[np.uint8]:
        """uint8[n, 32]"""

    @abstractmethod
    def load_owners(self) -> NDArray[np.uint8]:
        """uint8[n, 32]"""

    @abstractmethod
    def load_data_lens(self) -> NDArray[np.int64]:
        """int64[n]"""

    @abstractmethod
    def owned(self) -> NDArray[np.bool_] | bool:
        """bool[n]: whether the running program owns each; a single bool if all are equal."""

    @abstractmethod
    def holds(self, size: int) -> NDArray[np.bool_]:
        """bool[n]: whether the data has `size` bytes that `load_data` can read."""

    @abstractmethod
    def load_data(self, offset: int, size: int) -> NDArray[np.uint8]:
        """uint8[n, size]: bytes of the accounts' data; undefined where the data is shorter."""

    @abstractmethod
    def overflows(self, place: Place, added: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """bool[n]: whether a sum with `added` in it may be too large, in a row by itself."""

    def require_layout(self, rows: Rows, layout: type[Layout]) -> None:
        """Exclude rows whose data cannot have this layout."""
        rows.exclude(~self.holds(layout.layout_size))
        if layout.discriminator:
            mark = np.frombuffer(layout.discriminator, dtype=np.uint8)
            rows.exclude(~equal_rows(self.load_data(0, len(mark)), mark[None]))


@stands_for(Layout, int, frozenset)  # a program's layout may define operators
class AccountColumns(Refusing):
    """An account parameter in a batch handler, with columns as attributes."""

    __slots__ = ("_layout", "_rows", "_source")

    _layout: type[Layout] | None
    _rows: Rows
    _source: AccountRows

    def __init__(self, rows: Rows, source: AccountRows, layout: type[Layout] | None) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_source", source)
        object.__setattr__(self, "_layout", layout)

    def _refuse(self, what: str) -> TypeError:
        return self._rows.refuse(what)

    def as_layout(self, layout: type[Layout]) -> AccountColumns:
        """The same accounts with this layout; excludes rows whose data cannot have it."""
        self._source.require_layout(self._rows, layout)
        return AccountColumns(self._rows, self._source, layout)

    @property
    def key(self) -> BytesColumn:
        return BytesColumn(self._rows, self._source.keys)

    @property
    def owner(self) -> BytesColumn:
        return BytesColumn(self._rows, self._source.owners)

    @property
    def data_len(self) -> IntColumn:
        return IntColumn(self._rows, self._source.data_lens)

    @property
    def is_signer(self) -> bool:
        return self._source.signer

    @property
    def is_writable(self) -> bool:
        return self._source.writable

    @property
    def lamports(self) -> IntColumn:
        return IntColumn(self._rows, self._source.lamports)

    def __getattr__(self, name: str) -> Any:
        found = self._field(name)
        codec = found.codec
        raw = self._written(found)
        if raw is not None:
            return decode_column(self._rows, codec, raw)
        source, offset = self._source, found.offset
        if isinstance(codec, OptionCodec) and isinstance(codec.inner, _ALWAYS_DECODES):
            # Usually only the tag is read.
            inner, value_at = codec.inner, offset + codec.tag_size
            tags = source.load_data(offset, codec.tag_size)
            size, rows = cast(int, inner.size), self._rows
            return option_column(
                rows, tags, lambda: decode_column(rows, inner, source.load_data(value_at, size))
            )
        return decode_column(self._rows, codec, source.load_data(offset, cast(int, codec.size)))

    def __setattr__(self, name: str, value: Any) -> None:
        rows, source = self._rows, self._source
        if name == "lamports":
            lamports = _unsigned(rows, value)
            if (owned := source.owned()) is not True:
                rows.exclude((lamports < source.lamports) & np.logical_not(owned))
            if not source.writable:
                rows.exclude(lamports != source.lamports)
            source.lamports = lamports
            return
        found = self._field(name)
        rows.exclude(np.logical_not(source.owned()))
        if not source.writable:
            rows.exclude(True)
        raw = encode_column(rows, found.codec, value)
        if isinstance(found.codec, OptionCodec):
            self._keep_behind_none(found, raw)
        self._written(found)
        source.written[found.offset] = raw

    def _written(self, found: LayoutField) -> NDArray[np.uint8] | None:
        """The bytes written to a field, if any. Raises TypeError if an overlapping one was."""
        size = cast(int, found.codec.size)
        for offset, raw in self._source.written.items():
            if (offset, raw.shape[1]) == (found.offset, size):
                return raw
            if offset < found.offset + size and found.offset < offset + raw.shape[1]:
                raise self._refuse("a batch handler cannot use a field that overlaps one it wrote")
        return None

    def _keep_behind_none(self, found: LayoutField, raw: NDArray[np.uint8]) -> None:
        """Writing None changes only the tag: the bytes of the earlier value stay."""
        none = ~raw[:, 0].astype(np.bool_)
        if not none.any():
            return
        held = self._written(found)
        if held is None:
            held = self._source.load_data(found.offset, raw.shape[1])
        behind = cast(OptionCodec, found.codec).tag_size
        raw[none, behind:] = held[none, behind:]

    def _field(self, name: str) -> LayoutField:
        found = self._layout.layout_fields.get(name) if self._layout is not None else None
        if found is None or found.codec.size is None:
            raise self._refuse(f"a batch handler cannot use {name!r} of an account")
        return found


@stands_for(Context)
class BatchContext(Refusing):
    """The `ctx: Context` of a batch handler: clock, rent, compute units, logs and events by row."""

    def __init__(self, rows: Rows, program_id: Pubkey, sysvars: Sysvars) -> None:
        self.program_id = program_id
        self.units: NDArray[np.uint64] | np.uint64 = np.uint64(0)
        self.logs: list[Sequence[str]] = []
        self._rows = rows
        self._sysvars = sysvars

    def _refuse(self, what: str) -> TypeError:
        return self._rows.refuse(what)

    @property
    def clock(self) -> Clock:
        return self._sysvars.clock

    @property
    def rent(self) -> Rent:
        return self._sysvars.rent

    def consume(self, units: IntColumn | int) -> None:
        """Charge compute units: one amount for all rows, or a column."""
        charged = _unsigned(self._rows, units)
        # More than any transaction has, so no sum can wrap.
        self._rows.exclude(charged > np.uint64(_UNITS_MAX))
        self.units = self.units + np.minimum(charged, np.uint64(_UNITS_MAX))

    def log(self, messages: str | list[str]) -> None:
        """Add a log line to every receipt: one text for all rows, or a list with one for each."""
        given = [messages] * self._rows.count if type(messages) is str else messages
        if (
            type(given) is not list
            or (given is messages and self._rows.shared)
            or not all(type(line) is str for line in given)
        ):
            raise self._refuse("a log line is a str")
        if len(given) != self._rows.count:
            raise self._refuse(f"{len(given)} log lines for {self._rows.count} rows")
        self.logs.append([f"Program log: {line}" for line in given])

    def emit(self, event: type[Layout], **values: Any) -> None:
        """Add an event to every receipt, with fields given as columns or constants."""
        if values.keys() != event.layout_fields.keys() or not event.layout_fixed:
            raise self._refuse(
                f"an event takes the fields of {event.layout_name}, each of fixed size"
            )
        raw = np.zeros((self._rows.count, event.layout_size), dtype=np.uint8)
        raw[:, : len(event.discriminator)] = np.frombuffer(event.discriminator, dtype=np.uint8)
        for name, found in event.layout_fields.items():
            encoded = encode_column(self._rows, found.codec, values[name])
            raw[:, found.offset : found.offset + encoded.shape[1]] = encoded
        self.logs.append(
            [f"Program data: {base64.b64encode(row.tobytes()).decode('ascii')}" for row in raw]
        )


def _unsigned(rows: Rows, value: object) -> NDArray[np.uint64]:
    values = integer_values(rows, value)
    if values.dtype == np.int64:
        rows.exclude(values < 0)
    return values.astype(np.uint64, copy=False)
