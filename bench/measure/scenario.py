"""A scenario: sides that do the same work, how each is measured, and targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """The unit of a figure."""

    RATE = "tx/s"
    TIMES = "×"
    SECONDS = "s"
    MEGABYTES = "MB"
    CORE_SHARE = "% of a core"

    @property
    def more_is_better(self) -> bool:
        return self in (Unit.RATE, Unit.TIMES)


@dataclass(frozen=True, slots=True)
class Contestant:
    """An implementation taking part, and what it guarantees."""

    name: str
    guarantees: str
    leaves_out: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a scenario. `measure` does the work once and returns the figure.

    `includes` says what is timed.
    """

    name: str
    by: Contestant
    unit: Unit
    includes: str
    measure: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a side's figure, or on its ratio to another side's.

    `item` is the target's number in the list of targets.
    """

    item: int
    side: str
    against: str | None = None
    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, value: float) -> bool:
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of all scenarios. QUICK only shows that they work."""

    transactions: int = 100_000
    accounts: int = 1_000_000
    zipf_accounts: int = 100_000
    signed: int = 4_000  # checking a signature takes ten times as long as a transfer
    growth: int = 10
    work_us: int = 150_000  # Python work in one block of the parallel scenarios
    small_blocks_transactions: int = 2_000
    handler_calls: int = 2_000
    idle_s: float = 2.0
    recorded_transactions: int = 1_800
    recorded_len: int = 7_000_000
    surveyed_blocks: int = 10
    surveyed_transactions: int = 602  # of the mainnet block in the checkout


FULL: Final = Scale()
QUICK: Final = Scale(
    transactions=400,
    accounts=4_000,
    zipf_accounts=400,
    signed=20,
    growth=2,
    work_us=2_000,
    small_blocks_transactions=100,
    handler_calls=40,
    idle_s=0.05,
    recorded_transactions=20,
    recorded_len=60_000,
    surveyed_blocks=2,
    surveyed_transactions=20,
)

Prepare = Callable[[Scale], AbstractContextManager[Sequence[Side]]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`prepare` creates the sides; the first is compared with the others.

    A side whose peer is not installed is left out. `rounds_max` limits slow scenarios with little
    variance.
    """

    name: str
    title: str
    prepare: Prepare
    targets: tuple[Target, ...] = ()
    rounds_max: int | None = field(default=None)
