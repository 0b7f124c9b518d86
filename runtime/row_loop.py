"""A scalar handler in a tight loop over the rows of a group, on views that are used again.

What makes executing one transaction slow is all around its handler: loading, binding, checking,
storing. Here that is done by column, before and after the loop; the loop itself sets a few fields
and calls the handler. A row in which anything unusual happens (it raised, resized or handed over
an account, or kept a view) leaves the group and is executed one by one, which decides.
Needs: a handler without context, constraints or accounts that may be absent.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ..primitives import SYSTEM_PROGRAM_ID, Pubkey
from ..programs.kit.account import FrameViews, UncheckedAccount
from ..programs.kit.batch import AccountRows
from ..programs.kit.codec import IntCodec
from ..programs.kit.columns import IntColumn, equal_rows
from ..programs.kit.instruction import InstructionSpec
from ..programs.kit.parameters import AccountParameter, ContextParameter
from ..programs.kit.record import AccountRecord
from .block import Block
from .gathered import GatheredRows, Positions
from .interrupts import is_interrupt
from .progress import ProgressCell
from .recursion import PYTHON_FRAMES_MAX, pin_recursion_limit

# Fewer frames than a handler has when its transaction is executed alone: whatever recurses deeply
# enough to tell the difference leaves.
_FRAMES_MAX: Final = PYTHON_FRAMES_MAX // 2


def runs_in_rows(spec: InstructionSpec) -> bool:
    """Whether this loop can run the handler."""
    if spec.constrained or any(isinstance(p, ContextParameter) for p in spec.parameters):
        return False
    if any(p.optional or p.variadic for p in spec.accounts):
        return False
    return all(isinstance(p.codec, IntCodec) and p.codec.dtype for p in spec.arguments)


def run_rows(
    group: GatheredRows,
    spec: InstructionSpec,
    block: Block,
    positions: Positions,
    progress: ProgressCell,
) -> None:
    """Call the handler for every row that is still in the group; rows it fails in leave."""
    arguments = [cast(IntColumn, c).values.tolist() for c in group.arguments(spec).values()]
    columns = [
        _ColumnLoop(spec, parameter, source, group.ids[:, index], block, group)
        for index, (parameter, source) in enumerate(zip(spec.accounts, group.sources, strict=False))
    ]
    calls = _Calls(spec, columns, arguments)
    rows: list[int] = np.flatnonzero(~group.rows.left).tolist()
    left: list[int] = []
    at = progress.position
    limit_before = pin_recursion_limit(_FRAMES_MAX)
    try:
        for row in rows:
            at[0] = positions[row]
            try:
                calls.call(row)
            except BaseException as error:
                if is_interrupt(error):
                    raise
                left.append(row)
                calls.renew_views()
    finally:
        sys.setrecursionlimit(limit_before)
    group.rows.left[left] = True
    for column in columns:
        column.finish(group)


class _Unusual(Exception):
    """Something happened to a row that only executing it alone can judge."""


class _RowRecord(AccountRecord):
    """The record of whichever row is at hand; its key is looked up when somebody asks."""

    __slots__ = ("account", "keys")

    def __init__(self, keys: Sequence[Pubkey], *, writable: bool) -> None:
        self.account = 0
        self.keys = keys
        self.lamports = 0
        self.owner = SYSTEM_PROGRAM_ID
        self.buffer = b""
        self.executable = False
        self.writable = writable
        self.borrowed = None

    @property
    def key(self) -> Pubkey:  # pyright: ignore[reportIncompatibleVariableOverride] - made on demand
        return self.keys[self.account]


class _ColumnLoop:
    """One account parameter of the group: its columns as lists, and the view over its record."""

    def __init__(
        self,
        spec: InstructionSpec,
        parameter: AccountParameter,
        source: AccountRows,
        ids: NDArray[np.uint32],
        block: Block,
        group: GatheredRows,
    ) -> None:
        self.ids: list[int] = ids.tolist()
        self.lamports: list[int] = source.lamports.tolist()
        self._spec = spec
        self._parameter = parameter
        self._source = source
        self._keys = block.keys
        self._raw = self._load_data(group)
        self.width = self._raw.shape[1]
        self.buffers: list[bytes | bytearray] = self._buffers()
        self.owners = self._owners()
        self.record: _RowRecord
        self.view: UncheckedAccount
        # Views that the handler makes of this one; they end with their row.
        self.made = FrameViews()
        self.renew()

    def renew(self) -> None:
        """A fresh record and view; the last ones can no longer be used."""
        if hasattr(self, "view"):
            self.view._release()  # pyright: ignore[reportPrivateUsage]
            self.end_made()
        source, parameter = self._source, self._parameter
        self.record = _RowRecord(self._keys, writable=source.writable)
        self.view = parameter.view_type.__new__(parameter.view_type)
        self.view._bind(  # pyright: ignore[reportPrivateUsage]
            self.record,
            parameter.name,
            writable=source.writable,
            program=(self._spec.program_name, self._spec.program_id),
            signer=source.signer,
            siblings=self.made,
        )
        self.made.clear()
        self.made.broken = None

    def end_made(self) -> None:
        for view in self.made:
            view._release()  # pyright: ignore[reportPrivateUsage]
        self.made.clear()

    def finish(self, group: GatheredRows) -> None:
        """Hand what the handler left to the group, as columns."""
        source = self._source
        source.lamports = np.array(self.lamports, dtype=np.uint64)
        width = self.width
        if not width or not source.writable:
            return
        for row in np.flatnonzero(group.rows.left).tolist():
            self.buffers[row] = self._raw[row].tobytes()
        after = np.frombuffer(b"".join(self.buffers), dtype=np.uint8).reshape(-1, width)
        if not equal_rows(after, self._raw).all():
            source.written[0] = after

    def _load_data(self, group: GatheredRows) -> NDArray[np.uint8]:
        """uint8[n, width]: the rows' data, all of one length; rows of another leave."""
        source = self._source
        staying = np.flatnonzero(~group.rows.left)
        width = int(source.data_lens[staying[0]]) if len(staying) else 0
        group.rows.leave(source.data_lens != width)
        if not width:
            return np.zeros((len(self.ids), 0), dtype=np.uint8)
        group.rows.leave(~source.reachable)
        return source.load_data(0, width)

    def _buffers(self) -> list[bytes | bytearray]:
        count, width = self._raw.shape
        kind = bytearray if self._source.writable else bytes
        if not width:
            # One for all, unless a row could grow its own.
            alone = self._source.writable and bool(self._source.owned.any())
            return [bytearray() for _ in range(count)] if alone else [kind()] * count
        data = self._raw.tobytes()
        return [kind(data[at : at + width]) for at in range(0, count * width, width)]

    def _owners(self) -> list[Pubkey]:
        source = self._source
        if source.owned.all():
            return [self._spec.program_id] * len(self.ids)
        known: dict[bytes, Pubkey] = {}
        raw = source.load_owners().tobytes()
        owners = [raw[at : at + 32] for at in range(0, len(raw), 32)]
        return [known.get(o) or known.setdefault(o, Pubkey(o)) for o in owners]


