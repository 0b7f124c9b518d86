"""The tries of a block: the route of each, and why the block was begun again.

    first ──▶ through
      ├─ a worker failed ───▶ again, in lanes ──▶ through
      │                         └─ and failed again ──▶ the suspects isolated ──▶ through
      ├─ programs changed their process ──▶ from the start, those programs called alone
      └─ adds may overflow ─▶ from the start, adds in file order

A failed try leaves nothing behind: each try begins from committed state.
"""

from __future__ import annotations

from enum import StrEnum
from time import monotonic
from typing import NamedTuple


class Route(StrEnum):
    """How a block is executed. The outcome is the same on every route."""

    SERIAL = "serial"
    """One transaction after another, in the caller's process."""
    IN_PROCESS = "in-process"
    """Wave by wave in the caller's process, calls of one signature together."""
    ONE_WORKER = "one-worker"
    """By one worker, in file order; block and outcome travel in the messages themselves."""
    LANES = "lanes"
    """By several workers, by a plan over shared memory, one lane each."""


class TryReason(StrEnum):
    """Why a try was begun."""

    FIRST = "first"
    WORKER_FAILED = "worker-failed"
    """A worker died, hung or ran out of memory, possibly because of the machine."""
    SUSPECTS_ISOLATED = "suspects-isolated"
    """A worker failed again: what failed workers were executing runs while nothing else does."""
    IMPURE_PROGRAMS = "impure-programs"
    """Programs changed their process, which may have affected others; now they run alone."""
    ADDS_ORDERED = "adds-ordered"
    """What is added to an account may overflow on the way; now adds run in file order."""


class Try(NamedTuple):
    """One try at a block. `workers`: how many took part, 0 for the caller's process alone.

    `detail`: what ended the try before it, such as "worker 1: signal SIGKILL"; None for the first.
    """

    route: Route
    workers: int
    reason: TryReason = TryReason.FIRST
    detail: str | None = None


class Tries:
    """Notes the tries of one block."""

    def __init__(self) -> None:
        self._begun: list[Try] = []
        self._begun_s: list[float] = []
        self._reason = TryReason.FIRST
        self._detail: str | None = None

    @property
    def begun(self) -> tuple[Try, ...]:
        """All tries so far, oldest first."""
        return tuple(self._begun)

    @property
    def begun_s(self) -> tuple[float, ...]:
        """When each of them began, in seconds on the monotonic clock."""
        return tuple(self._begun_s)

    def begin(self, route: Route, workers: int) -> None:
        """Note that a try begins."""
        self._begun.append(Try(route, workers, self._reason, self._detail))
        self._begun_s.append(monotonic())

    def give_up(self, reason: TryReason, detail: str) -> None:
        """Note that the latest try failed, and why there will be another."""
        self._reason, self._detail = reason, detail
