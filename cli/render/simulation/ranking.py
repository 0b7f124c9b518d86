"""The policies of a simulation in order, with a letter and a colour each.

Letters as well as colours, so that curves can be told apart without colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Final, NamedTuple

from ....scheduler.simulation import REORDERING, Prediction, Simulation

_STYLES: Final = ("cyan", "magenta", "yellow", "green", "blue", "red")


class Ranked(NamedTuple):
    """A policy with its predictions, and those before the changes, where there are changes."""

    name: str
    letter: str
    style: str
    found: tuple[Prediction, ...]
    before: tuple[Prediction, ...]

    @property
    def keeps_order(self) -> bool:
        """Whether conflicting transactions keep the file's order: the critical path binds it."""
        return self.name not in REORDERING

    @property
    def speed_ups(self) -> list[float]:
        """One for each number of workers."""
        return [each.speed_up for each in self.found]


def ranked(simulation: Simulation) -> list[Ranked]:
    """Those that are fastest on most workers first; of equals, those that are on fewer.

    Letters and colours follow the order of the simulation, so that they are the same for each file.
    """
    before: Mapping[str, tuple[Prediction, ...]] = (
        {} if simulation.before is None else simulation.before.policies
    )
    policies = [
        Ranked(
            name,
            ascii_uppercase[place % len(ascii_uppercase)],
            _STYLES[place % len(_STYLES)],
            found,
            before.get(name, ()),
        )
        for place, (name, found) in enumerate(simulation.policies.items())
    ]
    return sorted(policies, key=lambda policy: [-each for each in reversed(policy.speed_ups)])


def worker_counts(simulation: Simulation) -> list[int]:
    """The numbers of workers, as they were asked for."""
    return [each.workers for each in next(iter(simulation.policies.values()))]


def ceiling(simulation: Simulation, workers: int) -> float:
    """The speed-up that no policy which keeps the file's order exceeds on so many workers."""
    return min(float(workers), simulation.parallelism)
