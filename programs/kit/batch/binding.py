"""Binds the accounts of an instruction to the parameters of its batch handler.

What a scalar call checks before its handler runs (owners, layouts, constraints), for all rows:
those that do not fit are excluded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from ..accounts.layout import Layout
from ..columns.bytes_column import BytesColumn
from ..columns.rows import Rows
from ..encoding.codec import Codec
from ..handlers.constraints import Address, Constraint, Distinct, HasOne, Owner, Seeds
from ..handlers.parameters import AccountParameter, is_layout
from .added import AddedColumns
from .batch import AccountColumns, AccountRows, Rights
from .column_codecs import encode_column
from .derived_addresses import derived_addresses, found_addresses


def bound_accounts(
    rows: Rows,
    parameters: Iterable[AccountParameter],
    given: Sequence[tuple[AccountRows, Rights]],
) -> dict[str, Any]:
    """The value of each account parameter. A list is always empty: other calls are no group's."""
    parameters = tuple(parameters)
    values: dict[str, Any] = {p.name: [] for p in parameters if p.variadic}
    for parameter, (source, rights) in zip(parameters, given, strict=False):
        held = is_layout(parameter.view_type)
        layout = cast(type[Layout], parameter.view_type) if held else None
        if layout is not None and parameter.owner is not None:
            rows.exclude(np.logical_not(source.owned_by(parameter.owner.id)))
            source.require_layout(rows, layout)
        only_added = parameter.adds or rights.adds or source.adds
        columns = AddedColumns if only_added else AccountColumns
        rights = rights._replace(writable=rights.writable and parameter.writable)
        values[parameter.name] = columns(rows, source, layout, rights)
    return values


class RowsScope:
    """What constraints read, for all rows: a handler's values by name, its arguments' codecs."""

    def __init__(
        self, rows: Rows, values: Mapping[str, Any], codecs: Mapping[str, Codec], program_id: bytes
    ) -> None:
        self.rows = rows
        self.values = values
        self.program_id = program_id
        self._codecs = codecs

    def exclude_broken(self, parameters: Iterable[AccountParameter]) -> None:
        """Exclude the rows in which a constraint does not hold."""
        for parameter in parameters:
            for constraint in () if parameter.variadic else parameter.constraints:
                self._exclude(constraint, self.values[parameter.name])

    def _exclude(self, constraint: Constraint, view: AccountColumns) -> None:
        match constraint:
            case Owner():
                holds: Any = view.owner == constraint.owner
            case Address():
                holds = view.key == constraint.key
            case HasOne():
                holds = getattr(view, constraint.field) == self.values[constraint.name].key
            case Distinct():
                holds = view.key != self.values[constraint.name].key
            case Seeds():
                derived = BytesColumn(self.rows, self._derived(constraint, view))
                holds = view.key == derived
            case _:
                raise self.rows.refuse(f"{type(constraint).__name__} is not vectorized")
        self.rows.exclude(~holds.values)

    def _derived(self, constraint: Seeds, view: AccountColumns) -> Any:
        seeds = [x if isinstance(x, bytes) else self._seed(x) for x in constraint.seeds]
        bump = constraint.bump
        if bump is None:
            return found_addresses(self.rows, seeds, self.program_id)
        held = self.values[bump] if bump in self.values else getattr(view, bump)
        return derived_addresses(self.rows, [*seeds, held], self.program_id)

    def _seed(self, name: str) -> BytesColumn:
        codec, value = self._codecs.get(name), self.values[name]
        if codec is None:
            return value.key
        return BytesColumn(self.rows, encode_column(self.rows, codec, value))
