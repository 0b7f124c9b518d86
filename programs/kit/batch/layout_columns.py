"""A value of a layout for each row: what `Swapped(pool=pool.key, amount=out)` is on columns.

For events and return data. A field reads as the column that it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..accounts.layout import Layout
from ..columns.bytes_column import BytesColumn
from ..columns.rows import Refusing, Rows, stands_for
from .column_codecs import decode_column, encode_column
from .layout_members import member_of


@stands_for(Layout)
class LayoutColumns(Refusing):
    """The values, encoded in `raw` uint8[n, size]. Excludes rows whose values do not fit."""

    __slots__ = ("_layout", "_rows", "raw")

    def __init__(self, rows: Rows, layout: type[Layout], given: Mapping[str, Any]) -> None:
        values = {layout.layout_names.get(name, name): value for name, value in given.items()}
        if not layout.layout_fixed or values.keys() - layout.layout_fields.keys():
            raise rows.refuse(f"{layout.layout_name} has not these fields, or not of fixed size")
        raw: NDArray[np.uint8] = np.zeros((rows.count, layout.layout_size), dtype=np.uint8)
        raw[:, : len(layout.discriminator)] = np.frombuffer(layout.discriminator, dtype=np.uint8)
        for name, found in layout.layout_fields.items():
            encoded = encode_column(rows, found.codec, values.get(name, found.default))
            raw[:, found.offset : found.offset + encoded.shape[1]] = encoded
        self._rows = rows
        self._layout = layout
        self.raw = raw

    def _refuse(self, what: str) -> TypeError:
        return self._rows.refuse(what)

    def encode(self) -> BytesColumn:
        """The bytes of each row's value."""
        return BytesColumn(self._rows, self.raw)

    def __getattr__(self, name: str) -> Any:
        found = self._layout.layout_fields.get(name)
        if found is not None:
            end = found.offset + cast(int, found.codec.size)
            return decode_column(self._rows, found.codec, self.raw[:, found.offset : end])
        member = member_of(self._rows, self._layout, name, self)
        if member is None:
            raise self._refuse(f"{self._layout.layout_name} has no {name!r}")
        return member
