"""Executes one lane of a block, in the calling process or in a worker.

Transactions of one wave do not conflict. Where many of them have the same call signature, and their
program has a batch handler for it, they are executed as a group, vectorized. All others are
executed row by row, in the plan's order.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..block.block import Block
from ..columns.shared_columns import Columns
from ..memory.progress import ProgressCell, empty_progress
from ..memory.working_set import WorkingSet
from ..svm.execution_inputs import BlockEnvironment
from ..svm.process_guard import ProcessGuard
from ..svm.trace import TracedAccounts
from ..svm.transaction_executor import TransactionExecutor
from .by_row.row_executor import READY_LEN_MAX, ROWS_LEN_MIN, ReadyRows, RowExecutor
from .call_signatures import NO_SIGNATURE, CallSignature, CallSignatures
from .vectorized.group_executor import GroupExecutor
from .workspace import Workspace

GROUP_LEN_MIN: Final = 24  # calls in a lane's share of a wave from which a group pays
COLUMNS_LEN_MIN: Final = 64  # below this, calling the scalar handler row by row is faster
NESTING_LEN_MIN: Final = 16  # the same for a handler that makes nested calls, which take long


class LaneExecutor:
    """Runs transactions of one block against its working set.

    `outcomes` has order uint32[n], task_offsets int64[p+1], fees and compute_units uint64[n],
    trace uint64[m] if the execution is traced, and optionally barrier bool[p] and folding bool[n],
    by position: the transactions that fold what lanes have added. Task k is
    order[task_offsets[k]:task_offsets[k+1]]. Without `barrier` every task is a wave; with it, only
    the tasks that belong to a barrier wave are free of conflicts. `group_len_min`: the smallest
    number of calls of one signature that are executed together; the default was measured.
    `raising`: let exceptions of batch handlers through, instead of executing their rows alone.
    `progress`: the cell in which to publish what is being executed. `details`: by position, the
    parts of receipts that most transactions do not have. `grouped_count` counts the transactions
    that were not executed alone.
    """

    def __init__(
        self,
        environment: BlockEnvironment,
        accounts: WorkingSet,
        outcomes: Columns,
        *,
        group_len_min: int | None = None,
        raising: bool = False,
        progress: ProgressCell | None = None,
    ) -> None:
        self.grouped_count = 0
        self._group_len_min = group_len_min
        self._rows_len_min = group_len_min or ROWS_LEN_MIN
        self._progress = ProgressCell(empty_progress(1), 0) if progress is None else progress
        block, programs = environment.block, environment.programs
        workspace = Workspace(accounts, outcomes, self._progress)
        self.details = workspace.details
        trace = outcomes.get("trace")
        # What a group adds to an account cannot be traced; and the rent rule looks at each sum.
        alone = _adding(block) if trace is not None or environment.rent.enforced else None
        folding = outcomes.get("folding")  # loading each account alone is what folds it
        if folding is not None:
            alone = folding if alone is None else alone | folding
        self._signatures = CallSignatures(block, programs, alone)
        self._groups = GroupExecutor(environment, workspace, raising=raising)
        executor = TransactionExecutor(environment, ordered=accounts.ordered)
        self._guard = ProcessGuard(executor.called, programs)
        self._watched = None if trace is None else TracedAccounts(block, accounts, trace)
        self._rows = RowExecutor(
            environment,
            workspace,
            executor,
            self._guard,
            self._signatures,
            watched=self._watched,
            rows_len_min=self._rows_len_min,
        )
        self._ahead: ReadyRows | None = None
        self._order = outcomes["order"]
        self._task_offsets = outcomes["task_offsets"]
        self._barrier = outcomes.get("barrier")

    def finish(self) -> None:
        """Call this after the last transaction. Raises ProcessChanged, as `run` does, too."""
        self._guard.require_unchanged()

    def run(self, start: int, end: int) -> None:
        """Execute the transactions at order[start:end], wave by wave."""
        if end - start < self._rows_len_min:
            self._rows.run_alone(self._order[start:end])
        else:
            self._run_waves(start, end)
        self._progress.rest()

    def has_groups(self, start: int, end: int) -> bool:
        """Whether any of the transactions at order[start:end] may be executed vectorized.

        If not, `run_next` does the same as `run`.
        """
        if self._watched is not None:
            return True  # a wave is traced as a whole
        if end - start < (self._group_len_min or NESTING_LEN_MIN):
            return False
        signatures = self._signatures.of(self._order[start:end].astype(np.int64))
        counts = np.bincount(signatures - NO_SIGNATURE, minlength=1 + len(self._signatures.table))[
            1:
        ]
        return any(
            found.vectorized and count >= self._columns_len_min(found)
            for found, count in zip(self._signatures.table, counts.tolist(), strict=True)
        )

    def _columns_len_min(self, signature: CallSignature) -> int:
        """The number of its calls in a wave from which they run as a group."""
        usual = NESTING_LEN_MIN if signature.spec.makes_calls else COLUMNS_LEN_MIN
        return self._group_len_min or usual

    def run_next(self, start: int, end: int, last: int) -> None:
        """Execute the transactions at order[start:end] one after another.

        Those after them, up to order[last], are executed next, so they are prepared along with
        these.
        """
        while start < end:
            if not self._ahead:
                self._ahead = self._get_ready(start, last)
            count = min(end - start, len(self._ahead))
            alone = self._rows.run(self._ahead, count)
            self._progress.rest()
            self.grouped_count += count - len(alone)
            start += count

    def _get_ready(self, start: int, end: int) -> ReadyRows:
        end = min(end, start + READY_LEN_MAX)
        positions = self._order[start:end].astype(np.int64)
        # A row loop's stores cannot be traced; and for a few transactions a loop does not pay.
        if (
            self._watched is not None
            or self._signatures.most_common_count(positions) < self._rows_len_min
        ):
            return ReadyRows(positions, np.full(len(positions), NO_SIGNATURE, np.int32), {})
        return self._rows.ready(
            positions, self._signatures.of(positions), self._free_order(start, end)
        )

    def _free_order(self, start: int, end: int) -> NDArray[np.int64] | None:
        """int64[n], ascending: equal numbers for transactions that may run in any order."""
        if self._barrier is None:
            return None
        places = np.arange(start, end)
        tasks = self._task_offsets.searchsorted(places, side="right") - 1
        return np.where(self._barrier[tasks], self._task_offsets[tasks], places)

    def _run_waves(self, start: int, end: int) -> None:
        positions = self._order[start:end].astype(np.int64)
        offsets = self._task_offsets
        inner = offsets[offsets.searchsorted(start, "right") : offsets.searchsorted(end, "left")]
        bounds = np.concatenate(([start], inner, [end])) - start
        waves = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        signatures = self._signatures.of(positions)
        done = 0
        for wave, groups in self._waves_with_groups(signatures, waves):
            low, high = bounds[wave : wave + 2].tolist()
            self._run_rows(positions[done:low], signatures[done:low], waves[done:low])
            done = high
            self._run_wave(start + low, positions[low:high], signatures[low:high], groups)
        self._run_rows(positions[done:], signatures[done:], waves[done:])

    def _waves_with_groups(
        self, signatures: NDArray[np.int32], waves: NDArray[np.int64]
    ) -> list[tuple[int, list[int]]]:
        """The waves that contain groups, with the signatures that run vectorized there.

        All waves if the execution is traced: the trace compares states before and after each wave.
        """
        groups: dict[int, list[int]] = {}
        if self._watched is not None:
            groups = {wave: [] for wave in range(int(waves[-1]) + 1)}
        for signature, found in enumerate(self._signatures.table):
            if found.vectorized:
                counts = np.bincount(waves[signatures == signature])
                for wave in np.flatnonzero(counts >= self._columns_len_min(found)).tolist():
                    groups.setdefault(wave, []).append(signature)
        return sorted(groups.items())

    def _run_rows(
        self, positions: NDArray[np.int64], signatures: NDArray[np.int32], waves: NDArray[np.int64]
    ) -> list[int]:
        """Execute row by row; returns the positions of those that were executed alone."""
        alone: list[int] = []
        for start in range(0, len(positions), READY_LEN_MAX):
            part = slice(start, start + READY_LEN_MAX)
            rows = self._rows.ready(positions[part], signatures[part], waves[part])
            alone += self._rows.run(rows, len(rows))
            self._progress.rest()
        self.grouped_count += len(positions) - len(alone)
        return alone

    def _run_wave(
        self,
        start: int,
        positions: NDArray[np.int64],
        signatures: NDArray[np.int32],
        groups: list[int],
    ) -> None:
        """Execute the wave that begins at order[start]; signatures in `groups` run vectorized."""
        grouped = positions[signatures != NO_SIGNATURE]  # all others are traced as they store
        before = None if self._watched is None else self._watched.states(grouped.tolist())
        rows = np.ones(len(signatures), dtype=np.bool_)
        for signature in groups:
            rows &= signatures != signature
        alone = self._run_rows(
            positions[rows], signatures[rows], np.zeros(len(signatures), np.int64)[rows]
        )
        for signature in groups:
            found = self._signatures.table[signature]
            alike = positions[signatures == signature]
            self._progress.begin_group(start, start + len(positions), found.shape_index, alike)
            with self._guard as guard:
                left = guard.run_together(found.spec.program, 0, self._groups.run, alike, found)
            self._progress.rest()
            self.grouped_count += len(alike) - len(left)
            # What is left may fail, which a row loop can handle. Do not count it as grouped.
            counted = self.grouped_count
            alone += self._run_rows(
                left, np.full(len(left), signature, np.int32), np.zeros_like(left)
            )
            self.grouped_count = counted
        if self._watched is not None and before is not None:
            for position in np.setdiff1d(positions, alone).tolist():
                self._watched.note(position, before)


def _adding(block: Block) -> NDArray[np.bool_] | None:
    """bool[n], by position: the transactions that only add to an account; None if none does."""
    access = block.access
    if access.adds is None:
        return None
    adding = np.zeros(len(block), dtype=np.bool_)
    adding[access.positions[access.adds]] = True
    return adding
