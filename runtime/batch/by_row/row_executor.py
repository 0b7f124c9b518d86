"""Executes transactions in the plan's order, in the row loops of their signatures where possible.

    positions ──▶ signatures ──▶ plain rows of each ──▶ runs of one signature ──▶ its row loop
                      │                 │                                             │ stale
                      └─────────────────┴───────────────▶ alone ◀─────────────────────┘

Guarantees: every transaction has the effects and the outcome that executing it alone, in its place
in the order, would have given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...svm.execution_inputs import BlockEnvironment
from ...svm.process_guard import ProcessGuard
from ...svm.trace import TracedAccounts
from ...svm.transaction_executor import TransactionExecutor
from ..call_signatures import NO_SIGNATURE, CallSignatures
from ..workspace import Workspace
from .loop_depth import frames_fewer_in_loop
from .plain_rows import PlainRows
from .row_calls import RowCalls

ROWS_LEN_MIN: Final = 8  # below this, preparing a loop costs more than it saves
READY_LEN_MAX: Final = 8_192  # rows prepared together: more would not fit the caches


class ReadyRows:
    """Transactions in execution order, with a loop for each signature that has one.

    `signatures`: NO_SIGNATURE for those that are executed alone.
    """

    def __init__(
        self,
        positions: NDArray[np.int64],
        signatures: NDArray[np.int32],
        calls: dict[int, RowCalls],
    ) -> None:
        self.calls = calls
        self._positions = positions
        lasts = (signatures[1:] != signatures[:-1]).nonzero()[0]
        # The end of each run of one signature.
        self._ends: list[int] = [*(lasts + 1).tolist(), len(signatures)]
        self._signatures: list[int] = [*signatures[lasts].tolist(), *signatures[-1:].tolist()]
        self._run = 0  # the current one
        self._begun = 0

    def __len__(self) -> int:
        """How many have not been run yet."""
        return len(self._positions) - self._begun

    def next(self, count: int) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """The next `count` transactions: (signature, positions) for each run of one signature."""
        last = self._begun + count
        while self._begun < last:
            begun, end = self._begun, min(self._ends[self._run], last)
            yield self._signatures[self._run], self._positions[begun:end]
            self._begun = end
            self._run += end == self._ends[self._run]


class RowExecutor:
    """Executes transactions of one block against its working set.

    `executor` executes those that run alone; handlers are called under `guard`. `watched` traces
    the stores of transactions that are executed alone. Calls of one signature get a row loop if
    there are at least `rows_len_min` of them.
    """

    def __init__(
        self,
        environment: BlockEnvironment,
        workspace: Workspace,
        executor: TransactionExecutor,
        guard: ProcessGuard,
        signatures: CallSignatures,
        *,
        watched: TracedAccounts | None = None,
        rows_len_min: int = ROWS_LEN_MIN,
    ) -> None:
        self._environment = environment
        self._workspace = workspace
        self._executor = executor
        self._guard = guard
        self._signatures = signatures
        self._watched = watched
        self._rows_len_min = rows_len_min

    def ready(
        self,
        positions: NDArray[np.int64],
        signatures: NDArray[np.int32],
        waves: NDArray[np.int64] | None = None,
    ) -> ReadyRows:
        """Prepare these transactions, READY_LEN_MAX at most, to be run in this order.

        `signatures`: from CallSignatures. `waves`, ascending: if given, the order within a wave is
        free, and each wave is sorted by signature to make the runs long.
        """
        signatures = signatures.copy()
        calls: dict[int, RowCalls] = {}
        counts = np.bincount(signatures - NO_SIGNATURE)
        for signature in (np.flatnonzero(counts) + NO_SIGNATURE).tolist():
            if signature == NO_SIGNATURE:
                continue
            rows = np.flatnonzero(signatures == signature)
            found = self._ready_calls(signature, positions[rows])
            signatures[rows if found is None else rows[~found[0]]] = NO_SIGNATURE
            if found is not None:
                calls[signature] = found[1]
        if waves is not None and calls and (signatures != signatures[0]).any():
            order = np.lexsort((signatures, waves))
            positions, signatures = positions[order], signatures[order]
        return ReadyRows(positions, signatures, calls)

    def _ready_calls(
        self, signature: int, positions: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], RowCalls] | None:
        """Which of these calls are plain, and the loop for them; None if a loop does not pay."""
        found = self._signatures.table[signature]
        if len(positions) < self._rows_len_min or not found.by_row:
            return None
        environment, workspace = self._environment, self._workspace
        rows = PlainRows(environment, workspace.accounts, found, positions)
        if not rows.plain.any():
            return None
        # For a row that turns out to be unusual, these are overwritten.
        done = positions[rows.plain]
        workspace.fees[done] = environment.block.fees[done]
        workspace.compute_units[done] = found.spec.program.compute_units + found.spec.compute_units
        return rows.plain, RowCalls(found, rows, environment.block, workspace, self._executor)

    def run(self, rows: ReadyRows, count: int) -> list[int]:
        """Execute the next `count`; returns the positions of those that were executed alone."""
        return self._run_in_turn(rows.next(count), rows.calls)

    def run_alone(self, positions: NDArray[Any]) -> None:
        """Execute these transactions one after another, each alone."""
        self._run_in_turn([(NO_SIGNATURE, positions)], {})

    def _run_in_turn(
        self, runs: Iterable[tuple[int, NDArray[np.int64]]], calls: dict[int, RowCalls]
    ) -> list[int]:
        alone: list[int] = []
        workspace = self._workspace
        at, accounts = workspace.progress.position, self._watched or workspace.accounts
        fewer = frames_fewer_in_loop() if calls else 0
        # Entered in this frame, as the recursion limit counts from here for every handler below.
        with self._guard as guard:
            for signature, positions in runs:
                left: Iterable[int]
                if signature == NO_SIGNATURE:
                    left = positions.tolist()
                else:
                    left = calls[signature].run(len(positions), guard, fewer)
                for position in left:
                    at[0] = position
                    alone.append(position)
                    if self._watched is not None:
                        self._watched.begin(position)
                    workspace.record(
                        position, guard.run_alone(self._executor.execute, position, accounts)
                    )
        return alone
