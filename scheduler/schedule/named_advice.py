"""Advice in the words of a block's file, to be read and pasted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...primitives.exact_integers import exact_integer
from ...primitives.one_line import in_one_line
from ..advice import Change, Kind, advise
from ..critical_path import CriticalPath
from .about import About
from .changes import Changes
from .left_out import PROGRAM, VOTES, Selector
from .named_dag import NamedDag

_PROGRAMS_MAX: Final = 16


@dataclass(frozen=True, repr=False)
class NamedAdvice:
    """Changes to make together, and what the block then comes to; figures as in Advice."""

    changes: Changes
    critical_path_cost: int
    parallelism: float
    speed_ups: Mapping[int, float]

    @property
    def change(self) -> str:
        """The changes in a line, as in `what_if` of a simulation: "split vault=8 without votes"."""
        return " ".join(self.changes.texts())

    @property
    def arguments(self) -> dict[str, Any]:
        """The same as `Schedule.changed` and `Schedule.simulate` take it, by name."""
        return self.changes._asdict() | {"split": dict(self.changes.split)}

    @property
    def option_words(self) -> list[tuple[str, ...]]:
        """The same as options of `sealane simulate`: the words of each."""
        found: list[tuple[str, ...]] = []
        for text in self.changes.texts():
            kind, _, what = text.partition(" ")
            # As a word of its own, a name that begins with - would be taken for an option.
            found.append((f"--{kind}={what}",) if what.startswith("-") else (f"--{kind}", what))
        return found

    @property
    def options(self) -> str:
        """These options in a line, quoted as a shell needs it."""
        return " ".join(map(shlex.join, self.option_words))

    def to_dict(self) -> dict[str, Any]:
        """As in `advice` of `sealane simulate --json`."""
        return {
            "change": self.change,
            "critical_path_cost": exact_integer(self.critical_path_cost),
            "parallelism": self.parallelism,
            "speed_up": {str(workers): each for workers, each in self.speed_ups.items()},
            "options": self.options,
        }

    def __repr__(self) -> str:
        cost, most = self.critical_path_cost, self.parallelism
        return in_one_line(f"{self.change}: critical path {cost:,}, parallelism {most:,.1f}")


def name_advice(
    block: NamedDag, about: About, select: Selector | None, path: CriticalPath, limit: int
) -> list[NamedAdvice]:
    """What `advise` finds for a block, with its names. `path` is the block's critical path."""
    left_out = dict(_selections(block, about, select, path.transactions))
    found = advise(block.access, block.costs, path, left_out=left_out, limit=limit)
    return [NamedAdvice(_named(each.changes, block.names), *each[1:]) for each in found]


def _selections(
    block: NamedDag, about: About, select: Selector | None, path: Sequence[int]
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """What could be left out: votes, and programs of the path that most of the block can spare.

    A word that is an account's name as well would be taken for that.
    """
    if select is None:
        return
    programs = dict.fromkeys(name for position in path for name in about.programs[position])
    words = [VOTES, *(f"{PROGRAM}{name}" for name in list(programs)[:_PROGRAMS_MAX])]
    total = sum(block.costs.tolist())
    for word in words:
        gone = None if word in block.names else select(word)
        if gone is not None and 0 < 2 * sum(block.costs[gone].tolist()) <= total:
            yield word, gone


def _named(changes: Sequence[Change], names: Sequence[str]) -> Changes:
    without: list[str] = []
    split: list[tuple[str, int]] = []
    commutative: list[str] = []
    for change in changes:
        named = [names[account] for account in change.accounts]
        if change.kind == Kind.WITHOUT:
            without += [*([change.left_out] if change.left_out else []), *named]
        elif change.kind == Kind.COMMUTATIVE:
            commutative += named
        else:
            split += [(name, change.kind.parts) for name in named]
    return Changes(tuple(without), tuple(split), tuple(commutative))
