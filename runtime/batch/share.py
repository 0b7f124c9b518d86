"""Executing shares of a block in one process, the parent or a worker.

Within a wave nothing conflicts, so where many transactions of one kind stand in a wave and their
program has a batch handler, they are executed as a group, by column. All others are executed row
by row, in the plan's order.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..columns.shared_columns import Columns
from ..memory.progress import ProgressCell, empty_progress
from ..memory.working_set import WorkingSet
from ..svm.execution_inputs import BlockEnvironment
from ..svm.process_guard import ProcessGuard
from ..svm.trace import TracedAccounts
from ..svm.transaction import TransactionExecutor
from .by_row.row_runner import READY_LEN_MAX, ROWS_LEN_MIN, ReadyRows, RowRunner
from .call_kinds import NO_KIND, CallKinds
from .vectorized.group import GroupRunner
from .workspace import Workspace

GROUP_LEN_MIN: Final = 24  # as a lane's part of a wave, worth being run at once
COLUMNS_LEN_MIN: Final = 64  # below this, calling the scalar handler row by row is faster


class ShareRunner:
    """Runs transactions of one block against its working set; keeps their details till asked.

    `outcomes` has order uint32[n], piece_offsets int64[p+1], fees and compute_units uint64[n],
    trace uint64[m] if the execution is traced, and perhaps wide bool[p]. Piece k is
    order[piece_offsets[k]:piece_offsets[k+1]]. Without `wide` the pieces are waves; with it, only
    in those that are wide does nothing conflict. `group_len_min`: for how many of a kind it is
    worth doing anything together; by default what has proved best. `raising`: what a batch
    handler raises is raised on, not worked around. `progress` is told what is being executed.
    `grouped_count` counts the transactions that were not executed alone.
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
        self._columns_len_min = group_len_min or COLUMNS_LEN_MIN
        self._rows_len_min = group_len_min or ROWS_LEN_MIN
        self._progress = ProgressCell(empty_progress(1), 0) if progress is None else progress
        block, programs = environment.block, environment.programs
        workspace = Workspace(accounts, outcomes, self._progress)
        self.details = workspace.details
        self._kinds = CallKinds(block, programs)
        self._groups = GroupRunner(environment, workspace, raising=raising)
        executor = TransactionExecutor(environment)
        self._guard = ProcessGuard(executor.called, programs)
        trace = outcomes.get("trace")
        self._watched = None if trace is None else TracedAccounts(block, accounts, trace)
        self._rows = RowRunner(
            environment,
            workspace,
            executor,
            self._guard,
            self._kinds,
            watched=self._watched,
            rows_len_min=self._rows_len_min,
        )
        self._ahead: ReadyRows | None = None
        self._order = outcomes["order"]
        self._piece_offsets = outcomes["piece_offsets"]
        self._wide = outcomes.get("wide")

    def finish(self) -> None:
        """To be called when all is executed. Raises ProcessChanged, as all that executes may."""
        self._guard.require_unchanged()

    def run(self, start: int, end: int) -> None:
        """Execute the transactions at order[start:end], wave after wave."""
        if end - start < self._rows_len_min:
            self._rows.run_alone(self._order[start:end])
        else:
            self._run_waves(start, end)
        self._progress.rest()

    def has_groups(self, start: int, end: int) -> bool:
        """Whether any of the transactions at order[start:end] may be executed by column.

        If not, `run_next` serves as well as `run`.
        """
        if self._watched is not None:
            return True  # a wave is traced as a whole
        if end - start < self._columns_len_min:
            return False
        kinds = self._kinds.of(self._order[start:end].astype(np.int64))
        counts = np.bincount(kinds - NO_KIND, minlength=1 + len(self._kinds.table))[1:]
        return any(
            found.by_column and count >= self._columns_len_min
            for found, count in zip(self._kinds.table, counts.tolist(), strict=True)
        )

    def run_next(self, start: int, end: int, last: int) -> None:
        """Execute the transactions at order[start:end] one after the other.

        Next come those that follow, up to order[last]: they are got ready with them.
        """
        while start < end:
            if not self._ahead:
                self._ahead = self._get_ready(start, last)
            count = min(end - start, len(self._ahead))
            alone = self._rows.run(self._ahead, count)
            self.grouped_count += count - len(alone)
            start += count
        self._progress.rest()

    def _get_ready(self, start: int, end: int) -> ReadyRows:
        end = min(end, start + READY_LEN_MAX)
        positions = self._order[start:end].astype(np.int64)
        # What a loop stores, nobody traces; and for a few transactions none is worth looking for.
        if self._watched is not None or self._kinds.most_alike(positions) < self._rows_len_min:
            return ReadyRows(positions, np.full(len(positions), NO_KIND, np.int32), {})
        return self._rows.ready(positions, self._kinds.of(positions), self._free_order(start, end))

    def _free_order(self, start: int, end: int) -> NDArray[np.int64] | None:
        """int64[n], ascending: the same number for those whose order among each other is free."""
        if self._wide is None:
            return None
        places = np.arange(start, end)
        pieces = self._piece_offsets.searchsorted(places, side="right") - 1
        return np.where(self._wide[pieces], self._piece_offsets[pieces], places)

    def _run_waves(self, start: int, end: int) -> None:
        positions = self._order[start:end].astype(np.int64)
        offsets = self._piece_offsets
        inner = offsets[offsets.searchsorted(start, "right") : offsets.searchsorted(end, "left")]
        bounds = np.concatenate(([start], inner, [end])) - start
        waves = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        kinds = self._kinds.of(positions)
        done = 0
        for wave, groups in self._waves_with_groups(kinds, waves):
            low, high = bounds[wave : wave + 2].tolist()
            self._run_rows(positions[done:low], kinds[done:low], waves[done:low])
            done = high
            self._run_wave(start + low, positions[low:high], kinds[low:high], groups)
        self._run_rows(positions[done:], kinds[done:], waves[done:])

    def _waves_with_groups(
        self, kinds: NDArray[np.int32], waves: NDArray[np.int64]
    ) -> list[tuple[int, list[int]]]:
        """The waves that are not just rows, with the kinds in them that run by column.

        All waves, if the execution is traced: each is then looked at before and after.
        """
        groups: dict[int, list[int]] = {}
        if self._watched is not None:
            groups = {wave: [] for wave in range(int(waves[-1]) + 1)}
        for kind, found in enumerate(self._kinds.table):
            if found.by_column:
                counts = np.bincount(waves[kinds == kind])
                for wave in np.flatnonzero(counts >= self._columns_len_min).tolist():
                    groups.setdefault(wave, []).append(kind)
        return sorted(groups.items())

    def _run_rows(
        self, positions: NDArray[np.int64], kinds: NDArray[np.int32], waves: NDArray[np.int64]
    ) -> list[int]:
        """Returns the positions of those that were executed alone."""
        alone: list[int] = []
        for start in range(0, len(positions), READY_LEN_MAX):
            part = slice(start, start + READY_LEN_MAX)
            rows = self._rows.ready(positions[part], kinds[part], waves[part])
            alone += self._rows.run(rows, len(rows))
        self.grouped_count += len(positions) - len(alone)
        return alone

    def _run_wave(
        self, start: int, positions: NDArray[np.int64], kinds: NDArray[np.int32], groups: list[int]
    ) -> None:
        """Execute a whole wave, which begins at order[start]; kinds in `groups` by column."""
        before = None if self._watched is None else self._watched.states(positions.tolist())
        rows = np.ones(len(kinds), dtype=np.bool_)
        for kind in groups:
            rows &= kinds != kind
        alone = self._run_rows(positions[rows], kinds[rows], np.zeros(len(kinds), np.int64)[rows])
        for kind in groups:
            found = self._kinds.table[kind]
            self._progress.begin_group(start, start + len(positions), found.shape_index)
            alike = positions[kinds == kind]
            with self._guard as guard:
                left = guard.run_together(found.spec.program, 0, self._groups.run, alike, found)
            self.grouped_count += len(alike) - len(left)
            # Row after row, where failing is nothing unusual. Here they were not grouped.
            grouped = self.grouped_count
            alone += self._run_rows(left, np.full(len(left), kind, np.int32), np.zeros_like(left))
            self.grouped_count = grouped
        if self._watched is not None and before is not None:
            for position in np.setdiff1d(positions, alone).tolist():
                self._watched.note(position, before)
