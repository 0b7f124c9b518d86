"""Executes a group of transactions with one call signature at once.

    positions ──▶ gather accounts and arguments ──▶ fees ──▶ handler ──▶ rules ──▶ scatter
                                     │                │         │          │
                                     └── rows that do not fit are excluded
                                                      ▼
                                      executed one by one, like any transaction

Guarantees: a row that is not excluded has exactly the effects and the receipt that executing it
alone would have given; rows that fail or are unusual are excluded.
Requires: transactions of one call signature, no two of which conflict. Several may add to one
account.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from ....programs.kit import Layout
from ....programs.kit.batch.added import AddedColumns
from ....programs.kit.batch.batch import AccountColumns, BatchContext
from ....programs.kit.handlers.parameters import is_layout
from ....programs.kit.program.instruction import InstructionSpec
from ...block.limits import COMPUTE_UNITS_PER_INSTRUCTION
from ...process.interrupts import is_interrupt
from ...svm.execution_inputs import BlockEnvironment
from ...svm.log_collector import LogCollector
from ...svm.receipt import Detail
from ..call_signatures import CallSignature
from ..workspace import Workspace
from .gathered_rows import GatheredRows, Positions


class GroupExecutor:
    """Executes groups of one block's transactions against its working set."""

    def __init__(
        self,
        environment: BlockEnvironment,
        workspace: Workspace,
        *,
        raising: bool = False,
    ) -> None:
        """`raising`: let exceptions of batch handlers through, not execute their rows alone."""
        self._raising = raising
        self._environment = environment
        self._workspace = workspace

    def run(self, positions: Positions, signature: CallSignature) -> Positions:
        """Execute what can be vectorized; returns the positions that must be executed alone."""
        spec = signature.spec
        program = spec.program
        environment, workspace = self._environment, self._workspace
        block = environment.block
        group = GatheredRows(block, workspace.accounts, positions, signature)
        group.charge_fees(environment.payer_owners, environment.rent)
        group.bind(spec)
        group.rows.shared = spec.batch_handler is spec.handler
        context = BatchContext(group.rows, program.id, environment.sysvars)
        try:
            with group.rows.running():
                _call_batch_handler(group, spec, context)
        except BaseException as error:
            # The scalar handler will meet it too, and show which transaction it was.
            if self._raising or is_interrupt(error):
                raise
            return positions
        units = context.units + np.uint64(program.compute_units + spec.compute_units)
        group.rows.exclude(units > np.uint64(COMPUTE_UNITS_PER_INSTRUCTION))
        group.check_rules(environment.rent)
        stayed = group.store()
        done = positions[stayed]
        workspace.fees[done] = block.fees.take(done)
        workspace.compute_units[done] = np.broadcast_to(units, positions.shape)[stayed]
        if context.logs:
            rows: list[int] = np.flatnonzero(~group.rows.excluded).tolist()
            self._keep_logs(positions, context, rows)
        return positions[group.rows.excluded]

    def _keep_logs(self, positions: Positions, context: BatchContext, rows: list[int]) -> None:
        for row in rows:
            logs = LogCollector()
            for column in context.logs:
                logs.add(column[row])
            self._workspace.details[int(positions[row])] = Detail(logs=tuple(logs.lines))


def _call_batch_handler(group: GatheredRows, spec: InstructionSpec, context: BatchContext) -> None:
    """Call the batch handler. Raises what it raises."""
    # A variadic parameter is always empty here: other calls are not vectorized.
    values: dict[str, Any] = {p.name: [] for p in spec.accounts if p.variadic}
    for parameter, source in zip(spec.accounts, group.accounts, strict=False):
        held = is_layout(parameter.view_type)
        layout = cast(type[Layout], parameter.view_type) if held else None
        columns = AddedColumns if parameter.adds or source.adds else AccountColumns
        values[parameter.name] = columns(group.rows, source, layout)
    values |= group.arguments(spec)
    handler = spec.batch_handler
    assert handler is not None  # the signature is vectorized
    handler(*[values.get(parameter.name, context) for parameter in spec.parameters])
