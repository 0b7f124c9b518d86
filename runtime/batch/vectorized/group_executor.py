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

import numpy as np

from ....wire.compute_budget import COMPUTE_UNITS_PER_INSTRUCTION
from ...process.interrupts import is_interrupt
from ...svm.execution_inputs import BlockEnvironment
from ...svm.log_collector import LogCollector
from ...svm.receipt import Detail
from ..call_signatures import CallSignature
from ..workspace import Workspace
from .gathered_rows import GatheredRows, Positions
from .group_host import GroupHost


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
        environment, workspace = self._environment, self._workspace
        block = environment.block
        group = GatheredRows(block, workspace.accounts, positions, signature)
        group.charge_fees(environment.payer_owners, environment.rent)
        host = GroupHost(group.rows, environment.programs, environment.sysvars)
        try:
            with group.rows.running():
                host.run(spec, group.given(), group.arguments(spec))
        except BaseException as error:
            # The scalar handler will meet it too, and show which transaction it was.
            if self._raising or is_interrupt(error):
                raise
            return positions
        group.rows.exclude(host.units > np.uint64(COMPUTE_UNITS_PER_INSTRUCTION))
        group.check_rules(environment.rent)
        stayed = group.store()
        done = positions[stayed]
        workspace.fees[done] = block.fees.take(done)
        workspace.compute_units[done] = host.units[stayed]
        returned = host.return_data()
        if host.logs or returned is not None:
            self._keep_details(positions, host, np.flatnonzero(~group.rows.excluded).tolist())
        return positions[group.rows.excluded]

    def _keep_details(self, positions: Positions, host: GroupHost, rows: list[int]) -> None:
        returned = host.return_data()
        for row in rows:
            logs = LogCollector()
            for column in host.logs:
                logs.add(column[row])
            data = None if returned is None else returned[1][row].tobytes()
            detail = Detail(logs=tuple(logs.lines), return_data=data)
            self._workspace.details[int(positions[row])] = detail
