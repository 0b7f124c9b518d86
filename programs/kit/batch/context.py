"""`ctx: Context` of a batch handler, and what the kit needs from a runtime for it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import Pubkey
from ..accounts.layout import Layout
from ..accounts.sysvars import Clock, Rent, Sysvars
from ..columns.bytes_column import BytesColumn, bytes_values
from ..columns.integers import IntColumn
from ..columns.rows import Refusing, Rows, stands_for
from ..handlers.context import Context
from .batch import AccountRows, Rights, unsigned_values
from .layout_columns import LayoutColumns
from .nested import RowsCall


class BatchFrame(NamedTuple):
    """One instruction in execution, for all rows: its program, and its accounts with its rights."""

    program_id: Pubkey
    accounts: Sequence[tuple[AccountRows, Rights]]


class BatchHost(Protocol):
    """The services of a runtime for a running batch handler: what Host is to a scalar one."""

    @property
    def sysvars(self) -> Sysvars: ...

    def consume(self, units: NDArray[np.uint64]) -> None:
        """Charge compute units, uint64[n]."""
        ...

    def log(self, lines: Sequence[str]) -> None:
        """Add a line to the log of each row."""
        ...

    def set_return_data(self, program_id: Pubkey, data: NDArray[np.uint8]) -> None:
        """Set the bytes that each row returns, uint8[n, size]."""
        ...

    def return_data(self) -> tuple[Pubkey, NDArray[np.uint8]] | None: ...

    def invoke(
        self, frame: BatchFrame, call: RowsCall, signer_seeds: Sequence[Sequence[object]]
    ) -> None:
        """Run the callee's batch handler. Excludes rows in which the call fails or is unusual."""
        ...


@stands_for(Context)
class BatchContext(Refusing):
    """Clock, rent, compute units, logs, events, return data and nested calls of a group."""

    def __init__(self, rows: Rows, frame: BatchFrame, host: BatchHost) -> None:
        self._rows = rows
        self._frame = frame
        self._host = host

    def _refuse(self, what: str) -> TypeError:
        return self._rows.refuse(what)

    @property
    def program_id(self) -> Pubkey:
        return self._frame.program_id

    @property
    def clock(self) -> Clock:
        return self._host.sysvars.clock

    @property
    def rent(self) -> Rent:
        return self._host.sysvars.rent

    def consume(self, units: IntColumn | int) -> None:
        """Charge compute units: one amount for all rows, or a column."""
        self._host.consume(unsigned_values(self._rows, units))

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
        self._host.log([f"Program log: {line}" for line in given])

    def emit(self, event: LayoutColumns | type[Layout], **values: Any) -> None:
        """Add an event to every receipt: one made of columns, or its class with the fields."""
        if type(event) is LayoutColumns:
            made = cast(LayoutColumns, event)
        else:
            made = LayoutColumns(self._rows, cast("type[Layout]", event), values)
        texts = [base64.b64encode(row.tobytes()).decode("ascii") for row in made.raw]
        self._host.log([f"Program data: {text}" for text in texts])

    def set_return_data(self, data: BytesColumn | bytes) -> None:
        """Set the bytes that each row returns: a column of bytes, or the same for all rows."""
        width = data.values.shape[1] if type(data) is BytesColumn else -1
        width = len(data) if type(data) is bytes else width
        if width < 0:
            raise self._refuse("return data must be bytes")
        self._host.set_return_data(self.program_id, bytes_values(self._rows, data, width))

    def return_data(self) -> tuple[Pubkey, BytesColumn] | None:
        """The data returned by the last nested call, and the program that returned it."""
        returned = self._host.return_data()
        return None if returned is None else (returned[0], BytesColumn(self._rows, returned[1]))

    def invoke(self, call: RowsCall, *, signer_seeds: Sequence[Sequence[object]] = ()) -> None:
        """Call another program in all rows; it needs a batch handler for this instruction.

        Seeds are bytes or columns: `[b"authority", pool.key, pool.bump]`.
        """
        if type(call) is not RowsCall or call.rows is not self._rows:
            raise self._refuse("ctx.invoke takes a call, like token.transfer(source=…)")
        self._host.invoke(self._frame, call, signer_seeds)
