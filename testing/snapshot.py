"""A Vm's state at one moment, to come back to."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ..programs.kit import Sysvars
from ..runtime.state.state import MemoryState

if TYPE_CHECKING:
    from .vm import Vm


class Snapshot:
    """All accounts, the clock, height and state root. `vm.restore` takes it any number of times.

    As a context manager it restores when the block ends, however it ends.
    """

    def __init__(self, vm: Vm, state: MemoryState, sysvars: Sysvars) -> None:
        self._vm = vm
        self.state = state
        self.sysvars = sysvars

    def belongs_to(self, vm: Vm) -> bool:
        return self._vm is vm

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
        self._vm.restore(self)
