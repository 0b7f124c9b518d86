"""Executing shares of a block in one process, the parent or a worker.

Within a wave nothing conflicts, so transactions of one shape are executed as a group where their
program has a batch handler; the rest, and narrow waves, one by one in the plan's order.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..programs.kit.sysvars import Sysvars
from .block import Block
from .group import GroupRunner
from .program_set import ProgramSet
from .progress import ProgressCell, empty_progress
from .receipt import NO_DETAIL, Detail
from .recursion import pin_recursion_limit
from .shapes import NO_SHAPE, Shapes
from .shared_columns import Columns, scalar_view
from .trace import TracedAccounts
from .transaction import TransactionExecutor
from .working_set import WorkingSet

GROUP_LEN_MIN: Final = 24  # below this, gathering columns costs more than it saves


class ShareRunner:
    """Runs transactions of one block against its working set; keeps their details till asked.

    `outcomes` has order uint32[n], wave_offsets int64[w+1], fees and compute_units uint64[n],
    and trace uint64[m] if the execution is traced. `raising`: what a batch handler raises is
    raised on, not worked around. `progress` is told what is being executed. `grouped_count` counts
    the transactions executed by column.
    """

    def __init__(
        self,
        block: Block,
        shapes: Shapes,
        programs: ProgramSet,
        sysvars: Sysvars,
        accounts: WorkingSet,
        outcomes: Columns,
        *,
        group_len_min: int = GROUP_LEN_MIN,
        raising: bool = False,
        progress: ProgressCell | None = None,
    ) -> None:
        self.grouped_count = 0
        self._group_len_min = group_len_min
        self.details: dict[int, Detail] = {}
        self._executor = TransactionExecutor(block, programs, sysvars)
        self._progress = ProgressCell(empty_progress(1), 0) if progress is None else progress
        self._groups = GroupRunner(
            block, programs, sysvars, accounts, outcomes, self.details, self._progress
        )
        self._groups.raising = raising
        self._shapes = shapes
        self._accounts = accounts
        trace = outcomes.get("trace")
        self._watched = None if trace is None else TracedAccounts(block, accounts, trace)
        self._order = outcomes["order"]
        self._wave_offsets = outcomes["wave_offsets"]
        self._fees = scalar_view(outcomes["fees"])
        self._compute_units = scalar_view(outcomes["compute_units"])

    def run(self, start: int, end: int, *, by_column: bool = True) -> None:
        """Execute the transactions at order[start:end], wave after wave.

        Without `by_column` one after the other, so that `progress` tells which one it is.
        """
        if by_column:
            self._run_waves(start, end)
        else:
            self._run_each(self._order[start:end].tolist())
        self._progress.rest()

    def _run_waves(self, start: int, end: int) -> None:
        first = int(np.searchsorted(self._wave_offsets, start, side="right"))
        last = int(np.searchsorted(self._wave_offsets, end, side="left"))
        bounds = [start, *self._wave_offsets[first:last].tolist(), end]
        narrow_from = start
        for low, high in pairwise(bounds):
            if high - low >= self._group_len_min:
                self._run_each(self._order[narrow_from:low].tolist())
                self._run_wave(low, high)
                narrow_from = high
        self._run_each(self._order[narrow_from:end].tolist())

    def _run_wave(self, low: int, high: int) -> None:
        """Execute the transactions at order[low:high], no two of which conflict."""
        positions = self._order[low:high].astype(np.int64)
        shape_of = self._shapes.of[positions]
        for shape in np.unique(shape_of).tolist():
            alike = positions[shape_of == shape]
            if shape != NO_SHAPE and len(alike) >= self._group_len_min:
                self._progress.begin_group(low, high, shape)
                left = self._run_group(alike, shape)
                self.grouped_count += len(alike) - len(left)
                alike = left
            self._run_each(alike.tolist())

    def _run_group(self, positions: NDArray[np.int64], shape: int) -> NDArray[np.int64]:
        """Execute a group as far as possible; returns what is left of it."""
        if self._watched is None:
            return self._groups.run(positions, self._shapes.table[shape])
        before = self._watched.states(positions.tolist())
        left = self._groups.run(positions, self._shapes.table[shape])
        for position in np.setdiff1d(positions, left).tolist():
            self._watched.note(position, before)
        return left

    def _run_each(self, positions: Sequence[int]) -> None:
        if not positions:
            return
        limit_before = pin_recursion_limit()
        try:
            at = self._progress.position
            for position in positions:
                at[0] = position
                if self._watched is not None:
                    self._watched.begin(position)
                outcome = self._executor.execute(position, self._watched or self._accounts)
                self._fees[position] = outcome.fee
                self._compute_units[position] = outcome.compute_units
                if outcome.detail is not NO_DETAIL:
                    self.details[position] = outcome.detail
        finally:
            sys.setrecursionlimit(limit_before)
