"""Transactions of a block by what they are: votes, or calls of one program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...primitives import Pubkey
from ...runtime import Block

_PROGRAM = "program:"


@dataclass(frozen=True, eq=False)
class Selection:
    """Answers to "votes" and "program:NAME" with bool[n], None where the block has no such.

    A fixture's transaction counts for the programs that its instructions call. A recorded block
    names no calls here, so one counts for every program among its accounts: nested calls, too,
    need the program there (`by_locks`). `votes` bool[n]: which are votes. `program_keys`: keys
    that names of programs stand for, beside what `Pubkey.of` knows.
    """

    block: Block
    votes: NDArray[np.bool_]
    by_locks: bool
    program_keys: dict[str, Pubkey]

    def __call__(self, word: str) -> NDArray[np.bool_] | None:
        if not word.startswith(_PROGRAM):
            return self.votes
        name = word.removeprefix(_PROGRAM)
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
