"""Some of a block's transactions, to be looked at beside the rest of the block.

Guarantees: waves, and who is on the critical path, are those of the whole block: dropping
transactions does not move the others. Edges are the conflicts among those that were chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...primitives import UsageError
from ...primitives.one_line import counted
from ..hierarchy import related
from ..schedule.schedule import Schedule
from .neighbourhood import neighbourhood

LEVELS: Final = 2  # of a neighbourhood, unless it is said otherwise


class Choice(NamedTuple):
    """Which transactions to look at: those that meet all conditions.

    `accounts`: lock each of these, or of a hierarchy what is above or below it. `programs`: call
    each of these. `around`: an id: those up to `levels` edges before or after it. `top`: of these,
    so many of highest cost; with `by_conflicts` those with most direct neighbours. Of equals, the
    first in the file.
    """

    accounts: Sequence[str] = ()
    programs: Sequence[str] = ()
    around: str | None = None
    levels: int = LEVELS
    top: int | None = None
    by_conflicts: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Part:
    """Transactions at `positions` int64[k], ascending, of the schedule `whole`.

    `said`: how they were chosen, a phrase for each condition; empty for a whole block.
    """

    whole: Schedule
    positions: NDArray[np.int64]
    said: tuple[str, ...] = ()

    @classmethod
    def of(cls, schedule: Schedule) -> Part:
        """The whole block."""
        return cls(schedule, np.arange(len(schedule), dtype=np.int64))

    def __len__(self) -> int:
        """The number of transactions that were chosen."""
        return len(self.positions)

    def __repr__(self) -> str:
        return f"<Part: {len(self):,} of {counted(len(self.whole), 'transaction')}>"

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self) == len(self.whole)

    @cached_property
    def block(self) -> Schedule:
        """The chosen transactions alone, renumbered; its waves are not those of the block."""
        return self.whole if self.is_whole else self.whole.only(self.is_chosen)

    @cached_property
    def is_chosen(self) -> NDArray[np.bool_]:
        """bool[n] over the whole block."""
        chosen = np.zeros(len(self.whole), dtype=np.bool_)
        chosen[self.positions] = True
        return chosen

    @cached_property
    def wave_of(self) -> list[int]:
        """The wave of each, in the whole block."""
        return self.whole.dag.waves.wave_of[self.positions].tolist()

    @cached_property
    def waves(self) -> dict[int, list[int]]:
        """By wave of the whole block, ascending: the chosen ones in it, by place in the part."""
        groups: dict[int, list[int]] = {}
        for wave, place in sorted((wave, place) for place, wave in enumerate(self.wave_of)):
            groups.setdefault(wave, []).append(place)
        return groups

    @cached_property
    def is_critical(self) -> list[bool]:
        """Whether each is on the critical path of the whole block."""
        path = frozenset(self.whole.critical_positions.transactions)
        return [position in path for position in self.positions.tolist()]


def choose(schedule: Schedule, choice: Choice) -> Part:
    """The transactions that meet the choice.

    Raises UsageError for names that are unknown, numbers that are too low, and if none is left.
    """
    if choice.levels < 0:
        raise UsageError(f"levels is {choice.levels}: give 0 or more edges to follow")
    if choice.top is not None and choice.top < 1:
        raise UsageError(f"top is {choice.top}: give the number of transactions to keep")
    chosen = np.ones(len(schedule), dtype=np.bool_)
    said: list[str] = []
    for word in choice.accounts:
        accounts = schedule.account_ids(word)
        chosen &= np.logical_or.reduce([_locking(schedule, account) for account in accounts])
        said.append(f"lock {schedule.names[accounts[0]] if len(accounts) == 1 else word}")
    for word in choice.programs:
        chosen &= schedule.calling(word)
        said.append(f"call {word}")
    if choice.around is not None:
        position = schedule.position(choice.around)
        chosen &= neighbourhood(schedule.dag, position, choice.levels)
        edges = counted(choice.levels, "edge")
        said.append(f"are within {edges} of {schedule.ids[position]}")
    if choice.top is not None:
        chosen = _top(schedule, chosen, choice.top, by_conflicts=choice.by_conflicts)
        said.append("wait most for each other" if choice.by_conflicts else "cost most")
    positions = np.flatnonzero(chosen)
    if said and not len(positions):
        raise UsageError(
            f"no transaction is left: there is none of those that {' and '.join(said)}; leave out "
            "one of these conditions",
            path=schedule.source or None,
        )
    return Part(schedule, positions, tuple(said))


def _locking(schedule: Schedule, account: int) -> NDArray[np.bool_]:
    """bool[n]: who locks the account, or one above or below it."""
    access = schedule.access
    found = np.zeros(len(schedule), dtype=np.bool_)
    locked = related(access.parents, account, access.account_count)
    found[access.positions[locked[access.accounts]]] = True
    return found


def _top(
    schedule: Schedule, chosen: NDArray[np.bool_], limit: int, *, by_conflicts: bool
) -> NDArray[np.bool_]:
    weights = schedule.costs
    if by_conflicts:
        neighbours = schedule.dag.neighbours
        weights = neighbours.before + neighbours.behind
    positions = np.flatnonzero(chosen)
    order = np.argsort(-weights[positions], kind="stable")
    found = np.zeros(len(schedule), dtype=np.bool_)
    found[positions[order[:limit]]] = True
    return found
