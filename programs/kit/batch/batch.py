"""The accounts and arguments of a whole group, as columns for a batch handler.

A batch handler has the parameters of its scalar handler and mostly the same statements:
`require(amount <= source.amount, …)`, `source.amount -= amount`. It runs once for a group of
transactions that call the same instruction on distinct accounts. A row that fails a `require`, or
that a column cannot compute, is excluded from the batch and executed by the scalar handler, so
errors, their messages and their order are always the scalar handler's. Not for: resizing, new
owners.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ..accounts.added_record import Place
from ..accounts.fields import LayoutField
from ..accounts.layout import Layout
from ..columns.bytes_column import BytesColumn
from ..columns.integers import IntColumn, integer_values
from ..columns.row_equality import equal_rows
from ..columns.rows import Refusing, Rows, stands_for
from ..encoding.byte_codecs import FixedBytesCodec
from ..encoding.compound_codecs import OptionCodec
from ..encoding.scalar_codecs import IntCodec, PubkeyCodec
from .column_codecs import decode_column, encode_column, option_column
from .layout_members import member_of

_ALWAYS_DECODES: Final = (IntCodec, PubkeyCodec, FixedBytesCodec)  # any bytes are valid


class AccountRows(ABC):
    """One account parameter of a group of n rows, as gathered by the runtime.

    `lamports` uint64[n]: the current values, changed by handlers. `written`: the fields written so
    far, by offset, each uint8[n, size]. `adds`: the transactions only add to it; `lamports` and
    `sums`, by place, are then what each has added. What a handler may do with it is no part of
    this: see Rights.
    """

    lamports: NDArray[np.uint64]

    def __init__(self, *, adds: bool = False) -> None:
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
    def owned_by(self, program_id: bytes) -> NDArray[np.bool_] | bool:
        """bool[n]: whether this program owns each; a single bool if all have one owner."""

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


class Rights(NamedTuple):
    """What an instruction may do with one of its accounts, as a FrameAccount has it for one row.

    `program_id`: that of the running program, which may do more with accounts of its own.
    """

    program_id: Pubkey
    signer: bool
    writable: bool
    adds: bool = False


@stands_for(Layout, int, frozenset)  # a program's layout may define operators
class AccountColumns(Refusing):
    """An account parameter in a batch handler, with columns as attributes."""

    __slots__ = ("_layout", "_rights", "_rows", "_source")

    _layout: type[Layout] | None
    _rights: Rights
    _rows: Rows
    _source: AccountRows

    def __init__(
        self, rows: Rows, source: AccountRows, layout: type[Layout] | None, rights: Rights
    ) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_source", source)
        object.__setattr__(self, "_layout", layout)
        object.__setattr__(self, "_rights", rights)

    def _refuse(self, what: str) -> TypeError:
        return self._rows.refuse(what)

    def as_layout(self, layout: type[Layout]) -> AccountColumns:
        """The same accounts with this layout; excludes rows whose data cannot have it."""
        self._source.require_layout(self._rows, layout)
        return AccountColumns(self._rows, self._source, layout, self._rights)

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
        return self._rights.signer

    @property
    def is_writable(self) -> bool:
        return self._rights.writable

    @property
    def lamports(self) -> IntColumn:
        return IntColumn(self._rows, self._source.lamports)

    def __getattr__(self, name: str) -> Any:
        if self._layout is not None and name not in self._layout.layout_fields:
            member = member_of(self._rows, self._layout, name, self)
            if member is not None:
                return member
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
            lamports = unsigned_values(rows, value)
            if (owned := self._owned()) is not True:
                rows.exclude((lamports < source.lamports) & np.logical_not(owned))
            if not self._rights.writable:
                rows.exclude(lamports != source.lamports)
            source.lamports = lamports
            return
        found = self._field(name)
        rows.exclude(np.logical_not(self._owned()))
        if not self._rights.writable:
            rows.exclude(True)
        raw = encode_column(rows, found.codec, value)
        if isinstance(found.codec, OptionCodec):
            self._keep_behind_none(found, raw)
        self._written(found)
        source.written[found.offset] = raw

    def _owned(self) -> NDArray[np.bool_] | bool:
        """Whether the running program owns each account."""
        return self._source.owned_by(self._rights.program_id)

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


def unsigned_values(rows: Rows, value: object) -> NDArray[np.uint64]:
    """The values of a column or an int. Excludes rows that are negative."""
    values = integer_values(rows, value)
    if values.dtype == np.int64:
        rows.exclude(values < 0)
    return values.astype(np.uint64, copy=False)
