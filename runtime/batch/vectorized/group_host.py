"""Runs an instruction and its nested calls for all rows of a group: their host.

What InvokeContext is to one transaction. A nested call runs the callee's batch handler on the same
rows, with accounts of the caller's and never with more rights. Guarantees: a row that is not
excluded has broken no rule that InvokeContext checks. Rows are excluded where a call would fail; a
group refuses a call that is unusual (no batch handler, the same account twice, too deep).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from ....primitives import SYSTEM_PROGRAM_ID, Pubkey
from ....primitives.pubkey import PUBKEY_LEN
from ....programs.kit import Program, Sysvars
from ....programs.kit.batch.batch import AccountColumns, AccountRows, Rights
from ....programs.kit.batch.binding import RowsScope, bound_accounts
from ....programs.kit.batch.context import BatchContext, BatchFrame
from ....programs.kit.batch.derived_addresses import derived_addresses
from ....programs.kit.batch.layout_columns import LayoutColumns
from ....programs.kit.batch.nested import RowsCall
from ....programs.kit.columns.bytes_column import BytesColumn, bytes_values
from ....programs.kit.columns.row_equality import equal_rows
from ....programs.kit.columns.rows import Rows
from ....programs.kit.program.instruction import InstructionSpec
from ....programs.kit.program.program_set import ProgramSet
from ...block.limits import CALL_DEPTH_MAX, INSTRUCTION_TRACE_MAX, RETURN_DATA_MAX
from ...svm.chain_rules.balance import sums_differ
from ..call_signatures import has_own_tag

_UNITS_MAX: Final = np.uint64(1 << 32)  # more than any transaction has, so no sum can wrap

Given = tuple[AccountRows, Rights]
Keys = NDArray[np.uint8]


class GroupHost:
    """The BatchHost of one group. `units` uint64[n]: charged so far; `logs`: a line of each row for
    each call of `log`."""

    def __init__(self, rows: Rows, programs: ProgramSet, sysvars: Sysvars) -> None:
        self.sysvars = sysvars
        self.units: NDArray[np.uint64] = np.zeros(rows.count, dtype=np.uint64)
        self.logs: list[Sequence[str]] = []
        self._rows = rows
        rows.make_layout = partial(LayoutColumns, rows)
        self._programs = programs
        self._returned: tuple[Pubkey, NDArray[np.uint8]] | None = None
        self._stack: list[_Level] = []
        self._trace_len = 0

    # The BatchHost protocol: called by contexts.

    def consume(self, units: NDArray[np.uint64]) -> None:
        self._rows.exclude(units > _UNITS_MAX)
        self.units = self.units + np.minimum(units, _UNITS_MAX)

    def log(self, lines: Sequence[str]) -> None:
        self.logs.append(lines)

    def set_return_data(self, program_id: Pubkey, data: NDArray[np.uint8]) -> None:
        if data.shape[1] > RETURN_DATA_MAX:
            raise self._rows.refuse(f"return data of {data.shape[1]} bytes")
        self._returned = (program_id, data)

    def return_data(self) -> tuple[Pubkey, NDArray[np.uint8]] | None:
        return self._returned

    def invoke(
        self, frame: BatchFrame, call: RowsCall, signer_seeds: Sequence[Sequence[object]]
    ) -> None:
        spec = cast(InstructionSpec, call.callee)
        if not self._may_call(spec):
            raise self._rows.refuse(f"{spec.full_name} cannot be called from a batch")
        derived = [derived_addresses(self._rows, each, frame.program_id) for each in signer_seeds]
        given = self._callee_accounts(frame, spec, call, derived)
        self._stack[-1].exclude_unbalanced(self._rows)
        self.run(spec, given, call.arguments)

    # Called by the group's executor.

    def run(
        self, spec: InstructionSpec, given: Sequence[Given], arguments: Mapping[str, Any]
    ) -> None:
        """Run one instruction for all rows. Raises what its batch handler raises."""
        self._enter(spec)
        level = _Level(spec.program_id, [source for source, _ in given])
        self._stack.append(level)
        self._returned = None
        self.units = self.units + np.uint64(spec.program.compute_units + spec.compute_units)
        rows, handler, shared = self._rows, spec.batch_handler, self._rows.shared
        assert handler is not None  # the caller has seen to that
        rows.shared = handler is spec.handler
        values = bound_accounts(rows, spec.accounts, given) | dict(arguments)
        if spec.constrained:
            RowsScope(rows, values, spec.codecs, spec.program_id).exclude_broken(spec.accounts)
        context = BatchContext(rows, BatchFrame(spec.program_id, given), self)
        handler(*[values.get(parameter.name, context) for parameter in spec.parameters])
        rows.shared = shared
        level.exclude_unbalanced(rows)
        self._stack.pop()

    def _enter(self, spec: InstructionSpec) -> None:
        """Refuse a call that is too deep, one of too many, or back into a caller."""
        callers = [level.program_id for level in self._stack]
        self._trace_len += 1
        if len(callers) >= CALL_DEPTH_MAX or self._trace_len > INSTRUCTION_TRACE_MAX:
            raise self._rows.refuse(f"{spec.full_name} is called too deep, or once too often")
        if spec.program_id in callers and callers[-1] != spec.program_id:
            raise self._rows.refuse(f"{spec.program_name} is already being called")

    def _may_call(self, spec: InstructionSpec) -> bool:
        """Whether the instruction has a batch handler, which this runtime may run with others."""
        program = self._programs.get(spec.program_id)
        if program is not spec.program or spec.program_id in self._programs.impure:
            return False
        return spec.is_nested_batch and has_own_tag(cast(Program, program), spec)

    def _callee_accounts(
        self, frame: BatchFrame, spec: InstructionSpec, call: RowsCall, derived: Sequence[Keys]
    ) -> list[Given]:
        """The callee's accounts, with the rights that it asks for and the caller has."""
        fixed = [parameter for parameter in spec.accounts if not parameter.variadic]
        metas = spec.metas({parameter.name: (SYSTEM_PROGRAM_ID,) for parameter in fixed})
        given: list[Given] = []
        for parameter, (_, signer, writable, adds) in zip(fixed, metas, strict=True):
            source, rights = self._found(frame, call.accounts[parameter.name])
            if any(source is other for other, _ in given):
                raise self._rows.refuse(f"{spec.full_name} is given an account twice")
            if rights.adds and writable and not adds:
                adds = parameter.credits  # then it only adds
            if writable and not (rights.writable and (adds or not rights.adds)):
                raise self._rows.refuse(f"{parameter.name!r} may not be written")
            if signer and not rights.signer:
                self._exclude_unsigned(source, derived)
            given.append((source, Rights(spec.program_id, signer, writable, adds or rights.adds)))
        return given

    def _exclude_unsigned(self, source: AccountRows, derived: Sequence[Keys]) -> None:
        signed = np.zeros(self._rows.count, dtype=np.bool_)
        for keys in derived:
            signed |= equal_rows(source.keys, keys)
        self._rows.exclude(~signed)

    def _found(self, frame: BatchFrame, wanted: AccountColumns | BytesColumn | Pubkey) -> Given:
        """The caller's account that is given by its columns, or by its key.

        By key, it must be the same account in all rows; others are excluded.
        """
        if issubclass(type(wanted), AccountColumns):
            source = cast(AccountColumns, wanted)._source  # pyright: ignore[reportPrivateUsage]
            found = [entry for entry in frame.accounts if entry[0] is source]
            if not found:
                raise self._rows.refuse("a nested call takes the accounts of its caller")
            return found[0]
        keys = bytes_values(self._rows, wanted, PUBKEY_LEN)
        alike = [equal_rows(source.keys, keys) for source, _ in frame.accounts]
        best = max(range(len(alike)), key=lambda k: int(alike[k].sum()))
        self._rows.exclude(~alike[best])
        return frame.accounts[best]


class _Level:
    """A running instruction: its accounts, and the lamports that they held when it began."""

    def __init__(self, program_id: Pubkey, sources: Sequence[AccountRows]) -> None:
        self.program_id = program_id
        self._sources = sources
        self._begun = [source.lamports for source in sources]

    def exclude_unbalanced(self, rows: Rows) -> None:
        """Exclude the rows in which the total of lamports has changed."""
        changed = [
            (before, source.lamports)
            for before, source in zip(self._begun, self._sources, strict=True)
            if source.lamports is not before
        ]
        if changed:
            rows.exclude(sums_differ(*zip(*changed, strict=True)))
