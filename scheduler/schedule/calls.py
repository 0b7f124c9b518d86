"""What a block's transactions call, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, repr=False)
class Calls:
    """The k top-level instructions of n transactions, in block order.

    `offsets` int64[n+1]: transaction p has instructions offsets[p]:offsets[p+1].
    `programs` uint32[k]: which of `program_names` each calls.
    `rows` int64[k]: where in `names` each stands. `names` may be lazy; see About.calls.
    """

    offsets: NDArray[np.int64]
    programs: NDArray[np.uint32]
    rows: NDArray[np.int64]
    program_names: Sequence[str]
    names: Sequence[str]

    def __len__(self) -> int:
        """The number of instructions."""
        return len(self.programs)

    @classmethod
    def of(
        cls,
        offsets: NDArray[np.int64],
        programs: NDArray[np.uint32],
        program_names: Sequence[str],
        names: Sequence[str],
    ) -> Calls:
        """The calls of a whole block, `names` being one for each instruction."""
        return cls(offsets, programs, np.arange(len(programs)), program_names, names)

    @classmethod
    def unknown(cls, count: int) -> Calls:
        """Of so many transactions, none of which is known to call anything."""
        nothing = np.zeros(0, dtype=np.uint32)
        return cls.of(np.zeros(count + 1, dtype=np.int64), nothing, (), ())

    def kept(self, kept: NDArray[np.bool_]) -> Calls:
        """Those of the transactions in `kept` (bool[n])."""
        counts = np.diff(self.offsets)
        rows = np.repeat(kept, counts)
        offsets = np.concatenate(([0], np.cumsum(counts[kept], dtype=np.int64)))
        return Calls(offsets, self.programs[rows], self.rows[rows], self.program_names, self.names)

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """int64[k]: the transaction that each instruction belongs to."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def calling(self, program: str) -> NDArray[np.bool_]:
        """bool[n]: whether a transaction calls the program of this name."""
        found = np.zeros(len(self.offsets) - 1, dtype=np.bool_)
        if program in self.program_names:
            index = self.program_names.index(program)
            found[self.positions[self.programs == index]] = True
        return found

    def programs_by_position(self) -> list[tuple[str, ...]]:
        """The programs that each transaction calls, in the order of its instructions, once each."""
        indexes: list[int] = self.programs.tolist()
        names = [self.program_names[index] for index in indexes]
        return [tuple(dict.fromkeys(each)) for each in self._cut(names)]

    def names_by_position(self) -> list[tuple[str, ...]]:
        """What each transaction calls, an entry for every instruction."""
        rows: list[int] = self.rows.tolist()
        return list(map(tuple, self._cut([self.names[row] for row in rows])))

    def _cut(self, values: list[str]) -> list[list[str]]:
        bounds: list[int] = self.offsets.tolist()
        return [values[start:end] for start, end in pairwise(bounds)]
