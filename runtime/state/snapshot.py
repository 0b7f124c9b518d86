"""The state of a runtime at one moment, to come back to."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from ...programs.kit import Sysvars
from .state import MemoryState


class Restorer(Protocol):
    """What made a snapshot, and goes back to it."""

    def restore(self, snapshot: Snapshot) -> None: ...


class Snapshot:
    """All accounts, the sysvars, height and state root. `restore` takes it any number of times.

    As a context manager it restores when the block ends, however it ends.
    """

    def __init__(self, state: MemoryState, sysvars: Sysvars, owner: Restorer) -> None:
        self.state = state
        self.sysvars = sysvars
        self._owner = owner

    def belongs_to(self, owner: Restorer) -> bool:
        return self._owner is owner

    def __repr__(self) -> str:
        return f"<Snapshot at slot {self.sysvars.clock.slot}>"

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._owner.restore(self)
