"""Selects transactions of a block by kind: votes, or calls of one program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...runtime import Block
from ...scheduler.schedule.left_out import PROGRAM


@dataclass(frozen=True, eq=False)
class Selection:
    """Answers "votes" and "program:NAME" with bool[n], or None if the block has no such
    transaction.

    A fixture's transaction matches the programs that its instructions call. One of a recorded block
    matches every program among its accounts (`by_locks`): those of its own instructions, and those
    of nested calls, which are not told apart from accounts that are only passed on. `votes`
    bool[n]: which are votes. `program_keys`: keys of program names that `Pubkey.of` does not know.
    `labels`: what people call programs, by name or key; a label names its program, too.
    """

    block: Block
    votes: NDArray[np.bool_]
    by_locks: bool
    program_keys: dict[str, Pubkey]
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    def __call__(self, word: str) -> NDArray[np.bool_] | None:
        if not word.startswith(PROGRAM):
            return self.votes
        name = word.removeprefix(PROGRAM)
        labelled = [each for each, label in self.labels.items() if label == name]
        found = map(self._using, [name, *labelled])
        return next((each for each in found if each is not None), None)

    def _using(self, name: str) -> NDArray[np.bool_] | None:
        key = self.program_keys.get(name) or Pubkey.of(name)
        return self._locking(key) if self.by_locks else self._calling(key)

    def _calling(self, key: Pubkey) -> NDArray[np.bool_] | None:
        columns = self.block.instructions
        if key not in self.block.program_ids:
            return None
        calls = np.flatnonzero(columns.programs == self.block.program_ids.index(key))
        return self._marked(columns.offsets.searchsorted(calls, side="right") - 1)

    def _locking(self, key: Pubkey) -> NDArray[np.bool_] | None:
        if key not in self.block.keys:
            return None
        access = self.block.access
        return self._marked(access.positions[access.accounts == self.block.keys.index(key)])

    def _marked(self, positions: NDArray[np.integer]) -> NDArray[np.bool_]:
        marked = np.zeros(len(self.block), dtype=np.bool_)
        marked[positions] = True
        return marked
