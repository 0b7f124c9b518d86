"""The tries of a block: which route each of them took, and why the block was begun again.

    first ──▶ through
      ├─ a worker failed ───▶ again, in lanes ──▶ through
      │                         └─ and failed again ──▶ the suspects isolated ──▶ through
      └─ programs changed their process ──▶ from the start, those programs called alone

A try that came to nothing left nothing: each begins from committed state.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Route(StrEnum):
    """How a block is executed. The outcome is the same on each."""

    SERIAL = "serial"
    """One transaction after the other, in the caller's process."""
    IN_PROCESS = "in-process"
    """Wave by wave in the caller's process, like calls together."""
    ONE_WORKER = "one-worker"
    """By one worker, in file order; block and outcome are in the messages themselves."""
    LANES = "lanes"
    """By a plan, in shared memory, one lane for each worker."""


class TryReason(StrEnum):
    """Why a try was begun."""

    FIRST = "first"
    WORKER_FAILED = "worker-failed"
    """A worker died, hung or ran out of memory; it may have been the machine."""
    SUSPECTS_ISOLATED = "suspects-isolated"
    """The same again: what failed workers were executing runs while nothing else does."""
    IMPURE_PROGRAMS = "impure-programs"
    """Programs changed their process, which others might have seen; from now on they run alone."""


class Try(NamedTuple):
    """One try at a block. `workers`: how many it was given to, 0 for the caller's process alone.

    `detail`: what had happened before it, as "worker 1: signal SIGKILL"; None for the first.
    """

    route: Route
    workers: int
    reason: TryReason = TryReason.FIRST
    detail: str | None = None


class Tries:
    """Notes the tries of one block, as they begin."""

    def __init__(self) -> None:
        self._begun: list[Try] = []
        self._reason = TryReason.FIRST
        self._detail: str | None = None

    @property
    def begun(self) -> tuple[Try, ...]:
        """Oldest first."""
        return tuple(self._begun)

    def begin(self, route: Route, workers: int) -> None:
        """A try begins."""
        self._begun.append(Try(route, workers, self._reason, self._detail))

    def give_up(self, reason: TryReason, detail: str) -> None:
        """The latest try came to nothing, and this is why there will be another."""
        self._reason, self._detail = reason, detail