class _Calls:
    """Calls the handler for one row after the other."""

    def __init__(
        self, spec: InstructionSpec, columns: list[_ColumnLoop], arguments: list[list[int]]
    ) -> None:
        self._handler = spec.handler
        self._columns = columns
        self._arguments = arguments
        names = [p.name for p in (*spec.accounts, *spec.arguments)]
        order = [names.index(p.name) for p in spec.parameters]
        self._order = None if order == list(range(len(order))) else order
        self.renew_views()

    def renew_views(self) -> None:
        """New records and views for all accounts, after a row in which anything was unusual."""
        for column in self._columns:
            column.renew()
        self._views = [column.view for column in self._columns]
        self._records = [(c.record, c.ids, c.lamports, c.owners, c.buffers) for c in self._columns]
        self._checks = [(c.record, c.view, c.lamports, c.owners, c.width) for c in self._columns]
        self._made = [column.made for column in self._columns]
        self._references = [sys.getrefcount(view) for _, view, _, _, _ in self._checks]

    def call(self, row: int) -> None:
        """Call the handler for a row. Raises what it raises, and _Unusual."""
        for record, ids, lamports, owners, buffers in self._records:
            record.account = ids[row]
            record.lamports = lamports[row]
            record.owner = owners[row]
            record.buffer = buffers[row]
        values: list[Any] = [*self._views, *[column[row] for column in self._arguments]]
        if self._order is not None:
            values = [values[index] for index in self._order]
        self._handler(*values)
        del values
        self._require_usual(row)

    def _require_usual(self, row: int) -> None:
        references = self._references
        for index, (record, view, _, owners, length) in enumerate(self._checks):
            if (
                record.owner is not owners[row]
                or record.borrowed is not None
                or len(record.buffer) != length
                or sys.getrefcount(view) != references[index]
            ):
                raise _Unusual
        for made, column in zip(self._made, self._columns, strict=True):
            if made.broken is not None:
                raise _Unusual
            if made:
                column.end_made()
        for record, _, lamports, _, _ in self._checks:
            lamports[row] = record.lamports
