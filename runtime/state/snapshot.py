"""A snapshot of a runtime's state, to be restored later."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from ...programs.kit import Sysvars
from .state import MemoryState


class Restorer(Protocol):
    """The runtime that made a snapshot, and can restore it."""

    def restore(self, snapshot: Snapshot) -> None: ...


class Snapshot:
    """All accounts, the sysvars, height and state root of a runtime. Can be restored repeatedly.

    As a context manager it is restored on exit, also after an exception.

        with runtime.snapshot():
            runtime.execute(transactions)
    """

    def __init__(self, state: MemoryState, sysvars: Sysvars, owner: Restorer) -> None:
        self.state = state
        self.sysvars = sysvars
        self._owner = owner

    def belongs_to(self, owner: Restorer) -> bool:
        return self._owner is owner

    def __repr__(self) -> str:
        return f"<Snapshot at height {self.state.height:,}, slot {self.sysvars.clock.slot:,}>"

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._owner.restore(self)
